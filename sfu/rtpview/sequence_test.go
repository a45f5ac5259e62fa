package rtpview_test

import (
	"math/rand/v2"
	"testing"

	"madang/sfu/rtpview"
)

func TestSequenceNumbersAreComparedTheShortWayRound(t *testing.T) {
	tests := []struct {
		a, b uint16
		diff int
	}{
		{0, 0, 0}, {1, 0, 1}, {0, 1, -1}, {0, 65535, 1}, {65535, 0, -1},
		{32767, 0, 32767}, {32768, 0, -32768}, {10, 65530, 16},
	}
	for _, tt := range tests {
		if d := rtpview.SeqDiff(tt.a, tt.b); d != tt.diff {
			t.Errorf("%d − %d = %d, want %d", tt.a, tt.b, d, tt.diff)
		}
		if less := rtpview.SeqLess(tt.a, tt.b); less != (tt.diff < 0) {
			t.Errorf("%d before %d: %v", tt.a, tt.b, less)
		}
		a, b := uint32(tt.a)<<16, uint32(tt.b)<<16
		if d := rtpview.TimestampDiff(a, b); d != int64(tt.diff)<<16 || rtpview.TimestampLess(a, b) != (d < 0) {
			t.Errorf("timestamps %d − %d = %d", a, b, d)
		}
	}
}

func TestUnwrapperFollowsReorderingAcrossWraps(t *testing.T) {
	var u rtpview.Unwrapper
	for i, step := range []struct {
		seq  uint16
		want int64
	}{
		{65533, 65533}, {65535, 65535}, {1, 65537}, {65534, 65534}, {0, 65536}, {2, 65538},
		{32769, 98305}, {3, 65539}, {0, 131072}, {32770, 98306},
	} {
		if got := u.Unwrap(step.seq); got != step.want {
			t.Fatalf("step %d: %d became %d, want %d", i, step.seq, got, step.want)
		}
	}
	if u.Highest() != 131072 {
		t.Errorf("highest %d", u.Highest())
	}
}

func TestUnwrapperAcceptsWhatIsLateBeforeTheFirst(t *testing.T) {
	var u rtpview.Unwrapper
	var ts rtpview.TimestampUnwrapper
	if u.Unwrap(0); u.Unwrap(65535) != -1 || u.Highest() != 0 {
		t.Error("65535 is one before 0")
	}
	if ts.Unwrap(0); ts.Unwrap(1<<32-3000) != -3000 || ts.Highest() != 0 {
		t.Error("a frame's timestamp before 0")
	}
}

func TestUnwrappersRestoreAnyBoundedlyReorderedSequence(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var u rtpview.Unwrapper
		var ts rtpview.TimestampUnwrapper
		base := random.Int64N(1 << 16)
		tsBase := random.Int64N(1 << 32)
		u.Unwrap(uint16(base))
		ts.Unwrap(uint32(tsBase))
		for range 2000 {
			base = u.Highest()
			seq := base - 32768 + random.Int64N(65536)
			if got := u.Unwrap(uint16(seq)); got != seq {
				t.Fatalf("highest %d: %d became %d", base, seq, got)
			}
			tsBase = ts.Highest()
			stamp := tsBase - 1<<31 + random.Int64N(1<<32)
			if got := ts.Unwrap(uint32(stamp)); got != stamp {
				t.Fatalf("highest %d: %d became %d", tsBase, stamp, got)
			}
		}
	}
}
