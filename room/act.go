package room

import (
	"fmt"
	"time"

	"madang/sfu"
)

// request is a message that is answered once: done or failed.
type request struct{ question }

func (r request) answer(m *member, err *Error) {
	if err == nil && r.re != "" {
		m.conn.Send(&Done{Re: r.re})
	}
	r.question.answer(m, err)
}

type hand struct {
	request
	of MemberID
	up bool
}

func (h *hand) apply(s *state, m *member, _ time.Time) *Error { return s.hand(m, h.of, h.up) }

func (h *hand) deed() (deed, bool) {
	return deed{what: "hand", of: h.of, detail: "down"}, h.of != "" && h.of != h.id
}

type react struct {
	request
	emoji string
}

func (r *react) apply(s *state, m *member, now time.Time) *Error { return s.react(m, r.emoji, now) }

type setRole struct {
	request
	of   MemberID
	role Role
}

func (r *setRole) apply(s *state, m *member, now time.Time) *Error {
	return s.setRole(m, r.of, r.role, now)
}

func (r *setRole) deed() (deed, bool) {
	return deed{what: "role", of: r.of, detail: r.role.String()}, true
}

type mute struct {
	request
	of   MemberID
	kind sfu.SourceKind
	hold bool
}

func (c *mute) apply(s *state, m *member, _ time.Time) *Error {
	return s.mute(m, c.of, c.kind, c.hold)
}

func (c *mute) deed() (deed, bool) {
	detail := c.kind.String()
	if c.hold {
		detail += ", held"
	}
	return deed{what: "mute", of: c.of, detail: detail}, true
}

type unmute struct {
	request
	of   MemberID
	kind sfu.SourceKind
}

func (u *unmute) apply(s *state, m *member, _ time.Time) *Error { return s.unmute(m, u.of, u.kind) }

func (u *unmute) deed() (deed, bool) {
	return deed{what: "unmute", of: u.of, detail: u.kind.String()}, true
}

type kick struct {
	request
	of  MemberID
	ban time.Duration
}

func (k *kick) apply(s *state, m *member, now time.Time) *Error { return s.kick(m, k.of, k.ban, now) }

func (k *kick) deed() (deed, bool) {
	d := deed{what: "kick", of: k.of}
	if k.ban > 0 {
		d.detail = "banned for " + k.ban.String()
	}
	return d, true
}

type lock struct {
	request
	locked bool
}

func (l *lock) apply(s *state, _ *member, _ time.Time) *Error { return s.lock(l.locked) }

func (l *lock) deed() (deed, bool) { return deed{what: "lock", detail: fmt.Sprint(l.locked)}, true }

type admit struct {
	request
	of MemberID
}

func (a *admit) apply(s *state, _ *member, now time.Time) *Error { return s.admit(a.of, now) }

func (a *admit) deed() (deed, bool) { return deed{what: "admit", of: a.of}, true }

type deny struct {
	request
	of MemberID
}

func (d *deny) apply(s *state, _ *member, now time.Time) *Error { return s.deny(d.of, now) }

func (d *deny) deed() (deed, bool) { return deed{what: "deny", of: d.of}, true }

type slow struct {
	request
	every time.Duration
}

func (c *slow) apply(s *state, _ *member, _ time.Time) *Error { return s.slowDown(c.every) }

func (c *slow) deed() (deed, bool) { return deed{what: "slow", detail: c.every.String()}, true }

type spotlight struct {
	request
	spot Spot
}

func (c *spotlight) apply(s *state, _ *member, _ time.Time) *Error { return s.spotlit(c.spot) }

func (c *spotlight) deed() (deed, bool) {
	d := deed{what: "spotlight", of: c.spot.Member, detail: "off"}
	if d.of != "" {
		d.detail = c.spot.Source.String()
	}
	return d, true
}

type chatClear struct{ request }

func (c *chatClear) apply(s *state, _ *member, now time.Time) *Error {
	s.keep(clearing{c.request, s.chat.stamped}, now)
	return nil
}

// answer says that it was refused; when it was done, the disk knows.
func (c *chatClear) answer(m *member, err *Error) { c.question.answer(m, err) }

func (*chatClear) deed() (deed, bool) { return deed{what: "clear"}, true }

type end struct{ request }

func (*end) apply(s *state, _ *member, now time.Time) *Error {
	s.close(codeNotFound, now)
	return nil
}

func (*end) deed() (deed, bool) { return deed{what: "end"}, true }

// regrant is of a member whose token says something else now, be it waiting.
type regrant struct {
	sender
	grant Grant
}

func (*regrant) outside() {}

func (r *regrant) apply(s *state, m *member, now time.Time) *Error {
	if m != nil {
		s.regrant(m, r.grant, now)
		return nil
	}
	if w := s.lobby.find(r.id); w != nil {
		w.Grant = r.grant
		if !s.stands(r.grant).may.Has(MayJoin) {
			s.evict(r.id, codeForbidden, now)
		}
	}
	return nil
}

// reconfigure is from nobody.
type reconfigure struct {
	sender
	config Config
}

func (*reconfigure) outside() {}

func (r *reconfigure) apply(s *state, _ *member, now time.Time) *Error {
	s.reconfigure(r.config, now)
	return nil
}

// look is from nobody. The reply holds one and is closed.
type look struct {
	sender
	reply chan Info
}

func (*look) outside() {}

func (l *look) apply(s *state, _ *member, now time.Time) *Error {
	defer close(l.reply)
	l.reply <- s.info()
	return nil
}
