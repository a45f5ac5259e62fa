package signaling

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"madang/room"
	"madang/signaling/protocol"
)

// Process is what those who run the server ask of the process that it runs in.
type Process struct {
	// Stop closes the server as SIGTERM does. It does not wait.
	Stop func()
	// Reload reads the configuration again, and returns what there is to say of that.
	Reload func() string
}

// UseProcess says who stops and reloads. Before Start.
func (s *Server) UseProcess(p Process) { s.process = p }

// The refusals of the admin listener.
var (
	errNobodyThere   = &refusal{code: protocol.NotFound, message: "nobody is in such a room"}
	errNoMember      = &refusal{code: protocol.NotFound, message: "there is no such member"}
	errBusyMember    = &refusal{code: protocol.Unavailable, message: "the member's session did not answer in time"}
	errNoAct         = &refusal{code: protocol.BadMessage, message: "the body is a message of moderation: role, hand, mute, unmute, kick, lock, admit, deny, slow, clear or end"}
	errNoObject      = &refusal{code: protocol.BadMessage, message: "the body is one JSON object, with the fields that this asks for alone"}
	errRevokeWhat    = &refusal{code: protocol.BadMessage, message: "say one of jti, identity and member"}
	errNoToken       = &refusal{code: protocol.NotFound, message: ErrNoToken.Error()}
	errRevokedEnough = &refusal{code: protocol.Unavailable, message: ErrRevocationsFull.Error()}
	errNoProcess     = &refusal{code: protocol.NotFound, message: "this server cannot do that by itself"}
)

// read reads the body of a request; an empty one leaves into as it is.
func read(r *http.Request, into any) error {
	in := json.NewDecoder(r.Body)
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil && !errors.Is(err, io.EOF) || in.More() {
		return errNoObject
	}
	return nil
}

// moderateRoom does in a room what a message of moderation says, as this server itself,
// which may do it to all. It shows the room as it is then.
func (s *Server) moderateRoom(r *http.Request) (any, error) {
	where, ok := s.rooms.Find(r.PathValue("room"))
	if !ok {
		return nil, errNobodyThere
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, errNoObject
	}
	m, err := protocol.Decode(body)
	if err != nil {
		wrong := misread(err)
		return nil, &refusal{code: wrong.Code, message: wrong.Message}
	}
	var of struct{ Member string }
	_ = json.Unmarshal(body, &of) // it was valid
	is, ok := where.Info(r.Context())
	if ok && of.Member != "" && !isIn(is, room.MemberID(of.Member)) {
		return nil, errNoMember
	}
	if !moderate(where, "", m) {
		return nil, errNoAct
	}
	return s.showRoom(r)
}

// isIn tells whether somebody is in a room or waits for that.
func isIn(is room.Info, id room.MemberID) bool {
	for _, m := range is.Members {
		if m.ID == id {
			return true
		}
	}
	for _, w := range is.Waiting {
		if w.ID == id {
			return true
		}
	}
	return false
}

// revoke has a token be good no more, or all that somebody came with.
func (s *Server) revoke(r *http.Request) (any, error) {
	var what struct{ JTI, Identity, Member string }
	if err := read(r, &what); err != nil {
		return nil, err
	}
	var ended int
	var err error
	switch {
	case what.JTI != "" && what.Identity+what.Member == "":
		ended, err = s.RevokeToken(what.JTI)
	case what.Identity != "" && what.JTI+what.Member == "":
		ended, err = s.RevokeIdentity(what.Identity)
	case what.Member != "" && what.JTI+what.Identity == "":
		ended, err = s.RevokeMember(room.MemberID(what.Member))
	default:
		return nil, errRevokeWhat
	}
	switch {
	case errors.Is(err, ErrNoToken):
		return nil, errNoToken
	case err != nil:
		return nil, errRevokedEnough
	}
	s.noteAdmin("revoke", what.JTI, room.Party{Member: room.MemberID(what.Member), Identity: what.Identity})
	return map[string]int{"ended": ended}, nil
}

// stop closes the server.
func (s *Server) stop(*http.Request) (any, error) {
	if s.process.Stop == nil {
		return nil, errNoProcess
	}
	s.noteAdmin("drain", "", room.Party{})
	s.process.Stop()
	return struct{}{}, nil
}

// reload reads the configuration again.
func (s *Server) reload(*http.Request) (any, error) {
	if s.process.Reload == nil {
		return nil, errNoProcess
	}
	s.noteAdmin("reload", "", room.Party{})
	return map[string]string{"said": s.process.Reload()}, nil
}

// noteAdmin tells the audit of an act that is about no room.
func (s *Server) noteAdmin(what, detail string, of room.Party) {
	s.rooms.Note(room.Act{At: time.Now(), What: what, Of: of, Detail: detail, Outcome: "ok"})
}
