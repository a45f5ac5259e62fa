//go:build !race

package bwe

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// pion is Pion's ready estimator, which tells the time by itself: it lives in a
// bubble of simulated time.
type pion struct {
	t      *testing.T
	gcc    *gcc.SendSideBWE
	stream interceptor.RTPWriter
	buf    [2000]byte
}

const pionExtension = 1

func newPion(t *testing.T, c Config) *pion {
	g, err := gcc.NewSendSideBWE(gcc.SendSideBWEPacer(gcc.NewNoOpPacer()), gcc.SendSideBWEInitialBitrate(c.Start),
		gcc.SendSideBWEMinBitrate(c.Min), gcc.SendSideBWEMaxBitrate(c.Max))
	if err != nil {
		t.Fatal(err)
	}
	stream := g.AddStream(&interceptor.StreamInfo{SSRC: 1, RTPHeaderExtensions: []interceptor.RTPHeaderExtension{{
		URI: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", ID: pionExtension,
	}}}, interceptor.RTPWriterFunc(func(_ *rtp.Header, payload []byte, _ interceptor.Attributes) (int, error) {
		return len(payload), nil
	}))
	return &pion{t: t, gcc: g, stream: stream}
}

func (p *pion) Sent(seq uint16, size int, _ time.Time, _ int) {
	header := rtp.Header{Version: 2, SSRC: 1, SequenceNumber: seq}
	if err := header.SetExtension(pionExtension, []byte{byte(seq >> 8), byte(seq)}); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.stream.Write(&header, p.buf[:max(size-header.MarshalSize(), 0)], interceptor.Attributes{}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pion) Feedback(fb *rtcp.TransportLayerCC, _ time.Time) {
	if err := p.gcc.WriteRTCP([]rtcp.Packet{fb}, nil); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pion) Target() int                        { return p.gcc.GetTargetBitrate() }
func (*pion) Tick(time.Time)                       {}
func (*pion) Probe(time.Time, int) (Cluster, bool) { return Cluster{}, false }
func (*pion) Due(time.Time) int                    { return 0 }
func (w *world) bubble(until time.Duration)        { w.pass = pass; w.run(until) }
func pass()                                        { time.Sleep(ms); synctest.Wait() }

// TestCompareWithPion prints both estimates over time on the same links. It
// asks nothing of Pion's and of ours what the other tests ask.
func TestCompareWithPion(t *testing.T) {
	if !testing.Verbose() {
		t.Skip("it only prints: run it with -v")
	}
	for _, c := range []struct {
		name   string
		source func() source
		link   func(*link)
		vary   bool
	}{
		{"RFC 8867 5.1, elastic source", func() source { return &elastic{most: usual.Max} }, func(*link) {}, true},
		{"RFC 8867 5.1, layers of 150, 500 and 1700 kbit/s", func() source { return newLayered(fixed(3)) }, func(*link) {}, true},
		{"1 Mbit/s, a source of 500 kbit/s", func() source { return &layered{random: fixed(3), rates: []int{500_000}, fixed: true} }, func(l *link) { l.rate = 1_000_000 }, false},
		{"3 Mbit/s, 10 % reordered by 50 ms, elastic", func() source { return &elastic{most: usual.Max} }, func(l *link) { l.reorder, l.late = 0.1, 50*ms }, false},
		{"3 Mbit/s, 300 ms round trip and 2 % loss, elastic", func() source { return &elastic{most: usual.Max} }, func(l *link) { l.delay, l.loss = 150*ms, 0.02 }, false},
		{"3 Mbit/s, 10 % loss, elastic", func() source { return &elastic{most: usual.Max} }, func(l *link) { l.loss = 0.1 }, false},
	} {
		l := clean
		c.link(&l)
		run := func(make func(w *world) brain) *flow {
			var f *flow
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(1, l)
				w.start = time.Now()
				if c.vary {
					w.vary()
				}
				b := make(w)
				f = w.flow(b, c.source())
				w.bubble(100 * sec)
				if p, ok := b.(*pion); ok {
					if err := p.gcc.Close(); err != nil {
						t.Error(err)
					}
				}
			})
			return f
		}
		ours := run(func(w *world) brain { return New(usual, w.start) })
		theirs := run(func(*world) brain { return newPion(t, usual) })
		compare(t, c.name, c.vary, l.rate, ours, theirs)
	}
}

// compare prints a table of estimates in kbit/s.
func compare(t *testing.T, name string, vary bool, rate float64, ours, theirs *flow) {
	t.Logf("\n%s\n%6s %9s | %8s %8s %5s | %8s %8s %5s", name, "time s", "capacity", "ours", "arrived", "wait", "Pion's", "arrived", "wait")
	for now := 2 * sec; now <= 100*sec; now += 2 * sec {
		for _, s := range steps {
			if vary && now > s.from && now <= s.to {
				rate = s.rate
			}
		}
		row := func(f *flow) (string, string, float64) {
			return kbit(at(f.targets(now-2*sec, now), 0.5)), kbit(f.received(now-2*sec, now)), f.waited(now-2*sec, now, 0.95)
		}
		a, b, c := row(ours)
		d, e, f := row(theirs)
		t.Logf("%6.0f %9s | %8s %8s %5.0f | %8s %8s %5.0f", now.Seconds(), kbit(rate), a, b, c, d, e, f)
	}
	for _, f := range []*flow{ours, theirs} {
		t.Logf("arrived %s kbit/s, wait p95 %.0f ms", kbit(f.received(0, 100*sec)), f.waited(0, 100*sec, 0.95))
	}
}
