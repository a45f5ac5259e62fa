package sfu

import (
	"net"
	"net/netip"
	"slices"
	"testing"

	"github.com/pion/stun/v4"

	"madang/sfu/demux"
	"madang/sfu/srtp"
	"madang/sfu/udp"
)

// gate is a world with a port: one peer is connected through it on the fast path.
type gate struct {
	*world
	t        *testing.T
	conn     *udp.Conn
	peer     *net.UDPConn // where the peer is
	stranger *net.UDPConn
	sealer   *srtp.Sealer // the peer's
	endpoint *endpoint
	password string
}

const gateUfrag = "ufrag"

func newGate(t *testing.T) *gate {
	g := &gate{world: newWorld(), t: t, password: "the password of the peer"}
	var err error
	if g.conn, err = udp.Listen(t.Context(), "udp4", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	g.worker.demux = demux.New[*endpoint](g.conn.WriteToAddrPort, g.conn.LocalAddr(), []net.Addr{g.conn.LocalAddr()})
	g.worker.out = g.conn.NewBatch()
	g.peer, g.stranger = loopback(t), loopback(t)
	t.Cleanup(func() { g.peer.Close(); g.stranger.Close(); g.conn.Close() })
	g.endpoint, _ = extended(g.world)
	view := g.worker.demux.For(g.endpoint)
	if err := view.Credentials(gateUfrag, g.password, "another"); err != nil {
		t.Fatal(err)
	}
	if _, err := view.GetConn(gateUfrag, g.conn.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	theirs, ours, err := srtp.Split(srtp.AEADAES128GCM, make([]byte, srtp.AEADAES128GCM.MaterialLen()))
	if err != nil {
		t.Fatal(err)
	}
	path, err := newFast(ours, theirs, g.worker.out, &trust{}, &g.worker.counts)
	if err != nil {
		t.Fatal(err)
	}
	if g.sealer, err = srtp.NewSealer(theirs); err != nil {
		t.Fatal(err)
	}
	path.aim(addressOf(g.peer))
	g.endpoint.path, g.endpoint.direct = path, path
	return g
}

func addressOf(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

// check is a request of the peer's agent, signed with a password.
func (g *gate) check(ufrag, password string) []byte {
	return stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername(ufrag+":theirs"),
		stun.NewShortTermIntegrity(password), stun.Fingerprint).Raw
}

// seal is a packet of the peer's.
func (g *gate) seal(sequence uint16) []byte {
	raw := labelled(60, 111, sequence, says(sequence), nil)
	return g.sealer.RTP(slices.Clone(raw[:12]), raw[12:])
}

func (g *gate) sealRTCP() []byte {
	sealed, err := g.sealer.RTCP(nil, []byte{0x81, 206, 0, 2, 0, 0, 0, 60, 0, 0, 0, 9}) // a PLI
	if err != nil {
		g.t.Fatal(err)
	}
	return sealed
}

// receive has a datagram come so many times in one burst, and the worker take it.
func (g *gate) receive(from *net.UDPConn, datagram []byte, times int) {
	g.t.Helper()
	for range times {
		if _, err := from.WriteToUDPAddrPort(datagram, g.conn.LocalAddr().(*net.UDPAddr).AddrPort()); err != nil {
			g.t.Fatal(err)
		}
	}
	if err := g.conn.Receive(g.worker.burst, 0); err != nil {
		g.t.Fatal(err)
	}
	if n := g.worker.burst.Len(); n != times {
		g.t.Fatalf("%d datagrams of %d came", n, times)
	}
	g.worker.turn(&batch{}, false, g.now)
}

// flipped is a datagram with one bit changed.
func flipped(datagram []byte, at int) []byte {
	out := slices.Clone(datagram)
	if at < 0 {
		at += len(out)
	}
	out[at] ^= 1
	return out
}

func TestASVS_V17_2_4_AttackersDatagramsChangeNothingAndAllocateNothing(t *testing.T) {
	g := newGate(t)
	g.source(g.endpoint, Mic, 60)
	g.receive(g.peer, g.check(gateUfrag, g.password), 1)
	g.receive(g.peer, g.seal(1000), 1)
	g.receive(g.peer, g.sealRTCP(), 1)
	if in := g.worker.counts.packetsIn.Load(); in != 1 {
		t.Fatalf("%d packets of the peer came", in)
	}
	replayed, report, unknown := g.seal(1001), g.sealRTCP(), labelled(77, 111, 1, make([]byte, 100), nil)
	g.receive(g.peer, replayed, 1)
	g.receive(g.peer, report, 1)
	fresh, freshReport := g.seal(1002), g.sealRTCP()
	forged, demuxed := &g.worker.counts.dropForged, g.worker.demux.Stats
	strange := func() uint64 { return demuxed().Strangers }
	for _, tt := range []struct {
		name     string
		from     *net.UDPConn
		datagram []byte
		count    func() uint64 // that says so
	}{
		{"SRTP whose tag is wrong", g.peer, flipped(fresh, -1), forged.Load},
		{"SRTP whose number is another", g.peer, flipped(fresh, 3), forged.Load},
		{"SRTP of an SSRC that nobody has", g.peer, unknown, forged.Load},
		{"SRTP that is cut off", g.peer, fresh[:20], forged.Load},
		{"SRTP that is cut off in its header", g.peer, fresh[:11], forged.Load},
		{"SRTP that came before", g.peer, replayed, forged.Load},
		{"SRTCP whose tag is wrong", g.peer, flipped(freshReport, -5), forged.Load},
		{"SRTCP whose index is another", g.peer, flipped(freshReport, -1), forged.Load},
		{"SRTCP that is not encrypted", g.peer, flipped(freshReport, -4), forged.Load},
		{"SRTCP that is cut off", g.peer, freshReport[:10], forged.Load},
		{"SRTCP that came before", g.peer, report, forged.Load},
		{"a stranger's SRTP", g.stranger, fresh, strange},
		{"a stranger's SRTCP", g.stranger, freshReport, strange},
		{"a stranger's DTLS", g.stranger, append([]byte{22, 254, 253}, make([]byte, 60)...), strange},
		{"STUN that is not signed", g.stranger, stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername(gateUfrag+":x")).Raw,
			func() uint64 { return demuxed().Forged }},
		{"STUN with a known ufrag and a wrong password", g.peer, g.check(gateUfrag, "guess"), func() uint64 { return demuxed().Forged }},
		{"STUN of a ufrag that nobody has", g.stranger, g.check("nobody", "guess"), func() uint64 { return demuxed().Unknown }},
		{"an answer that nobody asked for", g.peer, stun.MustBuild(stun.BindingSuccess, stun.TransactionID).Raw, func() uint64 { return demuxed().Unasked }},
		{"broken STUN", g.stranger, g.check(gateUfrag, g.password)[:40], func() uint64 { return demuxed().Malformed }},
		{"TURN", g.peer, []byte{64, 0, 0, 4, 1, 2, 3, 4}, func() uint64 { return demuxed().Foreign }},
		{"nothing", g.stranger, nil, func() uint64 { return demuxed().Foreign }},
	} {
		in, counted := g.worker.counts.packetsIn.Load(), tt.count()
		const burst = 32
		g.receive(tt.from, tt.datagram, burst)
		if got := tt.count() - counted; got != burst {
			t.Errorf("%s: %d of %d were counted", tt.name, got, burst)
		}
		empty := &batch{}
		if n := testing.AllocsPerRun(100, func() { g.worker.turn(empty, false, g.now) }); n != 0 {
			t.Errorf("%s: %v allocations for %d datagrams", tt.name, n, burst)
		}
		if now := g.worker.counts.packetsIn.Load(); now != in {
			t.Errorf("%s: %d packets were taken", tt.name, now-in)
		}
	}
	before := g.worker.counts.packetsIn.Load()
	g.receive(g.peer, fresh, 1)
	if in := g.worker.counts.packetsIn.Load(); in != before+1 {
		t.Error("after all that, the peer's own packet is not taken")
	}
}
