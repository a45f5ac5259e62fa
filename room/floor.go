package room

import (
	"slices"
	"time"
)

const (
	// floorAttack is how long one speaks before one has the floor: a cough
	// moves nobody's tiles.
	floorAttack = 500 * time.Millisecond
	// floorRelease is how long one is silent before one has lost it: a breath
	// between two sentences is not the end of a speech.
	floorRelease = time.Second
)

// floor orders the members: first those who have the floor, then those who had
// it, the latest first, then those who never had it, by arrival. Who takes the
// floor comes behind those who have it, so that the first of n members change
// only when somebody new speaks, and then the one goes who was silent longest.
type floor struct {
	order   []*member
	talkers []*member // who speaks, or did until a moment ago
}

// voice is how one member speaks.
type voice struct {
	talks bool      // stands among the talkers
	heard bool      // speaks now
	since time.Time // when it began to speak
	until time.Time // when it fell silent; meaningful while not heard
	holds bool      // has the floor
}

func (f *floor) join(m *member) { f.order = append(f.order, m) }

func (f *floor) leave(m *member) {
	gone := func(other *member) bool { return other == m }
	f.order = slices.DeleteFunc(f.order, gone)
	f.talkers = slices.DeleteFunc(f.talkers, gone)
}

// hear says who speaks from now on.
func (f *floor) hear(speaking []*member, now time.Time) {
	for _, m := range f.talkers {
		if m.voice.heard && !slices.Contains(speaking, m) {
			m.voice.heard, m.voice.until = false, now
		}
	}
	for _, m := range speaking {
		if !m.voice.talks {
			m.voice = voice{talks: true, since: now}
			f.talkers = append(f.talkers, m)
		}
		m.voice.heard = true
	}
}

// settle gives and takes the floor. It tells whether the order may have
// changed, and when it is to be called again at the latest.
func (f *floor) settle(now time.Time) (moved bool, next time.Time) {
	still := f.talkers[:0]
	for _, m := range f.talkers {
		v := &m.voice
		took, lost := v.since.Add(floorAttack), v.until.Add(floorRelease)
		switch {
		case !v.heard && !now.Before(lost):
			moved = moved || v.holds
			m.voice = voice{}
			continue
		case !v.heard:
			next = earliest(next, lost)
		case !v.holds && !now.Before(took):
			v.holds, moved = true, true
		case !v.holds:
			next = earliest(next, took)
		}
		still = append(still, m)
	}
	clear(f.talkers[len(still):])
	f.talkers = still
	if moved {
		f.rank()
	}
	return moved, next
}

// rank moves those who have the floor to the front; all else keeps its order.
func (f *floor) rank() {
	slices.SortStableFunc(f.order, func(a, b *member) int {
		switch {
		case a.voice.holds == b.voice.holds:
			return 0
		case a.voice.holds:
			return -1
		}
		return 1
	})
}
