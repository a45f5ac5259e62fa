package room

import (
	"testing"
	"time"

	"madang/sfu"
)

// spotlight is what a member was told last of the spotlight; false: nothing.
func (g *guest) spotlight() (spot Spot, told bool) {
	for _, e := range g.conn.heard() {
		switch e := e.(type) {
		case *Welcome:
			spot, told = e.Spot, e.Spot != (Spot{})
		case *Spotlight:
			spot, told = e.Spot, true
		}
	}
	return spot, told
}

func TestSpotlightIsOnOneThatIsThere(t *testing.T) {
	for name, c := range map[string]struct {
		spot Spot
		want string
	}{
		"a member":             {Spot{"member", sfu.Camera}, "done"},
		"a screen":             {Spot{"member", sfu.Screen}, "done"},
		"one of higher role":   {Spot{"owner", sfu.Camera}, "done"},
		"oneself":              {Spot{"moderator", sfu.Camera}, "done"},
		"a camera that is off": {Spot{"guest", sfu.Camera}, "done"},
		"nobody":               {Spot{}, "done"},
		"a stranger":           {Spot{"stranger", sfu.Camera}, codeNotFound},
		"no screen":            {Spot{"guest", sfu.Screen}, codeNotFound},
		"a voice":              {Spot{"member", sfu.Mic}, codeBadMessage},
	} {
		t.Run(name, func(t *testing.T) {
			h, _, moderator, _, visitor := staffed(Policy{})
			h.do(&spotlight{by(moderator), c.spot})
			if got := moderator.outcome(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			spot, told := visitor.spotlight()
			if want := c.want == "done" && c.spot != (Spot{}); told != want || want && spot != c.spot {
				t.Errorf("all hear of %v: %v", spot, told)
			}
		})
	}
}

func TestSpotlightGoesOutWithWhatItIsOn(t *testing.T) {
	for name, end := range map[string]func(h *hall, of *guest){
		"its member leaves": func(h *hall, of *guest) { h.do(&leave{sender: sender{of.ID}}) },
		"its screen ends":   func(h *hall, of *guest) { h.publishes(of, SourceEnded, sfu.Screen) },
		"its screen is stopped": func(h *hall, of *guest) {
			h.do(&mute{asked("owner", "r"), of.ID, sfu.Screen, false})
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, _, moderator, person, visitor := staffed(Policy{})
			is := Spot{person.ID, sfu.Screen}
			h.do(&spotlight{by(moderator), is})
			late := newGuest("late", 4, 2).as(Member)
			h.comes(late)
			if spot, _ := late.spotlight(); spot != is {
				t.Errorf("who comes later hears of %v", spot)
			}
			end(h, person)
			h.pass(time.Second)
			for _, g := range []*guest{visitor, late} {
				if spot, told := g.spotlight(); spot != (Spot{}) || !told {
					t.Errorf("%s hears of %v", g.ID, spot)
				}
			}
		})
	}
}
