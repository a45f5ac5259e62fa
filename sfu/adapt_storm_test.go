//go:build !race

package sfu

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// TestAStormOfKeyframeWishesCostsThePublisherLittle has 500 subscribers ask for
// keyframes all at once, and again and again, of all layers.
func TestAStormOfKeyframeWishesCostsThePublisherLittle(t *testing.T) {
	t.Parallel()
	const begin, storm = 2 * time.Second, 2 * time.Second
	s := newShow(1)
	for i := range 500 {
		w := s.watch([]int{180, 360, 720}[i%3])
		w.down.rate, w.down.queue = []float64{300_000, 1_000_000, 10_000_000}[i%3], 300*time.Millisecond
	}
	s.run(begin)
	keys, fed := s.keys(), map[int]int{}
	for at := begin; at < begin+storm; at += 50 * time.Millisecond {
		for _, w := range s.watchers {
			w.say(&rtcp.PictureLossIndication{MediaSSRC: w.video.ssrc})
		}
		s.run(at + 50*time.Millisecond)
	}
	for _, w := range s.watchers {
		fed[w.video.fedRank()]++
	}
	for i, k := range s.keys() {
		rate := float64(k-keys[i]) / storm.Seconds()
		t.Logf("layer %d, which %d have: %.2f keyframes a second", i, fed[i], rate)
		if rate > 2 {
			t.Error("want up to 2")
		}
		if fed[i] == 0 {
			t.Error("nobody has it")
		}
	}
}
