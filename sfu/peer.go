package sfu

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"madang/sfu/keying"
)

// Bounds of what one peer may have Pion keep.
const (
	candidateBytes = 512
	chatBuffered   = 256 << 10 // bytes that may wait for a slow reader, who costs twice as much
	chatLow        = 64 << 10
)

// PeerState is how a peer's transport is.
type PeerState uint8

// The states of a peer's transport; they follow RTCPeerConnectionState.
const (
	PeerConnecting   PeerState = iota
	PeerConnected              // media flows once the client is Ready
	PeerDisconnected           // ICE has heard nothing for a while; it may come back
	PeerFailed                 // ICE gave up: an offer that restarts it may mend that
	PeerBroken                 // it broke a bound, or a fault of ours ended it: it is to be closed
	PeerClosed                 // Pion ended it
)

// PeerEvents hears what happens to one peer. Its methods are called on Pion's
// goroutines and must not block, but for ChatReceived.
type PeerEvents interface {
	PeerStateChanged(PeerState)
	// ChatOpened: the data channel is open; SendChat may be called.
	ChatOpened()
	// ChatReceived: one message of the data channel. data is the receiver's to keep.
	// Until it returns the channel is not read, and SCTP holds its client back
	// (RFC 9260 section 6.1); when Close is called it must return.
	ChatReceived(data []byte, text bool)
	// ChatWritable: what was buffered has drained below the low-water mark.
	ChatWritable()
}

// ErrChatFull: the subscriber does not read; the message was not queued.
var ErrChatFull = errors.New("sfu: the chat buffer of this peer is full")

// ErrChatClosed: the data channel is not open.
var ErrChatClosed = errors.New("sfu: the chat channel of this peer is not open")

// Peer is one member's transport as control sees it: a PeerConnection, the
// lines that were negotiated on it, and the chat channel. Its methods are safe
// for any goroutine but slow: they belong in the member's own.
type Peer struct {
	sfu      *SFU
	worker   *Worker
	endpoint *endpoint
	path     *portable // used unless the worker itself can seal
	heard    keying.Association
	events   PeerEvents
	room     string // as it was placed by
	number   int    // of its worker
	pc       *webrtc.PeerConnection
	chat     *webrtc.DataChannel

	closing sync.Once
	closed  chan struct{}  // closed by Close: who waits for Pion gives up
	reading sync.WaitGroup // of the chat channel

	following sync.WaitGroup // see moved
	aiming    sync.Mutex     // so that the last to tell has the newest pair

	mu         sync.Mutex // one offer at a time
	lines      lines
	ufrag      string // of the client, by its newest offer
	candidates int    // that came one by one since that ufrag

	telling   sync.Mutex
	told      PeerState
	connected bool // once
}

// NewPeer makes a peer. Those with the same placement, a room's name, are on the
// same worker until that is full.
func (s *SFU) NewPeer(placement string, events PeerEvents) (*Peer, error) {
	number := s.placement.join(placement)
	p, err := s.newPeer(placement, number, events)
	if err != nil {
		s.placement.leave(placement, number)
	}
	return p, err
}

func (s *SFU) newPeer(room string, number int, events PeerEvents) (*Peer, error) {
	w := s.workers[number]
	p := &Peer{sfu: s, worker: w, room: room, number: number, events: events, closed: make(chan struct{}), lines: lines{slots: map[string]*slotTrack{}}}
	failed := func() { events.PeerStateChanged(PeerBroken) }
	p.endpoint = newEndpoint(w, randomUint32(), failed, w.clock())
	p.endpoint.limits = *s.limits.Load()
	p.endpoint.allow(w.clock())
	in := &intake{endpoint: p.endpoint, overflow: failed}
	p.endpoint.door = s.ports[number].demux.For(p.endpoint)
	certificate, err := s.identity.of(time.Now())
	if err != nil {
		return nil, err
	}
	api, err := newAPI(s.codecs, p.endpoint.door, in.buffer, &p.heard, s.pionLogs)
	if err != nil {
		return nil, err
	}
	p.pc, err = api.NewPeerConnection(webrtc.Configuration{
		Certificates: []webrtc.Certificate{certificate},
		// The worker reads and writes header extensions as they are (not RFC 9335).
		RTPHeaderEncryptionPolicy: webrtc.RTPHeaderEncryptionPolicyDisable,
	})
	if err != nil {
		return nil, fmt.Errorf("make a peer connection: %w", err)
	}
	p.path = &portable{pc: p.pc, counts: &w.counts}
	if err := p.openChat(); err != nil {
		return nil, errors.Join(err, p.pc.Close())
	}
	p.pc.OnTrack(func(*webrtc.TrackRemote, *webrtc.RTPReceiver) {}) // its packets come to us before Pion knows of it
	p.pc.OnConnectionStateChange(p.stateChanged)
	p.pc.SCTP().Transport().ICETransport().OnSelectedCandidatePairChange(p.moved)
	if !w.do(func(time.Time) { w.endpoints[p.endpoint] = struct{}{} }) {
		return nil, errors.Join(errStopped, p.pc.Close())
	}
	s.peers.Add(1)
	return p, nil
}

// stateChanged is called by Pion on a goroutine of its own for each change, so
// they may overtake each other: what is told is the state of now.
func (p *Peer) stateChanged(webrtc.PeerConnectionState) {
	p.telling.Lock()
	defer p.telling.Unlock()
	state := peerState(p.pc.ConnectionState())
	if p.pc.SCTP().Transport().State() == webrtc.DTLSTransportStateFailed {
		state = PeerBroken
	}
	if state == p.told || p.told == PeerClosed {
		return
	}
	p.told = state
	if state == PeerConnected && !p.connected {
		p.connected = true
		p.connect()
	}
	p.events.PeerStateChanged(state)
}

// connect opens the path, once: it outlives every ICE restart.
func (p *Peer) connect() {
	f := p.fast()
	p.worker.inbox.command(func() {
		if f == nil {
			p.endpoint.connected(p.path, p.worker.now)
			return
		}
		f.aim(p.endpoint.at)
		p.endpoint.direct = f
		p.endpoint.connected(f, p.worker.now)
	})
}

// moved is called by Pion after ICE has selected another pair: the peer is at
// another address now. Which, it must not ask here: a Pion that closes holds the lock
// of the answer, and waits for this.
func (p *Peer) moved(*webrtc.ICECandidatePair) { p.following.Go(p.follow) }

// follow aims at the pair of now: after an ICE restart none is selected, whatever was
// before it.
func (p *Peer) follow() {
	p.aiming.Lock()
	defer p.aiming.Unlock()
	pair, err := p.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return
	}
	a, err := netip.ParseAddr(pair.Remote.Address)
	if err != nil {
		return // a name; Pion resolves it and tells again
	}
	at := netip.AddrPortFrom(a.Unmap(), pair.Remote.Port)
	p.worker.inbox.command(func() { p.endpoint.settle(at, p.worker.now) })
}

func peerState(state webrtc.PeerConnectionState) PeerState {
	switch state {
	case webrtc.PeerConnectionStateConnected:
		return PeerConnected
	case webrtc.PeerConnectionStateDisconnected:
		return PeerDisconnected
	case webrtc.PeerConnectionStateFailed:
		return PeerFailed
	case webrtc.PeerConnectionStateClosed:
		return PeerClosed
	}
	return PeerConnecting
}

// Answer takes the client's offer. kinds says which of the client's sendonly
// lines is which source, by mid. Bounds are checked before Pion sees the SDP.
// Refusals are *Error or *offer.Error and carry a code; after one the peer is
// good for nothing but Close.
func (p *Peer) Answer(ctx context.Context, sdp string, kinds map[string]SourceKind) (*Negotiated, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.negotiate(ctx, sdp, kinds)
}

// Ready says that the client has applied the newest answer: its slots may be fed.
func (p *Peer) Ready() {
	p.worker.inbox.command(func() {
		for _, s := range p.endpoint.slots {
			s.ready = true
		}
		p.endpoint.open(p.worker.now)
	})
}

// AddCandidate takes a candidate of the client, with or without "candidate:"
// before it; an empty one is the end of them.
func (p *Peer) AddCandidate(candidate string) error {
	if candidate == "" {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	most := p.endpoint.limits.Candidates
	if p.candidates++; p.candidates > most || len(candidate) > candidateBytes {
		return refuse("too_big", "no more than %d candidates of %d bytes", most, candidateBytes)
	}
	if err := p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: candidate}); err != nil {
		return refuse("bad_sdp", "the candidate was not understood: %v", err)
	}
	return nil
}

// SendChat queues one text message; it never blocks. The error is ErrChatFull
// or ErrChatClosed.
func (p *Peer) SendChat(data []byte) error {
	if p.chat.ReadyState() != webrtc.DataChannelStateOpen {
		return ErrChatClosed
	}
	if p.ChatBuffered()+len(data) > chatBuffered {
		return ErrChatFull
	}
	if p.chat.SendText(string(data)) != nil {
		return ErrChatClosed
	}
	return nil
}

// Heard is when the client was last heard over the transport, to a second: ICE,
// or media that only it can have sealed. Zero: never.
func (p *Peer) Heard() time.Time { return p.endpoint.door.Heard() }

// ChatBuffered is how many bytes of chat wait to be sent.
func (p *Peer) ChatBuffered() int { return int(p.chat.BufferedAmount()) }

// Close ends the peer and waits for its goroutines; its events hear nothing
// more. Not to be called from its events, which come from those goroutines.
func (p *Peer) Close() { p.closing.Do(p.close) }

func (p *Peer) close() {
	p.telling.Lock()
	p.told = PeerClosed
	p.telling.Unlock()
	close(p.closed)
	p.worker.do(func(now time.Time) {
		p.endpoint.close(now)
		delete(p.worker.endpoints, p.endpoint)
	})
	if err := p.pc.GracefulClose(); err != nil {
		p.sfu.log.Debug("closing a peer connection", "error", err)
	}
	p.following.Wait()
	p.reading.Wait()
	_ = p.endpoint.door.Close()
	p.sfu.placement.leave(p.room, p.number)
	p.sfu.peers.Add(-1)
}
