package speaker

import "time"

// Loudness is 127 + dBov throughout: 0 is silence, 127 full scale.
const (
	// faintest is the least loudness that can be voice: -55 dBov.
	faintest = 72
	// aboveNoise is how far voice stands out of a member's own noise, in dB.
	aboveNoise = 9
	// unknownLoudness stands for a sender that tells no levels, and
	// unknownExcess for how far it stands out: less than any real voice.
	unknownLoudness = 87
	unknownExcess   = 10

	// A member takes the floor with floorActivity as its recent share of speech,
	// which 460 ms of unbroken voice reach and a cough of 250 ms does not...
	floorActivity = 0.6
	// ...and by having said floorMargin times as much of late as the holder.
	floorMargin = 1.3

	// longestPacket is the most time that one packet stands for. After a longer
	// gap there was silence (DTX), and the packet stands for usualPacket only.
	longestPacket = 60 * time.Millisecond
	usualPacket   = 20 * time.Millisecond
)

// The time constants of what is smoothed.
const (
	attack    = 40 * time.Millisecond
	release   = 200 * time.Millisecond
	shortTerm = 500 * time.Millisecond
	longTerm  = time.Second
)

// member is what was heard of one member.
type member[ID comparable] struct {
	id         ID
	packet     time.Time // the latest
	voice      time.Time // the latest with voice in it; zero if there was none
	tellsLevel bool      // some of its packets have a level
	tellsVoice bool      // its voice flag has been set, so it means something
	noise      noise
	level      float64 // loudness, quick to rise and slow to fall
	activity   float64 // share of the short term with voice in it, 0 to 1
	excess     float64 // voice above noise, in dB, averaged over the long term
}

func newMember[ID comparable](id ID, now time.Time) *member[ID] {
	return &member[ID]{id: id, packet: now.Add(-usualPacket), noise: newNoise(now)}
}

// heard takes a packet with its level.
func (m *member[ID]) heard(loudness uint8, voice bool, now time.Time) {
	m.tellsLevel = true
	m.tellsVoice = m.tellsVoice || voice
	level := float64(loudness)
	above := level - m.noise.heard(level, now)
	voiced := level >= faintest && above >= aboveNoise && (voice || !m.tellsVoice)
	m.take(level, above, voiced, now)
}

// heardUnknown takes a packet without a level. It says nothing of a sender that
// tells levels on its other packets.
func (m *member[ID]) heardUnknown(now time.Time) {
	if m.tellsLevel {
		return
	}
	m.take(unknownLoudness, unknownExcess, true, now)
}

func (m *member[ID]) take(level, above float64, voiced bool, now time.Time) {
	m.level, m.activity, m.excess = m.faded(now)
	stands := max(now.Sub(m.packet), 0)
	if stands > longestPacket {
		stands = usualPacket
	}
	said, share := 0.0, 0.0
	if voiced {
		said, share = above, 1
		m.voice = now
	}
	constant := release
	if level > m.level {
		constant = attack
	}
	m.level = toward(m.level, level, stands, constant)
	m.activity = toward(m.activity, share, stands, shortTerm)
	m.excess = toward(m.excess, said, stands, longTerm)
	m.packet = now
}

// faded is level, activity and excess after the silence since the latest packet.
func (m *member[ID]) faded(now time.Time) (level, activity, excess float64) {
	gap := now.Sub(m.packet)
	if gap <= longestPacket {
		return m.level, m.activity, m.excess
	}
	silence := gap - usualPacket
	return toward(m.level, 0, silence, release),
		toward(m.activity, 0, silence, shortTerm),
		toward(m.excess, 0, silence, longTerm)
}

// loudness is the smoothed loudness now.
func (m *member[ID]) loudness(now time.Time) uint8 {
	level, _, _ := m.faded(now)
	return uint8(level + 0.5)
}

// silent tells whether no voice was in the last 200 ms of what was received, or
// nothing was received for 300 ms.
func (m *member[ID]) silent(now time.Time) bool {
	return m.voice.IsZero() || m.packet.Sub(m.voice) >= quietAfter || now.Sub(m.packet) >= goneAfter
}

// takesFloor tells whether the member takes the floor from its holder, nil for none.
func (m *member[ID]) takesFloor(holder *member[ID], now time.Time) bool {
	_, activity, excess := m.faded(now)
	if activity < floorActivity {
		return false
	}
	if holder == nil {
		return true
	}
	_, _, held := holder.faded(now)
	return excess > floorMargin*held
}
