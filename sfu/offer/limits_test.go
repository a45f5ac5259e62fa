package offer_test

import (
	"fmt"
	"strings"
	"testing"

	"madang/sfu/offer"
)

// thousandLines is an offer of 1,000 m-lines, each as small as it can be.
func thousandLines() string {
	var sdp strings.Builder
	sdp.WriteString("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")
	for i := range 1000 {
		fmt.Fprintf(&sdp, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:%d\r\na=recvonly\r\na=rtpmap:96 VP8/90000\r\n", i)
	}
	return sdp.String()
}

func TestWhatIsTooBigIsRefused(t *testing.T) {
	limits := offer.DefaultLimits()
	many := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format, i+20)
		}
		return text.String()
	}
	candidate := "a=candidate:%d 1 udp 1 192.0.2.1 9 typ host\r\n"
	extensions, ssrcs := limits, limits
	extensions.Extensions, ssrcs.SSRCs = 3, 3
	extensions.PayloadTypes = 3
	tests := []struct {
		name   string
		sdp    string
		limits offer.Limits
		line   int
	}{
		{"bytes", minimal + strings.Repeat("a=x\r\n", 100_000), limits, 0},
		{"lines", minimal + strings.Repeat("a=x\r\n", limits.Lines), limits, limits.Lines + 1},
		{"blank lines", strings.Repeat("\n", limits.Lines+1), limits, limits.Lines + 1},
		{"bytes in a line", minimal + "a=x:" + strings.Repeat("x", limits.LineBytes), limits, 24},
		{"m-lines", thousandLines(), limits, 4 + 4*limits.MediaSections + 1},
		{"candidates", minimal + many(limits.Candidates+1, candidate), limits, 23 + limits.Candidates + 1},
		{"rids", minimal + many(limits.RIDs+1, "a=rid:%d send\r\n"), limits, 23 + limits.RIDs + 1},
		{"layers", minimal + "a=simulcast:send 1;2;3;4;5;6;7;8;9\r\n", limits, 24},
		{"ssrcs", minimal + many(4, "a=ssrc:%d cname:x\r\n"), ssrcs, 27},
		{"ssrcs in a group", minimal + "a=ssrc-group:SIM 1 1 1 1\r\n", ssrcs, 24},
		{"extensions", minimal + many(4, "a=extmap:%d x\r\n"), extensions, 27},
		{"payload types", strings.Replace(minimal, "SAVPF 111", "SAVPF 1 2 3 4", 1), extensions, 20},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := offer.Parse(tt.sdp, tt.limits)
			checkRefusal(t, err, offer.TooBig, tt.line)
		})
	}
}

func TestCandidatesOfEveryLineOfABalancedBundleFit(t *testing.T) {
	candidates := strings.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 40)
	sdp := strings.Replace(minimal, "m=audio", candidates+"m=audio", 1) + candidates
	parse(t, sdp)
}

func TestTenThousandCandidatesAreRefused(t *testing.T) {
	limits := offer.DefaultLimits()
	limits.Bytes, limits.Lines = 10<<20, 100_000
	for name, sdp := range map[string]string{
		"in one line":  minimal + strings.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 10_000),
		"before a mid": strings.Replace(minimal, "a=mid:video0", strings.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 10_000), 1),
		"of a session": strings.Replace(minimal, "m=video", strings.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 10_000)+"m=video", 1),
	} {
		if _, err := offer.Parse(sdp, limits); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestRefusingAThousandLinesBuildsNothing(t *testing.T) {
	sdp := thousandLines()
	limits := offer.DefaultLimits()
	if allocs := testing.AllocsPerRun(100, func() {
		if _, err := offer.Parse(sdp, limits); err == nil {
			t.Fatal("accepted")
		}
	}); allocs > 8 {
		t.Errorf("%v allocations to refuse", allocs)
	}
}

func BenchmarkRefuseThousandLines(b *testing.B) {
	sdp := thousandLines()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := offer.Parse(sdp, offer.DefaultLimits()); err == nil {
			b.Fatal("accepted")
		}
	}
}

func BenchmarkParseChromiumFourPairs(b *testing.B) {
	sdp := grow(b, browserOffer(b, "chromium"), 4, 3)
	b.SetBytes(int64(len(sdp)))
	b.ReportAllocs()
	for b.Loop() {
		parse(b, sdp)
	}
}
