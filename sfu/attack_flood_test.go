package sfu

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pion/stun/v4"

	"madang/sfu/rtpview"
)

// attackers are outsiders and a member who send what they like to a server on
// which two are in a call.
type attackers struct {
	*call
	a, b     *nat   // that they are behind
	password string // of the server's agent for the member that attacks
	username string // likewise
	stranger func(datagram []byte)
	spoof    func(datagram []byte, from, to netip.AddrPort) // nil: not possible here
}

func newAttackers(t *testing.T) *attackers {
	a, b := behindNAT(t, 1, 0), behindNAT(t, 1, 0)
	x := &attackers{call: newCall(t, newTestSFU(t), a, b), a: a.nat, b: b.nat, spoof: spoofer(t)}
	member := newBrowserWith(t, settings(), 1, 0)
	p, _ := newTestPeer(t, x.sfu)
	answer := member.join(p).SDP
	x.username = attribute(answer, "ice-ufrag") + ":" + attribute(member.pc.LocalDescription().SDP, "ice-ufrag")
	x.password = attribute(answer, "ice-pwd")
	outside := loopback(t)
	t.Cleanup(func() { outside.Close() })
	_, server := x.a.addresses()
	x.stranger = func(datagram []byte) { _, _ = outside.WriteToUDPAddrPort(datagram, server) }
	return x
}

// attribute is the first of a name in an SDP.
func attribute(sdp, name string) string {
	_, rest, _ := strings.Cut(sdp, "a="+name+":")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// check is signed with a password.
func check(username, password string) []byte {
	return stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername(username),
		stun.NewShortTermIntegrity(password), stun.Fingerprint).Raw
}

// caught is the newest packet of a client that was seen on its way, of media or a
// report.
func (x *attackers) caught(report bool) []byte {
	x.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		var newest []byte
		for _, datagram := range x.a.caught() {
			if rtpview.IsRTCP(datagram) == report {
				newest = datagram
			}
		}
		if newest != nil {
			return newest
		}
	}
	x.t.Fatal("the client sends nothing")
	return nil
}

// flood sends a datagram very often, but less often than the machine can take.
func flood(send func()) {
	for range 50 {
		for range 40 {
			send()
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func TestFloodsHarmNobody(t *testing.T) {
	x := newAttackers(t)
	x.flow(50)
	known := attribute(x.lines[0].SDP, "ice-ufrag") + ":x"
	alert := []byte{21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0} // close_notify, in the clear
	counted := func(cause string) func() uint64 {
		return func() uint64 { return x.sfu.Stats().Drops[cause] }
	}
	forged := counted("forged")
	for _, tt := range []struct {
		name  string
		send  func() func()
		count func() uint64 // that says so, of most of them at least; nil: none
	}{
		{"forged SRTP from a client's address", func() func() {
			d := flipped(x.caught(false), -1)
			return func() { x.a.inject(d) }
		}, forged},
		{"replayed SRTP", func() func() {
			d := x.caught(false)
			return func() { x.a.inject(d) }
		}, forged},
		{"SRTP that is cut off", func() func() {
			d := x.caught(false)[:14]
			return func() { x.a.inject(d) }
		}, forged},
		{"forged SRTCP", func() func() {
			d := flipped(x.caught(true), -1)
			return func() { x.a.inject(d) }
		}, forged},
		{"a client's own packets from elsewhere", func() func() {
			d := x.caught(false)
			return func() { x.stranger(d) }
		}, counted("stranger")},
		{"STUN with a wrong password", func() func() {
			d := check(known, "guess")
			return func() { x.stranger(d) }
		}, counted("stun_forged")},
		{"STUN that is not signed", func() func() {
			d := stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername(known)).Raw
			return func() { x.a.inject(d) }
		}, counted("stun_forged")},
		{"a member's checks from another's address", func() func() {
			d := check(x.username, x.password)
			return func() { x.b.inject(d) }
		}, nil},
		{"DTLS alerts in the clear", func() func() { return func() { x.b.inject(alert) } }, nil},
		{"noise", func() func() {
			d := make([]byte, 1200)
			d[0] = 200
			return func() { x.stranger(d) }
		}, counted("foreign")},
		{"forged SRTP with a client's address on it", x.spoofed(func() []byte { return flipped(x.caught(false), -1) }), forged},
		{"a member's checks with another's address on it", x.spoofed(func() []byte { return check(x.username, x.password) }), nil},
	} {
		if tt.send == nil {
			t.Logf("%s: skipped, raw sockets need root and Linux", tt.name)
			continue
		}
		before := uint64(0)
		if tt.count != nil {
			before = tt.count()
		}
		flood(tt.send())
		x.flow(5)
		if tt.count != nil {
			if n := tt.count() - before; n < 1900 {
				t.Errorf("%s: %d of 2000 were counted", tt.name, n)
			}
		}
	}
	for i, e := range x.ears {
		for _, kind := range []uint8{96, 111} {
			lost, came := e.lost(kind)
			t.Logf("client %d lost %.2f %% of %d packets of type %d", i, 100*lost, came, kind)
			if lost >= 0.005 {
				t.Errorf("client %d lost %.2f %% of %d packets of type %d", i, 100*lost, came, kind)
			}
		}
		if state := x.peers[i].pc.ConnectionState().String(); state != "connected" {
			t.Errorf("client %d is %s", i, state)
		}
	}
	if n := x.sfu.Stats().Panics; n > 0 {
		t.Errorf("%d panics", n)
	}
}

// spoofed sends from a raw socket, nil where that is not possible.
func (x *attackers) spoofed(what func() []byte) func() func() {
	if x.spoof == nil {
		return nil
	}
	return func() func() {
		datagram := what()
		client, server := x.a.addresses()
		return func() { x.spoof(datagram, client, server) }
	}
}
