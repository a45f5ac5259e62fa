package udp

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// groups says how a queue of these sizes, all to one remote, becomes messages.
func groups(sizes ...int32) (counts []int) {
	to := new(Remote)
	var queue []datagram
	for _, size := range sizes {
		queue = append(queue, datagram{to: to, size: size})
	}
	for len(queue) > 0 {
		n := run(queue)
		counts = append(counts, n)
		queue = queue[n:]
	}
	return counts
}

func TestEqualDatagramsShareAMessage(t *testing.T) {
	many := func(n int, size int32) []int32 { return slices.Repeat([]int32{size}, n) }
	for _, tc := range []struct {
		name  string
		sizes []int32
		want  []int
	}{
		{"none", nil, nil},
		{"one", []int32{1100}, []int{1}},
		{"equal", many(5, 1100), []int{5}},
		{"the last shorter", []int32{1100, 1100, 120}, []int{3}},
		{"a shorter one ends it", []int32{1100, 120, 120, 120}, []int{2, 2}},
		{"a longer one begins anew", []int32{120, 1100, 1100}, []int{1, 2}},
		{"falling", []int32{4, 3, 2, 1}, []int{2, 2}},
		{"rising", []int32{1, 2, 3, 4}, []int{1, 1, 1, 1}},
		{"as many as the kernel allows", many(48, 100), []int{48}},
		{"one more", many(49, 100), []int{48, 1}},
		{"as long as the kernel allows", many(55, 1200), []int{48, 7}},
		{"too long for so many", many(48, 1400), []int{43, 5}},
		{"exactly as long", many(4, 15360), []int{4}},
		{"one that is too long", []int32{62000, 62000}, []int{1, 1}},
		{"the tail would be too long", []int32{61000, 441, 441}, []int{1, 2}},
		{"the tail just fits", []int32{61000, 440}, []int{2}},
		{"empty ones", []int32{0, 0, 100, 100, 0, 100}, []int{1, 1, 2, 1, 1}},
	} {
		if got := groups(tc.sizes...); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestRemotesShareNoMessage(t *testing.T) {
	a, b := new(Remote), new(Remote)
	queue := []datagram{{to: a, size: 100}, {to: a, size: 100}, {to: b, size: 100}}
	if n := run(queue); n != 2 {
		t.Errorf("a message of %d, want the first two", n)
	}
}

// The kernel cuts a message every so many bytes; the receiver's split is the
// same rule, and must give back what was put together.
func TestWhatIsPutTogetherIsCutTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		sizes := make([]int32, 1+random.IntN(200))
		for i := range sizes {
			sizes[i] = []int32{1, 80, 80, 1100, 1100, 1100, 1200, MaxDatagram}[random.IntN(8)]
		}
		var got []int32
		rest := sizes
		for _, n := range groups(sizes...) {
			length := 0
			for _, size := range rest[:n] {
				length += int(size)
			}
			pieces, oversized := split(nil, 0, 0, length, int(rest[0]))
			if oversized > 0 || length > maxSegmentBytes || n > maxSegments {
				t.Fatalf("a message of %d datagrams, %d bytes, %d oversized", n, length, oversized)
			}
			for _, p := range pieces {
				got = append(got, int32(p.end-p.start))
			}
			rest = rest[n:]
		}
		if !slices.Equal(got, sizes) {
			t.Fatalf("%v became %v", sizes, got)
		}
	}
}

func TestMessagesAreCutIntoDatagrams(t *testing.T) {
	for _, tc := range []struct {
		name            string
		length, segment int
		want            []piece
		oversized       int
	}{
		{"one", 1000, 0, []piece{{3, 100, 1100}}, 0},
		{"an empty one", 0, 0, []piece{{3, 100, 100}}, 0},
		{"equal", 300, 100, []piece{{3, 100, 200}, {3, 200, 300}, {3, 300, 400}}, 0},
		{"the last shorter", 210, 100, []piece{{3, 100, 200}, {3, 200, 300}, {3, 300, 310}}, 0},
		{"shorter than its segment", 50, 100, []piece{{3, 100, 150}}, 0},
		{"a size that makes no sense", 50, -1, []piece{{3, 100, 150}}, 0},
		{"the longest", MaxDatagram, 0, []piece{{3, 100, 100 + MaxDatagram}}, 0},
		{"longer", MaxDatagram + 1, 0, nil, 1},
		{"segments that are longer, and a tail", 3*MaxDatagram + 1, MaxDatagram + 1,
			[]piece{{3, 100 + 2*MaxDatagram + 2, 100 + 3*MaxDatagram + 1}}, 2},
	} {
		got, oversized := split(nil, 3, 100, tc.length, tc.segment)
		if !slices.Equal(got, tc.want) || oversized != tc.oversized {
			t.Errorf("%s: %v and %d oversized, want %v and %d", tc.name, got, oversized, tc.want, tc.oversized)
		}
	}
}
