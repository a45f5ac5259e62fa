package room

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

// TestRandomLivesKeepTheInvariants lets members come, go, publish, look, speak
// and chat at random, and checks after each step what must hold for ever.
func TestRandomLivesKeepTheInvariants(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &world{
				t: t, hall: newHall(Policy{MaxMembers: 9}, ChatConfig{History: 20, MaxAge: time.Minute}),
				rng: rand.New(rand.NewPCG(seed, 1)), here: map[MemberID]*guest{}, seats: map[MemberID][]tile{},
			}
			w.after = w.checkJumps
			for range 300 {
				w.step()
				w.check()
			}
			w.pass(time.Second)
			w.checkPeople()
		})
	}
}

// world drives a hall at random and knows by itself who is here.
type world struct {
	*hall
	t     *testing.T
	rng   *rand.Rand
	here  map[MemberID]*guest
	all   []*guest // whoever was ever here, one for each visit
	seats map[MemberID][]tile
}

func (w *world) anyone() *guest {
	ids := slices.Sorted(maps.Keys(w.here))
	if len(ids) == 0 {
		return newGuest("nobody", 1, 0)
	}
	return w.here[ids[w.rng.IntN(len(ids))]]
}

// step applies a batch of a few random messages, and lets some time go by.
func (w *world) step() {
	var batch []message
	for range 1 + w.rng.IntN(4) {
		batch = append(batch, w.random())
	}
	w.do(batch...)
	if w.rng.IntN(3) == 0 {
		w.say([]*guest{w.anyone(), w.anyone()}[:w.rng.IntN(3)]...)
	}
	w.pass(time.Duration(w.rng.IntN(800)) * time.Millisecond)
}

func (w *world) random() message {
	g := w.anyone()
	from := sender{g.ID}
	switch w.rng.IntN(10) {
	case 0, 1, 2:
		return w.arrival()
	case 3:
		delete(w.here, g.ID)
		delete(w.seats, g.ID)
		return &leave{sender: from}
	case 4:
		var tiles []Tile
		for range w.rng.IntN(8) {
			tiles = append(tiles, Tile{Member: w.anyone().ID, Source: []sfu.SourceKind{sfu.Camera, sfu.Screen}[w.rng.IntN(2)]})
		}
		return &view{question{g.ID, ""}, tiles}
	case 5:
		extra := newGuest(string(g.ID), 1, 0)
		if len(g.Pairs) < sfu.MaxPairs {
			g.Pairs = append(slices.Clone(g.Pairs), extra.Pairs...)
		}
		return &negotiated{from, g.Sources, g.Pairs, g.Voices}
	case 6:
		return &chatPost{from, ChatPost{CID: fmt.Sprint(w.rng.IntN(5)), To: []MemberID{"", w.anyone().ID}[w.rng.IntN(2)], Text: "line"}}
	}
	states := []SourceState{SourceLive, SourceLive, SourceMuted, SourceEnded}
	return &publish{question{g.ID, ""}, sfu.SourceKind(w.rng.IntN(sourceKinds)), states[w.rng.IntN(len(states))]}
}

// arrival lets one of 12 in; ids come back, and some are refused.
func (w *world) arrival() message {
	g := newGuest(fmt.Sprint("m", w.rng.IntN(12)), w.rng.IntN(5), w.rng.IntN(3))
	if w.here[g.ID] == nil && len(w.here) < w.policy.MaxMembers {
		w.here[g.ID] = g
		w.all = append(w.all, g)
	}
	return &enter{g.Joining}
}

func (w *world) check() {
	w.t.Helper()
	if len(w.members) != len(w.here) || len(w.arrived) != len(w.here) || len(w.floor.order) != len(w.here) {
		w.t.Fatalf("%d members, %d arrived, %d in order, want %d", len(w.members), len(w.arrived), len(w.floor.order), len(w.here))
	}
	owners := map[*sfu.Source]*member{}
	var live, shown []*sfu.Source
	for _, m := range w.arrived {
		g := w.here[m.id]
		for _, source := range g.Sources {
			owners[source] = m
			if source.Kind == sfu.Mic && m.states[sfu.Mic] == SourceLive {
				live = append(live, source)
			}
			if source.Kind.Media() == sfu.Video && m.states[source.Kind] == SourceLive {
				shown = append(shown, source)
			}
		}
		w.checkSeats(m)
	}
	routing := w.router.newest()
	if len(routing.Views) != len(w.here) || !slices.Equal(routing.Mics, live) {
		w.t.Fatalf("%d views and %d mics routed, want %d and %d", len(routing.Views), len(routing.Mics), len(w.here), len(live))
	}
	if !slices.Equal(routing.Pictures, shown) {
		w.t.Fatalf("%d pictures are live, routed as %d", len(shown), len(routing.Pictures))
	}
	for _, v := range routing.Views {
		w.checkView(v, owners)
	}
}

// checkView: one's own lines, nothing of one's own, nobody who is not here,
// nothing that is not live, no picture twice.
func (w *world) checkView(v sfu.View, owners map[*sfu.Source]*member) {
	w.t.Helper()
	g := w.here[MemberID(v.Key)]
	if g == nil || owners[v.Self[0]] != w.members[g.ID] {
		w.t.Fatalf("the view of %q is another's", v.Key)
	}
	if !slices.Equal(v.Self, g.Sources) || !slices.Equal(v.Voices, g.Voices) || len(v.Pairs) != len(g.Pairs) {
		w.t.Fatalf("the view of %s has other lines than its peer", g.ID)
	}
	shown, orders := map[*sfu.Source]bool{}, map[int]bool{}
	for i, p := range v.Pairs {
		if p.Video != g.Pairs[i].Video || p.Audio != g.Pairs[i].Audio {
			w.t.Fatalf("pair %d of %s has another's slots", i, g.ID)
		}
		if w.members[g.ID].seats[i].who == nil {
			if p.Ask != (sfu.Ask{}) {
				w.t.Fatalf("pair %d of %s shows nobody and is asked for as %+v", i, g.ID, p.Ask)
			}
		} else if orders[p.Ask.Order] || p.Ask.Order >= len(v.Pairs) {
			w.t.Fatalf("two tiles of %s, or none, are number %d", g.ID, p.Ask.Order)
		} else {
			orders[p.Ask.Order] = true
		}
		for _, feed := range []sfu.Feed{p.VideoFrom, p.AudioFrom} {
			if feed.Source == nil {
				if feed.Why != sfu.WhyEmpty {
					w.t.Fatalf("nothing, because %q", feed.Why)
				}
				continue
			}
			who := owners[feed.Source]
			if who == nil || who.id == g.ID || shown[feed.Source] {
				w.t.Fatalf("%s is fed by %v, owned by %+v, twice: %v", g.ID, feed.Source.ID, who, shown[feed.Source])
			}
			if forwarded := who.states[feed.Source.Kind] == SourceLive; forwarded != (feed.Why == sfu.WhyNone) {
				w.t.Fatalf("%s is %q, routed with why %q", feed.Source.ID, who.states[feed.Source.Kind], feed.Why)
			}
			shown[feed.Source] = true
		}
	}
}

// checkSeats: as many tiles as there is room for.
func (w *world) checkSeats(m *member) {
	w.t.Helper()
	possible := 0
	for _, other := range w.arrived {
		if other == m {
			continue
		}
		possible++
		if other.shows(sfu.Screen) {
			possible++
		}
	}
	seated := 0
	for _, t := range m.seats {
		if t.who != nil {
			seated++
		}
	}
	if want := min(possible, len(m.pairs)); !m.viewed && seated != want {
		w.t.Fatalf("%s sees %d tiles of %d on %d pairs", m.id, seated, possible, len(m.pairs))
	}
}

// checkJumps: from one settling to the next no tile changes its place.
func (w *world) checkJumps() {
	w.t.Helper()
	for _, m := range w.arrived {
		for i, t := range m.seats {
			before := slices.Index(w.seats[m.id], t)
			if t.who != nil && before >= 0 && before != i {
				w.t.Fatalf("a tile of %s jumped from %d to %d", m.id, before, i)
			}
		}
		w.seats[m.id] = slices.Clone(m.seats)
	}
}

// checkPeople: Welcome first and once, and what follows leads to the truth.
func (w *world) checkPeople() {
	w.t.Helper()
	for _, g := range w.all {
		welcome, ok := g.conn.heard()[0].(*Welcome)
		if !ok || len(of[*Welcome](g.conn)) != 1 {
			w.t.Fatalf("%s heard %T first", g.ID, g.conn.heard()[0])
		}
		if w.here[g.ID] != g {
			continue
		}
		known := map[MemberID]Person{}
		for _, p := range welcome.People {
			known[p.ID] = p
		}
		for _, e := range of[*People](g.conn) {
			for _, p := range append(slices.Clone(e.Add), e.Set...) {
				known[p.ID] = p
			}
			for _, p := range e.Set {
				if _, ok := known[p.ID]; !ok {
					w.t.Fatalf("%s heard of a change of %s, whom it does not know", g.ID, p.ID)
				}
			}
			for _, id := range e.Del {
				delete(known, id)
			}
		}
		if len(known) != len(w.here) {
			w.t.Fatalf("%s believes in %d people, %d are here", g.ID, len(known), len(w.here))
		}
		for id, p := range known {
			if m := w.members[id]; m == nil || p.Name != m.person.Name || !maps.Equal(p.Sources, m.person.Sources) {
				w.t.Fatalf("%s believes %+v", g.ID, p)
			}
		}
	}
}
