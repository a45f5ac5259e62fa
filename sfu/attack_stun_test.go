package sfu

import (
	"testing"
	"time"

	"github.com/pion/stun/v4"
)

// Whoever has no password of a peer's is answered with nothing, whatever he sends: the
// port reflects nothing onto anybody whose address is on a datagram.
func TestStrangersAreAnsweredNothing(t *testing.T) {
	x := newAttackers(t)
	x.flow(20)
	known := attribute(x.lines[0].SDP, "ice-ufrag")
	_, server := x.a.addresses()
	outside := loopback(t)
	answered := listening(t, outside)
	sent := map[string]int{}
	for name, datagram := range map[string][]byte{
		"STUN without a name":                     stun.MustBuild(stun.BindingRequest, stun.TransactionID).Raw,
		"STUN of nobody":                          check("nobody:x", "x"),
		"STUN of a peer, unsigned":                stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername(known+":x")).Raw,
		"STUN of a peer, with a wrong password":   check(known+":x", "guess"),
		"STUN of a peer, with an empty password":  check(known+":x", ""),
		"TURN":                                    stun.MustBuild(stun.NewType(stun.MethodAllocate, stun.ClassRequest), stun.TransactionID).Raw,
		"a ClientHello":                           clientHello(t),
		"a client's own media":                    x.caught(false),
		"a client's own report":                   x.caught(true),
		"a ping of one byte":                      {0},
		"a QUIC packet":                           append([]byte{0xc0, 0, 0, 0, 1}, make([]byte, 1195)...),
		"a query for a name, as DNS has it":       {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1},
		"a version negotiation of something else": append([]byte{250}, make([]byte, 100)...),
	} {
		for range 200 {
			if _, err := outside.WriteToUDPAddrPort(datagram, server); err != nil {
				t.Fatal(err)
			}
			sent[name] += len(datagram)
		}
		time.Sleep(2 * time.Millisecond)
	}
	x.flow(10) // the port has taken all that by now
	all := 0
	for _, n := range sent {
		all += n
	}
	t.Logf("%d bytes of %d kinds were sent, %d were answered", all, len(sent), answered.Load())
	if n := answered.Load(); n != 0 {
		t.Errorf("%d bytes were answered", n)
	}
}
