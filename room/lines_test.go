package room

import (
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

func TestSlotsAreToldInMembersWords(t *testing.T) {
	h := defaultHall()
	viewer, other, a := newGuest("viewer", 2, 1), newGuest("other", 1, 0), newGuest("a", 0, 0)
	h.comes(viewer, other, a)
	h.observe(reports{slots: []sfu.SlotState{
		{Slot: viewer.Pairs[0].Video, Source: a.source(sfu.Camera), Timestamp: 90000},
		{Slot: viewer.Pairs[0].Audio, Source: a.source(sfu.Mic), Why: sfu.WhyMuted, Timestamp: 7},
		{Slot: viewer.Voices[0], Why: sfu.WhyEmpty},
		{Slot: other.Pairs[0].Video, Source: a.source(sfu.Screen), Timestamp: 5},
		{Slot: &sfu.Slot{Mid: "nobody's"}, Why: sfu.WhyEmpty},
	}}, h.now)
	want := []SlotCarries{
		{Mid: "v0", Member: "a", Source: sfu.Camera, Timestamp: 90000},
		{Mid: "a0", Member: "a", Source: sfu.Mic, Why: sfu.WhyMuted},
		{Mid: "x0", Why: sfu.WhyEmpty},
	}
	if got := only[*Slots](t, viewer.conn).Slots; !slices.Equal(got, want) {
		t.Errorf("viewer heard %+v, want %+v", got, want)
	}
	if got := only[*Slots](t, other.conn).Slots; len(got) != 1 || got[0].Source != sfu.Screen {
		t.Errorf("other heard %+v", got)
	}
}

func TestSourceOfOneWhoLeftStillHasAName(t *testing.T) {
	h := defaultHall()
	viewer, a := newGuest("viewer", 1, 0), newGuest("a", 0, 0)
	h.comes(viewer, a)
	h.do(&leave{sender: sender{"a"}})
	report := func() SlotCarries {
		h.observe(reports{slots: []sfu.SlotState{{Slot: viewer.Pairs[0].Video, Source: a.source(sfu.Camera), Why: sfu.WhyGone}}}, h.now)
		all := of[*Slots](viewer.conn)
		return all[len(all)-1].Slots[0]
	}
	if got := report(); got.Member != "a" || got.Why != sfu.WhyGone {
		t.Errorf("just left: %+v", got)
	}
	h.pass(2 * rememberLeft)
	h.do(&enter{newGuest("b", 0, 0).Joining}, &leave{sender: sender{"b"}})
	if got := report(); got.Member != "" || got.Why != sfu.WhyGone {
		t.Errorf("long gone: %+v", got)
	}
	// Who comes back with the same sources is known as long as it stays.
	h.do(&enter{a.Joining}, &leave{sender: sender{"a"}}, &enter{a.Joining})
	h.pass(2 * rememberLeft)
	h.do(&enter{newGuest("c", 0, 0).Joining}, &leave{sender: sender{"c"}})
	if got := report(); got.Member != "a" {
		t.Errorf("came back: %+v", got)
	}
	if n := len(h.lines.sources); n != len(viewer.Sources)+len(a.Sources)+sourceKinds {
		t.Errorf("%d sources remembered", n)
	}
}

func TestSpeakersAreToldSeldomAndOnce(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 1, 0), newGuest("b", 1, 0)
	h.comes(a, b)
	report := func(level uint8) {
		h.observe(reports{speakers: []sfu.Speaker{
			{Mic: a.source(sfu.Mic), Level: level},
			{Mic: &sfu.Source{Kind: sfu.Mic}, Level: 1}, // of nobody
		}}, h.now)
		h.settle(h.now)
	}
	for i := range 100 {
		report(uint8(i))
		h.pass(20 * time.Millisecond)
	}
	events := of[*Speakers](b.conn)
	if n := len(events); n < 9 || n > 11 {
		t.Errorf("%d events in two seconds, want about 10", n)
	}
	h.pass(time.Second)
	events = of[*Speakers](b.conn)
	last := events[len(events)-1]
	if !slices.Equal(last.Levels, []SpeakerLevel{{"a", 99}}) {
		t.Errorf("the last one says %+v, want a at 99", last.Levels)
	}
	report(99)
	h.pass(time.Second)
	if n := len(of[*Speakers](b.conn)); n != len(events) {
		t.Error("told again what was known")
	}
	late := newGuest("late", 1, 0)
	h.comes(late)
	if only[*Speakers](t, late.conn) != last {
		t.Error("a newcomer is told who speaks")
	}
	h.say()
	h.pass(time.Second)
	if all := of[*Speakers](b.conn); len(all[len(all)-1].Levels) != 0 {
		t.Error("silence was not told")
	}
}

func TestWantsReachThePublisherOnly(t *testing.T) {
	h := defaultHall()
	a, b, gone := newGuest("a", 1, 0), newGuest("b", 1, 0), newGuest("gone", 1, 0)
	h.comes(a, b, gone)
	h.do(&leave{sender: sender{"gone"}})
	h.observe(reports{wants: []sfu.Want{
		{Source: a.source(sfu.Camera), RIDs: []string{"q", "h"}},
		{Source: a.source(sfu.Screen)},
		{Source: gone.source(sfu.Camera), RIDs: []string{"q"}},
	}}, h.now)
	got := of[*Want](a.conn)
	if len(got) != 2 || got[0].Source != sfu.Camera || !slices.Equal(got[0].Layers, []string{"q", "h"}) || got[1].Source != sfu.Screen || len(got[1].Layers) != 0 {
		t.Errorf("a heard %+v", got)
	}
	if n := len(of[*Want](b.conn)) + len(of[*Want](gone.conn)); n != 0 {
		t.Errorf("others heard %d wants", n)
	}
}
