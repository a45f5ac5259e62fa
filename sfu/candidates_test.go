package sfu

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/pion/ice/v4"
)

func TestAnswerNamesEveryAddress(t *testing.T) {
	const before = "v=0\r\na=candidate:1 1 udp 2130706431 192.0.2.1 3480 typ host\r\na=end-of-candidates\r\n"
	others := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:3480"), netip.MustParseAddrPort("[2001:db8::1]:3480")}
	after := withCandidates(before, others, nil)
	lines := strings.Split(after, "\r\n")
	if len(lines) != 6 || lines[4] != "a=end-of-candidates" {
		t.Fatalf("%q", after)
	}
	highest := uint32(2130706431)
	for i, line := range lines[2:4] {
		c, err := ice.UnmarshalCandidate(strings.TrimPrefix(line, "a=candidate:"))
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if c.Address() != others[i].Addr().String() || c.Port() != 3480 || c.Priority() >= highest {
			t.Errorf("%q", line)
		}
		highest = c.Priority()
	}
	if withCandidates("v=0\r\n", others, nil) != "v=0\r\n" {
		t.Error("candidates appeared in an answer without any")
	}
}
