package demux

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/pion/stun/v4"
)

func TestProtocolsAreToldByTheFirstByte(t *testing.T) {
	for _, tc := range []struct {
		from, to byte
		want     class
	}{
		{0, 3, classSTUN}, {4, 19, classForeign}, {20, 63, classDTLS},
		{64, 127, classForeign}, {128, 191, classMedia}, {192, 255, classForeign},
	} {
		for b := int(tc.from); b <= int(tc.to); b++ {
			if got := classOf([]byte{byte(b)}); got != tc.want {
				t.Errorf("%d is %d, want %d", b, got, tc.want)
			}
		}
	}
	if classOf(nil) != classForeign || IsMedia(hello) || !IsMedia(media) {
		t.Error("an empty datagram, DTLS or media was taken for something else")
	}
}

func TestDatagramsGoToTheirPeer(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("a"), w.join("b")
	w.expect("media of nobody yet", media, home, "")
	w.expect("DTLS of nobody yet", hello, home, "")
	w.expect("a's check", a.check(), home, "a")
	w.expect("media", media, home, "a")
	w.expect("DTLS", hello, home, "a")
	w.expect("b's check", b.check(), other, "b")
	w.expect("media", media, other, "b")
	w.expect("an answer to b", b.answer(other), other, "b")
	w.expect("a's check by IPv6", a.check(), home6, "a")
	w.expect("media by IPv6", media, home6, "a")
	if c := w.mux.Route(media, home6, w.now); c != a.v6.Conn {
		t.Error("IPv6 did not go to the conn of IPv6")
	}
	if s := w.mux.Stats(); s != (Stats{Strangers: 2}) {
		t.Errorf("dropped: %+v", s)
	}
}

func TestWhatIsNotAuthenticIsDropped(t *testing.T) {
	w := newWorld(t)
	a := w.join("a")
	w.expect("a check", a.check(), home, "a")
	untold := w.mux.For("untold")
	if _, err := untold.GetConn("untold", w.mux.local); err != nil {
		t.Fatal(err)
	}
	asked := a.question(home)
	indication := stun.MustBuild(stun.NewType(stun.MethodBinding, stun.ClassIndication), stun.TransactionID, stun.Fingerprint)
	allocate := stun.MustBuild(stun.NewType(stun.MethodAllocate, stun.ClassRequest), stun.TransactionID,
		stun.NewUsername("a:theirs"), stun.NewShortTermIntegrity(a.password))
	unsigned := stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername("a:theirs"), stun.Fingerprint)
	for _, tc := range []struct {
		name     string
		datagram []byte
		from     netip.AddrPort
		want     Stats
	}{
		{"nothing", nil, home, Stats{Foreign: 1}},
		{"a TURN channel", []byte{64, 0, 0, 0}, home, Stats{Foreign: 1}},
		{"media of a stranger", media, other, Stats{Strangers: 1}},
		{"DTLS of a stranger", hello, other, Stats{Strangers: 1}},
		{"a byte", []byte{0}, home, Stats{Malformed: 1}},
		{"an allocation", allocate.Raw, home, Stats{Malformed: 1}},
		{"a cut off check", a.check()[:40], home, Stats{Malformed: 1}},
		{"a check of an unknown ufrag", binding(t, "nobody:theirs", a.password), home, Stats{Unknown: 1}},
		{"a check without a user name", binding(t, "", a.password), home, Stats{Unknown: 1}},
		{"a check before the passwords are told", binding(t, "untold:theirs", ""), home, Stats{Unknown: 1}},
		{"a check with another's password", binding(t, "a:theirs", a.remote), home, Stats{Forged: 1}},
		{"an unsigned check", unsigned.Raw, home, Stats{Forged: 1}},
		{"an indication", indication.Raw, home, Stats{Forged: 1}},
		{"an answer to nothing", reply(t, stun.MustBuild(stun.TransactionID), a.remote), home, Stats{Unasked: 1}},
		{"an answer from elsewhere", reply(t, asked, a.remote), other, Stats{Unasked: 1}},
		{"a forged answer", reply(t, asked, a.password), home, Stats{Forged: 1}},
	} {
		before := w.mux.Stats()
		w.expect(tc.name, tc.datagram, tc.from, "")
		if got := minus(w.mux.Stats(), before); got != tc.want {
			t.Errorf("%s was counted as %+v", tc.name, got)
		}
	}
	w.expect("the true answer after all that", reply(t, asked, a.remote), home, "a")
	w.expect("the same once more", reply(t, asked, a.remote), home, "")
}

func minus(a, b Stats) Stats {
	return Stats{
		a.Foreign - b.Foreign, a.Malformed - b.Malformed, a.Unknown - b.Unknown, a.Forged - b.Forged, a.Unasked - b.Unasked,
		a.Strangers - b.Strangers, a.Crowded - b.Crowded, a.Overflowed - b.Overflowed, a.Late - b.Late,
	}
}

// A user name behind the tag is not signed: RFC 8489 section 14.5.
func TestUserNameMustBeSigned(t *testing.T) {
	w := newWorld(t)
	a := w.join("a")
	m := stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewShortTermIntegrity(a.password))
	m.Add(stun.AttrUsername, []byte("a:theirs"))
	w.expect("a check with its name behind the tag", m.Raw, home, "")
}

func TestErrorsAreDeliveredAndProveNothing(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("a"), w.join("b")
	w.expect("b's check", b.check(), home, "b")
	ask := a.question(home)
	conflict := stun.MustBuild(ask, stun.BindingError, stun.CodeRoleConflict, stun.NewShortTermIntegrity(a.remote), stun.Fingerprint)
	w.expect("b is there", b.answer(home), home, "b")
	w.expect("an error for a", conflict.Raw, home, "a")
	w.expect("media", media, home, "b")
}

func TestOldQuestionsMakeRoom(t *testing.T) {
	w := newWorld(t)
	a := w.join("a")
	first := a.question(home)
	second := a.question(home)
	for range questionsMost - 1 {
		a.question(home)
	}
	w.expect("an answer to a forgotten question", reply(t, first, a.remote), home, "")
	w.expect("an answer to the oldest that is known", reply(t, second, a.remote), home, "a")
	if n := len(w.mux.questions); n != questionsMost-1 {
		t.Errorf("%d questions are kept", n)
	}
	a.view.Close()
	if n := len(w.mux.questions); n != 0 {
		t.Errorf("%d questions outlived the peer", n)
	}
}

// Whatever stands in a datagram, it does not reach a peer unless signed.
func TestDamagedChecksAreDropped(t *testing.T) {
	w := newWorld(t)
	a := w.join("a")
	for i := range a.check()[:20+4+len("a:theirs")+4+20] {
		check := a.check()
		check[i] ^= 1
		w.expect("a damaged check", check, home, "")
	}
	long := a.check()
	binary.BigEndian.PutUint16(long[22:], 0xffff)
	w.expect("a check with an endless attribute", long, home, "")
	if len(w.mux.holders) != 0 {
		t.Error("somebody has an address now")
	}
}
