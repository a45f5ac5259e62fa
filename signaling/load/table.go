package load

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Print writes the report for people.
func (r *Report) Print(out io.Writer) error {
	var text strings.Builder
	r.printCounts(&text)
	r.printTimes(&text)
	r.printVerdict(&text)
	_, err := io.WriteString(out, text.String())
	return err
}

func (r *Report) printCounts(out io.Writer) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "  %s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(t)
	row("members", "%d wanted, %d connected, %d failed, %d lost",
		r.Members.Wanted, r.Members.Connected, r.Members.Failed, r.Members.Lost)
	row("tracks", "%d of %d expected", r.Tracks.Received, r.Tracks.Expected)
	row("received", "%d packets, %.0f a second, %s", r.Media.Packets, r.Media.PacketRate, bitRate(r.Media.BitRate))
	row("missing", "%d: %d only late, %d repaired, %d not within a second; %d duplicates",
		r.Media.Missing, r.Media.Late, r.Media.Repaired, r.Media.Unrepaired, r.Media.Duplicates)
	if r.Kernel.Known {
		row("kernel drops", "%d at this process's sockets, %d on this machine", r.Kernel.Own, r.Kernel.Machine)
	}
	if r.Chat.Sent > 0 {
		row("chat", "%d lines sent, %d came back, %d refused", r.Chat.Sent, r.Chat.Back, r.Chat.Refused)
	}
	row("generator", "%s", r.Generator.String())
	t.Flush()
}

func (g Generator) String() string {
	text := fmt.Sprintf("%.0f %% of the CPU", 100*g.CPU)
	if g.Machine >= 0 {
		text += fmt.Sprintf(", machine %.0f %% busy", 100*g.Machine)
	}
	return text + fmt.Sprintf(", sends %v late at p99", g.Late.P99)
}

func (r *Report) printTimes(out io.Writer) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\n  \tp50\tp95\tp99\tmax\t")
	for _, row := range []struct {
		name string
		Percentiles
	}{
		{"join", r.Join}, {"first media", r.FirstMedia}, {"one-way delay", r.Delay}, {"chat round trip", r.ChatTrip},
	} {
		if row.Count > 0 {
			fmt.Fprintf(t, "  %s\t%v\t%v\t%v\t%v\t\n", row.name, row.P50, row.P95, row.P99, row.Max)
		}
	}
	t.Flush()
}

func (r *Report) printVerdict(out io.Writer) {
	fmt.Fprintln(out)
	for _, text := range slices.Sorted(maps.Keys(r.Errors)) {
		fmt.Fprintf(out, "  %d × %s\n", r.Errors[text], text)
	}
	for _, missed := range r.Missed {
		fmt.Fprintf(out, "  missed: %s\n", missed)
	}
	for _, why := range r.Invalid {
		fmt.Fprintf(out, "  invalid: %s\n", why)
	}
	switch r.ExitCode() {
	case 0:
		fmt.Fprintln(out, "passed")
	case 1:
		fmt.Fprintln(out, "not passed")
	default:
		fmt.Fprintln(out, "invalid: the load generator was the bottleneck, the figures say nothing about the server")
	}
}

// bitRate writes bits a second with the unit that suits them.
func bitRate(rate float64) string {
	switch {
	case rate >= 1e9:
		return fmt.Sprintf("%.2f Gbit/s", rate/1e9)
	case rate >= 1e6:
		return fmt.Sprintf("%.1f Mbit/s", rate/1e6)
	default:
		return fmt.Sprintf("%.0f kbit/s", rate/1e3)
	}
}
