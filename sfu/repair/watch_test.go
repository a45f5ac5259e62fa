package repair

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// link is what became of the packets that left, by transport-wide number.
type link struct {
	fates []fate
}

type fate struct{ came, told bool }

func (l *link) Told(number uint16) (came, told bool) {
	f := l.fates[number]
	return f.came && f.told, f.told
}

// sends notes a copy and returns its number.
func (l *link) sends(w *Watch, p Packet, now time.Time) uint16 {
	number := uint16(len(l.fates))
	l.fates = append(l.fates, fate{})
	w.Sent(p, number, now)
	return number
}

func (l *link) tells(number uint16, came bool) { l.fates[number] = fate{came, true} }

// due is how many copies the watch wants to send now, and has them sent.
func (l *link) due(w *Watch, copies int, now time.Time) (n int) {
	w.Due(copies, l, now, func(p Packet) bool {
		l.sends(w, p, now)
		n++
		return true
	})
	return n
}

const tick = 10 * time.Millisecond

var (
	start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	lost  = Packet{SSRC: 7, Sequence: 65535}
)

func TestRepairThatIsLostIsSentAgainWhenFeedbackSaysSo(t *testing.T) {
	w, l := &Watch{}, &link{}
	number := l.sends(w, lost, start)
	for at := tick; at < 50*time.Millisecond; at += tick {
		if l.due(w, 1, start.Add(at)) != 0 {
			t.Fatalf("sent again after %v, while nothing was told", at)
		}
	}
	l.tells(number, false)
	if l.due(w, 1, start.Add(50*time.Millisecond)) != 1 {
		t.Fatal("not sent again when it was lost")
	}
	l.tells(number+1, true)
	if l.due(w, 1, start.Add(60*time.Millisecond)) != 0 || !w.Idle() {
		t.Error("still followed when it had come")
	}
}

func TestCopiesAreApart(t *testing.T) {
	w, l := &Watch{}, &link{}
	l.sends(w, lost, start)
	if l.due(w, 3, start.Add(spacing-1)) != 0 {
		t.Error("the second follows on the heels of the first")
	}
	for i, want := range []int{1, 1, 0, 0} {
		if got := l.due(w, 3, start.Add(time.Duration(i+1)*tick)); got != want {
			t.Errorf("tick %d: %d copies, want %d", i+1, got, want)
		}
	}
}

func TestWhatIsFollowedIsBounded(t *testing.T) {
	t.Run("copies", func(t *testing.T) {
		w, l := &Watch{}, &link{}
		l.tells(l.sends(w, lost, start), false)
		sent := 1
		for at := tick; !w.Idle() && at < time.Second; at += tick {
			n := l.due(w, 3, start.Add(at))
			for ; n > 0; n-- {
				l.tells(uint16(len(l.fates)-1), false)
				sent++
			}
		}
		if sent != most || !w.Idle() {
			t.Errorf("sent %d times, want %d", sent, most)
		}
	})
	t.Run("time", func(t *testing.T) {
		w, l := &Watch{}, &link{}
		number := l.sends(w, lost, start)
		l.due(w, 1, start.Add(patience))
		l.tells(number, false)
		if l.due(w, 1, start.Add(patience+tick)) != 0 || !w.Idle() {
			t.Error("followed too long")
		}
	})
	t.Run("packets", func(t *testing.T) {
		w, l := &Watch{}, &link{}
		for i := range uint16(2 * followed) {
			l.sends(w, Packet{SSRC: 7, Sequence: i}, start)
		}
		if len(w.repairs) != followed || w.find(Packet{7, followed}) == nil || w.find(Packet{7, followed - 1}) != nil {
			t.Errorf("%d packets are followed", len(w.repairs))
		}
	})
}

func TestWhatCannotBeSentIsForgotten(t *testing.T) {
	w, l := &Watch{}, &link{}
	l.tells(l.sends(w, lost, start), false)
	w.Due(1, l, start.Add(tick), func(Packet) bool { return false })
	if !w.Idle() {
		t.Error("still followed")
	}
}

func TestRequestThatCrossedItsRepairIsKnown(t *testing.T) {
	const trip = 200 * time.Millisecond
	w, l := &Watch{}, &link{}
	if w.Underway(lost, trip, l, start) {
		t.Error("underway before it was sent")
	}
	number := l.sends(w, lost, start)
	for _, c := range []struct {
		name  string
		after time.Duration
		trip  time.Duration
		want  bool
	}{
		{"within the round trip", trip - 1, trip, true},
		{"after it", trip, trip, false},
		{"no round trip is known", 1, 0, false},
	} {
		if got := w.Underway(lost, c.trip, l, start.Add(c.after)); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	l.tells(number, false)
	if w.Underway(lost, trip, l, start.Add(tick)) {
		t.Error("underway though it is known to be lost")
	}
}

// TestWhatWaitsToLeaveIsNotQueuedAgain: behind a pacer a copy may take longer to
// leave than its receiver waits until it asks again.
func TestWhatWaitsToLeaveIsNotQueuedAgain(t *testing.T) {
	w, l := &Watch{}, &link{}
	p, other := Packet{SSRC: 7, Sequence: 1}, Packet{SSRC: 8, Sequence: 1}
	w.Queued(p)
	w.Queued(other)
	late := start.Add(10 * time.Second)
	if !w.Underway(p, 0, l, late) || l.due(w, 3, late) > 0 {
		t.Error("a copy waits, and another is sent")
	}
	l.sends(w, p, late)
	if w.Underway(p, 20*time.Millisecond, l, late.Add(20*time.Millisecond)) {
		t.Error("a copy that left long ago counts as underway")
	}
	if l.due(w, 2, late.Add(spacing)) != 1 {
		t.Error("what left is not followed")
	}
	w.Dropped(other.SSRC)
	if w.Underway(other, time.Second, l, late) || !w.Underway(p, time.Second, l, late) {
		t.Error("what was dropped still waits, or what left does not count")
	}
}

// TestHardlyARepairIsLostAltogether has a link lose at random, with feedback
// every 100 ms and a way of 20 ms: how many packets have not come 60 ms after
// they were asked for, and how many copies it took.
func TestHardlyARepairIsLostAltogether(t *testing.T) {
	for _, c := range []struct{ loss, late, copies float64 }{
		{0.01, 0.02, 1.05},
		{0.025, 0.002, 2.05},
		{0.05, 0.0005, 3.1},
		{0.10, 0.002, 3.1},
		{0.20, 0.02, 3.2},
	} {
		const packets = 20_000
		random := rand.New(rand.NewPCG(1, 2))
		var late, copies int
		for i := range uint16(packets) {
			w, l := &Watch{}, &link{}
			p := Packet{SSRC: 7, Sequence: i}
			feedback := time.Duration(random.IntN(100)) * time.Millisecond
			var comes []bool
			first := time.Duration(math.MaxInt64)
			l.sends(w, p, start)
			for at := time.Duration(0); at <= patience && (at == 0 || !w.Idle()); at += tick {
				if at >= feedback {
					for n, came := range comes { // what left 20 ms before
						l.tells(uint16(n), came)
					}
					feedback += 100 * time.Millisecond
				}
				l.due(w, Copies(c.loss), start.Add(at))
				for len(comes) < len(l.fates) {
					comes = append(comes, random.Float64() >= c.loss)
					if comes[len(comes)-1] {
						first = min(first, at)
					}
				}
			}
			copies += len(l.fates)
			if first > 40*time.Millisecond {
				late++
			}
		}
		share, mean := float64(late)/packets, float64(copies)/packets
		t.Logf("%v lost: %.3f %% late, %.2f copies", c.loss, 100*share, mean)
		if share > c.late || mean > c.copies {
			t.Errorf("%v lost: %v late and %v copies, want %v and %v", c.loss, share, mean, c.late, c.copies)
		}
	}
}
