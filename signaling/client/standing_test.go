package client

import (
	"slices"
	"testing"

	"madang/signaling/protocol"
)

func TestStandingFollowsWhatIsSaid(t *testing.T) {
	ada, bo, cy := protocol.Waiter{Member: "a", Name: "Ada"}, protocol.Waiter{Member: "b", Name: "Bo"}, protocol.Waiter{Member: "c", Name: "Cy"}
	moderates := []protocol.Permission{protocol.MayJoin, protocol.MayModerate}
	var s standing
	s.welcomed(&protocol.Welcome{Role: protocol.Moderator, May: moderates, Waiting: []protocol.Waiter{ada}, Room: protocol.Room{SlowS: 5}})
	for _, step := range []struct {
		heard   protocol.Message
		waiting []protocol.Waiter
	}{
		{&protocol.Waiting{Add: []protocol.Waiter{ada, bo}}, []protocol.Waiter{ada, bo}}, // Ada stood in the welcome
		{&protocol.Waiting{Del: []string{"a", "x"}, Add: []protocol.Waiter{cy}}, []protocol.Waiter{bo, cy}},
		{&protocol.Waiting{Del: []string{"b"}, Add: []protocol.Waiter{bo}}, []protocol.Waiter{cy, bo}}, // went, and came again
		{&protocol.May{Role: protocol.Owner, May: moderates}, []protocol.Waiter{cy, bo}},
		{&protocol.May{Role: protocol.Member, May: moderates[:1]}, nil},
	} {
		s.hear(step.heard)
		if !slices.Equal(s.waiting, step.waiting) {
			t.Errorf("after %+v %v wait, want %v", step.heard, s.waiting, step.waiting)
		}
	}
	s.hear(&protocol.Lock{Locked: true})
	s.hear(&protocol.Slow{})
	s.hear(&protocol.Spotlight{Spot: protocol.Spot{Member: "a", Source: protocol.Camera}})
	if is := s.room.Spotlight; is == nil || is.Member != "a" {
		t.Errorf("in the spotlight is %v", is)
	}
	s.hear(&protocol.Spotlight{})
	if s.room.Spotlight != nil || !s.room.Locked || s.room.SlowS != 0 || s.may.Role != protocol.Member {
		t.Errorf("the standing is %+v", s)
	}
}
