package client

import (
	"sync"
	"sync/atomic"

	"github.com/pion/webrtc/v4"
)

// media is one peer connection of a client. A client that joins anew has another.
type media struct {
	pc   *webrtc.PeerConnection
	chat *webrtc.DataChannel

	connected chan struct{} // closed when it was up for the first time
	chatOpen  chan struct{} // closed when the chat channel is open on both sides
	failed    chan struct{} // closed when it failed for the first time

	chatBeside atomic.Pointer[link] // the WebSocket of when the server was heard by the chat channel last

	closing sync.Once
}

// newMedia watches a peer connection; changed hears that its state is another, and
// never blocks.
func newMedia(pc *webrtc.PeerConnection, changed func()) *media {
	m := &media{pc: pc, connected: make(chan struct{}), chatOpen: make(chan struct{}), failed: make(chan struct{})}
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) { // one at a time
		switch state {
		case webrtc.PeerConnectionStateConnected:
			closeOnce(m.connected)
		case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			closeOnce(m.failed)
		}
		changed()
	})
	return m
}

// closeOnce closes a channel that one goroutine at a time closes.
func closeOnce(ch chan struct{}) {
	select {
	case <-ch:
	default:
		close(ch)
	}
}

// close ends the peer connection and waits for it.
func (m *media) close() {
	m.closing.Do(func() { _ = m.pc.GracefulClose() }) // nothing to do about one that does not close
}

// state is how the peer connection is.
func (m *media) state() webrtc.PeerConnectionState { return m.pc.ConnectionState() }
