package sfu

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// count is what an ear has heard of all its slots so far, and what it should have.
func (e *ear) count() (came, due int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range e.streams {
		came += int64(len(h.came))
		due += h.highest - h.first + 1
	}
	return came, due
}

// heard sums up what both have heard.
func (c *call) heard() (came, due int64) {
	for _, e := range c.ears {
		a, b := e.count()
		came, due = came+a, due+b
	}
	return came, due
}

// pour calls send so many times a second, as far as it can, for a while.
func pour(perSecond int, while time.Duration, send func(n int)) (sent int) {
	began := time.Now()
	for passed := time.Duration(0); passed < while; passed = time.Since(began) {
		for due := int(float64(perSecond) * passed.Seconds()); sent < due; sent++ {
			send(sent)
			if sent%64 == 63 && time.Since(began) >= while {
				return sent
			}
		}
		time.Sleep(200 * time.Microsecond)
	}
	return sent
}

// endures floods at rising rates, and holds that the two in the call lose less than
// half a percent as long as the loop drains what comes: what is faster the kernel drops,
// which is counted by that name. So far isolation goes, and no farther. counted is what
// the flood is counted as.
func (c *call) endures(t *testing.T, counted string, send func(n int)) {
	drops := func(cause string) uint64 { return c.sfu.Stats().Drops[cause] }
	var came, due int64 // while the loop drained all
	drained := 0
	for _, rate := range []int{2_000, 10_000, 30_000, 60_000, 120_000, 1_000_000} {
		a, b := c.heard()
		kernel, named := drops("kernel_receive"), drops(counted)
		const while = time.Second
		sent := pour(rate, while, send)
		time.Sleep(200 * time.Millisecond) // until what was sent has come
		x, y := c.heard()
		lost := drops("kernel_receive") - kernel
		achieved := int(float64(sent) / while.Seconds())
		t.Logf("%d packets a second: %d of %d counted as %s, the kernel dropped %d; the others heard %d of %d",
			achieved, drops(counted)-named, sent, counted, lost, x-a, y-b)
		if lost == 0 {
			came, due, drained = came+x-a, due+y-b, max(drained, achieved)
		}
	}
	share := 1 - float64(came)/float64(due)
	t.Logf("the loop drains %d packets a second; meanwhile others lost %.2f %% of %d", drained, 100*share, due)
	if share >= 0.005 {
		t.Errorf("others lost %.2f %% of %d packets", 100*share, due)
	}
}

// OWASP ASVS 5.0, V17.2.5: valid SRTP of a member, as fast as the worker's loop takes
// it from the socket, costs nobody else anything.
func TestASVS_V17_2_5_FloodOfValidSRTPHarmsNobodyElse(t *testing.T) {
	s := newTestSFU(t)
	c := newCall(t, s, newBrowserWith(t, settings(), 1, 0), newBrowserWith(t, settings(), 1, 0))
	c.flow(20)
	attacker := newBrowserWith(t, settings(), 1, 0)
	p, events := newTestPeer(t, s)
	attacker.join(p)
	events.awaitState(t, PeerConnected)
	packet, sequence := &rtp.Packet{Payload: make([]byte, 160)}, uint16(0)
	c.endures(t, "rtp_over_budget", func(n int) {
		sequence++
		packet.Header = rtp.Header{Version: 2, SequenceNumber: sequence, Timestamp: uint32(n) * 960}
		_ = attacker.mic.WriteRTP(packet)
	})
	if s.Stats().Drops["rtp_over_budget"] == 0 {
		t.Error("nothing was over the budget")
	}
}

// Bad SRTP likewise, from the address of one of the two, and from nowhere.
func TestFloodOfBadSRTPHarmsNobody(t *testing.T) {
	x := newAttackers(t)
	x.flow(20)
	forged := flipped(x.caught(false), -1)
	_, server := x.a.addresses()
	x.a.mu.Lock()
	own := x.a.outside
	x.a.mu.Unlock()
	for _, tt := range []struct {
		name, counted string
		send          func(int)
	}{
		{"forged, from a client's address", "forged", func(int) { _, _ = own.WriteToUDPAddrPort(forged, server) }},
		{"from another address", "stranger", func(int) { x.stranger(forged) }},
	} {
		t.Run(tt.name, func(t *testing.T) { x.endures(t, tt.counted, tt.send) })
	}
	t.Run("more than the loop drains", func(t *testing.T) { x.overflows(t, forged, server) })
}

// overflows has several send as fast as they can: what the loop does not drain the
// kernel drops, and all of it is counted.
func (x *attackers) overflows(t *testing.T, datagram []byte, server netip.AddrPort) {
	const senders = 4
	drops := func() (named, kernel uint64) {
		all := x.sfu.Stats().Drops
		return all["stranger"], all["kernel_receive"]
	}
	named, kernel := drops()
	var sent atomic.Uint64
	var sending sync.WaitGroup
	for range senders {
		from := loopback(t)
		defer from.Close()
		sending.Go(func() {
			pour(1_000_000, time.Second, func(int) {
				if _, err := from.WriteToUDPAddrPort(datagram, server); err == nil {
					sent.Add(1)
				}
			})
		})
	}
	sending.Wait()
	all := sent.Load()
	var taken, lost uint64
	for deadline := time.Now().Add(20 * time.Second); taken+lost < all*99/100; x.flow(5) { // it is still taking what was left
		nowNamed, nowKernel := drops()
		taken, lost = nowNamed-named, nowKernel-kernel
		if time.Now().After(deadline) {
			t.Errorf("%d of %d packets went without being counted", all-taken-lost, all)
			break
		}
	}
	t.Logf("%d senders sent %d packets in a second: %d were counted as stranger, %d as kernel_receive", senders, all, taken, lost)
}

// A member who sends more reports than anybody would is not heard out.
func TestFloodOfReportsIsCut(t *testing.T) {
	w := newWorld()
	e, _ := w.peer()
	e.limits = DefaultLimitsConfig()
	e.allow(w.now)
	report := []byte{0x80, 201, 0, 1, 0, 0, 0, 9}
	const sent = 50_000
	for range sent {
		w.now = w.now.Add(time.Second / 25_000)
		e.receiveRTCP(report, w.now)
	}
	most := uint64(sent - 2*2*e.limits.RTCPPerSecond) // two seconds, and a burst of as much
	if n := w.worker.counts.dropRTCP.Load(); n < most || n > most+100 {
		t.Errorf("%d of %d reports in two seconds were dropped, want %d", n, sent, most)
	}
}

// What browsers send of what they were asked for passes, keyframes and repairs too.
func TestBudgetIsBeyondWhatIsNegotiated(t *testing.T) {
	w := newWorld()
	e, _ := w.peer()
	e.limits = DefaultLimitsConfig()
	w.source(e, Mic, 1)
	w.source(e, Camera, 2, 3, 4)
	e.allow(w.now)
	rates := w.worker.bitrates
	second := 2 * (rates.Q + rates.H + rates.F) / 8 / 1200 // packets of video: twice what was asked
	passed, sent := 0, 0
	take := func(bytes int) {
		sent++
		if e.rtp.Take(bytes, w.now) {
			passed++
		}
	}
	for range 10 {
		for range 200 { // a keyframe of each layer
			take(1200)
		}
		for range second {
			w.now = w.now.Add(time.Second / time.Duration(second))
			take(1200)
		}
		for range 100 {
			take(120)
		}
	}
	if passed != sent {
		t.Errorf("%d of %d packets passed", passed, sent)
	}
}
