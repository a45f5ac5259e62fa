package pacer

import (
	"testing"
	"time"

	"madang/sfu/rtpout"
)

// probed records what left of each cluster.
type probed struct {
	now          time.Duration
	media, pads  []time.Duration
	clusters     []int
	bytes        int
	cannotPad    bool
	afterCluster int // media that left outside of one
}

func (p *probed) Send(_ Priority, cluster int, packet *rtpout.Packet) {
	if cluster == 0 {
		p.afterCluster++
		return
	}
	p.media = append(p.media, p.now)
	p.took(cluster, packet.Size())
}

func (p *probed) Pad(size, cluster int) int {
	if p.cannotPad {
		return 0
	}
	p.pads = append(p.pads, p.now)
	p.took(cluster, size)
	return size
}

func (p *probed) took(cluster, size int) {
	p.clusters = append(p.clusters, cluster)
	p.bytes += size
}

// until calls Due when it wants to be called.
func (p *probed) until(t *testing.T, pacer *Pacer, end time.Duration) {
	t.Helper()
	for p.now < end {
		next := pacer.Due(begin.Add(p.now), p)
		if next.IsZero() {
			return
		}
		if !next.After(begin.Add(p.now)) {
			t.Fatalf("due again at once, at %v", p.now)
		}
		p.now = next.Sub(begin)
	}
}

func TestProbeIsSentAtItsRate(t *testing.T) {
	pacer := New(DefaultConfig(), NewPool(0), begin)
	pacer.SetRate(300_000, anyQueue, begin)
	if !pacer.Probe(4, 7500, 5, 2_000_000) { // 30 ms
		t.Fatal("refused")
	}
	var out probed
	out.until(t, pacer, time.Second)
	if out.bytes < 7500 || out.bytes > 7500+1200 || len(out.pads) < 5 {
		t.Fatalf("%d packets, %d bytes", len(out.pads), out.bytes)
	}
	span := out.pads[len(out.pads)-1] - out.pads[0]
	if rate := float64(8*out.bytes*(len(out.pads)-1)/len(out.pads)) / span.Seconds(); rate < 1_950_000 || rate > 2_050_000 {
		t.Errorf("sent at %.0f bits/s", rate)
	}
}

func TestProbeTakesMediaFirst(t *testing.T) {
	pacer := New(DefaultConfig(), NewPool(0), begin)
	pacer.SetRate(300_000, anyQueue, begin)
	pacer.Probe(1, 6000, 5, 1_000_000)
	packet := sized(rtpout.Header{}, 1000)
	for range 3 {
		if pacer.Pass(Video, 1000, begin) {
			t.Fatal("media passed beside a probe")
		}
		pacer.Queue(Video, packet, begin)
	}
	if !pacer.Pass(Audio, 100, begin) {
		t.Fatal("audio waits")
	}
	var out probed
	out.until(t, pacer, time.Second)
	if len(out.media) != 3 || len(out.pads) != 3 || out.media[2] > out.pads[0] || out.afterCluster > 0 {
		t.Errorf("media at %v, padding at %v", out.media, out.pads)
	}
}

func TestProbesFollowOneAnother(t *testing.T) {
	pacer := New(DefaultConfig(), NewPool(0), begin)
	pacer.SetRate(300_000, anyQueue, begin)
	for id := 1; id <= probesKept; id++ {
		if !pacer.Probe(id, 2400, 2, 1_000_000*id) {
			t.Fatal("refused")
		}
	}
	if pacer.Probe(9, 1, 1, 1) {
		t.Error("there is no bound")
	}
	var out probed
	out.until(t, pacer, time.Second)
	for i, cluster := range out.clusters {
		if cluster != i/2+1 {
			t.Fatalf("clusters %v", out.clusters)
		}
	}
	if len(out.clusters) != 2*probesKept {
		t.Errorf("clusters %v", out.clusters)
	}
}

func TestProbeThatCannotPadEnds(t *testing.T) {
	pacer := New(DefaultConfig(), NewPool(0), begin)
	pacer.SetRate(300_000, anyQueue, begin)
	pacer.Probe(1, 6000, 5, 1_000_000)
	out := probed{cannotPad: true}
	if next := pacer.Due(begin, &out); !next.IsZero() || !pacer.Pass(Video, 1200, begin) {
		t.Errorf("it goes on, at %v", next)
	}
}

func TestLateProbeIsGivenUp(t *testing.T) {
	pacer := New(DefaultConfig(), NewPool(0), begin)
	pacer.SetRate(300_000, anyQueue, begin)
	pacer.Probe(1, 6000, 5, 1_000_000)
	var out probed
	pacer.Due(begin, &out)
	if pacer.Due(begin.Add(2*time.Second), &out); len(out.pads) != 1 {
		t.Errorf("%d packets", len(out.pads))
	}
}
