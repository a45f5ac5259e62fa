package sfu

import (
	"testing"
	"time"

	"madang/sfu/codec"
)

// route hands a routing to the world's router and lets the worker look.
func (w *world) route(r *Routing) {
	w.router.Route(r)
	w.look()
}

// look is a turn of the worker without time passing.
func (w *world) look() {
	b, _ := w.worker.inbox.take(&batch{})
	w.worker.turn(b, false, w.now)
}

// talk lets a microphone send one packet with a level (RFC 6464).
func (w *world) talk(mic *Source, ssrc uint32, sequence uint16, level uint8) {
	raw := labelled(ssrc, 111, sequence, []byte{1, byte(sequence)}, map[uint8]string{testLevel: string([]byte{0x80 | level})})
	mic.from.receiveRTP(raw, w.now)
}

// hall is a world of three who each publish a microphone and a camera, and a
// viewer with one pair and one voice.
type hall struct {
	*world
	mics, cameras []*Source
	cams          []*camera
	path          *fakePath
	pair          Pair
	voice         *Slot
}

func newHall() *hall {
	h := &hall{world: newWorld()}
	for i := range uint32(3) {
		e, _ := extended(h.world)
		h.mics = append(h.mics, h.source(e, Mic, 100+i))
		h.cameras = append(h.cameras, h.source(e, Camera, 10+i))
		h.cams = append(h.cams, &camera{from: e, ssrc: 10 + i, size: 1})
	}
	e, path := h.peer()
	h.path = path
	h.pair = Pair{Video: h.slot(e, "v", Video, 900), Audio: h.slot(e, "a", Audio, 910)}
	h.voice = h.slot(e, "x", Audio, 920)
	for _, s := range []*Slot{h.pair.Video, h.pair.Audio, h.voice} {
		s.wing = nil
	}
	return h
}

// showing is a routing that shows the n-th and hears all.
func (h *hall) showing(n int) *Routing {
	p := h.pair
	p.VideoFrom, p.AudioFrom = Feed{Source: h.cameras[n]}, Feed{Source: h.mics[n]}
	return &Routing{Views: []View{{Pairs: []Pair{p}, Voices: []*Slot{h.voice}}}, Mics: h.mics, Pictures: h.cameras}
}

// step lets everybody send a frame.
func (h *hall) step(key bool) {
	for _, c := range h.cams {
		for _, raw := range c.frame(key) {
			c.from.receiveRTP(raw, h.now)
		}
	}
	h.tick(frameEvery)
}

func TestRoutingIsCarriedOutAndTold(t *testing.T) {
	h := newHall()
	h.route(h.showing(0))
	h.step(true)
	if got := h.told.slots[h.pair.Video]; got.Source != h.cameras[0] || got.Why != WhyNone {
		t.Fatalf("told %+v", got)
	}
	h.route(h.showing(1))
	if got := h.told.slots[h.pair.Video]; got.Source != h.cameras[0] {
		t.Fatalf("told %+v while the old picture is held", got)
	}
	h.step(true)
	if got := h.told.slots[h.pair.Video]; got.Source != h.cameras[1] {
		t.Fatalf("told %+v", got)
	}
	checkContinuous(t, h.path.media(900))
	h.route(&Routing{})
	sent := len(h.path.rtp)
	h.step(true)
	if len(h.path.rtp) != sent || h.pair.Video.wing != nil || len(h.cameras[1].slots) != 0 || len(h.cameras[1].layers[0].sinks) != 0 {
		t.Error("a slot that the routing does not name is fed")
	}
}

func TestLastOfManyRoutingsHolds(t *testing.T) {
	h := newHall()
	for n := range 3 {
		h.router.Route(h.showing(n))
	}
	h.look()
	if got := h.pair.Video.assigned.Source; got != h.cameras[2] {
		t.Errorf("assigned %v", got)
	}
	if len(h.cameras[0].slots)+len(h.cameras[1].slots) != 0 {
		t.Error("a routing in between was carried out")
	}
}

func TestHeldPictureIsCutWhenItIsNotLive(t *testing.T) {
	h := newHall()
	h.route(h.showing(0))
	h.step(true)
	h.route(h.showing(1)) // no keyframe of it yet
	h.step(false)
	muted := h.showing(1)
	muted.Pictures = h.cameras[1:]
	h.route(muted)
	sent := len(h.path.media(900))
	h.step(false)
	if got := len(h.path.media(900)); got != sent {
		t.Errorf("%d packets of a muted camera were forwarded", got-sent)
	}
	if got := h.told.slots[h.pair.Video]; got.Source != nil || got.Why != WhyEmpty {
		t.Errorf("told %+v", got)
	}
	h.step(true)
	if got := h.told.slots[h.pair.Video]; got.Source != h.cameras[1] {
		t.Errorf("told %+v", got)
	}
	checkContinuous(t, h.path.media(900))
}

func TestAwaitedSourceIsForgottenWithItsAssignment(t *testing.T) {
	h := newHall()
	h.step(true)
	h.route(h.showing(0)) // awaits a keyframe of the first
	late := h.cameras[2]
	h.world.worker.turn(&batch{}, false, h.now)
	late.layers = nil // has not sent anything yet
	h.route(h.showing(2))
	for _, raw := range h.cams[0].frame(true) {
		h.cams[0].from.receiveRTP(raw, h.now)
	}
	if got := len(h.path.media(900)); got != 0 {
		t.Errorf("%d packets of a source that the slot was taken from", got)
	}
}

func TestVoiceIsCutWhenAnotherTakesItsLine(t *testing.T) {
	h := newHall()
	slot := h.voice
	slot.assign(Feed{Source: h.mics[0]}, h.now)
	h.talk(h.mics[0], 100, 1, 20)
	slot.assign(Feed{Source: h.mics[1]}, h.now)
	h.talk(h.mics[0], 100, 2, 20)
	if got := len(h.path.media(920)); got != 1 {
		t.Errorf("%d packets of the voice before", got-1)
	}
	h.talk(h.mics[1], 101, 7, 20)
	if got := len(h.path.media(920)); got != 2 {
		t.Errorf("%d packets in all", got)
	}
}

func TestClosedPeersInARoutingAreGone(t *testing.T) {
	h := newHall()
	h.route(h.showing(0))
	h.step(true)
	h.route(h.showing(1))
	h.cams[1].from.close(h.now)
	h.route(h.showing(1)) // the room has not heard of it
	if got := h.told.slots[h.pair.Video]; got.Why != WhyGone {
		t.Errorf("told %+v of a source that closed", got)
	}
	if len(h.cameras[1].slots) != 0 {
		t.Error("a closed source knows slots")
	}
	// The viewer closes, and is routed once more before the room hears of it.
	h.route(h.showing(0))
	h.pair.Video.to.close(h.now)
	h.route(h.showing(2))
	h.step(true)
	h.route(&Routing{})
	for _, s := range append(h.cameras, h.mics...) {
		if len(s.slots) != 0 || len(s.layers) > 0 && len(s.layers[0].sinks) != 0 {
			t.Errorf("%s keeps slots of a peer that closed", s.ID)
		}
	}
}

func TestVoicesAreNotSeatedOnAPeerThatClosed(t *testing.T) {
	h := newHall()
	h.route(h.showing(0))
	h.step(true)
	h.pair.Video.to.close(h.now)
	h.talk(h.mics[1], 101, 7, 20)
	h.tick(time.Second) // the room has not heard of it
	h.route(&Routing{})
	for _, s := range append(h.cameras, h.mics...) {
		if len(s.slots) != 0 {
			t.Errorf("%s keeps %d slots of a peer that closed", s.ID, len(s.slots))
		}
	}
}

func TestClosedRouterFeedsNothingWhateverIsRoutedAfter(t *testing.T) {
	h := newHall()
	h.route(h.showing(0))
	h.step(true)
	h.router.Close()
	h.look()
	before := h.told.count()
	for range 2 {
		h.route(h.showing(1))
		sent := len(h.path.rtp)
		h.step(true)
		if len(h.path.rtp) != sent {
			t.Fatal("a closed router feeds")
		}
	}
	if _, here := h.worker.wings[h.wing]; here {
		t.Error("the worker keeps a closed router")
	}
	if h.told.count() != before {
		t.Error("a closed router's observer was told")
	}
	for _, m := range h.mics {
		if m.wing != nil {
			t.Error("a closed router listens")
		}
	}
}

func TestSlotThatMovedToAnotherRoomIsThatRooms(t *testing.T) {
	h := newHall()
	h.route(h.showing(0))
	h.step(true)
	told := newRecorder()
	other := newRouter(told)
	other.Route(h.showing(1))
	h.router.Route(&Routing{}) // hears later that the member has left
	h.look()
	h.step(true)
	h.step(true)
	if got := told.slots[h.pair.Video]; got.Source != h.cameras[1] || got.Why != WhyNone {
		t.Errorf("the new room was told %+v", got)
	}
	if got := h.told.slots[h.pair.Video]; got.Source != h.cameras[0] {
		t.Errorf("the old room was told %+v", got)
	}
	if h.mics[0].wing != other.wings[h.worker] {
		t.Error("the old room took the microphone with it")
	}
}

func TestStateIsToldOncePerChange(t *testing.T) {
	h := newHall()
	h.route(h.showing(0))
	h.step(true)
	told := h.told.count()
	for range 3 { // the same, and the same source under a new numbering
		h.route(h.showing(0))
		h.cams[0].sequence += 20000
		h.step(true)
	}
	if got := h.told.count(); got != told {
		t.Errorf("told %d times of nothing new", got-told)
	}
	muted := h.showing(0)
	muted.Views[0].Pairs[0].VideoFrom = Feed{Source: h.cameras[0], Why: WhyMuted}
	muted.Views[0].Pairs[0].AudioFrom = Feed{Source: h.mics[0], Why: WhyMuted}
	muted.Mics = h.mics[1:]
	h.route(muted)
	for _, s := range []*Slot{h.pair.Video, h.pair.Audio} {
		if got := h.told.slots[s]; got.Why != WhyMuted || got.Source == nil {
			t.Errorf("told %+v of a muted %v", got, s.Media)
		}
	}
	h.route(h.showing(0))
	h.step(true)
	h.talk(h.mics[0], 100, 1, 20)
	h.look()
	for _, s := range []*Slot{h.pair.Video, h.pair.Audio} {
		if got := h.told.slots[s]; got.Why != WhyNone || got.Source == nil {
			t.Errorf("told %+v of a %v that came back", got, s.Media)
		}
	}
	empty := h.showing(0)
	empty.Views[0].Pairs[0].VideoFrom = Feed{Why: WhyEmpty}
	before := h.told.count()
	h.router.Route(empty)
	h.look()
	h.route(h.showing(0))
	h.step(true)
	if got := h.told.count() - before; got != 2 {
		t.Errorf("told %d times of going and coming back", got)
	}
}

func TestCodecThatNobodyTakesIsToldAndSoIsTheOneAfter(t *testing.T) {
	h := newHall()
	h.pair.Video.formats[codec.VP9] = format{}
	h.route(h.showing(0))
	h.step(true)
	raw := h.cams[0].frame(true)[0]
	raw[1] = raw[1]&0x80 | 98 // VP9
	raw = append(raw[:12], 0x08, 0x00, 0x49, 0x83, 0x42, 0, 0, 0)
	h.cams[0].from.receiveRTP(raw, h.now)
	h.look()
	if got := h.told.slots[h.pair.Video]; got.Why != WhyCodec || got.Source != h.cameras[0] {
		t.Fatalf("told %+v", got)
	}
	h.step(true)
	h.step(true)
	if got := h.told.slots[h.pair.Video]; got.Why != WhyNone {
		t.Errorf("told %+v after it went back to VP8", got)
	}
	checkContinuous(t, h.path.media(900))
}

func TestSpeakersAreToldFiveTimesASecond(t *testing.T) {
	h := newHall()
	h.route(h.showing(0))
	speak := func(d time.Duration, levels ...uint8) {
		for i := range int(d / (20 * time.Millisecond)) {
			for n, level := range levels {
				if level < 127 {
					level += uint8(i / 10 % 10)
				}
				h.talk(h.mics[n], 100+uint32(n), uint16(i), level)
			}
			h.tick(20 * time.Millisecond)
		}
	}
	speak(time.Second, 127, 127, 127)
	if h.told.times != 0 {
		t.Errorf("told %d times of silence", h.told.times)
	}
	speak(4*time.Second, 127, 40, 20)
	if got := h.told.times; got < 10 || got > 20 {
		t.Errorf("told %d times in 4 s", got)
	}
	if s := h.told.speakers; len(s) != 2 || s[0].Mic != h.mics[2] || s[1].Mic != h.mics[1] || s[0].Level <= s[1].Level {
		t.Errorf("heard %+v", s)
	}
	if on := h.voice.assigned.Source; on != h.mics[1] && on != h.mics[2] {
		t.Error("nobody who speaks off screen is on the audio-only line")
	}
	speak(time.Second, 127, 127, 127)
	if len(h.told.speakers) != 0 {
		t.Errorf("%+v speak in silence", h.told.speakers)
	}
	h.router.Close()
	h.look()
	before := h.told.times
	speak(time.Second, 20, 20, 20)
	if h.told.times != before {
		t.Error("a closed router told who speaks")
	}
}

func TestScreenAudioIsHeardWithItsTile(t *testing.T) {
	h := newHall()
	sound := h.source(h.cams[0].from, ScreenAudio, 200)
	r := h.showing(0)
	r.Views[0].Pairs[0].AudioFrom = Feed{Source: sound}
	h.route(r)
	sound.from.receiveRTP(labelled(200, 111, 1, []byte{5}, nil), h.now)
	if len(h.path.media(910)) != 1 || h.pair.Audio.assigned.Source != sound {
		t.Fatal("the screen's sound is not on its tile's line")
	}
	if h.voice.assigned.Source == nil {
		t.Error("no voice is on the audio-only line")
	}
	r = h.showing(0)
	r.Views[0].Pairs[0].AudioFrom = Feed{Source: sound, Why: WhyGone}
	h.route(r)
	if got := h.told.slots[h.pair.Audio]; got.Why != WhyGone {
		t.Errorf("told %+v after the share ended", got)
	}
}

func TestNobodyHearsThemselves(t *testing.T) {
	h := newHall()
	r := h.showing(0)
	r.Views[0].Self = h.mics
	h.route(r)
	if h.voice.assigned.Source != nil || h.pair.Audio.assigned.Source != nil {
		t.Error("one's own voice comes back")
	}
}

func TestVoiceOnTwoTilesStaysWhereItIs(t *testing.T) {
	h := newHall()
	second := Pair{Video: h.slot(h.pair.Video.to, "v2", Video, 930), Audio: h.slot(h.pair.Video.to, "a2", Audio, 940)}
	r := h.showing(0)
	second.VideoFrom, second.AudioFrom = r.Views[0].Pairs[0].VideoFrom, r.Views[0].Pairs[0].AudioFrom
	r.Views[0].Pairs = append(r.Views[0].Pairs, second)
	h.route(r)
	h.talk(h.mics[0], 100, 1, 127)
	for range 20 {
		h.tick(50 * time.Millisecond)
		if h.pair.Audio.assigned.Source != h.mics[0] || second.Audio.assigned.Source != nil {
			t.Fatal("it moves to and fro")
		}
	}
}
