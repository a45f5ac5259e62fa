package sfu

import (
	"context"
	"errors"
)

// PeerState is how a peer's transport is.
type PeerState uint8

// The states of a peer's transport; they follow RTCPeerConnectionState.
const (
	PeerConnecting PeerState = iota
	PeerConnected
	PeerDisconnected // ICE has heard nothing for a while; it may come back
	PeerFailed       // ICE gave up; only an ICE restart helps
	PeerClosed
)

// PeerEvents hears what happens to one peer. Its methods are called on Pion's
// goroutines and must not block.
type PeerEvents interface {
	PeerStateChanged(PeerState)
	// ChatOpened: the data channel is open; SendChat may be called.
	ChatOpened()
	// ChatReceived: one message of the data channel. data is the receiver's to keep.
	ChatReceived(data []byte, text bool)
	// ChatWritable: what was buffered has drained below the low-water mark.
	ChatWritable()
}

// Negotiated is what an offer led to. Slots and sources of earlier offers of
// the same peer stand in it too: same pointers, same order.
type Negotiated struct {
	// SDP is the answer, with all of the server's candidates.
	SDP string
	// Sources the peer may publish, by its lines.
	Sources []*Source
	// Pairs are the subscriber's tiles: the k-th new recvonly video line of an
	// offer with its k-th new recvonly audio line. The Feeds are zero.
	Pairs []Pair
	// Voices are the audio lines that are left over.
	Voices []*Slot
}

// Error is a refusal by the media plane with the code that stands on the wire.
type Error struct {
	code    string
	message string
}

// Code is the stable code: bad_sdp, too_big, conflict or unavailable.
func (e *Error) Code() string { return e.code }

func (e *Error) Error() string { return e.message }

// ErrChatFull: the subscriber does not read; the message was not queued.
var ErrChatFull = errors.New("sfu: the chat buffer of this peer is full")

// ErrChatClosed: the data channel is not open.
var ErrChatClosed = errors.New("sfu: the chat channel of this peer is not open")

// PeerAPI documents, for the packages above, what a *Peer will offer.
//
//	sfu.New(cfg Config, log *slog.Logger) (*SFU, error)      binds the UDP ports, starts the workers
//	(*SFU).NewRouter(Observer) *Router                        one per room
//	(*Router).Route(*Routing)                                 never blocks; the newest wins
//	(*Router).Close()
//	(*SFU).NewPeer(*Router, PeerEvents) (*Peer, error)
//	(*SFU).Stats() Stats
//	(*SFU).Close()
type PeerAPI interface {
	// Answer takes the client's offer. lines says which of the client's sendonly
	// lines is which source, by mid. Bounds are checked before Pion sees the SDP.
	// Errors carry a code (*Error). Slow: call from the member's own goroutine.
	Answer(ctx context.Context, offer string, lines map[string]SourceKind) (*Negotiated, error)
	// Ready: the newest answer is applied by the client; its slots may be fed.
	Ready()
	// AddCandidate takes a candidate of the client (the text after "candidate:" or with it). Bounded in number.
	AddCandidate(candidate string) error
	// SendChat queues one text message; never blocks. ErrChatFull, ErrChatClosed.
	SendChat(data []byte) error
	// ChatBuffered is how many bytes wait to be sent.
	ChatBuffered() int
	// Close ends the peer and waits for its goroutines.
	Close()
}
