//go:build !race

package svc

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// received is what became of a frame behind the filter.
type received struct {
	picture           int64
	spatial, temporal uint8
	passed, left      int // packets
	needs             []int64
}

// checker notes what the filter does, and says what is wrong with it.
type checker struct {
	frames   map[int64]*received
	pictures map[int64]*end
}

// end is how a picture ends.
type end struct {
	markers int
	marked  bool // the last packet that went
	rose    bool // a spatial layer came in
	top     uint8
	last    *sent
}

func newChecker() *checker {
	return &checker{map[int64]*received{}, map[int64]*end{}}
}

func (c *checker) see(p *sent, d Decision) {
	f := c.frames[p.frame.Number]
	if f == nil {
		f = &received{picture: p.frame.Picture, spatial: p.frame.SpatialID, temporal: p.frame.TemporalID, needs: p.needs}
		c.frames[p.frame.Number] = f
	}
	if !d.Forward {
		f.left++
		return
	}
	f.passed++
	e := c.pictures[f.picture]
	if e == nil {
		e = &end{top: d.Spatial}
		c.pictures[f.picture] = e
	}
	if d.MarkEnd {
		e.markers++
	}
	e.marked, e.last = d.MarkEnd, p
	e.rose = e.rose || d.Spatial > e.top
}

// whole tells of a frame of which some packets went and some did not.
func (c *checker) whole() error {
	for n, f := range c.frames {
		if f.passed > 0 && f.left > 0 {
			return fmt.Errorf("frame %d: %d packets passed, %d left out", n, f.passed, f.left)
		}
	}
	return nil
}

// decodable tells of a frame that went without one that it needs, though that
// one came.
func (c *checker) decodable() error {
	for n, f := range c.frames {
		for _, need := range f.needs {
			if other := c.frames[need]; f.passed > 0 && other != nil && other.passed == 0 {
				return fmt.Errorf("frame %d (S%dT%d) went without %d (S%dT%d)", n, f.spatial, f.temporal, need, other.spatial, other.temporal)
			}
		}
	}
	return nil
}

// marked tells of a picture whose last packet is not marked, or another one is.
func (c *checker) marked() error {
	for picture, e := range c.pictures {
		if !e.marked || e.markers != 1 && !e.rose {
			return fmt.Errorf("picture %d: %d markers, the last frame is S%dT%d", picture, e.markers, e.last.frame.SpatialID, e.last.frame.TemporalID)
		}
	}
	return nil
}

func seeds(t *testing.T, n int, run func(t *testing.T, s *stream, rng *rand.Rand)) {
	for i := range streams {
		t.Run(streams[i].name, func(t *testing.T) {
			for seed := range n {
				rng := rand.New(rand.NewPCG(uint64(seed), 7))
				run(t, &streams[i], rng)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func TestEveryFrameThatGoesCanBeDecoded(t *testing.T) {
	seeds(t, 25, func(t *testing.T, s *stream, rng *rand.Rand) {
		x := NewFilter(uint8(rng.IntN(3)), uint8(rng.IntN(3)))
		c := newChecker()
		packets := s.packets(rng, 400)
		for i := range packets {
			if rng.IntN(20) == 0 {
				x.Wish(uint8(rng.IntN(3)), uint8(rng.IntN(3)))
			}
			c.see(&packets[i], x.Pass(&packets[i].frame))
		}
		for _, err := range []error{c.whole(), c.decodable(), c.marked()} {
			if err != nil {
				t.Error(err)
			}
		}
		for _, f := range c.frames {
			if f.spatial == 0 && f.temporal == 0 && f.passed == 0 {
				t.Fatal("the lowest layer froze")
			}
		}
	})
}

// disturb loses packets, and lets some come late.
func disturb(rng *rand.Rand, packets []sent) []sent {
	const latest = 40
	var late [latest][]sent
	var out []sent
	for i, p := range packets {
		if p.frame.Picture == packets[0].frame.Picture {
			out = append(out, p) // begin well
			continue
		}
		out = append(out, late[i%latest]...)
		late[i%latest] = nil
		switch rng.IntN(20) {
		case 0: // lost
		case 1, 2:
			at := (i + 1 + rng.IntN(latest-1)) % latest
			late[at] = append(late[at], p)
		default:
			out = append(out, p)
		}
	}
	return out
}

func TestLossAndReorderingLeaveWhatGoesDecodable(t *testing.T) {
	seeds(t, 50, func(t *testing.T, s *stream, rng *rand.Rand) {
		x := NewFilter(uint8(rng.IntN(3)), uint8(rng.IntN(3)))
		c := newChecker()
		for _, p := range disturb(rng, s.packets(rng, 400)) {
			if rng.IntN(30) == 0 {
				x.Wish(uint8(rng.IntN(3)), uint8(rng.IntN(3)))
			}
			c.see(&p, x.Pass(&p.frame))
		}
		for _, err := range []error{c.whole(), c.decodable()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// Without loss a wish is fulfilled as soon as it can be.
func TestWishesAreFulfilled(t *testing.T) {
	seeds(t, 5, func(t *testing.T, s *stream, rng *rand.Rand) {
		const down, up, again = 70, 100, keyEvery * 2
		x := NewFilter(Highest, Highest)
		top := map[int64]limits{} // highest layers passed, by picture
		asked := false
		for _, p := range s.packets(rng, 200) {
			picture := p.frame.Picture / 3000
			switch picture {
			case down:
				x.Wish(0, 0)
			case up:
				x.Wish(Highest, Highest)
			}
			d := x.Pass(&p.frame)
			asked = asked || d.NeedsKeyframe
			if d.NeedsKeyframe && (picture < up || picture >= again) {
				t.Fatalf("a keyframe is asked for in picture %d", picture)
			}
			if d.Forward {
				l := top[picture]
				top[picture] = limits{max(l.spatial, p.frame.SpatialID), max(l.temporals, p.frame.TemporalID)}
			}
		}
		highest := uint8(s.spatial - 1)
		if asked != (s.spatial > 1) {
			t.Errorf("a keyframe was asked for: %v", asked)
		}
		for picture := range int64(200) {
			temporal := uint8(s.temporal[picture%keyEvery%int64(len(s.temporal))])
			got, passed := top[picture]
			switch want := (limits{highest, temporal}); {
			case picture >= down && picture < up:
				if passed != (temporal == 0) || got.spatial > 0 {
					t.Fatalf("picture %d went %v, up to S%d, after the step down", picture, passed, got.spatial)
				}
			case picture >= up+8 && picture < again:
				if !passed || got != (limits{0, temporal}) {
					t.Fatalf("picture %d is %+v before the keyframe", picture, got)
				}
			case picture < down || picture >= again:
				if !passed || got != want {
					t.Fatalf("picture %d is %+v, want %+v", picture, got, want)
				}
			}
		}
	})
}
