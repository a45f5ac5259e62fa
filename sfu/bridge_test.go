package sfu

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

func TestNACKsAreServedFromTheMirror(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	for i := range 10 {
		a.step(i == 0)
	}
	for _, p := range a.awayPath.media(700) {
		a.awayPath.rtp = nil
		a.awayPair.Video.to.nacked(&rtcp.TransportLayerNack{MediaSSRC: 700, Nacks: []rtcp.NackPair{{PacketID: p.SequenceNumber}}}, a.now)
		if got := a.awayPath.rtp; len(got) != 1 || got[0].SSRC != 701 || !bytes.Equal(got[0].Payload[2:], p.Payload) {
			t.Fatalf("packet %d did not come back as it was", p.SequenceNumber)
		}
	}
}

func TestRepairedPacketCrossesAsWhatItRepairs(t *testing.T) {
	a := newAnnex()
	a.cams[0].size = 3
	e := a.cams[0].from
	e.declared[11] = declaration{source: a.cameras[0], primary: 10}
	a.route(a.showing(0))
	a.step(true)
	packets := a.cams[0].frame(false)
	e.receiveRTP(packets[0], a.now)
	e.receiveRTP(packets[2], a.now)
	a.tick(20 * time.Millisecond)
	var lost rtp.Packet
	if err := lost.Unmarshal(packets[1]); err != nil {
		t.Fatal(err)
	}
	repair := rtp.Packet{Header: lost.Header, Payload: append([]byte{packets[1][2], packets[1][3]}, lost.Payload...)}
	repair.SSRC, repair.PayloadType, repair.SequenceNumber = 11, 97, 7
	raw, _ := repair.Marshal()
	e.receiveRTP(raw, a.now)
	a.tick(20 * time.Millisecond)
	here, away := a.path.media(900), a.awayPath.media(700)
	checkSame(t, here, away)
	if len(away) != 6 || away[5].SequenceNumber != away[4].SequenceNumber-1 || !bytes.Equal(away[5].Payload[6:], lost.Payload[6:]) {
		t.Errorf("%d packets, and the repaired one is not in its place", len(away))
	}
}

func TestTimestampsOnAnotherWorkerFollowTheSameClock(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	a.step(true)
	report := func(rtpTime uint32, off time.Duration) {
		l := a.cameras[0].layers[0]
		l.report(&rtcp.SenderReport{NTPTime: uint64(a.now.Add(off).Unix()+2208988800) << 32, RTPTime: rtpTime}, a.now)
		a.turn(false)
	}
	same := func(when string) {
		t.Helper()
		home := a.cameras[0].layers[0]
		mirror := a.away.worker.mirrors[a.cameras[0]].layers[home]
		for _, stamp := range []uint32{a.cams[0].stamp, a.cams[0].stamp + 90000} {
			if h, m := home.stream.Time(stamp), mirror.stream.Time(stamp); !h.Equal(m) {
				t.Errorf("%s: %v at home, %v away", when, h, m)
			}
		}
	}
	same("by arrival")
	report(a.cams[0].stamp, -50*time.Millisecond)
	same("by a report")
	// A mirror that comes later knows what was reported before.
	a.route(a.hall.showing(0))
	a.tick(100 * time.Millisecond)
	report(a.cams[0].stamp+100, -80*time.Millisecond)
	a.route(a.showing(0))
	a.step(true)
	same("for a late comer")
}

func TestLateComerOnAnotherWorkerSeesAScreenWithoutANewKeyframe(t *testing.T) {
	a := newAnnex()
	a.cameras[0].Kind = Screen
	a.cams[0].size = 20
	a.route(a.hall.showing(0))
	a.step(true)
	a.cams[0].size = 1
	for range 20 {
		a.step(false)
	}
	a.publisher[0].rtcp = nil
	a.route(a.showing(0))
	a.tick(300 * time.Millisecond)
	if got := a.publisher[0].pictureLosses(); got != 0 {
		t.Errorf("asked for %d keyframes", got)
	}
	if got := a.awayPath.media(700); len(got) != 40 || !isKeyframe(got[0]) {
		t.Errorf("%d packets of what is kept", len(got))
	}
}

func TestWorkerThatIsBehindLosesPacketsAndNothingElse(t *testing.T) {
	a := newAnnex()
	a.cams[0].size = 100
	a.route(a.showing(0))
	a.step(true)
	for range 3 * bridgePackets / 100 { // away works at nothing
		for _, raw := range a.cams[0].frame(false) {
			a.cams[0].from.receiveRTP(raw, a.now)
		}
		b, _ := a.worker.inbox.take(&batch{})
		a.worker.turn(b, false, a.now)
	}
	waiting := 0
	for _, p := range a.away.worker.inbox.filling.parcels {
		waiting += p.packets
	}
	if waiting > bridgePackets || waiting < bridgePackets-100 {
		t.Errorf("%d packets wait", waiting)
	}
	if got := a.worker.counts.dropBehind.Load(); got < bridgePackets {
		t.Errorf("%d packets are counted as dropped", got)
	}
	a.cams[0].from.close(a.now) // that is not lost
	a.turn(false)
	if got := a.told.slots[a.awayPair.Video]; got.Why != WhyGone {
		t.Errorf("told %+v", got)
	}
}

func TestParcelsAreUsedAgain(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	a.step(true)
	for range 10 {
		a.step(false)
	}
	seen := map[*parcel]bool{}
	for range 50 {
		a.step(false)
		for _, w := range []*Worker{a.worker, a.away.worker} {
			for _, p := range w.inbox.spare {
				seen[p] = true
			}
			for _, b := range w.bridges {
				seen[b.parcel] = true
			}
		}
	}
	if len(seen) > 24 {
		t.Errorf("%d parcels", len(seen))
	}
}

func TestFaultInAMirrorEndsItsPublisherAndNobodyElse(t *testing.T) {
	a := newAnnex()
	a.away.worker.log = slog.New(slog.DiscardHandler)
	failed := 0
	a.cams[0].from.failed = func() { failed++ }
	a.route(a.showing(0))
	a.awayPair.Video.to.path = &faulty{}
	a.step(true)
	if failed == 0 || a.away.worker.counts.panics.Load() == 0 {
		t.Errorf("told %d times, counted %d", failed, a.away.worker.counts.panics.Load())
	}
	if len(a.path.media(900)) == 0 {
		t.Error("the viewer at home sees nothing")
	}
}

func TestCrossingAllocatesNothing(t *testing.T) {
	a := newAnnex()
	a.cams[0].size = 10
	a.route(a.showing(0))
	for i := range 200 {
		a.step(i == 0)
	}
	layer, away := a.cameras[0].layers[0], a.away.worker
	x := a.cameras[0].exports[0]
	highest, _ := layer.history.Highest()
	cross := func() { // what is there already, so that nothing else happens
		for sequence := highest - 100; sequence < highest; sequence++ {
			if p := layer.history.Get(sequence); p != nil {
				x.forward(layer, p, a.now)
			}
		}
		a.worker.cross()
		b, _ := away.inbox.take(a.spare[1])
		a.spare[1] = b
		for _, p := range b.parcels {
			away.open(p, a.now)
		}
	}
	for range 20 {
		cross()
	}
	if got := testing.AllocsPerRun(100, cross); got > 0 {
		t.Errorf("%v allocations for 100 packets", got)
	}
}
