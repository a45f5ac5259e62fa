package room

import (
	"sync"

	"madang/sfu"
)

// inbox holds what the media plane has reported and the room has not yet read.
// It never blocks a worker and cannot grow past the number of slots: a later
// state of a slot replaces the earlier one, later speakers the earlier ones.
type inbox struct {
	bell  bell
	mu    sync.Mutex
	slots []sfu.SlotState
	at    map[*sfu.Slot]int // where in slots
	// speakers is nil when nothing new was said of them.
	speakers []sfu.Speaker
}

func newInbox(b bell) *inbox { return &inbox{bell: b, at: map[*sfu.Slot]int{}} }

// SlotsChanged implements [sfu.Observer]. Any goroutine.
func (b *inbox) SlotsChanged(states []sfu.SlotState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range states {
		if i, ok := b.at[s.Slot]; ok {
			b.slots[i] = s
			continue
		}
		b.at[s.Slot] = len(b.slots)
		b.slots = append(b.slots, s)
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

// take returns what has come since the last take. The room's goroutine.
func (b *inbox) take() (slots []sfu.SlotState, speakers []sfu.Speaker) {
	b.mu.Lock()
	defer b.mu.Unlock()
	slots, speakers = b.slots, b.speakers
	b.slots, b.speakers = nil, nil
	clear(b.at)
	return slots, speakers
}
