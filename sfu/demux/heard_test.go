package demux

import (
	"testing"
	"time"
)

func TestOnlyTheClientItselfIsHeard(t *testing.T) {
	c := newWorld(t).join("a")
	if heard := c.view.Heard(); !heard.IsZero() {
		t.Errorf("heard at %v before anything came", heard)
	}
	for _, tt := range []struct {
		what  string
		comes func()
		heard bool
	}{
		{"a check", func() { c.whose(c.check(), home) }, true},
		{"media that was not opened", func() { c.whose(media, home) }, false},
		{"media that was", func() { c.mux.Route(media, home, c.now).Seen(home, c.now) }, true},
		{"a check of somebody else's", func() { c.whose(binding(t, c.ufrag+":theirs", "a guess"), home) }, false},
		{"an answer", func() { c.whose(c.answer(home), home) }, true},
		{"a check after a restart", func() { c.restart("b"); c.whose(c.check(), home) }, true},
	} {
		c.now = c.now.Add(10 * time.Second)
		tt.comes()
		if got := c.view.Heard().Equal(c.now); got != tt.heard {
			t.Errorf("%s: heard is %t, want %t", tt.what, got, tt.heard)
		}
	}
}
