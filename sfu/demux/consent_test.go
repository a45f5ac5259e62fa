package demux

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/pion/ice/v4"
	"github.com/pion/stun/v4"
)

// tieBreaker is of either agent; nothing hangs on it here.
const tieBreaker = 7

// couple is a client whose agent has settled, and what was sent last.
type couple struct {
	*client
	sent []byte
	to   netip.AddrPort
}

func settle(t testing.TB, at netip.AddrPort) *couple {
	t.Helper()
	c := &couple{client: newWorld(t).join("a")}
	c.mux.write = func(b []byte, to netip.AddrPort) (int, error) {
		c.sent, c.to = append(c.sent[:0], b...), to
		return len(b), nil
	}
	c.meet(at)
	return c
}

// meet has the agents find each other.
func (c *couple) meet(at netip.AddrPort) {
	c.t.Helper()
	c.expect("the first check", c.request(), at, "a")
	asked := stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername("theirs:"+c.ufrag),
		ice.AttrControlled(tieBreaker), ice.PriorityAttr(1), stun.NewShortTermIntegrity(c.remote), stun.Fingerprint)
	on := c.v4
	if at.Addr().Is6() {
		on = c.v6
	}
	if _, err := on.WriteToAddrPort(asked.Raw, at); err != nil {
		c.t.Fatal(err)
	}
	c.expect("the first answer", reply(c.t, asked, c.remote), at, "a")
	c.view.Select(at, c.now)
	c.sent = c.sent[:0]
}

// request is a check as Chromium sends it, and what else it says.
func (c *couple) request(more ...stun.Setter) []byte {
	return signedCheck(c.ufrag+":theirs", c.password, append([]stun.Setter{ice.UseCandidate(), ice.AttrControlling(tieBreaker)}, more...)...)
}

func signedCheck(username, password string, more ...stun.Setter) []byte {
	all := append([]stun.Setter{stun.BindingRequest, stun.TransactionID, stun.NewUsername(username)}, more...)
	return stun.MustBuild(append(all, ice.PriorityAttr(1), stun.NewShortTermIntegrity(password), stun.Fingerprint)...).Raw
}

// heard is how many signs of life the agent has been told since it was last asked,
// and it knows nothing else.
func (c *couple) heard() (signs int) {
	c.t.Helper()
	buf := make([]byte, 2048)
	for c.v4.packets > 0 {
		n, _, err := c.v4.ReadFromAddrPort(buf)
		m := &stun.Message{Raw: buf[:n]}
		if err != nil || m.Decode() != nil || m.Type.Class != stun.ClassIndication || m.Type.Method != stun.MethodBinding {
			c.t.Fatalf("the agent was told %x, %v", buf[:n], err)
		}
		signs++
	}
	return signs
}

// pass lets time pass, with a look each second.
func (c *couple) pass(seconds int, each func()) (checks int) {
	for range seconds {
		c.now = c.now.Add(lookEvery)
		c.sent = c.sent[:0]
		c.view.Check(c.now)
		if len(c.sent) > 0 {
			checks++
		}
		each()
	}
	return checks
}

// asked is the check that was sent last, as the client's agent reads it.
func (c *couple) asked() *stun.Message {
	c.t.Helper()
	m := &stun.Message{Raw: c.sent}
	if err := m.Decode(); err != nil {
		c.t.Fatal(err)
	}
	return m
}

func TestKnownChecksAreAnswered(t *testing.T) {
	for _, at := range []netip.AddrPort{home, home6} {
		c := settle(t, at)
		raw := c.request()
		c.expect("a check", raw, at, "")
		answered(t, raw, c.sent, at, c.password)
		if c.to != at {
			t.Errorf("the answer went to %v, not %v", c.to, at)
		}
		if c.mux.Stats() != (Stats{}) {
			t.Errorf("counted %+v", c.mux.Stats())
		}
	}
}

// answered fails unless a datagram is what an agent must take for the success
// of its check.
func answered(t testing.TB, check, datagram []byte, at netip.AddrPort, password string) {
	t.Helper()
	asked, m := &stun.Message{Raw: check}, &stun.Message{Raw: datagram}
	if err := asked.Decode(); err != nil {
		t.Fatal(err)
	}
	if err := m.Decode(); err != nil {
		t.Fatalf("%x: %v", datagram, err)
	}
	var mapped stun.XORMappedAddress
	err := mapped.GetFrom(m)
	a, _ := netip.AddrFromSlice(mapped.IP)
	if err != nil || netip.AddrPortFrom(a.Unmap(), uint16(mapped.Port)) != at || len(mapped.IP) == 4 != at.Addr().Is4() {
		t.Errorf("the mapped address is %v, %v, not %v", mapped, err, at)
	}
	if m.Type != stun.BindingSuccess || m.TransactionID != asked.TransactionID {
		t.Errorf("%v answers %v", m, asked)
	}
	if err := stun.NewShortTermIntegrity(password).Check(m); err != nil {
		t.Error(err)
	}
	if err := stun.Fingerprint.Check(m); err != nil {
		t.Error(err)
	}
}

func TestAgentHearsWhateverIsNew(t *testing.T) {
	for _, tc := range []struct {
		name string
		raw  func(c *couple) []byte
		from netip.AddrPort
	}{
		{"from elsewhere", func(c *couple) []byte { return c.request() }, roaming},
		{"in our role", func(c *couple) []byte {
			return signedCheck("a:theirs", c.password, ice.AttrControlled(tieBreaker))
		}, home},
		{"of another ufrag of theirs", func(c *couple) []byte { return signedCheck("a:others", c.password) }, home},
		{"of a ufrag that goes on", func(c *couple) []byte { return signedCheck("a:theirs2", c.password) }, home},
		{"with a nomination that has a number", func(c *couple) []byte {
			return c.request(ice.NominationSetter{Value: 3, AttrType: ice.DefaultNominationAttribute})
		}, home},
		{"that must be understood", func(c *couple) []byte { return c.request(stun.RawAttribute{Type: 0x0030, Value: []byte{1}}) }, home},
		{"after one from elsewhere", func(c *couple) []byte {
			c.expect("a check from elsewhere", c.request(), roaming, "a")
			return c.request()
		}, home},
		{"after a restart", func(c *couple) []byte { c.restart("b"); return c.request() }, home},
		{"after a restart, as late word of the pair before comes", func(c *couple) []byte {
			c.restart("b")
			c.view.Select(home, c.now)
			return c.request()
		}, home},
		{"once the agent has moved", func(c *couple) []byte { c.meet(roaming); return c.request() }, home},
		{"once the agent went where nobody answered", func(c *couple) []byte { c.view.Select(roaming, c.now); return c.request() }, home},
	} {
		c := settle(t, home)
		if got := c.whose(tc.raw(c), tc.from); got != "a" || len(c.sent) > 0 {
			t.Errorf("a check %s went to %q, and was answered with %d bytes", tc.name, got, len(c.sent))
		}
	}
	c := settle(t, home)
	c.expect("a check with what may be ignored", c.request(stun.RawAttribute{Type: 0xC057, Value: []byte{0, 1, 0, 10}}), home, "")
	c.expect("a check without a role", signedCheck("a:theirs", c.password), home, "")
}

// The agent's states hang on what it hears: it hears once a second at most that
// its client is there, and no more once that is gone.
func TestAgentIsToldThatItsClientIsThere(t *testing.T) {
	answer := func(c *couple) {
		if len(c.sent) > 0 {
			c.expect("an answer", reply(c.t, c.asked(), c.remote), home, "")
		}
	}
	ask := func(c *couple) { c.whose(c.request(), home) }
	say := func(c *couple) {
		if to := c.mux.Route(media, home, c.now); to != nil {
			to.Seen(home, c.now)
		}
	}
	for _, tc := range []struct {
		name                    string
		each                    func(c *couple)
		checks, checksMost      int // in half a minute
		signs, signsMost, first int // likewise; and in the first ten seconds
	}{
		{"answers", answer, 9, 16, 9, 16, 3},
		{"asks and answers", func(c *couple) { answer(c); ask(c) }, 4, 7, 29, 30, 10},
		{"speaks and answers", func(c *couple) { answer(c); say(c) }, 4, 7, 29, 30, 10},
		{"asks, and answers nothing", ask, 24, 27, 9, 10, 9},
		{"speaks, and answers nothing", say, 24, 27, 9, 10, 9},
		{"is gone", func(*couple) {}, 29, 30, 0, 0, 0},
	} {
		c := settle(t, home)
		c.heard()
		checks := c.pass(10, func() { tc.each(c) })
		first := c.heard()
		checks += c.pass(20, func() { tc.each(c) })
		signs := first + c.heard()
		if checks < tc.checks || checks > tc.checksMost || signs < tc.signs || signs > tc.signsMost || first < tc.first {
			t.Errorf("a client that %s was asked %d times, and the agent told %d times, %d of them in the first ten seconds",
				tc.name, checks, signs, first)
		}
	}
}

func TestOurChecksAreTheAgents(t *testing.T) {
	c := settle(t, home)
	c.pass(3, func() {})
	m := c.asked()
	var name stun.Username
	var role ice.AttrControlled
	if err := name.GetFrom(m); err != nil || name.String() != "theirs:a" {
		t.Errorf("asked as %q, %v", name, err)
	}
	if err := role.GetFrom(m); err != nil || role != tieBreaker || m.Contains(stun.AttrUseCandidate) {
		t.Errorf("asked in the role %v, %v", m, err)
	}
	if m.Type != stun.BindingRequest || stun.NewShortTermIntegrity(c.remote).Check(m) != nil || stun.Fingerprint.Check(m) != nil {
		t.Errorf("asked %v", m)
	}
	before := c.mux.Stats()
	forged := reply(t, m, "?")
	c.expect("a forged answer", forged, home, "")
	c.expect("an answer from elsewhere", reply(t, m, c.remote), other, "")
	if d := minus(c.mux.Stats(), before); d.Forged != 1 || d.Unasked != 1 {
		t.Errorf("counted %+v", d)
	}
	if c.heard() != 0 {
		t.Error("what is not an answer was a sign of life")
	}
	c.expect("the answer", reply(t, m, c.remote), home, "")
	if c.heard() != 1 {
		t.Error("the answer was no sign of life")
	}
	for range 2 * questionsMost {
		c.pass(1, func() {})
	}
	if n := len(c.mux.questions); n > 2 {
		t.Errorf("%d checks wait for an answer", n)
	}
	c.view.RemoveConnByUfrag("a")
	if c.view.Check(c.now) || len(c.mux.questions) > 0 {
		t.Error("consent is asked for after the end of the ufrag")
	}
}

func TestConsentAllocatesNothing(t *testing.T) {
	c := settle(t, home)
	c.heard()
	check := c.request()
	buf := make([]byte, 2048)
	round := func() {
		c.now = c.now.Add(lookEvery)
		c.mux.Route(check, home, c.now)
		c.view.Check(c.now)
		for c.v4.packets > 0 {
			c.v4.ReadFromAddrPort(buf)
		}
	}
	round()
	if n := testing.AllocsPerRun(1000, round); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Pion reads our answers, whatever was asked.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte{192, 0, 2, 1}, uint16(40000), []byte("theirs"), "password")
	f.Add([]byte("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"), uint16(0), []byte{0}, "p")
	f.Add([]byte("\x21\x12\xa4\x42"), uint16(0x2112), []byte(""), "?")
	f.Fuzz(func(t *testing.T, ip []byte, port uint16, number []byte, password string) {
		a, ok := netip.AddrFromSlice(ip)
		if !ok || password == "" {
			return
		}
		at := netip.AddrPortFrom(a.Unmap(), port)
		var id transaction
		copy(id[:], number)
		check := stun.MustBuild(stun.BindingRequest, stun.NewTransactionIDSetter(id))
		w := newWorld(t)
		var sent []byte
		w.mux.write = func(b []byte, _ netip.AddrPort) (int, error) { sent = append(sent, b...); return len(b), nil }
		w.mux.answer(newIntegrity(password), &message{transaction: id}, at)
		answered(t, check.Raw, sent, at, password)
	})
}

// The check that is made over goes on as any other: of every length that the
// agent's may have.
func TestChecksOfAnyLengthAreSigned(t *testing.T) {
	key := newIntegrity("password")
	for n := range 64 {
		body := stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewSoftware(fmt.Sprintf("%*d", n, 0)))
		m := &stun.Message{Raw: key.sign(body.Raw)}
		if m.Decode() != nil || stun.NewShortTermIntegrity("password").Check(m) != nil || stun.Fingerprint.Check(m) != nil {
			t.Errorf("%d bytes are not signed", n)
		}
	}
}
