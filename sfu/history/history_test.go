package history

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// packet makes the bytes of a packet that can be told from any other.
func packet(seq int64, size int) []byte {
	return bytes.Repeat([]byte{byte(seq), byte(seq >> 8), byte(seq >> 16), byte(size)}, size/4+1)[:size]
}

func newHistory(limits Limits) *History[int] {
	return New[int](NewPool(64*blockSize), limits)
}

func TestPacketIsKeptAsItCame(t *testing.T) {
	h := newHistory(DefaultLimits())
	if _, ok := h.Highest(); ok || h.Has(0) || h.Get(7) != nil {
		t.Error("an empty history holds something")
	}
	for _, seq := range []int64{65535, 65537, 65536} {
		sent := packet(seq, 500)
		h.Put(seq, sent, start).Meta = int(seq) * 2
		clear(sent)
	}
	if h.Put(65535, packet(1, 9), start) != nil {
		t.Error("a duplicate was taken")
	}
	for seq := int64(65535); seq <= 65537; seq++ {
		p := h.Get(seq)
		if p == nil || p.Seq != seq || p.Meta != int(seq)*2 || p.Arrived != start || !bytes.Equal(p.Bytes, packet(seq, 500)) {
			t.Errorf("%d is not what was put", seq)
		}
	}
	if highest, ok := h.Highest(); highest != 65537 || !ok {
		t.Errorf("highest %d, %v", highest, ok)
	}
	if h.Put(65538, make([]byte, MaxPacket+1), start) != nil {
		t.Error("an endless packet was taken")
	}
}

func TestMetaIsZeroInReusedPlaces(t *testing.T) {
	h := newHistory(Limits{Packets: 64, Bytes: 1 << 20, Age: time.Second})
	for seq := range int64(200) {
		p := h.Put(seq, packet(seq, 100), start)
		if p.Meta != 0 {
			t.Fatalf("%d: meta %d of another packet", seq, p.Meta)
		}
		p.Meta = 1
	}
}

func TestOldestGoesFirstAtEachLimit(t *testing.T) {
	for _, tc := range []struct {
		name   string
		limits Limits
		size   int
		apart  time.Duration
		least  int64 // so many of the newest are still held
		most   int64 // and no more than so many
	}{
		{"packets", Limits{Packets: 64, Bytes: 1 << 20, Age: time.Hour}, 1000, time.Millisecond, 64, 64},
		{"bytes", Limits{Packets: 1024, Bytes: 8 * blockSize, Age: time.Hour}, 1000, time.Millisecond, 7 * 16, 8 * 16},
		{"age", Limits{Packets: 1024, Bytes: 1 << 20, Age: time.Second}, 1000, 10 * time.Millisecond, 100, 100 + 17},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := newHistory(tc.limits)
			const puts = 5000
			for seq := range int64(puts) {
				if h.Put(seq, packet(seq, tc.size), start.Add(time.Duration(seq)*tc.apart)) == nil {
					t.Fatalf("%d was refused", seq)
				}
			}
			var held int64
			for seq := int64(puts - 1); h.Has(seq); seq-- {
				held++
			}
			if held < tc.least || held > tc.most {
				t.Errorf("the newest %d are held, want %d to %d", held, tc.least, tc.most)
			}
			for seq := range int64(puts) - held {
				if h.Has(seq) {
					t.Fatalf("%d is held though %d is not", seq, puts-held-1)
				}
			}
			if h.Put(puts-int64(tc.limits.Packets)-1, packet(0, 10), start) != nil {
				t.Error("a packet that is too old was taken")
			}
		})
	}
}

// What comes out is what went in or nothing, and is there while within all
// limits, whatever is reordered, lost, doubled and skipped.
func TestHistoryHoldsWhatWasPut(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 0))
		limits := Limits{Packets: 256, Bytes: 16 * blockSize, Age: time.Second}
		h, size := newHistory(limits), map[int64]int{}
		seq, now := random.Int64N(1<<32), start
		for range 5000 {
			now = now.Add(time.Duration(random.IntN(10)) * time.Millisecond)
			switch random.IntN(200) {
			case 0:
				seq += random.Int64N(1000)
			case 1:
				now = now.Add(3 * time.Second)
			case 2:
				h.Reset()
				clear(size)
			default:
				seq++
			}
			put := max(0, seq-random.Int64N(1+random.Int64N(20)))
			n := 1 + random.IntN(1400)
			if h.Put(put, packet(put, n), now) != nil {
				size[put] = n
			}
			ask := max(0, seq-random.Int64N(300))
			if p := h.Get(ask); p != nil && (p.Seq != ask || !bytes.Equal(p.Bytes, packet(ask, size[ask]))) {
				t.Fatalf("seed %d: %d is not the %d bytes that were put", seed, ask, size[ask])
			}
			if !h.Has(put) && put > seq-20 {
				t.Fatalf("seed %d: %d, just put, is not held", seed, put)
			}
			if h.Bytes() > limits.Bytes {
				t.Fatalf("seed %d: %d bytes taken, %d allowed", seed, h.Bytes(), limits.Bytes)
			}
		}
	}
}

func TestStorageFollowsTraffic(t *testing.T) {
	pool := NewPool(1 << 20)
	h := New[[4]int](pool, DefaultLimits())
	now := start
	for seq := range int64(1000) { // 300 kbit/s in packets of 1,100 bytes
		now = now.Add(29 * time.Millisecond)
		h.Put(seq, packet(seq, 1100), now)
	}
	if h.Bytes() > 100<<10 {
		t.Errorf("300 kbit/s take %d bytes", h.Bytes())
	}
	h.Expire(now.Add(time.Minute))
	if h.Bytes() != 0 || h.Has(999) {
		t.Errorf("an idle layer takes %d bytes", h.Bytes())
	}
	if highest, ok := h.Highest(); highest != 999 || !ok {
		t.Errorf("highest %d, %v after Expire", highest, ok)
	}
	h.Reset()
	if _, ok := h.Highest(); ok {
		t.Error("there is a highest after Reset")
	}
}

func TestWhatOneLayerGivesBackTheNextTakes(t *testing.T) {
	pool := NewPool(4 * blockSize)
	a, b := New[int](pool, DefaultLimits()), New[int](pool, DefaultLimits())
	for seq := range int64(100) {
		a.Put(seq, packet(seq, 1000), start)
	}
	a.Reset()
	if len(pool.free) != 4 {
		t.Errorf("the pool keeps %d blocks, not 4", len(pool.free))
	}
	for seq := range int64(16) {
		b.Put(seq, packet(seq+1000, 1000), start)
	}
	if len(pool.free) != 3 {
		t.Errorf("the pool keeps %d blocks, not 3", len(pool.free))
	}
	for seq := range int64(100) {
		if a.Has(seq) {
			t.Fatalf("%d is held after Reset", seq)
		}
	}
}

func TestPuttingCostsNoAllocationOnceWarm(t *testing.T) {
	h, bytes := newHistory(DefaultLimits()), packet(1, 1100)
	seq, now := int64(0), start
	put := func() {
		seq++
		now = now.Add(5 * time.Millisecond)
		h.Put(seq, bytes, now).Meta = 1
		h.Get(seq - 20)
	}
	for range 5000 {
		put()
	}
	if allocs := testing.AllocsPerRun(5000, put); allocs != 0 {
		t.Errorf("%v allocations per packet", allocs)
	}
}

func TestLimitsMustMakeSense(t *testing.T) {
	for _, limits := range []Limits{
		{}, {Packets: 100, Bytes: 1, Age: 1}, {Packets: 64, Bytes: 0, Age: 1}, {Packets: 64, Bytes: 1, Age: 0},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v were taken", limits)
				}
			}()
			newHistory(limits)
		}()
	}
}

func BenchmarkPut(b *testing.B) {
	h, bytes := newHistory(DefaultLimits()), packet(1, 1100)
	seq, now := int64(0), start
	b.ReportAllocs()
	for b.Loop() {
		seq++
		now = now.Add(5 * time.Millisecond)
		h.Put(seq, bytes, now)
	}
}

func TestWhatIsHeldDoesNotAgeUntilItIsTooMuch(t *testing.T) {
	h := New[int](NewPool(1<<20), Limits{Packets: 1024, Bytes: 1 << 20, Age: time.Second})
	now := time.Unix(1000, 0)
	for seq := range int64(10) {
		h.Put(seq, make([]byte, 10_000), now)
	}
	h.Hold(4, 20*blockSize)
	h.Hold(2, 1) // older than what is held
	put := int64(10)
	for ; put < 14; put++ {
		now = now.Add(time.Minute)
		h.Put(put, make([]byte, 10_000), now)
	}
	if from, ok := h.Held(); h.Has(3) || !h.Has(4) || !h.Has(13) || from != 4 || !ok {
		t.Errorf("held from %d: %v", from, ok)
	}
	for ; put < 30; put++ {
		now = now.Add(time.Minute)
		h.Put(put, make([]byte, 10_000), now)
	}
	if _, ok := h.Held(); ok || h.Has(4) || h.Has(27) || h.Bytes() > 2*blockSize {
		t.Errorf("%d bytes are held still", h.Bytes())
	}
	h.Hold(29, 20*blockSize)
	h.Reset()
	if _, ok := h.Held(); ok {
		t.Error("held after a reset")
	}
}
