package room

import (
	"cmp"
	"context"
	"maps"
	"net/netip"
	"slices"
	"time"

	"madang/sfu"
)

// Info is a room at one moment, for those who run the server.
type Info struct {
	Name     string
	Locked   bool
	Slow     time.Duration
	ChatLast uint64
	Members  []MemberInfo // by arrival
	Waiting  []WaiterInfo // likewise
}

// MemberInfo is a member, its sources and its slots.
type MemberInfo struct {
	Person
	Identity string
	May      Permissions
	From     netip.Prefix
	Since    time.Time
	Sources  []SourceInfo
	Slots    []SlotInfo
}

// SourceInfo is a source that was negotiated.
type SourceInfo struct {
	ID    string
	Kind  sfu.SourceKind
	State SourceState // empty while it was never published
	Held  bool
}

// SlotInfo is a slot and what the media plane said last that it carries.
type SlotInfo struct {
	Media sfu.Media
	SlotCarries
}

// WaiterInfo is somebody who waits in the lobby.
type WaiterInfo struct {
	Waiter
	Identity string
	From     netip.Prefix
}

// Find returns the room with this name if it is open, without keeping it alive.
func (r *Rooms) Find(name string) (*Room, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	room, ok := r.byName[name]
	return room, ok
}

// List is all open rooms by name. It waits for their goroutines, as long as ctx lasts.
func (r *Rooms) List(ctx context.Context) []Info {
	r.mu.Lock()
	open := slices.Collect(maps.Values(r.byName))
	r.mu.Unlock()
	var all []Info
	for _, room := range open {
		if info, ok := room.Info(ctx); ok {
			all = append(all, info)
		}
	}
	slices.SortFunc(all, func(a, b Info) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Info is the room now; false when it has ended, or ctx has.
func (r *Room) Info(ctx context.Context) (Info, bool) {
	l := &look{reply: make(chan Info, 1)}
	if !r.mail.post(l) {
		return Info{}, false
	}
	select {
	case info, ok := <-l.reply:
		return info, ok
	case <-ctx.Done():
	case <-r.ended:
	}
	return Info{}, false
}

func (s *state) info() Info {
	is := Info{Name: s.name, Locked: s.locked, Slow: s.slow, ChatLast: s.chat.seq}
	for _, m := range s.arrived {
		is.Members = append(is.Members, s.memberInfo(m))
	}
	for _, w := range s.lobby.waiting {
		is.Waiting = append(is.Waiting, WaiterInfo{Waiter{w.ID, w.Name}, w.Grant.Identity, w.From})
	}
	return is
}

func (s *state) memberInfo(m *member) MemberInfo {
	is := MemberInfo{Person: m.person, Identity: m.grant.Identity, May: m.may, From: m.from, Since: m.since}
	for _, source := range m.routed.Self {
		is.Sources = append(is.Sources, SourceInfo{source.ID, source.Kind, m.states[source.Kind], m.held.Has(source.Kind)})
	}
	for slot := range m.slots() {
		state, told := m.media.slots[slot]
		if !told {
			state = sfu.SlotState{Slot: slot, Why: sfu.WhyEmpty}
		}
		is.Slots = append(is.Slots, SlotInfo{slot.Media, s.lines.carries(state)})
	}
	return is
}
