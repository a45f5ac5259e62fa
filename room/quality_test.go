package room

import (
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

func TestQualityIsToldSeldomAndOnlyWhereItChanged(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 1, 0), newGuest("b", 1, 0)
	h.comes(a, b)
	report := func(quality ...sfu.Quality) {
		h.observe(reports{quality: quality}, h.now)
		h.settle(h.now)
	}
	report(sfu.Quality{Key: "a", Up: 5, Down: 5, Cause: sfu.CauseNone}, sfu.Quality{Key: "nobody", Up: 1})
	for i := range 20 {
		h.pass(100 * time.Millisecond)
		report(sfu.Quality{Key: "a", Up: 5, Down: uint8(1 + i%5), Cause: sfu.CauseDownlink}, sfu.Quality{Key: "b", Up: 4, Down: 4, Cause: sfu.CauseNone})
	}
	h.pass(2 * time.Second)
	events := of[*Quality](b.conn)
	if n := len(events); n < 3 || n > 4 {
		t.Fatalf("%d events in three seconds", n)
	}
	if first := events[0].Members; !slices.Equal(first, []MemberQuality{{"a", 5, 5, sfu.CauseNone}}) {
		t.Errorf("first %+v", first)
	}
	told := map[MemberID]MemberQuality{}
	for i, e := range events {
		for _, q := range e.Members {
			if told[q.Member] == q {
				t.Errorf("event %d tells again what was known: %+v", i, q)
			}
			told[q.Member] = q
		}
	}
	if told["a"] != (MemberQuality{"a", 5, 5, sfu.CauseDownlink}) || told["b"] != (MemberQuality{"b", 4, 4, sfu.CauseNone}) || len(told) != 2 {
		t.Errorf("in the end %+v", told)
	}
	report(sfu.Quality{Key: "b", Up: 4, Down: 4, Cause: sfu.CauseNone})
	h.pass(2 * time.Second)
	if n := len(of[*Quality](b.conn)); n != len(events) {
		t.Error("told again what was known")
	}
}

func TestNewcomerIsToldHowEveryoneFares(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 1, 0), newGuest("b", 1, 0)
	h.comes(a, b)
	h.observe(reports{quality: []sfu.Quality{{Key: "a", Up: 2, Cause: sfu.CauseUplink}, {Key: "b", Down: 5, Cause: sfu.CauseNone}}}, h.now)
	h.settle(h.now)
	h.do(&leave{sender: sender{"b"}})
	late := newGuest("late", 1, 0)
	h.comes(late)
	if got := only[*Quality](t, late.conn).Members; !slices.Equal(got, []MemberQuality{{"a", 2, 0, sfu.CauseUplink}}) {
		t.Errorf("late heard %+v", got)
	}
}
