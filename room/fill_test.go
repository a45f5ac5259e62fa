package room

import (
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

func TestFillKeepsSeatsAndTakesFreeOnes(t *testing.T) {
	people := map[rune]*member{}
	for _, r := range "abcdef" {
		people[r] = &member{id: MemberID(r)}
	}
	tiles := func(text string) []tile {
		var all []tile
		for _, r := range text {
			all = append(all, tile{people[r], sfu.Camera})
		}
		for i := range all {
			if all[i].who == nil {
				all[i] = tile{}
			}
		}
		return all
	}
	for _, c := range []struct{ name, seats, wanted, want string }{
		{"the first come in order", "---", "abc", "abc"},
		{"fewer than seats", "---", "a", "a--"},
		{"another order moves nobody", "abc", "cba", "abc"},
		{"the free seat is taken", "abc", "acd", "adc"},
		{"a hole stays a hole", "abc", "ac", "a-c"},
		{"all new", "abc", "def", "def"},
		{"nothing wanted", "abc", "", "---"},
		{"no seats", "", "", ""},
	} {
		seats := tiles(c.seats)
		var wanted []wish
		for _, t := range tiles(c.wanted) {
			wanted = append(wanted, wish{tile: t})
		}
		fill(seats, wanted)
		if !slices.Equal(seats, tiles(c.want)) {
			t.Errorf("%s: fill(%q, %q) is not %q", c.name, c.seats, c.wanted, c.want)
		}
	}
}

func TestWithoutAViewScreensComeFirstThenCamerasByArrival(t *testing.T) {
	h := defaultHall()
	viewer := newGuest("viewer", 4, 0)
	a, b, c, d := newGuest("a", 1, 0), newGuest("b", 1, 0), newGuest("c", 1, 0), newGuest("d", 1, 0)
	h.comes(viewer, a, b, c, d)
	if got, want := h.onScreen(viewer), []string{"a", "b", "c", "d"}; !slices.Equal(got, want) {
		t.Fatalf("people by arrival: %v, want %v", got, want)
	}
	// Nobody jumps when cameras come; a fifth with a camera takes the place of
	// one without.
	h.publishes(b, SourceLive, sfu.Camera)
	h.publishes(d, SourceLive, sfu.Camera)
	e := newGuest("e", 1, 0)
	h.comes(e)
	h.publishes(e, SourceLive, sfu.Camera)
	if got, want := h.onScreen(viewer), []string{"a", "b", "e", "d"}; !slices.Equal(got, want) {
		t.Errorf("cameras before people without: %v, want %v", got, want)
	}
	h.publishes(c, SourceLive, sfu.Screen)
	if got := h.onScreen(viewer); !slices.Equal(got, []string{"c/screen", "b", "e", "d"}) {
		t.Errorf("a screen comes in: %v", got)
	}
	h.publishes(c, SourceEnded, sfu.Screen)
	if got := h.onScreen(viewer); !slices.Equal(got, []string{"a", "b", "e", "d"}) {
		t.Errorf("the screen ended: %v", got)
	}
	h.publishes(viewer, SourceLive, sfu.Screen, sfu.Camera)
	if got := h.onScreen(viewer); !slices.Equal(got, []string{"a", "b", "e", "d"}) {
		t.Errorf("its own screen moved the viewer's tiles: %v", got)
	}
}

func TestSpeakerReplacesTheOneSilentLongest(t *testing.T) {
	h := defaultHall()
	viewer := newGuest("viewer", 2, 0)
	a, b, c, d := newGuest("a", 1, 0), newGuest("b", 1, 0), newGuest("c", 1, 0), newGuest("d", 1, 0)
	h.comes(viewer, a, b, c, d)
	for _, g := range []*guest{a, b, c, d} {
		h.publishes(g, SourceLive, sfu.Camera, sfu.Mic)
	}
	speak := func(d time.Duration, guests ...*guest) {
		h.say(guests...)
		h.pass(d)
	}
	expect := func(what string, want ...string) {
		t.Helper()
		if got := h.onScreen(viewer); !slices.Equal(got, want) {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
	}
	expect("before anyone speaks", "a", "b")
	speak(300*time.Millisecond, c)
	speak(5 * time.Second)
	expect("a cough of c", "a", "b")
	speak(5*time.Second, a)
	speak(5*time.Second, a, c)
	expect("c speaks, b was silent longest", "a", "c")
	speak(5*time.Second, a, c, d)
	expect("d speaks too, but a and c have the floor", "a", "c")
	speak(5*time.Second, a, d)
	expect("c fell silent", "a", "d")
	speak(5 * time.Second)
	expect("all silent: nobody moves", "a", "d")
	speak(5*time.Second, b)
	expect("b speaks, a and d fell silent together", "a", "b")
	if n := h.router.count(); n > 16 {
		t.Errorf("%d routings for 10 changes and 4 moves", n)
	}
}

func TestViewIsHonouredInOrder(t *testing.T) {
	h := defaultHall()
	viewer := newGuest("viewer", 3, 0)
	a, b, c, d := newGuest("a", 1, 0), newGuest("b", 1, 0), newGuest("c", 1, 0), newGuest("d", 1, 0)
	h.comes(viewer, a, b, c, d)
	h.publishes(b, SourceLive, sfu.Screen)
	camera := func(name string) Tile { return Tile{Member: MemberID(name), Source: sfu.Camera} }
	screen := func(name string) Tile { return Tile{Member: MemberID(name), Source: sfu.Screen} }
	for _, c := range []struct {
		name  string
		tiles []Tile
		want  []string
	}{
		{"the first ones, up to the pairs, b and c where they are", []Tile{camera("d"), camera("c"), camera("b"), camera("a")}, []string{"d", "b", "c"}},
		{"a tile keeps its place", []Tile{screen("b"), camera("b"), camera("d")}, []string{"d", "b", "b/screen"}},
		{"strangers, oneself, twice, no screen", []Tile{camera("x"), camera("viewer"), camera("a"), camera("a"), screen("a"), camera("c")}, []string{"a", "c", ""}},
		{"nothing", nil, []string{"", "", ""}},
	} {
		h.do(&view{question{"viewer", ""}, c.tiles})
		if got := h.onScreen(viewer); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	h.do(&view{question{"viewer", "9"}, []Tile{{Member: "a", Source: sfu.Mic}}})
	if f := only[*Failed](t, viewer.conn); f.Re != "9" || f.Err.Code() != codeBadMessage {
		t.Errorf("a tile of a microphone: %+v", f)
	}
}

func TestViewOfOneWhoComesLaterIsHonoured(t *testing.T) {
	h := defaultHall()
	viewer, late := newGuest("viewer", 1, 0), newGuest("late", 1, 0)
	h.comes(viewer)
	h.do(&view{question{"viewer", ""}, []Tile{{Member: "late", Source: sfu.Camera}}})
	h.comes(late)
	if got := h.onScreen(viewer); got[0] != "late" {
		t.Errorf("on screen: %v, want late", got)
	}
}
