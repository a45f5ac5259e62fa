package sfu

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"madang/sfu/timeline"
)

// talker is somebody in front of a camera and a microphone, with a clock of
// their own. Both say when they were captured, in bytes that nobody rewrites.
type talker struct {
	e             *endpoint
	camera, mic   *Source
	ahead         time.Duration // of the server's clock
	drift         float64       // of a second, per second
	delay         time.Duration // of the network at least
	ssrc          uint32
	video, audio  uint16    // sequence numbers
	vStamp, aBase uint32    // RTP timestamps at the beginning
	arrived       time.Time // what it sent last
	voice         bool
	sloppy        time.Duration // how late packets leave at most
}

// at is when something is captured, in this talker's own time.
func (k *talker) at(real time.Time, began time.Time) time.Duration {
	return time.Duration(float64(real.Sub(began)) * (1 + k.drift))
}

func (k *talker) stamps(since time.Duration) (video, audio uint32) {
	return k.vStamp + uint32(since*90_000/time.Second), k.aBase + uint32(since*48_000/time.Second)
}

// arrival is a packet or report on its way to the server.
type arrival struct {
	at   time.Time
	to   *endpoint
	raw  []byte
	rtcp bool
}

// meeting plays talkers to a viewer of one pair in simulated time.
type meeting struct {
	*world
	began    time.Time
	talkers  []*talker
	arrivals []arrival
	rng      *rand.Rand
}

// say makes what a talker sends in the 10 ms at real.
func (m *meeting) say(k *talker, n int, real time.Time) {
	since := k.at(real, m.began)
	v, a := k.stamps(since)
	post := func(raw []byte, isRTCP bool) {
		at := real.Add(k.delay + time.Duration(m.rng.IntN(80))*time.Millisecond)
		if at.Before(k.arrived) {
			at = k.arrived // no reordering: congestion
		}
		k.arrived = at
		m.arrivals = append(m.arrivals, arrival{at, k.e, raw, isRTCP})
	}
	level := byte(0xff)
	if k.voice && n%200 < 150 {
		level = 0x80 | 20
	}
	if n%2 == 0 { // audio, 20 ms
		k.audio++
		raw := labelled(k.ssrc+1, 111, k.audio, moment(real, m.began), map[uint8]string{testLevel: string([]byte{level})})
		setStamp(raw, a)
		post(raw, false)
	}
	if n%4 == 0 { // video, 40 ms
		k.video++
		payload := append(vp8(n%40 == 0, k.video), moment(real, m.began)...)
		raw := labelled(k.ssrc, 96, k.video, payload, nil)
		setStamp(raw, v)
		post(raw, false)
	}
	if n%100 == 37 { // reports, one a second
		ntp := timeline.ToNTP(m.began.Add(k.ahead + since))
		if k.sloppy > 0 { // it counts from when packets left
			v, _ = k.stamps(since - time.Duration(m.rng.Int64N(int64(k.sloppy))))
			_, a = k.stamps(since - time.Duration(m.rng.Int64N(int64(k.sloppy))))
		}
		for i, stamp := range []uint32{v, a} {
			raw, _ := (&rtcp.SenderReport{SSRC: k.ssrc + uint32(i), NTPTime: ntp, RTPTime: stamp}).Marshal()
			post(raw, true)
		}
	}
}

func setStamp(raw []byte, stamp uint32) {
	raw[4], raw[5], raw[6], raw[7] = byte(stamp>>24), byte(stamp>>16), byte(stamp>>8), byte(stamp)
}

// moment is a payload that says when it was captured, in milliseconds.
func moment(real, began time.Time) []byte {
	ms := uint32(real.Sub(began) / time.Millisecond)
	return []byte{byte(ms >> 24), byte(ms >> 16), byte(ms >> 8), byte(ms)}
}

func momentOf(p rtp.Packet) time.Duration {
	b := p.Payload[len(p.Payload)-4:]
	return time.Duration(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8|uint32(b[3])) * time.Millisecond
}

func (m *meeting) run(n int) {
	real := m.now
	for _, k := range m.talkers {
		m.say(k, n, real)
	}
	rest := m.arrivals[:0]
	for _, a := range m.arrivals {
		switch {
		case a.at.After(m.now):
			rest = append(rest, a)
		case a.rtcp:
			a.to.receiveRTCP(a.raw, m.now)
		default:
			a.to.receiveRTP(a.raw, m.now)
		}
	}
	m.arrivals = rest
	m.tick(10 * time.Millisecond)
}

// playout is when a browser takes a packet to be captured, by the sender
// reports of its slot (RFC 3550 section 6.4.1).
func playout(reports []rtcp.Packet, p rtp.Packet, rate int64) time.Duration {
	var newest *rtcp.SenderReport
	for _, r := range reports {
		if sr, ok := r.(*rtcp.SenderReport); ok && sr.SSRC == p.SSRC {
			newest = sr
		}
	}
	off := time.Duration(int64(int32(p.Timestamp-newest.RTPTime))*1000/rate) * time.Millisecond
	return timeline.FromNTP(newest.NTPTime).Add(off).Sub(time.Time{}.AddDate(2025, 0, 0))
}

func newMeeting(talkers ...*talker) *meeting {
	m := &meeting{world: newWorld(), talkers: talkers, rng: rand.New(rand.NewPCG(3, 4))}
	m.began = m.now
	for i, k := range talkers {
		k.e, _ = extended(m.world)
		k.ssrc = uint32(10 * (i + 1))
		k.camera, k.mic = m.source(k.e, Camera, k.ssrc), m.source(k.e, Mic, k.ssrc+1)
		k.mic.wing = m.wing
	}
	return m
}

func TestLipsStayInSyncThroughSwitchesBetweenClocksAnHourApart(t *testing.T) {
	m := newMeeting(
		&talker{delay: 20 * time.Millisecond, voice: true, vStamp: 0xfff00000, aBase: 77},
		&talker{delay: 90 * time.Millisecond, voice: true, sloppy: 150 * time.Millisecond, ahead: time.Hour, drift: 100e-6, vStamp: 1 << 31, aBase: 0xffffff00},
	)
	viewer, path := m.peer()
	video, audio := m.slot(viewer, "v", Video, 900), m.slot(viewer, "a", Audio, 910)
	// The two slots' lines began at different times, as those of a real offer do.
	audio.line = timeline.NewLine(m.now.Add(-17*time.Millisecond), 5, 48_000)
	const perSwitch = 200 // 2 s
	good, all, lastVideo, lastAudio := 0, 0, -1, -1
	for n := range 51 * perSwitch {
		if n%perSwitch == 0 {
			k := m.talkers[n/perSwitch%2]
			video.assign(Feed{Source: k.camera}, m.now)
			audio.assign(Feed{Source: k.mic}, m.now)
		}
		m.run(n)
		for i, p := range path.rtp {
			if p.SSRC == 900 {
				lastVideo = i
			} else {
				lastAudio = i
			}
		}
		if n%perSwitch > 50 && lastVideo >= 0 && lastAudio >= 0 && n > 300 {
			v, a := path.rtp[lastVideo], path.rtp[lastAudio]
			lips := (playout(path.rtcp, a, 48_000) - momentOf(a)) - (playout(path.rtcp, v, 90_000) - momentOf(v))
			if all++; lips.Abs() <= 40*time.Millisecond {
				good++
			}
			if lips.Abs() > 100*time.Millisecond {
				t.Fatalf("%v after %v", lips, m.now.Sub(m.began))
			}
		}
		if n%100 == 99 {
			path.rtp, lastVideo, lastAudio = path.rtp[:0], -1, -1
			path.rtcp = path.rtcp[max(0, len(path.rtcp)-6):]
		}
	}
	if all < 1000 || good*100 < all*95 {
		t.Errorf("in sync in %d of %d samples", good, all)
	}
}

func TestPublisherAheadOfTimeDoesNotTakeTheSlotWithIt(t *testing.T) {
	for _, reports := range []bool{true, false} {
		w := newWorld()
		fast, _ := extended(w)
		honest, _ := extended(w)
		viewer, path := w.peer()
		a, b := w.source(fast, Camera, 10), w.source(honest, Camera, 20)
		slot := w.slot(viewer, "1", Video, 900)
		slot.assign(Feed{Source: a}, w.now)
		cams := []*camera{{from: fast, ssrc: 10, size: 2}, {from: honest, ssrc: 20, size: 2}}
		for i := range 400 {
			if i == 300 {
				slot.assign(Feed{Source: b}, w.now)
			}
			cams[0].stamp += 30_000 // a third of a second, every 30 ms
			for _, c := range cams {
				for _, raw := range c.frame(i%10 == 0) {
					c.from.receiveRTP(raw, w.now)
				}
				if i%30 == 1 && reports {
					raw, _ := (&rtcp.SenderReport{SSRC: c.ssrc, NTPTime: timeline.ToNTP(w.now), RTPTime: c.stamp}).Marshal()
					c.from.receiveRTCP(raw, w.now)
				}
			}
			packets := path.media(900)
			last := packets[len(packets)-1]
			if ahead := int32(last.Timestamp - slot.line.At(w.now)); ahead > 90_000 {
				t.Fatalf("reports %v: %d ticks ahead of time at frame %d", reports, ahead, i)
			}
			w.tick(frameEvery)
		}
		packets := path.media(900)
		checkContinuous(t, packets)
		if off := int32(packets[len(packets)-1].Timestamp - slot.line.At(w.now)); off < -9000 || off > 9000 {
			t.Errorf("reports %v: the honest one is %d ticks off the line", reports, off)
		}
	}
}

func TestFrameKeepsOneTimestampHoweverItsPacketsCome(t *testing.T) {
	w := newWorld()
	a, _ := extended(w)
	viewer, path := w.peer()
	source := w.source(a, Camera, 10)
	slot := w.slot(viewer, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	cam := &camera{from: a, ssrc: 10, size: 3}
	rng := rand.New(rand.NewPCG(5, 6))
	stamps := map[uint16]uint32{} // by picture id
	for i := range 600 {
		packets := cam.frame(i == 0)
		if i%2 == 0 { // the reports say that it is off, this way and that
			ntp := timeline.ToNTP(w.now.Add(-time.Duration(2*i+rng.IntN(200)) * time.Millisecond))
			raw, _ := (&rtcp.SenderReport{SSRC: 10, NTPTime: ntp, RTPTime: cam.stamp}).Marshal()
			a.receiveRTCP(raw, w.now)
		}
		if i > 0 {
			rng.Shuffle(len(packets), func(i, j int) { packets[i], packets[j] = packets[j], packets[i] })
		}
		for _, raw := range packets {
			a.receiveRTP(raw, w.now)
		}
		w.tick(frameEvery)
	}
	for _, p := range path.media(900) {
		if old, known := stamps[pictureID(p)]; known && old != p.Timestamp {
			t.Fatalf("picture %d has two timestamps", pictureID(p))
		}
		stamps[pictureID(p)] = p.Timestamp
	}
	if slot.runs.count < 10 {
		t.Error("the timestamps were never moved")
	}
}

func TestSlotIdleForHoursComesBackOnItsLine(t *testing.T) {
	w := newWorld()
	a, _ := extended(w)
	viewer, path := w.peer()
	source := w.source(a, Camera, 10)
	slot := w.slot(viewer, "1", Video, 900)
	cam := &camera{from: a, ssrc: 10, size: 1}
	for range 2 {
		slot.assign(Feed{Source: source}, w.now)
		for i := range 10 {
			a.receiveRTP(cam.frame(i == 0)[0], w.now)
			w.tick(frameEvery)
		}
		slot.assign(Feed{}, w.now)
		w.now = w.now.Add(8 * time.Hour) // more than half round the timestamps
	}
	packets := path.media(900)
	last := packets[len(packets)-1]
	w.now = w.now.Add(-8 * time.Hour)
	if off := int32(last.Timestamp - slot.line.At(w.now)); off < -9000 || off > 9000 {
		t.Errorf("%d ticks off the line", off)
	}
}

func TestBurstOfPaddingCostsNoMemoryOfWhatWasSent(t *testing.T) {
	w := newWorld()
	a, _ := w.peer()
	viewer, path := w.peer()
	source := w.source(a, Camera, 10)
	slot := w.slot(viewer, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	cam := &camera{from: a, ssrc: 10, size: 1}
	a.receiveRTP(cam.frame(true)[0], w.now)
	for range 200 {
		a.receiveRTP(cam.padding(), w.now)
	}
	a.receiveRTP(cam.frame(false)[0], w.now)
	packets := path.media(900)
	if len(packets) != 2 {
		t.Fatalf("%d packets", len(packets))
	}
	checkContinuous(t, packets)
	path.rtp = nil
	if !slot.resend(packets[0].SequenceNumber) || !slot.resend(packets[1].SequenceNumber) {
		t.Error("what was sent is forgotten")
	}
}
