package sfu

import (
	"strings"
	"testing"
)

func TestLimitsHoldForThePeersToCome(t *testing.T) {
	s := newTestSFU(t)
	before, _ := newTestPeer(t, s)
	newBrowserWith(t, settings(), 1, 0).join(before)
	few := DefaultLimitsConfig()
	few.Candidates, few.SDPLines = 10, 1000
	few.Validate(func(field, problem string) { t.Fatal(field, problem) })
	s.Limit(few)
	after, _ := newTestPeer(t, s)
	newBrowserWith(t, settings(), 1, 0).join(after)
	for p, most := range map[*Peer]int{before: DefaultLimitsConfig().Candidates, after: few.Candidates} {
		taken := 0
		for p.AddCandidate("candidate:1 1 udp 2122260223 127.0.0.1 9 typ host") == nil {
			taken++
		}
		if taken != most {
			t.Errorf("%d candidates were taken, may be %d", taken, most)
		}
	}
	third, _ := newTestPeer(t, s)
	_, err := newBrowserWith(t, settings(), 1, 0).offerOf(third, func(sdp string) string { return sdp + strings.Repeat("a=x\r\n", few.SDPLines) })
	if codeOf(err) != "too_big" {
		t.Errorf("an offer of too many lines: %v", err)
	}
}

func TestLimitsMustMakeSense(t *testing.T) {
	for field, change := range map[string]func(*LimitsConfig){
		"rtp_headroom":    func(c *LimitsConfig) { c.RTPHeadroom = 1 },
		"rtcp_per_second": func(c *LimitsConfig) { c.RTCPPerSecond = 0 },
		"sdp_lines":       func(c *LimitsConfig) { c.SDPLines = 100 },
		"candidates":      func(c *LimitsConfig) { c.Candidates = 100_000 },
	} {
		c := DefaultLimitsConfig()
		c.Validate(func(field, problem string) { t.Error("by default", field, problem) })
		change(&c)
		told := ""
		c.Validate(func(field, _ string) { told += field })
		if told != field {
			t.Errorf("told of %q, want %q", told, field)
		}
	}
}
