package signaling

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"madang/signaling/protocol"
)

// refusal is an error with a code of the wire.
type refusal struct {
	code    protocol.Code
	message string
	retry   time.Duration
}

func (r *refusal) Error() string { return r.message }

// Code is the stable code.
func (r *refusal) Code() string { return string(r.code) }

// Retry is how long to wait before it is worth trying again; 0: not known.
func (r *refusal) Retry() time.Duration { return r.retry }

// The refusals that are always the same.
var (
	errHelloFirst    = &refusal{code: protocol.Unauthorized, message: "say hello first"}
	errHelloTwice    = &refusal{code: protocol.Conflict, message: "hello was said already"}
	errJoinFirst     = &refusal{code: protocol.Conflict, message: "join first"}
	errJoinTwice     = &refusal{code: protocol.Conflict, message: "joined already: send an offer"}
	errEnterFirst    = &refusal{code: protocol.Conflict, message: "enter first"}
	errEnterTwice    = &refusal{code: protocol.Conflict, message: "entered already"}
	errNoSuchRoom    = &refusal{code: protocol.NotFound, message: "there is no such room"}
	errNoSession     = &refusal{code: protocol.NotFound, message: "there is no such session: say hello without resume"}
	errCrowded       = &refusal{code: protocol.Unavailable, message: "too many sessions", retry: 5 * time.Second}
	errBusy          = &refusal{code: protocol.Unavailable, message: "too much to do: try again", retry: time.Second}
	errClosing       = &refusal{code: protocol.Unavailable, message: "the server is going away", retry: time.Second}
	errNotOffered    = &refusal{code: protocol.NotFound, message: "this server does not offer it"}
	errMayNot        = &refusal{code: protocol.Forbidden, message: "you may not"}
	errTestsOnly     = &refusal{code: protocol.Forbidden, message: "a test enters no room"}
	errTokenFirst    = &refusal{code: protocol.Unauthorized, message: "this room asks for a token"}
	errPasswordFirst = &refusal{code: protocol.Unauthorized, message: "this room asks for a password"}
	errWrongPassword = &refusal{code: protocol.Unauthorized, message: "the password is not right"}
	errOtherRoom     = &refusal{code: protocol.Unauthorized, message: "the token is for another room"}
	errOtherReign    = &refusal{code: protocol.Unauthorized, message: "everybody had left the room since: this invitation has ended with that"}
	errStrangeToken  = &refusal{code: protocol.Unauthorized, message: "the token gives what there is not"}
	errRevoked       = &refusal{code: protocol.Unauthorized, message: "the token was revoked"}
	errSpent         = &refusal{code: protocol.Unauthorized, message: "the invitation is used up"}
	errOtherToken    = &refusal{code: protocol.Forbidden, message: "only a token for the same room and identity can follow one"}
	errReservedMid   = &refusal{code: protocol.BadSDP, message: "a mid may not be t or seq"}
	errOldAnswer     = &refusal{code: protocol.Conflict, message: "re is not the newest answered offer"}
	errOfferTooFast  = &refusal{code: protocol.TooFast, message: "too many offers", retry: time.Second}
)

// errorFor makes the answer of an error.
func (s *session) errorFor(re string, err error) *protocol.Error { return answerFor(s.log, re, err) }

// answerFor makes the answer of an error. One without a code is our own mistake:
// it is logged, and the client learns no more than that.
func answerFor(log *slog.Logger, re string, err error) *protocol.Error {
	answer := &protocol.Error{Re: re, Code: protocol.Internal, Message: "something went wrong here"}
	var coded interface {
		error
		Code() string
	}
	switch {
	case errors.As(err, &coded):
		answer.Code, answer.Message = protocol.Code(coded.Code()), coded.Error()
	case errors.Is(err, context.DeadlineExceeded):
		answer.Code, answer.Message = protocol.Unavailable, "that took too long: try again"
	case !errors.Is(err, context.Canceled):
		log.Error("request failed", "err", err)
	}
	var later interface{ Retry() time.Duration }
	if errors.As(err, &later) {
		answer.RetryMS = later.Retry().Milliseconds()
	}
	if answer.RetryMS == 0 && answer.Code == protocol.Unavailable {
		answer.RetryMS = 1000
	}
	return answer
}
