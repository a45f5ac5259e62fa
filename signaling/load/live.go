package load

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

const (
	// blockEvery is how often a terminal's block is drawn again.
	blockEvery = 500 * time.Millisecond
	// lineEvery is how often a line is written where there is no terminal.
	lineEvery = 5 * time.Second
)

// live shows how a run goes: on a terminal one block that is drawn in place,
// elsewhere a line now and then.
type live struct {
	out   io.Writer
	block bool
	drawn int // lines of the block that stand on the screen
	last  moment
}

// moment is what a meter had counted at a time.
type moment struct {
	at             time.Time
	packets, bytes uint64
}

func newLive(out io.Writer) *live {
	file, ok := out.(*os.File)
	return &live{out: out, block: ok && term.IsTerminal(int(file.Fd())), last: moment{at: time.Now()}}
}

// every is how often show is to be called.
func (l *live) every() time.Duration {
	if l.block {
		return blockEvery
	}
	return lineEvery
}

// show draws how things are; what says what the run is doing.
func (l *live) show(what string, m *meter, expected int, now time.Time) {
	next := moment{at: now, packets: m.packets.Load(), bytes: m.bytes.Load()}
	seconds := max(next.at.Sub(l.last.at).Seconds(), 1e-3)
	packets := float64(next.packets-l.last.packets) / seconds
	bits := 8 * float64(next.bytes-l.last.bytes) / seconds
	l.last = next
	members := fmt.Sprintf("%d of %d in, %d failed", m.connected.Load(), m.wanted, m.failed.Load())
	tracks := fmt.Sprintf("%d of %d tracks", m.tracks.Load(), expected)
	rates := fmt.Sprintf("%.0f packets/s, %s", packets, bitRate(bits))
	delay, chat := m.delay.percentiles(), m.chat.percentiles()
	if !l.block {
		fmt.Fprintf(l.out, "%-9s %s · %s · %s · delay p99 %v\n", what, members, tracks, rates, delay.P99)
		return
	}
	lines := []string{
		what,
		"  members  " + members,
		"  tracks   " + tracks,
		"  received " + rates,
		fmt.Sprintf("  delay    p50 %v  p95 %v  p99 %v  max %v", delay.P50, delay.P95, delay.P99, delay.Max),
		fmt.Sprintf("  chat     p50 %v  p95 %v  p99 %v  max %v", chat.P50, chat.P95, chat.P99, chat.Max),
	}
	l.clear()
	fmt.Fprintln(l.out, strings.Join(lines, "\n"))
	l.drawn = len(lines)
}

// clear takes the block off the screen.
func (l *live) clear() {
	if l.drawn > 0 {
		fmt.Fprintf(l.out, "\x1b[%dA\x1b[J", l.drawn)
		l.drawn = 0
	}
}
