package demux

import (
	"net/netip"
	"testing"
	"time"
)

// A client that is sought elsewhere is there when it has answered, and only then.
func TestAClientIsWhereItAnswersWhenItIsSought(t *testing.T) {
	c := settle(t, home)
	c.now = c.now.Add(time.Second)
	c.expect("media", media, other, "")
	if !c.view.Seek(other, c.now) || c.to != other {
		t.Fatalf("asked at %v", c.to)
	}
	asked := c.asked()
	c.expect("media before the answer", media, other, "")
	if c.v4.Proven(other, c.now) {
		t.Error("it is taken to be there before it has answered")
	}
	c.expect("another's answer", reply(t, asked, "guess"), other, "")
	c.expect("an answer from elsewhere", reply(t, asked, c.remote), roaming, "")
	c.expect("media before the answer", media, other, "")
	c.expect("the answer", reply(t, asked, c.remote), other, "") // the agent knows nothing of it
	c.expect("media", media, other, "a")
	if !c.v4.Proven(other, c.now) {
		t.Error("it is not there after it has answered")
	}
	if at, _, _ := c.view.Settled(); at != home {
		t.Errorf("the agent is at %v", at)
	}
	c.expect("a check from there", c.request(), other, "a")
}

func TestNobodyIsSoughtInVainOrOften(t *testing.T) {
	for name, seek := range map[string]func(c *couple) bool{
		"before the agent has settled": func(c *couple) bool { return c.join("b").view.Seek(other, c.now) },
		"in another family":            func(c *couple) bool { return c.view.Seek(home6, c.now) },
		"where it is":                  func(c *couple) bool { return c.view.Seek(home, c.now) },
		"where another is": func(c *couple) bool {
			b := c.join("b")
			c.expect("a check", b.check(), roaming, "b")
			return c.view.Seek(roaming, c.now)
		},
		"again at once": func(c *couple) bool {
			c.view.Seek(other, c.now)
			return c.view.Seek(roaming, c.now.Add(seekEvery-1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			if seek(settle(t, home)) {
				t.Error("it was asked")
			}
		})
	}
}

// Whoever repeats a client's packets from many addresses gets a few questions.
func TestSeekingIsBoundedAndAllocatesNothing(t *testing.T) {
	c := settle(t, home)
	asked, n := 0, 0
	seek := func() {
		n++
		c.now = c.now.Add(time.Millisecond)
		if c.view.Seek(netip.AddrPortFrom(other.Addr(), uint16(1024+n)), c.now) {
			asked++
		}
	}
	for range 10_000 {
		seek()
	}
	if want := 100; asked != want {
		t.Errorf("asked %d times in 10 s, want %d", asked, want)
	}
	if got := len(c.mux.questions); got > len(seeking{}.checks)+len(settled{}.checks)+1 {
		t.Errorf("%d questions are kept", got)
	}
	if got := testing.AllocsPerRun(1000, seek); got != 0 {
		t.Errorf("%v allocations", got)
	}
}
