package pacer

import (
	"slices"
	"testing"
	"time"

	"madang/sfu/rtpout"
)

// frameBytes is a frame such that all media takes 85 % of a rate.
func frameBytes(rate int) int { return (rate*85/100 - 44_000) / 8 / 20 }

func TestKeyframeDoesNotDrownAThinLink(t *testing.T) {
	for _, tt := range []struct {
		rate, keyframe int
		network        time.Duration // at most, with the pacer
		slower         time.Duration // that the keyframe may be for it
	}{
		{300_000, 12_000, 100 * ms, 60 * ms},
		{600_000, 20_000, 65 * ms, 60 * ms},
		{600_000, 60_000, 65 * ms, 60 * ms},
		{2_000_000, 60_000, 60 * ms, 20 * ms},
	} {
		run := func(estimate int, queue time.Duration) *call {
			c := newCall(DefaultConfig(), tt.rate, queue)
			c.pacer.SetRate(estimate, anyQueue, begin)
			c.run(6*time.Second, frameBytes(tt.rate), tt.keyframe)
			return c
		}
		plain, paced := run(0, 0).outcome(), run(tt.rate, 0).outcome()
		t.Logf("%d kbit/s, %d bytes: longest queue in the network %v without pacer, %v with; audio late %v, %v; keyframe complete after %v, %v",
			tt.rate/1000, tt.keyframe, plain.network.Round(ms), paced.network.Round(ms), plain.audio.Round(ms), paced.audio.Round(ms), plain.keyframe.Round(ms), paced.keyframe.Round(ms))
		if paced.paced[Audio] != 0 || paced.network > tt.network || paced.audio > tt.network+10*ms {
			t.Errorf("audio waited %v here, %v in all; the network's queue was %v", paced.paced[Audio], paced.audio, paced.network)
		}
		if paced.keyframe > plain.keyframe+tt.slower {
			t.Errorf("the keyframe took %v instead of %v", paced.keyframe, plain.keyframe)
		}
		// A router with a queue of 200 ms, as the thin link of a home has one.
		if c := run(0, 200*ms); c.lost == 0 {
			t.Error("nothing was lost without pacer: the case shows nothing")
		}
		if c := run(tt.rate, 200*ms); c.lost > 0 || c.refused > 0 {
			t.Errorf("%d packets lost, %d refused", c.lost, c.refused)
		}
	}
}

func TestGoodLinkPaysNothing(t *testing.T) {
	c := newCall(DefaultConfig(), 20_000_000, 0)
	c.pacer.SetRate(10_000_000, anyQueue, begin)
	c.run(3*time.Second, 10_000, 50_000)
	if o := c.outcome(); o.paced[Video] != 0 || o.paced[Audio] != 0 {
		t.Errorf("a packet waited: %v", o.paced)
	}
}

func TestWithoutRateEverythingPasses(t *testing.T) {
	c := newCall(DefaultConfig(), 1_000_000, 0)
	for range 1000 {
		if !c.pacer.Pass(Video, 1200, begin) {
			t.Fatal("held back")
		}
	}
	if next := c.pacer.Due(begin, c); !next.IsZero() {
		t.Errorf("due at %v", next)
	}
	c.pacer.SetRate(100_000, anyQueue, begin)
	c.frame(12_000)
	c.pacer.SetRate(0, anyQueue, begin)
	if packets, _ := c.pacer.Queued(); packets == 0 {
		t.Fatal("nothing waits: the case shows nothing")
	}
	if next := c.pacer.Due(begin, c); !next.IsZero() || len(c.arrived) != 10 {
		t.Errorf("%d of 10 packets sent, the next due at %v", len(c.arrived), next)
	}
}

func TestTooLowEstimateDelaysNoLongerThanPromised(t *testing.T) {
	c := newCall(DefaultConfig(), 20_000_000, 0)
	c.pacer.SetRate(300_000, anyQueue, begin)
	c.run(4*time.Second, 1000, 50_000)
	o := c.outcome()
	if worst := DefaultConfig().Wait + 10*ms; o.paced[Video] > worst || o.paced[Video] < 300*ms {
		t.Errorf("video waited %v", o.paced[Video])
	}
	if c.refused > 0 {
		t.Errorf("%d packets refused", c.refused)
	}
}

func TestRepairsOvertakeVideoAndAudioWaitsForNothing(t *testing.T) {
	c := newCall(DefaultConfig(), 1_000_000, 0)
	c.pacer.SetRate(500_000, anyQueue, begin)
	c.frame(12_000)
	c.send(Repair, 1200)
	c.send(Audio, 110)
	for ; len(c.arrived) < 12; c.now += ms {
		c.pacer.Due(begin.Add(c.now), c)
	}
	var order []Priority
	for _, a := range c.arrived {
		order = append(order, a.priority)
	}
	waited := 0 // video before the repair
	for order[waited] != Audio {
		waited++
	}
	if order[waited+1] != Repair || waited > 4 {
		t.Errorf("they left as %v", order)
	}
}

func TestWhatCannotLeaveInTimeIsRefused(t *testing.T) {
	c := newCall(DefaultConfig(), 10_000_000, 0)
	c.pacer.SetRate(600_000, anyQueue, begin) // twice that for 0.8 s is 120 KB
	c.frame(80_000)
	if c.refused > 0 || c.pacer.Full() {
		t.Fatalf("%d packets refused, full %v", c.refused, c.pacer.Full())
	}
	c.frame(20_000)
	if c.refused > 0 || !c.pacer.Full() {
		t.Errorf("%d packets refused, full %v", c.refused, c.pacer.Full())
	}
	c.frame(60_000)
	if _, bytes := c.pacer.Queued(); c.refused == 0 || bytes > 120_000 {
		t.Errorf("%d packets refused, %d bytes wait", c.refused, bytes)
	}
	if d := c.pacer.Delay(begin); d != DefaultConfig().Wait {
		t.Errorf("delay %v", d)
	}
	c.now = DefaultConfig().Wait
	if next := c.pacer.Due(begin.Add(c.now), c); !next.IsZero() || c.pacer.Delay(begin.Add(2*c.now)) != 0 {
		t.Errorf("something still waits, until %v", next)
	}
}

func TestLowerRateKeepsWhatWasSent(t *testing.T) {
	c := newCall(DefaultConfig(), 1_000_000, 0)
	c.pacer.SetRate(10_000_000, anyQueue, begin)
	for c.pacer.Pass(Video, 1200, begin) {
	}
	c.pacer.SetRate(1_000_000, 500*ms, begin)
	if c.pacer.Pass(Video, 1200, begin.Add(300*ms)) {
		t.Error("62 KB were sent to a link that carries them in 500 ms, and 300 ms later more")
	}
	if !c.pacer.Pass(Video, 1200, begin.Add(600*ms)) {
		t.Error("held back for longer than the link needs")
	}
}

// TestACollapsedLinkOwesWhatItKept: of what was sent it has only what the queue
// says; a keyframe that makes up for the rest does not wait for that.
func TestACollapsedLinkOwesWhatItKept(t *testing.T) {
	c := newCall(DefaultConfig(), 1_000_000, 0)
	c.pacer.SetRate(2_700_000, anyQueue, begin)
	for c.pacer.Pass(Video, 1200, begin) {
	}
	c.pacer.SetRate(200_000, 250*ms, begin)
	if c.pacer.Pass(Video, 1200, begin.Add(100*ms)) {
		t.Error("sent into a queue of 250 ms after 100")
	}
	if !c.pacer.Pass(Video, 1200, begin.Add(250*ms)) {
		t.Error("held back for what the link has dropped")
	}
}

// TestACollapsedLinkOwesNoMoreForHavingHurried: what waited is cut with the
// collapse, and what comes instead must not wait for it.
func TestACollapsedLinkOwesNoMoreForHavingHurried(t *testing.T) {
	c := newCall(DefaultConfig(), 1_000_000, 0)
	c.pacer.SetRate(2_700_000, anyQueue, begin)
	for c.pacer.Pass(Video, 1200, begin) {
	}
	for range 50 {
		c.pacer.Queue(Video, sized(rtpout.Header{SSRC: 7}, 1200), begin)
	}
	c.pacer.SetRate(200_000, 250*ms, begin)
	c.pacer.Drop(7, begin)
	if !c.pacer.Pass(Video, 1200, begin.Add(250*ms)) {
		t.Errorf("held back for what the link has dropped: %v", c.pacer.Delay(begin.Add(250*ms)))
	}
}

// TestOverheadCounts: small packets cost a link what is around them too.
func TestOverheadCounts(t *testing.T) {
	config := DefaultConfig()
	config.Overhead = 100
	c := newCall(config, 1_000_000, 0)
	c.pacer.SetRate(800_000, anyQueue, begin) // 100 bytes a millisecond
	passed := 0
	for c.pacer.Pass(Video, 100, begin) {
		passed++
	}
	if want := int(config.Burst/ms)/2 + 1; passed != want {
		t.Errorf("%d packets of 200 bytes at once, want %d", passed, want)
	}
}

func TestDropForgetsOneStream(t *testing.T) {
	c := newCall(DefaultConfig(), 1_000_000, 0)
	c.pacer.SetRate(200_000, anyQueue, begin)
	c.frame(24_000)
	sent := len(c.arrived)
	for range 5 {
		c.send(Repair, 500)
	}
	c.pacer.Drop(uint32(Video)+1, begin)
	if packets, bytes := c.pacer.Queued(); packets != 5 || bytes != 2500 {
		t.Fatalf("%d packets wait, %d bytes", packets, bytes)
	}
	c.now = time.Second
	c.pacer.Due(begin.Add(c.now), c)
	for i, a := range c.arrived[sent:] {
		if a.priority != Repair || int(a.number) != i {
			t.Errorf("packet %d of priority %d left", a.number, a.priority)
		}
	}
	if len(c.arrived) != sent+5 {
		t.Errorf("%d left instead of 5", len(c.arrived)-sent)
	}
}

// last keeps the packet that leaves.
type last struct{ packet rtpout.Packet }

func (l *last) Send(_ Priority, _ int, p *rtpout.Packet) {
	l.packet = *p
	l.packet.Head, l.packet.Payload = slices.Clone(p.Head), slices.Clone(p.Payload)
}

func (l *last) Pad(int, int) int { return 0 }

func TestPacketLeavesAsItCame(t *testing.T) {
	mid := []rtpout.Extension{{ID: 3, Value: []byte("2")}}
	for _, tt := range []struct {
		payload    string
		padding    uint8
		extensions []rtpout.Extension
		numbered   uint8
	}{{"a picture", 0, mid, 5}, {"a short one", 3, mid, 5}, {"", 224, nil, 5}, {"plain", 0, nil, 0}} {
		p := New(DefaultConfig(), NewPool(0), begin)
		var out last
		in := rtpout.Packet{Payload: []byte(tt.payload), Padding: tt.padding}
		in.Label(rtpout.Header{SSRC: 9, SequenceNumber: 7, Timestamp: 8, PayloadType: 96, Marker: true}, tt.extensions, tt.numbered)
		if !p.Queue(Video, &in, begin) {
			t.Fatal("refused")
		}
		p.Due(begin, &out)
		got := out.packet
		if string(got.Head) != string(in.Head) || string(got.Payload) != tt.payload || got.Padding != tt.padding || got.Numbered() != in.Numbered() {
			t.Errorf("left as\n%+v\ninstead of\n%+v", got, in)
		}
	}
}

func TestTooLongPacketIsRefused(t *testing.T) {
	p := New(DefaultConfig(), NewPool(0), begin)
	packet := sized(rtpout.Header{}, 12)
	packet.Payload = make([]byte, MaxPacket-11)
	if p.Queue(Video, packet, begin) {
		t.Error("taken")
	}
	packet.Payload = packet.Payload[1:]
	if !p.Queue(Video, packet, begin) {
		t.Error("refused")
	}
}
