package synthetic

import (
	"math/rand/v2"
	"time"

	"github.com/pion/rtp"
)

// VoiceConfig says what a [Voice] sends. Zero fields take the default.
type VoiceConfig struct {
	// Bitrate in bits per second of RTP payload, 9,600 to 100,000; 32,000.
	Bitrate int
	// Turn says when it speaks.
	Turn Turn
	// Seed makes one generator's numbers differ from another's.
	Seed uint64
	// Stamp goes into every packet; its At is filled in.
	Stamp Stamp
}

// Turn is a place in a conversation: of so many talkers, each speaks for a while
// in turn. The zero value never speaks.
type Turn struct {
	// Of is how many take turns, Index which of them this is (from 0).
	Of, Index int
	// Each is how long one turn lasts.
	Each time.Duration
}

// Speaks tells whether it is this talker's turn, so long after the conversation
// began.
func (t Turn) Speaks(since time.Duration) bool {
	return t.Of > 0 && int(since/t.Each)%t.Of == t.Index
}

// Voice makes Opus as RTP (RFC 7587): a valid packet of silence each 20 ms, with
// a loudness beside it (RFC 6464) that follows the talker's turns.
type Voice struct {
	config    VoiceConfig
	payload   []byte
	random    *rand.Rand
	began     time.Time
	started   time.Time
	sequence  uint16
	timestamp uint32
}

const (
	// VoiceClockRate is the RTP clock of Opus, in Hz.
	VoiceClockRate = 48_000
	// VoicePeriod is the time between two packets.
	VoicePeriod = 20 * time.Millisecond
)

// NewVoice makes a generator for a conversation that began at a time, which is
// the same for all who take turns.
func NewVoice(config VoiceConfig, began time.Time) *Voice {
	if config.Bitrate == 0 {
		config.Bitrate = 32_000
	}
	random := rand.New(rand.NewPCG(config.Seed, 0x766f696365))
	return &Voice{
		config:    config,
		payload:   silence(config.Bitrate / 8 / int(time.Second/VoicePeriod)),
		random:    random,
		began:     began,
		sequence:  uint16(random.Uint32()),
		timestamp: random.Uint32(),
	}
}

// silence is an Opus packet of that many bytes (24 to 250): fullband, 20 ms,
// nothing to be heard; the rest is padding (RFC 6716 §3.2.5).
func silence(size int) []byte {
	size = min(max(size, 24), 250)
	const configCELT, oneFrame, padded = 31 << 3, 1, 0x40
	packet := make([]byte, size)
	padding := size - 5
	copy(packet, []byte{configCELT | 3, padded | oneFrame, byte(padding), 0xff, 0xfe})
	return packet
}

// Packet makes the packet that is due now, without SSRC and payload type, and
// says how loud it is: −dBov, 0 (loudest) to 127 (silence). The next call
// overwrites it.
func (v *Voice) Packet(now time.Time) (packet *rtp.Packet, level uint8) {
	if v.started.IsZero() {
		v.started = now
	}
	stamp := v.config.Stamp
	stamp.At = now.UnixNano()
	stamp.put(v.payload)
	level = 127
	if v.config.Turn.Speaks(now.Sub(v.began)) {
		level = uint8(20 + v.random.IntN(10))
	}
	periods := (now.Sub(v.started) + VoicePeriod/2) / VoicePeriod
	packet = &rtp.Packet{
		Header: rtp.Header{
			Version:        2,
			SequenceNumber: v.sequence,
			Timestamp:      v.timestamp + uint32(periods)*uint32(VoiceClockRate*VoicePeriod/time.Second),
		},
		Payload: v.payload,
	}
	v.sequence++
	return packet, level
}
