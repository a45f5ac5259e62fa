package demux

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pion/stun/v4"
)

// What anybody can send, as often as they like.
func TestAttackersDatagramsAllocateNothing(t *testing.T) {
	w := newWorld(t)
	a := w.join("a")
	w.expect("a check", a.check(), home, "a")
	w.expect("an answer", a.answer(home), home, "a")
	asked := a.question(home)
	indication := stun.MustBuild(stun.NewType(stun.MethodBinding, stun.ClassIndication), stun.TransactionID)
	for _, tc := range []struct {
		name     string
		datagram []byte
		from     netip.AddrPort
	}{
		{"nothing", nil, other},
		{"no protocol of ours", []byte{255, 1, 2}, other},
		{"media of a stranger", media, other},
		{"DTLS of a stranger", hello, other},
		{"media from a peer's address", media, home},
		{"broken STUN", a.check()[:30], other},
		{"a check of nobody's ufrag", binding(t, "nobody:theirs", "?"), other},
		{"a forged check", binding(t, "a:theirs", "?"), other},
		{"a forged check from a peer's address", binding(t, "a:theirs", "?"), home},
		{"an indication", indication.Raw, home},
		{"an answer to nothing", reply(t, stun.MustBuild(stun.TransactionID), "?"), home},
		{"a forged answer", reply(t, asked, "?"), home},
		{"a repeated check", a.check(), home},
	} {
		if n := testing.AllocsPerRun(1000, func() { w.mux.Route(tc.datagram, tc.from, w.now) }); n != 0 {
			t.Errorf("%s: %v allocations", tc.name, n)
		}
	}
	if n := len(w.mux.holders); n != 1 {
		t.Errorf("%d addresses are held", n)
	}
}

// A member floods another, or itself, from wherever it likes: the agent gets
// what its queue holds.
func TestFloodOfCheckedDatagramsAllocatesNothing(t *testing.T) {
	w := newWorld(t)
	a := w.join("a")
	checks := make([][]byte, 256)
	for i := range checks {
		checks[i] = a.check()
	}
	next := 0
	flood := func() {
		from := at(next)
		if c := w.mux.Route(checks[next%len(checks)], from, w.now); c != nil {
			c.Deliver(checks[next%len(checks)], from)
			c.Deliver(hello, from)
		}
		next++
		w.now = w.now.Add(time.Microsecond)
	}
	for range 1000 {
		flood()
	}
	if n := testing.AllocsPerRun(1000, flood); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if len(w.mux.holders) != sourcesMost || a.v4.packets > queuePackets {
		t.Errorf("%d addresses, %d datagrams are kept", len(w.mux.holders), a.v4.packets)
	}
}

func BenchmarkRoute(b *testing.B) {
	w := newWorld(b)
	clients := make([]*client, 200)
	for i := range clients {
		clients[i] = w.join("client" + string(rune('A'+i)))
		w.mux.Route(clients[i].check(), at(i), w.now)
	}
	for _, tc := range []struct {
		name     string
		datagram []byte
	}{{"media", media}, {"check", clients[0].check()}, {"forged", binding(b, "clientA:x", "?")}} {
		b.Run(tc.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				w.mux.Route(tc.datagram, at(i%16), w.now)
			}
		})
	}
	b.Run("seen", func(b *testing.B) {
		c := w.mux.Route(media, at(0), w.now)
		for range b.N {
			c.Seen(at(0), w.now)
		}
	})
	b.Run("deliver and read", func(b *testing.B) {
		c, buf := clients[0], make([]byte, 2048)
		b.ReportAllocs()
		for range b.N {
			c.v4.Deliver(media, home)
			c.v4.ReadFromAddrPort(buf)
		}
	})
}
