package room

import (
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

func TestTileFeedsItsPair(t *testing.T) {
	h := defaultHall()
	viewer, a := newGuest("viewer", 2, 2), newGuest("a", 0, 0)
	h.comes(viewer, a)
	pair := func(i int) sfu.Pair { return h.viewOf(viewer).Pairs[i] }
	expect := func(what string, got, want sfu.Feed) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	empty := sfu.Feed{Why: sfu.WhyEmpty}
	expect("nothing published", pair(0).VideoFrom, empty)
	h.publishes(a, SourceLive, sfu.Mic)
	expect("a voice has a home without a picture", pair(0).AudioFrom, sfu.Feed{Source: a.source(sfu.Mic)})
	h.publishes(a, SourceLive, sfu.Camera)
	expect("camera", pair(0).VideoFrom, sfu.Feed{Source: a.source(sfu.Camera)})
	h.publishes(a, SourceMuted, sfu.Camera, sfu.Mic)
	expect("muted camera", pair(0).VideoFrom, sfu.Feed{Source: a.source(sfu.Camera), Why: sfu.WhyMuted})
	expect("muted mic", pair(0).AudioFrom, sfu.Feed{Source: a.source(sfu.Mic), Why: sfu.WhyMuted})
	h.publishes(a, SourceEnded, sfu.Camera)
	expect("ended camera", pair(0).VideoFrom, sfu.Feed{Source: a.source(sfu.Camera), Why: sfu.WhyGone})
	h.publishes(a, SourceLive, sfu.Screen, sfu.ScreenAudio)
	expect("screen", pair(1).VideoFrom, sfu.Feed{Source: a.source(sfu.Screen)})
	expect("screen audio", pair(1).AudioFrom, sfu.Feed{Source: a.source(sfu.ScreenAudio)})
	h.do(&leave{sender: sender{"a"}})
	expect("left", pair(0).AudioFrom, empty)
	expect("left, screen", pair(1).VideoFrom, empty)

	v := h.viewOf(viewer)
	if !slices.Equal(v.Voices, viewer.Voices) || !slices.Equal(v.Self, viewer.Sources) {
		t.Errorf("voices %v, self %v", v.Voices, v.Self)
	}
}

func TestRoutingIsMadeOnlyWhenItDiffers(t *testing.T) {
	h := defaultHall()
	viewer, a, b := newGuest("viewer", 1, 0), newGuest("a", 0, 0), newGuest("b", 0, 0)
	count := func(what string, want int, messages ...message) {
		t.Helper()
		before := h.router.count()
		h.do(messages...)
		if got := h.router.count() - before; got != want {
			t.Errorf("%s: %d routings, want %d", what, got, want)
		}
	}
	on := func(g *guest, state SourceState, kind sfu.SourceKind) message {
		return &publish{question{g.ID, ""}, kind, state}
	}
	count("three in one batch", 1, &enter{viewer.Joining}, &enter{a.Joining}, &enter{b.Joining})
	count("a mutes at once", 1, on(a, SourceLive, sfu.Mic), on(a, SourceMuted, sfu.Mic))
	count("a live microphone is for all", 1, on(b, SourceLive, sfu.Mic))
	count("the same again", 0, on(b, SourceLive, sfu.Mic))
	count("screen audio without its screen", 0, on(b, SourceLive, sfu.ScreenAudio))
	count("a view of what is shown", 0, &view{question{"viewer", ""}, []Tile{{Member: "a", Source: sfu.Camera}}})
	count("a view of another", 1, &view{question{"viewer", ""}, []Tile{{Member: "b", Source: sfu.Camera}}})
	count("chat", 0, &chatPost{sender{"a"}, ChatPost{CID: "1", Text: "hello"}})
	count("a stranger leaves", 0, &leave{sender: sender{"x"}})
	count("b leaves at once", 1, &leave{sender: sender{"b"}})
	if got := h.router.newest().Mics; len(got) != 0 {
		t.Errorf("mics after b left: %v", got)
	}
}

func TestUnchangedViewsAreShared(t *testing.T) {
	h := defaultHall()
	a, b, c := newGuest("a", 1, 0), newGuest("b", 1, 0), newGuest("c", 1, 0)
	h.comes(a, b)
	before := &h.viewOf(a).Pairs[0]
	h.comes(c)
	if &h.viewOf(a).Pairs[0] != before {
		t.Error("a's view was made again though it did not change")
	}
	h.publishes(b, SourceLive, sfu.Camera)
	if &h.viewOf(a).Pairs[0] == before {
		t.Error("a routing that was handed over was changed")
	}
}

func TestMoreLinesKeepTheTiles(t *testing.T) {
	h := defaultHall()
	viewer := newGuest("viewer", 4, 1)
	h.comes(newGuest("a", 0, 0), newGuest("b", 0, 0), newGuest("c", 0, 0), viewer)
	few := *viewer
	few.Pairs = viewer.Pairs[:2]
	h.do(&leave{sender: sender{"viewer"}}, &enter{few.Joining})
	h.do(&negotiated{sender{"viewer"}, viewer.Sources, viewer.Pairs, viewer.Voices})
	if got := h.onScreen(viewer); !slices.Equal(got, []string{"a", "b", "c", ""}) {
		t.Errorf("on screen: %v", got)
	}
	if got := len(h.viewOf(viewer).Pairs); got != 4 {
		t.Errorf("%d pairs routed, want 4", got)
	}
	h.do(&negotiated{sender: sender{"nobody"}})
}

func TestEveryMemberHasAView(t *testing.T) {
	h := defaultHall()
	deaf := newGuest("deaf", 0, 0)
	h.comes(newGuest("a", 1, 0), deaf)
	views := h.router.newest().Views
	if len(views) != 2 || views[1].Key != "deaf" || !slices.Equal(views[1].Self, deaf.Sources) {
		t.Errorf("views: %+v", views)
	}
}

func TestTilesAreAskedForAsTheyAreLookedAt(t *testing.T) {
	h := defaultHall()
	viewer := newGuest("viewer", 3, 0)
	a, b, c := newGuest("a", 1, 0), newGuest("b", 1, 0), newGuest("c", 1, 0)
	h.comes(viewer, a, b, c)
	for _, g := range []*guest{a, b, c} {
		h.publishes(g, SourceLive, sfu.Camera, sfu.Mic)
	}
	expect := func(what string, want ...sfu.Ask) {
		t.Helper()
		var got []sfu.Ask
		for _, p := range h.viewOf(viewer).Pairs {
			got = append(got, p.Ask)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	expect("by arrival, of unknown size", sfu.Ask{Order: 0}, sfu.Ask{Order: 1}, sfu.Ask{Order: 2})
	h.say(c)
	h.pass(5 * time.Second)
	expect("who speaks comes first", sfu.Ask{Order: 1}, sfu.Ask{Order: 2}, sfu.Ask{Order: 0})
	h.say()
	h.pass(300 * time.Millisecond)
	h.say(a)
	h.pass(300 * time.Millisecond)
	h.say(c)
	h.pass(5 * time.Second)
	expect("a cough changes nothing", sfu.Ask{Order: 1}, sfu.Ask{Order: 2}, sfu.Ask{Order: 0})
	h.do(&view{question{"viewer", ""}, []Tile{
		{Member: "nobody", Source: sfu.Camera, Width: 9, Height: 9},
		{Member: "b", Source: sfu.Camera, Width: 1280, Height: 720, Pinned: true},
		{Member: "a", Source: sfu.Camera, Width: 320, Height: 180},
	}})
	expect("as the client says", sfu.Ask{Width: 320, Height: 180, Order: 1}, sfu.Ask{Width: 1280, Height: 720, Pinned: true}, sfu.Ask{})
	h.say(a)
	h.pass(5 * time.Second)
	expect("where the client says, speaking changes nothing", sfu.Ask{Width: 320, Height: 180, Order: 1}, sfu.Ask{Width: 1280, Height: 720, Pinned: true}, sfu.Ask{})
}

func TestResizingIsRoutedAtOnceAndThenSeldom(t *testing.T) {
	h := defaultHall()
	viewer := newGuest("viewer", 1, 0)
	h.comes(viewer, newGuest("a", 0, 0))
	h.pass(time.Second)
	before := h.router.count()
	for width := 100; width < 200; width++ {
		h.do(&view{question{"viewer", ""}, []Tile{{Member: "a", Source: sfu.Camera, Width: width, Height: 90}}})
		if n := h.router.count() - before; width == 100 && n != 1 {
			t.Fatalf("%d routings for the first size", n)
		}
		h.pass(10 * time.Millisecond)
	}
	h.pass(asksEvery)
	if n := h.router.count() - before; n < 10 || n > 22 {
		t.Errorf("%d routings for a hundred sizes in a second", n)
	}
	if got := h.viewOf(viewer).Pairs[0].Ask.Width; got != 199 {
		t.Errorf("the last width is %d, want 199", got)
	}
	// Another tile does not wait.
	b := newGuest("b", 0, 0)
	h.comes(b)
	h.publishes(b, SourceLive, sfu.Camera)
	h.do(&view{question{"viewer", ""}, []Tile{{Member: "a", Source: sfu.Camera, Width: 7}}})
	h.do(&view{question{"viewer", ""}, []Tile{{Member: "b", Source: sfu.Camera, Width: 7}}})
	if got := h.onScreen(viewer); got[0] != "b" || h.viewOf(viewer).Pairs[0].Ask.Width != 7 {
		t.Errorf("on screen %v, %+v", got, h.viewOf(viewer).Pairs[0].Ask)
	}
}
