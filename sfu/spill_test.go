package sfu

import (
	"bytes"
	"encoding/binary"
	"log/slog"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// annex is a room on two workers, turned by hand: three who publish a microphone
// and a camera are at home, a viewer with one pair and one voice is there, and
// another one away.
type annex struct {
	*hall
	away      *world
	awayPath  *fakePath
	awayPair  Pair
	awayVoice *Slot
	publisher []*fakePath // of the cameras
	spare     [2]*batch
}

func newAnnex() *annex {
	a := &annex{hall: newHall(), away: newWorld(), spare: [2]*batch{{}, {}}}
	a.away.wing.end()
	a.away.worker.epoch = a.worker.epoch
	a.away.router, a.away.told = a.router, a.told
	a.away.wing = a.router.on(a.away.worker)
	e, path := a.away.peer()
	a.awayPath = path
	a.awayPair = Pair{Video: a.away.slot(e, "v", Video, 700), Audio: a.away.slot(e, "a", Audio, 710)}
	a.awayVoice = a.away.slot(e, "x", Audio, 720)
	for _, s := range []*Slot{a.awayPair.Video, a.awayPair.Audio, a.awayVoice} {
		s.wing = nil
	}
	for _, c := range a.cams {
		a.publisher = append(a.publisher, c.from.path.(*fakePath))
	}
	return a
}

// turn has both workers do what has gathered, and what the other sends for that.
func (a *annex) turn(ticked bool) {
	for i := range 4 {
		for n, w := range []*world{a.world, a.away} {
			b, _ := w.worker.inbox.take(a.spare[n])
			a.spare[n] = b
			w.worker.turn(b, ticked && i == 0, a.now)
		}
	}
}

// tick lets time pass at both.
func (a *annex) tick(d time.Duration) {
	for end := a.now.Add(d); a.now.Before(end); {
		a.now = a.now.Add(tickEvery)
		a.away.now = a.now
		a.turn(true)
	}
}

// route hands a routing to both workers.
func (a *annex) route(r *Routing) {
	a.router.Route(r)
	a.turn(false)
}

// step lets everybody send a frame.
func (a *annex) step(key bool) {
	for _, c := range a.cams {
		for _, raw := range c.frame(key) {
			c.from.receiveRTP(raw, a.now)
		}
	}
	a.tick(frameEvery)
}

// showing is a routing that shows the n-th to both viewers, who hear all.
func (a *annex) showing(n int) *Routing {
	r := a.hall.showing(n)
	p := a.awayPair
	p.VideoFrom, p.AudioFrom = Feed{Source: a.cameras[n]}, Feed{Source: a.mics[n]}
	r.Views = append(r.Views, View{Key: "away", Pairs: []Pair{p}, Voices: []*Slot{a.awayVoice}})
	return r
}

// checkSame fails unless two slots were sent the same payloads, but for their
// running indices.
func checkSame(t *testing.T, here, away []rtp.Packet) {
	t.Helper()
	if len(here) == 0 || len(here) != len(away) {
		t.Fatalf("%d packets here, %d away", len(here), len(away))
	}
	for i := range here {
		if !bytes.Equal(here[i].Payload[6:], away[i].Payload[6:]) || here[i].Marker != away[i].Marker {
			t.Fatalf("packet %d is another one away", i)
		}
	}
}

// checkNothingCrosses fails unless all that led from worker to worker is gone.
func (a *annex) checkNothingCrosses(t *testing.T) {
	t.Helper()
	for name, w := range map[string]*Worker{"here": a.worker, "away": a.away.worker} {
		if len(w.mirrors) != 0 || len(w.stands) != 0 {
			t.Errorf("%s: %d mirrors of %d peers", name, len(w.mirrors), len(w.stands))
		}
	}
	for _, s := range append(a.cameras, a.mics...) {
		if len(s.exports) != 0 {
			t.Errorf("%s is exported still", s.ID)
		}
		for _, l := range s.layers {
			for _, sink := range l.sinks {
				if _, is := sink.(*export); is {
					t.Errorf("%s feeds another worker still", s.ID)
				}
			}
		}
	}
}

func TestViewerOnAnotherWorkerSeesTheSame(t *testing.T) {
	a := newAnnex()
	a.cams[0].size, a.cams[1].size = 3, 2
	a.route(a.showing(0))
	for i := range 100 {
		if i%20 == 0 {
			a.route(a.showing(i / 20 % 2))
		}
		a.step(i%20 == 2)
	}
	checkContinuous(t, a.path.media(900))
	checkContinuous(t, a.awayPath.media(700))
	checkSame(t, a.path.media(900), a.awayPath.media(700))
	if got := a.told.slots[a.awayPair.Video]; got.Source != a.cameras[0] || got.Why != WhyNone {
		t.Errorf("the room was told %+v of the slot away", got)
	}
	if n := a.away.worker.counts.crossed.Load(); n != 0 {
		t.Errorf("%d packets came back", n)
	}
}

func TestSourceCrossesOnlyWhereItIsShown(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	a.step(true)
	if m := a.away.worker.mirrors[a.cameras[0]]; m == nil || !m.shown || len(a.cameras[0].exports) != 1 {
		t.Fatal("the camera that is shown does not cross")
	}
	if len(a.cameras[1].exports)+len(a.cameras[2].exports) != 0 {
		t.Error("cameras cross that nobody sees there")
	}
	for _, m := range a.mics {
		if len(m.exports) != 1 {
			t.Error("a microphone does not cross")
		}
	}
	alone := a.hall.showing(0)
	a.route(alone) // the viewer away has left
	a.step(true)
	a.checkNothingCrosses(t)
}

func TestPictureOfAnotherWorkerIsHeldUntilTheNextDecodes(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	a.step(true)
	a.route(a.showing(1))
	sent := len(a.awayPath.media(700))
	a.step(false)
	a.step(false)
	if got := len(a.awayPath.media(700)) - sent; got != 2 {
		t.Fatalf("%d frames of the old picture", got)
	}
	a.step(true)
	a.step(false)
	checkContinuous(t, a.awayPath.media(700))
	if got := a.told.slots[a.awayPair.Video]; got.Source != a.cameras[1] {
		t.Errorf("told %+v", got)
	}
	if len(a.cameras[0].exports) != 0 || a.away.worker.mirrors[a.cameras[0]] != nil {
		t.Error("the old picture crosses still")
	}
}

func TestMuteCutsOnAllWorkersAtOnce(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	a.step(true)
	muted := a.showing(0)
	for i := range muted.Views {
		muted.Views[i].Pairs[0].VideoFrom.Why = WhyMuted
		muted.Views[i].Pairs[0].AudioFrom.Why = WhyMuted
	}
	muted.Mics, muted.Pictures = a.mics[1:], a.cameras[1:]
	a.route(muted)
	sent := len(a.awayPath.rtp)
	a.talk(a.mics[0], 100, 1, 20)
	a.step(true)
	if got := len(a.awayPath.rtp) - sent; got != 0 {
		t.Errorf("%d packets of who is muted", got)
	}
	for _, s := range []*Slot{a.awayPair.Video, a.awayPair.Audio} {
		if got := a.told.slots[s]; got.Why != WhyMuted || got.Source == nil || got.Source.of != nil {
			t.Errorf("told %+v of a muted %v", got, s.Media)
		}
	}
	if len(a.cameras[0].exports)+len(a.mics[0].exports) != 0 {
		t.Error("what is muted crosses")
	}
	a.route(a.showing(0))
	a.step(true)
	a.step(true)
	if got := a.told.slots[a.awayPair.Video]; got.Why != WhyNone || got.Source != a.cameras[0] {
		t.Errorf("told %+v after it came back", got)
	}
	checkContinuous(t, a.awayPath.media(700))
}

func TestSpeakersAreToldOnceAndHeardOnAllWorkers(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	for i := range 200 {
		a.talk(a.mics[0], 100, uint16(i), 127)
		a.talk(a.mics[2], 102, uint16(i), 20+uint8(i/10%10))
		a.tick(20 * time.Millisecond)
	}
	if got := a.told.times; got < 10 || got > 20 {
		t.Errorf("told %d times in 4 s", got)
	}
	if s := a.told.speakers; len(s) != 1 || s[0].Mic != a.mics[2] {
		t.Errorf("heard %+v", s)
	}
	if on := a.awayVoice.assigned.Source; on == nil || on.home() != a.mics[2] {
		t.Error("who speaks is not on the audio-only line away")
	}
	if here, away := len(a.path.media(920)), len(a.awayPath.media(720)); away < here-2 || away == 0 {
		t.Errorf("%d packets of the voice here, %d away", here, away)
	}
}

func TestSpeakersAreToldByAnotherWorkerWhenTheLeaderEmpties(t *testing.T) {
	a := newAnnex()
	r := a.showing(0)
	r.Views = r.Views[1:]
	a.route(r) // the viewer away leads: who publish have no view
	for i := range 100 {
		a.talk(a.mics[2], 102, uint16(i), 20+uint8(i/10%10))
		a.tick(20 * time.Millisecond)
	}
	if s := a.told.speakers; len(s) != 1 || s[0].Mic != a.mics[2] {
		t.Fatalf("heard %+v", s)
	}
	r = a.hall.showing(0) // it leaves, and nobody speaks any more
	r.Mics = nil
	a.route(r)
	a.tick(time.Second)
	if s := a.told.speakers; len(s) != 0 {
		t.Errorf("%+v speak still", s)
	}
}

// pictureLosses counts the wishes for keyframes that left on a path, and forgets them.
func (f *fakePath) pictureLosses() (n int) {
	for _, p := range f.rtcp {
		if _, is := p.(*rtcp.PictureLossIndication); is {
			n++
		}
	}
	f.rtcp = nil
	return n
}

func TestWishesForKeyframesMergeOverWorkers(t *testing.T) {
	a := newAnnex()
	a.step(true) // its layer is known
	a.tick(2 * time.Second)
	a.publisher[0].pictureLosses()
	a.route(a.showing(0)) // both wait
	a.tick(50 * time.Millisecond)
	if got := a.publisher[0].pictureLosses(); got != 1 {
		t.Errorf("asked %d times at first", got)
	}
	a.tick(time.Second)
	if got := a.publisher[0].pictureLosses(); got < 3 || got > 4 {
		t.Errorf("asked %d times in the second after", got)
	}
	a.step(true)
	a.tick(2 * time.Second)
	if got := a.publisher[0].pictureLosses(); got != 0 {
		t.Errorf("asked %d times after the keyframe", got)
	}
	alone := a.showing(0)
	alone.Views = alone.Views[1:]
	a.route(alone) // the viewer away watches alone
	a.awayPair.Video.to.cannotDecode(700, a.now)
	a.tick(20 * time.Millisecond)
	if got := a.publisher[0].pictureLosses(); got != 1 {
		t.Errorf("asked %d times for the viewer away", got)
	}
	a.route(&Routing{Mics: a.mics, Pictures: a.cameras}) // it leaves, and nobody waits any more
	a.tick(50 * time.Millisecond)
	a.publisher[0].pictureLosses()
	a.tick(3 * time.Second)
	if got := a.publisher[0].pictureLosses(); got != 0 {
		t.Errorf("asked %d times for who left", got)
	}
}

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

func TestSourceThatEndsIsGoneOnAllWorkers(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	a.step(true)
	a.cams[0].from.close(a.now)
	a.turn(false)
	for _, s := range []*Slot{a.awayPair.Video, a.awayPair.Audio} {
		if got := a.told.slots[s]; got.Why != WhyGone {
			t.Errorf("told %+v of a %v that ended", got, s.Media)
		}
	}
	a.route(a.showing(0)) // the room has not heard of it
	a.tick(100 * time.Millisecond)
	a.route(a.showing(1))
	a.step(true)
	a.step(true)
	if got := a.told.slots[a.awayPair.Video]; got.Source != a.cameras[1] {
		t.Errorf("told %+v", got)
	}
	a.router.Close()
	a.tick(100 * time.Millisecond)
	a.checkNothingCrosses(t)
	if len(a.worker.wings)+len(a.away.worker.wings) != 0 {
		t.Error("a closed router has wings")
	}
}

func TestSubscriberThatLeavesEndsItsMirrors(t *testing.T) {
	a := newAnnex()
	a.route(a.showing(0))
	a.step(true)
	a.awayPair.Video.to.close(a.now)
	a.route(a.showing(1)) // the room has not heard of it
	a.step(true)
	a.route(a.hall.showing(1))
	a.tick(100 * time.Millisecond)
	a.checkNothingCrosses(t)
	for _, e := range []*endpoint{a.awayPair.Video.to} {
		for _, s := range e.slots {
			if s.current != nil || s.pending != nil {
				t.Error("a slot of who left is fed")
			}
		}
	}
	sent := len(a.path.media(900))
	a.step(true)
	if len(a.path.media(900)) == sent {
		t.Error("who stayed sees nothing")
	}
}

func TestLayersAreWantedForViewersOnOtherWorkers(t *testing.T) {
	a := newAnnex()
	e, _ := extended(a.world)
	source := a.source(e, Camera, 50, 51, 52)
	var cams []*camera
	for i, rid := range source.rids {
		ssrc := uint32(50 + i)
		e.declared[ssrc] = declaration{source: source, rid: rid}
		cams = append(cams, &camera{from: e, ssrc: ssrc, size: 1 + i})
	}
	routing := func(height int) *Routing {
		r := a.showing(0)
		r.Views = r.Views[1:]
		r.Views[0].Pairs[0].VideoFrom = Feed{Source: source}
		r.Views[0].Pairs[0].Ask = Ask{Width: height * 16 / 9, Height: height}
		r.Pictures = append(r.Pictures, source)
		return r
	}
	send := func(d time.Duration, key bool) {
		for range d / frameEvery {
			for i, c := range cams {
				for _, raw := range c.frame(key) {
					if key { // 180, 360 and 720 lines
						binary.LittleEndian.PutUint16(raw[12+14:], uint16(180<<i))
					}
					e.receiveRTP(raw, a.now)
				}
			}
			key = false
			a.tick(frameEvery)
		}
	}
	a.route(routing(180))
	send(4*time.Second, true)
	if got := a.told.wants[source].RIDs; len(got) != 1 || got[0] != "q" {
		t.Fatalf("of a thumbnail %v are wanted", got)
	}
	a.route(routing(720))
	send(time.Second, true)
	if got := a.told.wants[source].RIDs; len(got) == 0 || got[len(got)-1] != "f" {
		t.Fatalf("of a large tile %v are wanted", got)
	}
	m := a.away.worker.mirrors[source]
	if m == nil || len(m.source.layers) != 3 || m.source.wants.on != source.wants.on {
		t.Fatalf("the mirror knows %+v", m)
	}
	for i, l := range m.source.layers {
		if l.height != 180<<i || l.rank != i || l.rid != source.rids[i] {
			t.Errorf("layer %s has %d lines and rank %d", l.rid, l.height, l.rank)
		}
	}
	checkContinuous(t, a.awayPath.media(700))
	if len(a.told.wants) != 1+len(a.cameras) {
		t.Errorf("the room was told of wants for %d sources", len(a.told.wants))
	}
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
