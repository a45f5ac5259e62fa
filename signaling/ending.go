package signaling

import (
	"errors"

	"github.com/gorilla/websocket"

	"madang/signaling/protocol"
)

// ending says how a session ends.
type ending struct {
	why   string // for the log, the metrics and the close frame
	close protocol.CloseCode
	last  protocol.Message // told before closing, if any
	mute  bool             // what waits in the outbox is not told: nobody reads it, or it is the leaves of all
}

// The endings that need no more words.
var (
	endLeft      = ending{why: "left", close: protocol.CloseNormal}
	endLost      = ending{why: "connection lost", close: protocol.CloseGoingAway, mute: true}
	endGoingAway = ending{why: "server going away", close: protocol.CloseGoingAway, mute: true}
	endReplaced  = ending{why: "came back elsewhere", close: protocol.CloseReplaced, mute: true}
	endTooSlow   = ending{why: "too slow to read", close: protocol.CloseTooSlow, mute: true}
)

func endBadMessage(e *protocol.Error) ending {
	return ending{why: "bad message", close: protocol.CloseBadMessage, last: e}
}

// endOfHello is for who is refused so that to say hello again is of no use; final
// says whether it is.
func endOfHello(e *protocol.Error) (how ending, final bool) {
	switch e.Code {
	case protocol.Unauthorized:
		return ending{why: "unauthorized", close: protocol.CloseUnauthorized, last: e}, true
	case protocol.Forbidden:
		return ending{why: "forbidden", close: protocol.CloseKicked, last: e}, true
	case protocol.TooFast:
		return ending{why: "too many tries", close: protocol.CloseTooFast, last: e}, true
	}
	return ending{}, false
}

// endPass ends a session whose token is good no more.
func endPass(why string) ending {
	return ending{why: why, close: protocol.CloseUnauthorized, last: &protocol.Error{Code: protocol.Unauthorized, Message: why}}
}

func endTooFast() ending {
	return ending{why: "too fast", close: protocol.CloseTooFast,
		last: &protocol.Error{Code: protocol.TooFast, Message: "far more than this server takes"}}
}

// endShort is for who comes while descriptors are short: to wait would take one.
func endShort(re string) ending {
	return ending{why: "descriptors short", close: protocol.CloseGoingAway,
		last: &protocol.Error{Re: re, Code: protocol.Unavailable, Message: "the server is full: try again later", RetryMS: 5000}}
}

func endMediaFailed() ending {
	return ending{why: "media connection failed", close: protocol.CloseFailed,
		last: &protocol.Error{Code: protocol.Unavailable, Message: "the media connection failed: join again", RetryMS: 1000}}
}

func endPanicked() ending {
	return ending{why: "internal error", close: protocol.CloseFailed, mute: true, // of what waits, something may have caused it
		last: &protocol.Error{Code: protocol.Internal, Message: "something went wrong here: join again", RetryMS: 1000}}
}

// endRemoved is how the room ends a session: removed for good, but for a mistake of the
// server's.
func endRemoved(code protocol.Code) ending {
	if code == protocol.Internal {
		return endPanicked()
	}
	e := ending{why: "removed: " + string(code), last: &protocol.Bye{Code: code}}
	switch code {
	case protocol.NotFound:
		e.close = protocol.CloseRoomGone
	case protocol.Unavailable:
		e.close = protocol.CloseGoingAway
	default:
		e.close = protocol.CloseKicked
	}
	return e
}

// endOfReading says what an error of the WebSocket means.
func endOfReading(err error) ending {
	switch {
	case errors.Is(err, errBinary):
		return endBadMessage(&protocol.Error{Code: protocol.BadMessage, Message: "messages are text, not binary"})
	case errors.Is(err, errTooBig):
		return endBadMessage(&protocol.Error{Code: protocol.TooBig, Message: "the message is over 200 KiB"})
	}
	return endLost
}

// saidGoodbye tells whether the client closed the WebSocket.
func saidGoodbye(err error) bool {
	return websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseNoStatusReceived)
}
