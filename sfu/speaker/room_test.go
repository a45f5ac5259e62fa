package speaker

import (
	"math/rand/v2"
	"time"
)

// frame is the time between two packets of a simulated microphone.
const frame = 20 * time.Millisecond

// turn is one member holding the floor in truth, from and to a time since the
// start of the meeting.
type turn struct {
	who      int
	from, to time.Duration
}

// mic is one simulated microphone: what is said into it and how it tells.
type mic struct {
	speech, noise  float64 // loudness
	dtx            bool    // sends next to nothing in silence
	alwaysVoice    bool    // sets the voice flag on everything that is loud
	neverVoice     bool
	speaks, coughs []bool // by frame; keystrokes are coughs
}

// set marks a span of frames.
func set(frames []bool, from, to time.Duration) {
	for i := int(from / frame); i < min(int((to+frame-1)/frame), len(frames)); i++ {
		frames[i] = true
	}
}

// meeting is a simulated room: turns of talk, and noises by those who listen.
type meeting struct {
	random *rand.Rand
	length time.Duration
	mics   []mic
	turns  []turn
}

func newMeeting(seed uint64, members int, length time.Duration) *meeting {
	m := &meeting{random: rand.New(rand.NewPCG(seed, 1)), length: length, mics: make([]mic, members)}
	for i := range m.mics {
		frames := int(length / frame)
		m.mics[i] = mic{
			speaks: make([]bool, frames), coughs: make([]bool, frames),
			speech: 127 - m.between(20, 36), noise: 127 - m.between(55, 75),
			dtx: i%3 == 1, alwaysVoice: i%4 == 1, neverVoice: i%4 == 2,
		}
	}
	m.takeTurns()
	for i := range m.mics {
		m.disturb(i)
	}
	return m
}

func (m *meeting) between(a, b float64) float64 { return a + (b-a)*m.random.Float64() }

func (m *meeting) ms(a, b float64) time.Duration {
	return time.Duration(m.between(a, b) * float64(time.Millisecond))
}

// takeTurns lets one member after another talk, some a little into the other's
// words and some after a pause, in phrases with pauses for breath.
func (m *meeting) takeTurns() {
	last := -1
	for at := m.ms(0, 2000); at < m.length-5*time.Second; {
		who := m.random.IntN(len(m.mics))
		if who == last {
			continue
		}
		t := turn{who, at, at + m.ms(3000, 15000)}
		for from := t.from; from < t.to; {
			to := min(from+m.ms(800, 3000), t.to)
			set(m.mics[who].speaks, from, to)
			from = to + m.ms(100, 500)
		}
		m.turns = append(m.turns, t)
		last, at = who, t.to+m.ms(-400, 1500)
	}
}

// disturb has a member cough about once in 40 s and type now and then.
func (m *meeting) disturb(who int) {
	noises := m.mics[who].coughs
	for at := m.ms(0, 40000); at < m.length; at += m.ms(2000, 80000) {
		set(noises, at, at+m.ms(80, 230))
	}
	if who%5 == 0 {
		for at := m.ms(0, 60000); at < m.length; at += m.ms(20000, 80000) {
			for key, end := at, at+m.ms(2000, 5000); key < end; key += m.ms(120, 300) {
				set(noises, key, key+m.ms(10, 20))
			}
		}
	}
}

// talks tells whether who is in a turn at a time, or was within slack before.
func (m *meeting) talks(who int, at, slack time.Duration) bool {
	for _, t := range m.turns {
		if t.who == who && at >= t.from && at < t.to+slack {
			return true
		}
	}
	return false
}

// coughs tells the same of coughs and keystrokes.
func (m *meeting) coughs(who int, at, slack time.Duration) bool {
	for i := max(0, int((at-slack)/frame)); i <= int(at/frame); i++ {
		if m.mics[who].coughs[i] {
			return true
		}
	}
	return false
}

// packet is what a member's microphone sends at a time, if anything.
func (m *meeting) packet(who int, at time.Duration) (dBov uint8, voice, sent bool) {
	mic := &m.mics[who]
	level := mic.noise + m.random.NormFloat64()*2
	speaks := mic.speaks[at/frame]
	if speaks {
		level = mic.speech + m.random.NormFloat64()*4
		if m.random.IntN(5) == 0 {
			level -= 15 // between two syllables
		}
	}
	loud := mic.coughs[at/frame]
	if loud {
		level = 127 - 15
	}
	if mic.dtx && !speaks && !loud && at%(400*time.Millisecond) != 0 {
		return 0, false, false
	}
	voice = !mic.neverVoice && (speaks || loud && mic.alwaysVoice)
	return uint8(min(max(127-level, 0), 127)), voice, true
}

// run plays the meeting to a detector and calls each after every frame.
func (m *meeting) run(d *Detector[int], start time.Time, each func(at time.Duration, now time.Time)) {
	for at := time.Duration(0); at < m.length; at += frame {
		now := start.Add(at)
		for who := range m.mics {
			if dBov, voice, sent := m.packet(who, at); sent {
				d.Level(who, dBov, voice, now)
			}
		}
		each(at, now)
	}
}
