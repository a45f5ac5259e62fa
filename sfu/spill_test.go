package sfu

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

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
