// Package speaker tells from the audio levels of RFC 6464 who speaks, how loud,
// and who holds the floor. It reads no clock: time is an argument.
package speaker

import (
	"slices"
	"time"
)

const (
	// quietAfter is the silence after which a voice may be moved.
	quietAfter = 200 * time.Millisecond
	// goneAfter is the time without packets that counts as silence (Opus DTX).
	goneAfter = 300 * time.Millisecond
)

// Ranked is one member among those who are heard.
type Ranked[ID comparable] struct {
	ID ID
	// Level is the smoothed loudness, 0 (silence) to 127 (0 dBov).
	Level uint8
	// Speaking tells that there was voice within the last 200 ms.
	Speaking bool
}

// Detector hears the levels of the members of one room. One goroutine owns it.
type Detector[ID comparable] struct {
	members  map[ID]*member[ID]
	order    []*member[ID] // as they were first heard
	dominant *member[ID]
}

// NewDetector makes a detector that has heard nobody.
func NewDetector[ID comparable]() *Detector[ID] {
	return &Detector[ID]{members: map[ID]*member[ID]{}}
}

// Level takes the audio level of one packet (RFC 6464): dBov is 0 (loudest) to
// 127 (silence), voice is what the sender's own detector thinks.
func (d *Detector[ID]) Level(id ID, dBov uint8, voice bool, now time.Time) {
	d.member(id, now).heard(127-min(dBov, 127), voice, now)
}

// Packet takes a packet of a sender that tells no audio levels: it is taken to
// speak while packets flow. It is ignored of who told a level before.
func (d *Detector[ID]) Packet(id ID, now time.Time) {
	d.member(id, now).heardUnknown(now)
}

// Remove forgets a member.
func (d *Detector[ID]) Remove(id ID) {
	m := d.members[id]
	if m == nil {
		return
	}
	delete(d.members, id)
	d.order = slices.DeleteFunc(d.order, func(o *member[ID]) bool { return o == m })
	if d.dominant == m {
		d.dominant = nil
	}
}

// Rank appends to dst all who are heard, the loudest first, and returns it.
func (d *Detector[ID]) Rank(now time.Time, dst []Ranked[ID]) []Ranked[ID] {
	start := len(dst)
	for _, m := range d.order {
		if level := m.loudness(now); level > 0 {
			dst = append(dst, Ranked[ID]{ID: m.id, Level: level, Speaking: !m.silent(now)})
		}
	}
	slices.SortStableFunc(dst[start:], louder[ID])
	return dst
}

// louder orders those who speak before those who do not, then by loudness.
func louder[ID comparable](a, b Ranked[ID]) int {
	if a.Speaking != b.Speaking {
		if a.Speaking {
			return -1
		}
		return 1
	}
	return int(b.Level) - int(a.Level)
}

// Silent tells whether a member's voice may be moved without being cut: no
// voice for 200 ms, or no packets for 300 ms. Who was never heard is silent.
func (d *Detector[ID]) Silent(id ID, now time.Time) bool {
	m := d.members[id]
	return m == nil || m.silent(now)
}

// Dominant is who holds the floor; false while nobody has spoken yet. It stays
// with the last speaker through silence, and goes to another only who has
// spoken for a while and more than the holder: no cough or keystroke takes it.
func (d *Detector[ID]) Dominant(now time.Time) (ID, bool) {
	d.elect(now)
	if d.dominant == nil {
		var none ID
		return none, false
	}
	return d.dominant.id, true
}

func (d *Detector[ID]) elect(now time.Time) {
	for _, m := range d.order {
		if m != d.dominant && m.takesFloor(d.dominant, now) {
			d.dominant = m
		}
	}
}

func (d *Detector[ID]) member(id ID, now time.Time) *member[ID] {
	m := d.members[id]
	if m == nil {
		m = newMember(id, now)
		d.members[id] = m
		d.order = append(d.order, m)
	}
	return m
}
