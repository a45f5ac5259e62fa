package room

import (
	"sync"

	"madang/sfu"
)

// reports is what the media plane has said since the room last looked.
type reports struct {
	slots []sfu.SlotState
	// speakers is nil when nothing new was said of them.
	speakers []sfu.Speaker
	wants    []sfu.Want
	quality  []sfu.Quality
}

// inbox holds what the media plane has reported and the room has not yet read.
// It never blocks a worker and cannot grow past the number of slots, sources
// and subscribers: a later state of one replaces the earlier one, later
// speakers the earlier ones.
type inbox struct {
	bell     bell
	mu       sync.Mutex
	slots    latest[*sfu.Slot, sfu.SlotState]
	speakers []sfu.Speaker
	wants    latest[*sfu.Source, sfu.Want]
	quality  latest[string, sfu.Quality]
}

func newInbox(b bell) *inbox { return &inbox{bell: b} }

// SlotsChanged implements [sfu.Observer]. Any goroutine.
func (b *inbox) SlotsChanged(states []sfu.SlotState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range states {
		b.slots.put(s.Slot, s)
	}
	b.bell.ring()
}

// SpeakersChanged implements [sfu.Observer]. Any goroutine.
func (b *inbox) SpeakersChanged(speakers []sfu.Speaker) {
	if speakers == nil {
		speakers = []sfu.Speaker{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.speakers = speakers
	b.bell.ring()
}

// WantsChanged implements [sfu.Observer]. Any goroutine.
func (b *inbox) WantsChanged(wants []sfu.Want) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range wants {
		b.wants.put(w.Source, w)
	}
	b.bell.ring()
}

// QualityChanged implements [sfu.Observer]. Any goroutine.
func (b *inbox) QualityChanged(quality []sfu.Quality) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, q := range quality {
		b.quality.put(q.Key, q)
	}
	b.bell.ring()
}

// take returns what has come since the last take. The room's goroutine.
func (b *inbox) take() reports {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := reports{slots: b.slots.take(), speakers: b.speakers, wants: b.wants.take(), quality: b.quality.take()}
	b.speakers = nil
	return r
}

// latest keeps the newest value of each key, in the order in which the keys
// came. The zero value is ready.
type latest[K comparable, V any] struct {
	values []V
	at     map[K]int // where in values
}

func (l *latest[K, V]) put(key K, value V) {
	if i, ok := l.at[key]; ok {
		l.values[i] = value
		return
	}
	if l.at == nil {
		l.at = map[K]int{}
	}
	l.at[key] = len(l.values)
	l.values = append(l.values, value)
}

// take returns the values and forgets them.
func (l *latest[K, V]) take() []V {
	values := l.values
	l.values = nil
	clear(l.at)
	return values
}
