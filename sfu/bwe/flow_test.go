package bwe

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
)

// flow is a paced sender, its receiver and what was seen of them.
type flow struct {
	w      *world
	brain  brain
	source source
	begin  time.Duration
	paced  float64 // how many times the target the pacer sends at; 0: at once
	pads   bool    // probes are possible

	seq     uint16
	first   uint16
	count   int // packets that arrived
	queue   []int
	credit  float64 // bits the pacer may send
	cluster Cluster
	record  *twcc.Recorder

	seen    []sighting // every 100 ms
	waits   []float64  // queueing delay of each packet, ms
	waitAt  []time.Duration
	arrived []int // bytes in each 100 ms
	probes  int
}

// sighting is the state at a time.
type sighting struct {
	at     time.Duration
	target float64
	layer  int
	note   string
}

func (w *world) flow(b brain, s source) *flow {
	f := &flow{w: w, brain: b, source: s, begin: w.now, paced: 1.5, pads: true, record: twcc.NewRecorder(1)}
	f.seq = uint16(w.random.Uint32())
	f.first = f.seq
	w.flows = append(w.flows, f)
	var feed func()
	feed = func() {
		f.feed()
		w.at(w.now+w.every, feed)
	}
	w.at(w.now+w.every+time.Duration(w.random.Int64N(int64(w.every))), feed)
	return f
}

func (f *flow) step() {
	w := f.w
	now := w.start.Add(w.now)
	target := float64(f.brain.Target())
	if (w.now-f.begin)%(20*ms) == 0 {
		f.brain.Tick(now)
	}
	if (w.now-f.begin)%(100*ms) == 0 {
		layer := 0
		if l, ok := f.source.(*layered); ok {
			layer = l.layer
		}
		f.seen = append(f.seen, sighting{w.now, target, layer, f.note()})
	}
	f.queue = append(f.queue, f.source.next(w.now, target)...)
	f.credit += target * f.paced / 1000
	if f.paced == 0 {
		f.credit = 1e9
	}
	for len(f.queue) > 0 && f.credit > 0 {
		f.send(f.queue[0], 0)
		f.credit -= float64(f.queue[0] * 8)
		f.queue = f.queue[1:]
	}
	if len(f.queue) == 0 {
		f.credit = min(f.credit, 0)
	}
	f.probe(now)
}

// note says what an estimator of ours thinks.
func (f *flow) note() string {
	e, ok := f.brain.(*Estimator)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%-8s queue %3d slack %3d loss %2.0f%% own %2.0f%% growth %3.0f noise %3.1f cap %s probes %d",
		e.State(), e.QueueDelay()/ms, e.slack/ms, 100*e.Loss(), 100*e.losses.own,
		e.delays.trend.growth*1000, e.delays.trend.noise*1000, kbit(e.rate.capacity), f.probes)
}

// probe sends padding as the estimator asks.
func (f *flow) probe(now time.Time) {
	if !f.pads {
		return
	}
	if (f.w.now-f.begin)%(10*ms) == 0 {
		if c, ok := f.brain.Probe(now, f.source.wanted()); ok {
			f.cluster = c
			f.probes++
		}
	}
	for f.brain.Due(now) > 0 {
		f.send(max(f.cluster.Bytes/f.cluster.Packets, 1), f.cluster.ID)
	}
}

func (f *flow) send(size, cluster int) {
	w := f.w
	seq := f.seq
	f.seq++
	f.brain.Sent(seq, size, w.start.Add(w.now), cluster)
	wait, arrival, ok := w.link.send(size, w.now)
	if !ok {
		return
	}
	f.waits = append(f.waits, wait.Seconds()*1000)
	f.waitAt = append(f.waitAt, w.now)
	w.at(arrival, func() {
		f.record.Record(1, seq, (arrival + w.skew + time.Hour).Microseconds())
		f.count++
		slot := int(arrival / (100 * ms))
		for len(f.arrived) <= slot {
			f.arrived = append(f.arrived, 0)
		}
		f.arrived[slot] += size
	})
}

// feed sends feedback back, through its wire form.
func (f *flow) feed() {
	w := f.w
	for _, p := range f.record.BuildFeedbackPacket() {
		if w.back.dead || w.random.Float64() < w.back.loss {
			continue
		}
		raw, err := p.Marshal()
		if err != nil {
			panic(err)
		}
		var fb rtcp.TransportLayerCC
		if err := fb.Unmarshal(raw); err != nil {
			panic(err)
		}
		w.at(w.now+w.back.delay, func() { f.brain.Feedback(&fb, w.start.Add(w.now)) })
	}
}

// Statistics of a flow between two times.

func (f *flow) targets(from, to time.Duration) []float64 {
	var out []float64
	for _, s := range f.seen {
		if s.at >= from && s.at < to {
			out = append(out, s.target)
		}
	}
	return out
}

func (f *flow) received(from, to time.Duration) float64 {
	sum := 0
	for i := max(int(from/(100*ms)), 0); i < int(to/(100*ms)) && i < len(f.arrived); i++ {
		sum += f.arrived[i]
	}
	return float64(sum*8) / (to - from).Seconds()
}

func (f *flow) waited(from, to time.Duration, quantile float64) float64 {
	var out []float64
	for i, at := range f.waitAt {
		if at >= from && at < to {
			out = append(out, f.waits[i])
		}
	}
	return at(out, quantile)
}

// share of time at the layer.
func (f *flow) share(layer int, from, to time.Duration) float64 {
	n, at := 0, 0
	for _, s := range f.seen {
		if s.at >= from && s.at < to {
			n++
			if s.layer == layer {
				at++
			}
		}
	}
	return float64(at) / float64(max(n, 1))
}

// at is the quantile of values.
func at(values []float64, quantile float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return values[min(int(quantile*float64(len(values))), len(values)-1)]
}

func kbit(rate float64) string { return fmt.Sprintf("%.0f", rate/1000) }

func (f *flow) trace(t *testing.T, every time.Duration) {
	for _, s := range f.seen {
		if s.at%every == 0 {
			t.Logf("%6.1fs target %5s arrived %5s wait %4.0f layer %d %s", s.at.Seconds(), kbit(s.target),
				kbit(f.received(s.at-500*ms, s.at)), f.waited(s.at-100*ms, s.at, 0.9), s.layer, s.note)
		}
	}
}
