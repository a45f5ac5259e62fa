package synthetic

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

// VideoConfig says what a [Video] sends. Zero fields take the default.
type VideoConfig struct {
	// Width and Height in pixels; 320 × 180.
	Width, Height int
	// Bitrate in bits per second of RTP payload; 300,000.
	Bitrate int
	// FPS is frames a second; 15.
	FPS int
	// KeyframeEvery is the longest time between keyframes; 0: only when asked.
	KeyframeEvery time.Duration
	// TemporalLayers is 1 (the default), 2 or 3.
	TemporalLayers int
	// PayloadSize is the most bytes in one packet's payload; 1,100.
	PayloadSize int
	// Seed makes one generator's numbers differ from another's.
	Seed uint64
	// Stamp goes into every packet; its At is filled in.
	Stamp Stamp
}

func (c *VideoConfig) setDefaults() {
	for field, value := range map[*int]int{
		&c.Width: 320, &c.Height: 180, &c.Bitrate: 300_000, &c.FPS: 15, &c.TemporalLayers: 1, &c.PayloadSize: 1100,
	} {
		if *field == 0 {
			*field = value
		}
	}
}

// Video makes one layer of VP8 as RTP (RFC 7741): valid pictures of one colour,
// filled up to the bitrate, with 15-bit picture ids.
type Video struct {
	config    VideoConfig
	key, same []byte // what a decoder reads of either kind of frame
	payload   []byte // of the packet in hand
	filler    []byte
	random    *rand.Rand

	asked   atomic.Bool
	started time.Time
	lastKey time.Time

	sequence  uint16
	timestamp uint32
	pictureID uint16
	tl0PicIdx uint8
	frames    int
	debt      int // bytes that a keyframe took from the frames to come
}

// VideoClockRate is the RTP clock of all video, in Hz.
const VideoClockRate = 90_000

// NewVideo makes a generator. Its first frame is a keyframe.
func NewVideo(config VideoConfig) *Video {
	config.setDefaults()
	random := rand.New(rand.NewPCG(config.Seed, 0x766964656f))
	hue := random.Float64() * 2 * math.Pi
	shown := colour{y: random.IntN(5) - 2, u: int(math.Round(4 * math.Cos(hue))), v: int(math.Round(4 * math.Sin(hue)))}
	v := &Video{
		config:    config,
		key:       keyframe(config.Width, config.Height, shown),
		same:      sameFrame(config.Width, config.Height),
		payload:   make([]byte, config.PayloadSize),
		filler:    make([]byte, config.PayloadSize),
		random:    random,
		sequence:  uint16(random.Uint32()),
		timestamp: random.Uint32(),
		pictureID: uint16(random.Uint32()) & 0x7fff,
		tl0PicIdx: uint8(random.Uint32()),
	}
	for i := range v.filler {
		v.filler[i] = byte(random.Uint32())
	}
	v.asked.Store(true)
	return v
}

// FrameDuration is the time between two frames.
func (v *Video) FrameDuration() time.Duration { return time.Second / time.Duration(v.config.FPS) }

// RequestKeyframe makes the next frame a keyframe. Any goroutine may call it.
func (v *Video) RequestKeyframe() { v.asked.Store(true) }

// Frame makes the packets of the frame that is due now and hands each to send,
// which must not keep it: the next one overwrites it. It stops at the first
// error. SSRC and payload type are left to the sender.
func (v *Video) Frame(now time.Time, send func(*rtp.Packet) error) error {
	if v.started.IsZero() {
		v.started, v.lastKey = now, now
	}
	asked := v.asked.Swap(false)
	due := v.config.KeyframeEvery > 0 && now.Sub(v.lastKey) >= v.config.KeyframeEvery
	content := v.same
	if asked || due {
		content, v.lastKey = v.key, now
	}
	header := rtp.Header{
		Version:   2,
		Timestamp: v.timestamp + uint32(now.Sub(v.started).Seconds()*VideoClockRate),
	}
	descriptor := v.describe(asked || due)
	return v.packetize(header, descriptor, content, v.size(len(content), asked || due), now, send)
}

// size is how many bytes the next frame has: the bitrate in the mean.
func (v *Video) size(least int, key bool) int {
	mean := v.config.Bitrate / 8 / v.config.FPS
	size := mean
	if key {
		size = 3 * mean
		v.debt += size - mean
	} else {
		part := min(v.debt, mean/4)
		v.debt -= part
		size += v.random.IntN(mean/4+1) - mean/8 - part
	}
	return max(size, least+StampLen)
}

// describe makes the payload descriptor of the next frame (RFC 7741 §4.2), its
// start bit set.
func (v *Video) describe(key bool) []byte {
	if key {
		v.frames = 0
	}
	layer, sync := v.temporal()
	if layer == 0 {
		v.tl0PicIdx++
	}
	v.frames++
	v.pictureID = (v.pictureID + 1) & 0x7fff
	const extended, start, hasPictureID, hasTL0, hasTID = 0x80, 0x10, 0x80, 0x40, 0x20
	long := []byte{byte(v.pictureID>>8) | 0x80, byte(v.pictureID)}
	if v.config.TemporalLayers == 1 {
		return append([]byte{extended | start, hasPictureID}, long...)
	}
	descriptor := append([]byte{extended | start, hasPictureID | hasTL0 | hasTID}, long...)
	return append(descriptor, v.tl0PicIdx, layer<<6|sync<<5)
}

// temporal is the layer of the next frame, and 1 if it needs layer 0 alone.
func (v *Video) temporal() (layer, sync uint8) {
	switch v.config.TemporalLayers {
	case 2:
		layer = uint8(v.frames % 2)
	case 3:
		layer = [4]uint8{0, 2, 1, 2}[v.frames%4]
	}
	if layer > 0 && v.frames < 4 {
		sync = 1
	}
	return layer, sync
}

// packetize cuts a frame of size bytes that begins with content into packets of
// about the same size.
func (v *Video) packetize(header rtp.Header, descriptor, content []byte, size int, now time.Time,
	send func(*rtp.Packet) error,
) error {
	room := v.config.PayloadSize - len(descriptor)
	packets := (size + room - 1) / room
	for i, from := 0, 0; i < packets; i++ {
		to := size * (i + 1) / packets
		payload := v.payload[:copy(v.payload, descriptor)+to-from]
		body := payload[len(descriptor):]
		copy(body, v.filler)
		if from < len(content) {
			copy(body, content[from:])
		}
		if to-max(from, len(content)) >= StampLen {
			stamp := v.config.Stamp
			stamp.At = now.UnixNano()
			stamp.put(payload)
		}
		header.Marker = i == packets-1
		header.SequenceNumber = v.sequence
		v.sequence++
		if err := send(&rtp.Packet{Header: header, Payload: payload}); err != nil {
			return err
		}
		descriptor[0] &^= 0x10 // only the first packet starts the frame
		from = to
	}
	return nil
}
