//go:build !race

package svc

import (
	"bufio"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"madang/sfu/codec"
	"madang/sfu/descriptor"
)

// captured is the packets of one file: what Chromium sent.
type captured struct {
	name    string
	packets []sent
}

// captures reads those with dependency descriptors, kept beside their parser,
// and those without.
func captures(t testing.TB) (all []captured) {
	t.Helper()
	for _, dir := range []string{"../descriptor/testdata", "testdata"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
		if err != nil || len(files) == 0 {
			t.Fatal("no captures", err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".txt")
			all = append(all, captured{name, read(t, name, file)})
		}
	}
	return all
}

func read(t testing.TB, name, file string) (packets []sent) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	format, _, _ := strings.Cut(name, "_")
	c, _ := codec.FromName(format)
	needs := needsOf(c)
	var reader Reader
	var descriptors descriptor.Reader
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if fields[0] == "#" {
			continue
		}
		stamp, err := strconv.ParseUint(fields[0], 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		var d *descriptor.Descriptor
		var facts codec.Facts
		marker := fields[1] == "1"
		if len(fields) == 4 {
			d = &descriptor.Descriptor{}
			if err := descriptors.Read(unhex(t, fields[2]), d); err != nil {
				t.Fatal(err)
			}
		} else if err := codec.Read(c, unhex(t, fields[2]), marker, &facts); err != nil {
			t.Fatal(err)
		}
		frame := reader.Read(c, &facts, d, uint32(stamp), marker)
		packets = append(packets, sent{frame, len(packets), frame.Key, needs(&frame)})
	}
	return packets
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	data, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// needsOf tells which frames a frame needs: as it says itself or, where it does
// not, as libvpx makes the three temporal layers of VP8.
func needsOf(c codec.Codec) func(*Frame) []int64 {
	pattern := [8][]int64{{4}, {1}, {2}, {1}, {4}, {3, 1}, {4, 2}, {1}}
	key := int64(0)
	return func(f *Frame) (needs []int64) {
		if f.kind == told {
			for _, distance := range f.references[:f.count] {
				needs = append(needs, f.Number-int64(distance))
			}
			return needs
		}
		if f.Key {
			key = f.Number
		}
		if c != codec.VP8 || f.Number == key {
			return nil
		}
		for _, distance := range pattern[(f.Number-key)%8] {
			needs = append(needs, f.Number-distance)
		}
		return needs
	}
}

func TestWhatChromiumSendsGoesWholeIfWished(t *testing.T) {
	for _, capture := range captures(t) {
		x := NewFilter(Highest, Highest)
		for i, p := range capture.packets {
			if d := x.Pass(&p.frame); !d.Forward || d.MarkEnd != p.frame.Marker || d.NeedsKeyframe {
				t.Fatalf("%s, packet %d, %+v: %+v", capture.name, i, p.frame, d)
			}
		}
	}
}

func TestLayersOfChromiumCanBeDecoded(t *testing.T) {
	for _, capture := range captures(t) {
		for seed := range uint64(50) {
			rng := rand.New(rand.NewPCG(seed, 3))
			x := NewFilter(uint8(rng.IntN(3)), uint8(rng.IntN(3)))
			c := newChecker()
			for _, p := range capture.packets {
				if rng.IntN(15) == 0 {
					x.Wish(uint8(rng.IntN(3)), uint8(rng.IntN(3)))
				}
				c.see(&p, x.Pass(&p.frame))
			}
			for _, err := range []error{c.whole(), c.decodable(), c.marked()} {
				if err != nil {
					t.Fatalf("%s, seed %d: %v", capture.name, seed, err)
				}
			}
		}
	}
}

func TestTemporalLayersOfChromiumAreThinnedOut(t *testing.T) {
	for _, capture := range captures(t) {
		if !strings.Contains(capture.name, "t3") {
			continue
		}
		var pictures [3]map[int64]bool
		for temporal := range pictures {
			pictures[temporal] = map[int64]bool{}
			x := NewFilter(0, uint8(temporal))
			for _, p := range capture.packets {
				if x.Pass(&p.frame).Forward {
					pictures[temporal][p.frame.Picture] = true
				}
			}
		}
		quarter, half, all := len(pictures[0]), len(pictures[1]), len(pictures[2])
		if 10*quarter > 4*all || 10*half > 6*all || quarter >= half {
			t.Errorf("%s: %d, %d and %d pictures", capture.name, quarter, half, all)
		}
	}
}

// Everywhere Chromium lets a layer back in as soon as its frames allow it.
func TestTemporalLayersOfChromiumComeBackSoon(t *testing.T) {
	for _, capture := range captures(t) {
		if !strings.Contains(capture.name, "t3") {
			continue
		}
		x := NewFilter(Highest, 0)
		wished, back := int64(0), int64(0)
		for i, p := range capture.packets {
			if i == 20 {
				x.Wish(Highest, Highest)
				wished = p.frame.Picture
			}
			if x.Pass(&p.frame).Forward && p.frame.TemporalID == 2 && back == 0 {
				back = p.frame.Picture
			}
		}
		if took := (back - wished) / 90; back == 0 || took > 700 {
			t.Errorf("%s: the highest layer took %d ms", capture.name, took)
		}
	}
}
