package room

import (
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

func TestWhoMayNoLongerPublishIsOffAtOnce(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{})
	if !h.routed(person.source(sfu.Mic)) || !h.routed(person.source(sfu.Camera)) {
		t.Fatal("a member is not forwarded")
	}
	h.do(&setRole{by(moderator), person.ID, Guest})
	for _, source := range person.Sources {
		if h.routed(source) {
			t.Errorf("the %s of a guest is forwarded", source.Kind)
		}
	}
	h.publishes(person, SourceLive, sfu.Mic)
	if got := person.outcome(); got != codeForbidden || h.routed(person.source(sfu.Mic)) {
		t.Errorf("a guest publishes: %q", got)
	}
	h.do(&setRole{by(moderator), person.ID, Member})
	h.publishes(person, SourceLive, sfu.Mic)
	if !h.routed(person.source(sfu.Mic)) {
		t.Error("a member again, but not forwarded")
	}
}

func TestWhoMayNotSubscribeHasNoSlotsInTheRouting(t *testing.T) {
	h, _, _, _, visitor := staffed(Policy{})
	if v := h.viewOf(visitor); len(v.Pairs) != 4 || v.Pairs[0].VideoFrom.Source == nil || len(v.Voices) != 2 {
		t.Fatalf("a guest sees %+v", v)
	}
	h.do(&regrant{sender{visitor.ID}, Grant{Role: Guest, May: MayJoin | MayChat}})
	if v := h.viewOf(visitor); v == nil || len(v.Pairs)+len(v.Voices) != 0 {
		t.Errorf("who may not subscribe sees %+v", v)
	}
	h.do(&view{question{visitor.ID, "7"}, []Tile{{Member: "owner", Source: sfu.Camera}}})
	if got := visitor.outcome(); got != codeForbidden {
		t.Errorf("looks all the same: %q", got)
	}
	h.do(&regrant{sender{visitor.ID}, Grant{Role: Guest}})
	if v := h.viewOf(visitor); len(v.Pairs) != 4 || v.Pairs[0].VideoFrom.Source == nil || len(v.Voices) != 2 {
		t.Errorf("a guest again sees %+v", v)
	}
}

func TestMuteHoldsAgainstTheMember(t *testing.T) {
	for _, c := range []struct {
		kind sfu.SourceKind
		off  []sfu.SourceKind
		is   SourceState
	}{
		{sfu.Mic, []sfu.SourceKind{sfu.Mic}, SourceMuted},
		{sfu.Camera, []sfu.SourceKind{sfu.Camera}, SourceMuted},
		{sfu.Screen, []sfu.SourceKind{sfu.Screen, sfu.ScreenAudio}, SourceEnded},
		{sfu.ScreenAudio, []sfu.SourceKind{sfu.ScreenAudio}, SourceEnded},
	} {
		h, _, moderator, person, _ := staffed(Policy{})
		off := func(want bool, when string) {
			t.Helper()
			for _, source := range person.Sources {
				if wants := want && slices.Contains(c.off, source.Kind); h.routed(source) == wants {
					t.Errorf("%s, %s: %s is forwarded: %v", c.kind, when, source.Kind, !wants)
				}
			}
		}
		h.do(&mute{by(moderator), person.ID, c.kind, false})
		off(true, "muted")
		if got := *only[*Muted](t, person.conn); got != (Muted{c.kind, "moderator", false}) {
			t.Errorf("told %+v", got)
		}
		for _, kind := range c.off {
			if got := h.members[person.ID].states[kind]; got != c.is {
				t.Errorf("%s is %s, want %s", kind, got, c.is)
			}
		}
		h.publishes(person, SourceLive, c.off...)
		off(false, "live again")

		h.do(&mute{by(moderator), person.ID, c.kind, true})
		off(true, "held")
		for _, state := range []SourceState{SourceLive, SourceMuted, SourceLive} {
			h.publishes(person, state, c.off...)
			off(true, "published against the hold")
		}
		if got := person.outcome(); got != codeForbidden {
			t.Errorf("%s was made live against the hold: %q", c.kind, got)
		}
		h.do(&rejoin{negotiated{sender{person.ID}, person.Sources, person.Pairs, person.Voices}})
		h.publishes(person, SourceLive, sfu.Mic, sfu.Camera, sfu.Screen, sfu.ScreenAudio)
		h.pass(time.Second)
		for _, kind := range c.off {
			if h.routed(person.source(kind)) {
				t.Errorf("%s is forwarded over another transport", kind)
			}
		}
		if got := h.members[person.ID].person.Held.List(); !slices.Equal(got, c.off) {
			t.Errorf("held: %v, want %v", got, c.off)
		}

		h.do(&unmute{by(moderator), person.ID, c.kind})
		for _, kind := range c.off {
			if h.routed(person.source(kind)) {
				t.Errorf("%s was made live by another", kind)
			}
		}
		if got := *only[*UnmuteAsked](t, person.conn); got != (UnmuteAsked{c.kind, "moderator"}) {
			t.Errorf("asked %+v", got)
		}
		h.publishes(person, SourceLive, c.off...)
		for _, kind := range c.off {
			if !h.routed(person.source(kind)) {
				t.Errorf("%s is not forwarded though it was let go", kind)
			}
		}
	}
}

func TestMuteAllIsForLowerRolesWhoAreHeard(t *testing.T) {
	h, owner, moderator, person, visitor := staffed(Policy{})
	h.do(&mute{by(moderator), "", sfu.Mic, false})
	for g, want := range map[*guest]bool{owner: true, moderator: true, person: false} {
		if got := h.routed(g.source(sfu.Mic)); got != want {
			t.Errorf("%s is heard: %v", g.ID, got)
		}
		if told := len(of[*Muted](g.conn)) == 1; told == want {
			t.Errorf("%s was told of a mute: %v", g.ID, told)
		}
	}
	if len(of[*Muted](visitor.conn)) != 0 {
		t.Error("who was silent was told of a mute")
	}
	h.do(&mute{by(moderator), "", sfu.Mic, true})
	if !h.members[visitor.ID].held.Has(sfu.Mic) || h.members[owner.ID].held != 0 {
		t.Error("the hold is not on those of lower roles")
	}
}
