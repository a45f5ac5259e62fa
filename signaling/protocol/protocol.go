// Package protocol is version 1 of Madang's wire as Go types: every message in
// both directions, the error codes and the close codes, and the strict decoder
// that stands between them and the outside.
//
// ../PROTOCOL.md is the reference; its examples are this package's tests.
package protocol

// Subprotocol is what a WebSocket must ask for.
const Subprotocol = "madang.v1"

// Version is the `v` of [Hello].
const Version = 1

// ChatLabel and ChatID name the negotiated data channel that carries chat.
const (
	ChatLabel = "chat"
	ChatID    = 0
)

// The sizes and counts that a client must keep to.
const (
	MaxMessage   = 64 << 10  // bytes of a WebSocket message
	MaxSDP       = 200 << 10 // bytes of a WebSocket message of type join or offer
	MaxChatBatch = 16 << 10  // bytes of a message of the chat channel, batch or not
	MaxDepth     = 8         // nested objects and arrays
	MaxID        = 64        // bytes of an id or cid
	MaxText      = 4096      // bytes of a chat line's text
	MaxTiles     = 64        // tiles of a view
	MaxLines     = 16        // entries of lines
	MaxHold      = 1000      // milliseconds of a bye that may be taken back
	MaxEmoji     = 32        // bytes of an emoji
	MaxToken     = 8 << 10   // bytes of a token
	MaxBan       = 604800    // seconds of a ban: a week
	MaxSlow      = 3600      // seconds between two lines of chat: an hour
	MaxTTL       = 2592000   // seconds of an invitation: 30 days
	MaxUses      = 1000      // of an invitation
)

// Message is one message of the wire.
type Message interface {
	// Type is the message's `t`.
	Type() string
}

// Request is a message that a client marks with an `id`, which its answer
// carries as `re`.
type Request interface {
	Message
	// RequestID is the `id`; empty for none.
	RequestID() string
}

// Code is a stable error code.
type Code string

// All error codes.
const (
	BadMessage   Code = "bad_message"
	BadSDP       Code = "bad_sdp"
	TooBig       Code = "too_big"
	TooFast      Code = "too_fast"
	Unauthorized Code = "unauthorized"
	Forbidden    Code = "forbidden"
	RoomFull     Code = "room_full"
	RoomLocked   Code = "room_locked"
	NotFound     Code = "not_found"
	Conflict     Code = "conflict"
	Unavailable  Code = "unavailable"
	Internal     Code = "internal"
)

// CloseCode is the status code with which a WebSocket closes (RFC 6455, section 7.4).
type CloseCode int

// The close codes. 0 means: the connection goes on.
const (
	CloseNormal       CloseCode = 1000 // leaving for good
	CloseGoingAway    CloseCode = 1001 // the page is closed, or the server ends
	CloseFailed       CloseCode = 1011 // the media connection or the server failed
	CloseBadMessage   CloseCode = 4000
	CloseUnauthorized CloseCode = 4001
	CloseKicked       CloseCode = 4003
	CloseRoomGone     CloseCode = 4004
	CloseTooSlow      CloseCode = 4008 // too slow to read
	CloseTooFast      CloseCode = 4009
	CloseReplaced     CloseCode = 4010 // a newer connection of the same session
)

// Source names one of the four things that a member publishes.
type Source string

// All sources.
const (
	Mic         Source = "mic"
	Camera      Source = "camera"
	Screen      Source = "screen"
	ScreenAudio Source = "screen-audio"
)

func (s Source) valid() bool {
	return s == Mic || s == Camera || s == Screen || s == ScreenAudio
}

// SourceState is how a source is.
type SourceState string

// All states of a source.
const (
	Live  SourceState = "live"
	Muted SourceState = "muted"
	Ended SourceState = "ended"
)

func (s SourceState) valid() bool { return s == Live || s == Muted || s == Ended }
