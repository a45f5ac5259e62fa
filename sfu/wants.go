package sfu

import (
	"time"

	"madang/sfu/alloc"
)

// restartWithin is how long a layer may take to come after it was asked for
// again, before it counts as one that its publisher cannot send.
const restartWithin = 2 * time.Second

// wants is which of its layers a source is asked to send.
type wants struct {
	decided *alloc.Wants
	on      uint8     // layers that are asked for, by rank
	since   time.Time // of the newest layer among them
	at      time.Time // of the last decision
}

// has tells whether a layer is to be had: it comes, or would if it were asked for.
func (s *Source) has(l *Layer, now time.Time) bool {
	return l.live || s.wants.on&(1<<l.rank) == 0 || now.Sub(s.wants.since) < restartWithin
}

// decide works out which layers anybody needs, and has the publisher told. A
// source that is muted is left as it is.
func (s *Source) decide(now time.Time) {
	if s.wing == nil || s.Kind.Media() == Audio || now.Sub(s.wants.at) < planEvery {
		return
	}
	s.wants.at = now
	before := s.wants.on
	count := max(1, len(s.rids))
	if s.wants.decided == nil {
		s.wants.decided, s.wants.on, s.wants.since = alloc.NewWants(count, now), 1<<count-1, now
	}
	s.count(s.wants.decided)
	for _, x := range s.exports {
		s.wants.decided.Join(x.needs)
	}
	on, changed := s.wants.decided.Decide(now)
	if on&^s.wants.on != 0 {
		s.wants.since = now
	}
	s.wants.on = on
	if on != before {
		for _, x := range s.exports {
			x.asked()
		}
	}
	if changed {
		s.wing.tellWant(s)
		s.reconcile(now)
	}
}

// count adds what the source's slots need.
func (s *Source) count(in *alloc.Wants) {
	for slot := range s.slots {
		if slot.carries() == s && slot.to.path != nil {
			in.Add(s.needed(slot), slot.fedRank(), slot.to.down.result.Comfortable)
		}
	}
}

// reconsider has the publisher told with the worker's next tick which layers are
// needed, if that changed.
func (s *Source) reconsider() {
	s.wants.at = time.Time{}
	s.from.stir()
}

// needed is the rank of the layer that is enough for a slot's tile. Who needs
// the largest that comes may need a larger one that does not come yet.
func (s *Source) needed(slot *Slot) int {
	top := max(0, len(s.rids)-1)
	var heights [8]int
	n := 0
	for _, l := range s.layers {
		if n < len(heights) {
			heights[n] = l.height
			n++
		}
	}
	enough := alloc.Enough(heights[:n], slot.ask.Height)
	if slot.ask.Height == 0 || enough < 0 || enough == n-1 {
		return top
	}
	return s.layers[enough].rank
}

// fedRank is the rank of the layer that feeds the slot, −1 for none.
func (s *Slot) fedRank() int {
	if s.current == nil || s.current.source != s.carries() {
		return -1
	}
	return s.current.rank
}

// want is what is asked of the source, as the room tells its publisher.
func (s *Source) want() Want {
	w := Want{Source: s}
	if len(s.rids) == 0 && s.wants.on != 0 {
		w.RIDs = []string{""}
	}
	for _, rid := range s.rids {
		if s.wants.on&(1<<s.rank(rid)) != 0 {
			w.RIDs = append(w.RIDs, rid)
		}
	}
	return w
}
