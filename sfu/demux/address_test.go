package demux

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

// A member signs requests properly but writes another's address on them.
func TestSpoofedAddressIsNotTaken(t *testing.T) {
	w := newWorld(t)
	victim, thief := w.join("victim"), w.join("thief")
	w.expect("the victim's check", victim.check(), home, "victim")
	w.expect("the victim's answer", victim.answer(home), home, "victim")
	for range 100 {
		thief.question(home) // which the victim's client does not answer
		w.expect("a spoofed check", thief.check(), home, "thief")
		w.expect("media", media, home, "victim")
		w.expect("DTLS", hello, home, "victim")
	}
}

// The thief is there first, and cannot stay.
func TestAddressGoesToWhomIsThere(t *testing.T) {
	w := newWorld(t)
	victim, thief := w.join("victim"), w.join("thief")
	w.expect("a spoofed check", thief.check(), home, "thief")
	w.expect("the victim's check", victim.check(), home, "victim")
	w.expect("media", media, home, "victim")
	w.expect("a spoofed check", thief.check(), home, "thief")
	w.expect("media, while nobody has shown to be there", media, home, "thief")
	w.expect("the victim's answer", victim.answer(home), home, "victim")
	w.expect("a spoofed check", thief.check(), home, "thief")
	w.expect("media", media, home, "victim")
	for range 3600 { // nor can the thief wait: a client is asked and answers all the time
		w.now = w.now.Add(time.Second)
		w.expect("a spoofed check", thief.check(), home, "thief")
		if w.now.Unix()%10 == 0 {
			w.expect("the victim's answer", victim.answer(home), home, "victim")
		}
		w.expect("media", media, home, "victim")
	}
}

// A NAT gives the port of one who left to another.
func TestNewTenantTakesTheAddress(t *testing.T) {
	for _, tc := range []struct {
		name     string
		silence  time.Duration
		seen     bool
		byCheck  bool // whether a check suffices
		byAnswer bool
	}{
		{"at once", 0, false, false, true},
		{"before consent has expired", consent - time.Second, false, false, true},
		{"after", consent, false, true, true},
		{"while media comes", consent, true, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			former, tenant := w.join("former"), w.join("tenant")
			w.expect("a check", former.check(), home, "former")
			w.expect("an answer", former.answer(home), home, "former")
			conn := w.mux.Route(media, home, w.now)
			w.now = w.now.Add(tc.silence)
			if tc.seen {
				conn.Seen(home, w.now)
			}
			owner := map[bool]string{false: "former", true: "tenant"}
			w.expect("the tenant's check", tenant.check(), home, "tenant")
			w.expect("media", media, home, owner[tc.byCheck])
			w.expect("the tenant's answer", tenant.answer(home), home, "tenant")
			w.expect("media", media, home, owner[tc.byAnswer])
		})
	}
}

func TestRoamingClientKeepsFlowing(t *testing.T) {
	w := newWorld(t)
	a := w.join("a")
	w.expect("a check", a.check(), home, "a")
	w.expect("an answer", a.answer(home), home, "a")
	w.expect("a check from elsewhere", a.check(), roaming, "a")
	w.expect("media from there", media, roaming, "a")
	w.expect("media that was under way", media, home, "a")
}

func TestRestartKeepsFlowing(t *testing.T) {
	w := newWorld(t)
	a, thief := w.join("a"), w.join("thief")
	w.expect("a check", a.check(), home, "a")
	w.expect("an answer", a.answer(home), home, "a")
	former := a.v4.Conn
	stale := a.check()
	a.restart("a2")
	w.expect("media during the restart", media, home, "a")
	w.expect("a spoofed check during the restart", thief.check(), home, "thief")
	w.expect("media during the restart", media, home, "a")
	w.expect("a check of the former generation", stale, home, "")
	w.expect("a check of the new one", a.check(), home, "a")
	if c := w.mux.Route(media, home, w.now); c != a.v4.Conn || c == former {
		t.Error("media goes to the former generation")
	}
	w.expect("a spoofed check after the restart", thief.check(), home, "thief")
	w.expect("media", media, home, "a")
	for i := range 20 {
		a.restart("a" + string(rune('A'+i)))
		w.expect("a check from another place each time", a.check(), at(i), "a")
	}
	if n := len(a.view.conns); n > connsMost {
		t.Errorf("%d conns are kept", n)
	}
	a.view.Close()
	w.expect("media of who left", media, home, "")
	w.expect("media of who left", media, at(19), "")
	if n := len(w.mux.holders); n != 0 {
		t.Errorf("%d addresses are held by those who left", n)
	}
}

func TestManyAddressesAreRefusedUntilOneIsSilent(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("a"), w.join("b")
	w.expect("b's check", b.check(), home, "b")
	w.expect("b's answer", b.answer(home), home, "b")
	for i := range sourcesMost {
		w.expect("a check", a.check(), at(i), "a")
		w.now = w.now.Add(time.Millisecond)
	}
	w.expect("a check too many", a.check(), at(sourcesMost), "")
	w.expect("a check from another's address", a.check(), home, "")
	w.expect("a check from an old one", a.check(), at(0), "a")
	if got := w.mux.Stats().Crowded; got != 2 {
		t.Errorf("%d were counted", got)
	}
	w.now = w.now.Add(consent - time.Millisecond)
	a.v4.Seen(at(1), w.now)
	w.expect("a check when one has been silent", a.check(), at(sourcesMost), "a")
	w.expect("media from the one that media was seen from", media, at(1), "a")
	w.expect("media from the silent one", media, at(2), "")
	w.expect("media from b", media, home, "b")
}

// at is one of many addresses.
func at(i int) netip.AddrPort {
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], 10<<24+uint32(i))
	return netip.AddrPortFrom(netip.AddrFrom4(ip), 40000)
}
