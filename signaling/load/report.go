package load

import (
	"encoding/json"
	"fmt"
	"time"
)

// Milliseconds is a time that is written as a number of milliseconds.
type Milliseconds time.Duration

// MarshalJSON writes the number, to a hundredth.
func (m Milliseconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Duration(m)/(10*time.Microsecond)) / 100)
}

func (m Milliseconds) String() string {
	ms := float64(m) / float64(time.Millisecond)
	if ms < 10 {
		return fmt.Sprintf("%.2f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// Percentiles sum up a latency. All are 0 where nothing was measured.
type Percentiles struct {
	Count int64        `json:"count"`
	P50   Milliseconds `json:"p50_ms"`
	P95   Milliseconds `json:"p95_ms"`
	P99   Milliseconds `json:"p99_ms"`
	Max   Milliseconds `json:"max_ms"`
}

// Report is what a run found.
type Report struct {
	Members MemberCounts `json:"members"`
	Tracks  TrackCounts  `json:"tracks"`
	Media   MediaCounts  `json:"media"`
	Chat    ChatCounts   `json:"chat"`

	Join       Percentiles `json:"join"`
	FirstMedia Percentiles `json:"first_media"`
	Delay      Percentiles `json:"one_way_delay"`
	ChatTrip   Percentiles `json:"chat_round_trip"`

	Generator Generator `json:"generator"`
	Kernel    Drops     `json:"kernel_drops"`

	// Missed are the thresholds that did not hold.
	Missed []string `json:"missed"`
	// Invalid says why the figures mean nothing: the generator was the bottleneck.
	Invalid []string `json:"invalid"`
	// Errors are why members failed, and how many did for it.
	Errors map[string]int `json:"errors"`
}

// MemberCounts are members.
type MemberCounts struct {
	Wanted    int `json:"wanted"`
	Connected int `json:"connected"` // came in
	Failed    int `json:"failed"`    // did not
	Lost      int `json:"lost"`      // came in, and were thrown out or cut off
}

// TrackCounts are sources at receivers: each once for each who receives it.
type TrackCounts struct {
	Expected int `json:"expected"`
	Received int `json:"received"`
}

// MediaCounts are RTP packets, over all slots of all receivers.
type MediaCounts struct {
	Packets uint64 `json:"packets"`
	Bytes   uint64 `json:"bytes"` // of payload
	// PacketRate and BitRate are per second, while the load stood.
	PacketRate float64 `json:"packet_rate"`
	BitRate    float64 `json:"bit_rate"`
	// Missing were found missing in the sequence; of these, Late only came out of
	// order, Repaired came when they were asked for, Unrepaired were still missing
	// after a second.
	Missing    uint64 `json:"missing"`
	Late       uint64 `json:"late"`
	Repaired   uint64 `json:"repaired"`
	Unrepaired uint64 `json:"unrepaired"`
	Duplicates uint64 `json:"duplicates"`
	// Breaks are jumps of sequence numbers and steps back of timestamps: always
	// wrong.
	Breaks uint64 `json:"breaks"`
}

// ChatCounts are lines of chat at their senders.
type ChatCounts struct {
	Sent    uint64 `json:"sent"`
	Back    uint64 `json:"back"` // came back, stamped
	Refused uint64 `json:"refused"`
}

// Generator is how the machine that made the load fared.
type Generator struct {
	// CPU is this process's share of its cores, 0 to 1, while the load stood.
	CPU float64 `json:"cpu"`
	// Machine is how busy all cores were, 0 to 1; -1 where it cannot be known.
	Machine float64 `json:"machine"`
	// Late is how late packets were sent.
	Late Percentiles `json:"late"`
}

// ExitCode is 0 for a run that passed, 1 for a missed threshold, 2 for one that
// proves nothing.
func (r *Report) ExitCode() int {
	switch {
	case len(r.Invalid) > 0:
		return 2
	case len(r.Missed) > 0:
		return 1
	}
	return 0
}

// judge fills in Missed and Invalid.
func (r *Report) judge(t Thresholds) {
	miss := func(format string, args ...any) { r.Missed = append(r.Missed, fmt.Sprintf(format, args...)) }
	if r.Members.Failed > 0 {
		miss("%d members of %d did not come in", r.Members.Failed, r.Members.Wanted)
	}
	if r.Members.Lost > 0 {
		miss("%d members were cut off", r.Members.Lost)
	}
	if want := t.Tracks * float64(r.Tracks.Expected); float64(r.Tracks.Received) < want {
		miss("%d tracks of %d came, at least %.0f must", r.Tracks.Received, r.Tracks.Expected, want)
	}
	if r.Media.Unrepaired > t.Unrepaired {
		miss("%d packets were still missing after a second, at most %d may", r.Media.Unrepaired, t.Unrepaired)
	}
	if r.Media.Breaks > 0 {
		miss("%d streams broke in sequence or timestamp", r.Media.Breaks)
	}
	if lost := r.Chat.Sent - min(r.Chat.Back, r.Chat.Sent); lost > 0 {
		miss("%d lines of chat of %d did not come back", lost, r.Chat.Sent)
	}
	for _, limit := range []struct {
		what string
		got  Milliseconds
		most time.Duration
	}{
		{"join p95", r.Join.P95, t.JoinP95}, {"first media p95", r.FirstMedia.P95, t.FirstMediaP95},
		{"one-way delay p99", r.Delay.P99, t.DelayP99}, {"chat round trip p99", r.ChatTrip.P99, t.ChatP99},
	} {
		if limit.most > 0 && time.Duration(limit.got) > limit.most {
			miss("%s is %v, at most %v may be", limit.what, limit.got, limit.most)
		}
	}
	r.Invalid = r.Generator.complaints()
}

// From here on the generator distorts what it measures.
const (
	mostCPU     = 0.85 // of the cores, by this process
	mostMachine = 0.97 // of the cores, by all
	mostLate    = 50 * time.Millisecond
)

// complaints are why the generator cannot be trusted.
func (g *Generator) complaints() (why []string) {
	if g.CPU > mostCPU {
		why = append(why, fmt.Sprintf("the load generator itself used %.0f %% of the CPU", 100*g.CPU))
	}
	if g.Machine > mostMachine {
		why = append(why, fmt.Sprintf("the machine was %.0f %% busy", 100*g.Machine))
	}
	if late := time.Duration(g.Late.P99); late > mostLate {
		why = append(why, fmt.Sprintf("1 %% of the packets were sent more than %v late", g.Late.P99))
	}
	return why
}
