package main

import (
	"fmt"
	"slices"
	"time"
)

// round is what one server did in one round.
type round struct {
	CPU         time.Duration `json:"cpu_ns"`
	Forwarded   uint64        `json:"forwarded"` // packets, or lines of chat, that members received
	Expected    uint64        `json:"expected"`
	Extra       uint64        `json:"extra"`        // repairs, and packets that only probe
	Cost        float64       `json:"us"`           // CPU µs per packet forwarded, or line written
	Load        float64       `json:"load"`         // share of the core
	Allocations float64       `json:"allocations"`  // per packet forwarded
	DelayP50    float64       `json:"delay_p50_us"` // µs from the publisher's send to the subscriber's read
	DelayP99    float64       `json:"delay_p99_us"`
	Invalid     string        `json:"invalid,omitempty"` // why it does not count
}

const (
	lead    = 5 * time.Second        // at most, before what counts: idle timers, caches, estimates
	trail   = 100 * time.Millisecond // for what is under way
	mostOff = 0.01                   // share of packets that may be missing
)

// round runs the meeting on the serving core and says what it cost.
func (m *meeting) round(length time.Duration, profile string) (r round, err error) {
	if err := m.process.pin(true); err != nil {
		return r, err
	}
	defer func() { _ = m.process.pin(false) }()
	m.settle(lead)
	m.delays()
	if profile != "" {
		if _, err := m.process.ask(request{Do: "profile", Path: profile}); err != nil {
			return r, err
		}
		defer func() { _, _ = m.process.ask(request{Do: "profile"}) }()
	}
	before, err := m.look()
	if err != nil {
		return r, err
	}
	sent := m.run(length)
	time.Sleep(trail)
	after, err := m.look()
	if err != nil {
		return r, err
	}
	return m.sum(before, after, sent), nil
}

// look is a look at all that a round changes.
type look struct {
	watch            watch
	usage            usage
	forwarded, extra uint64
	drops            uint64
}

func (m *meeting) look() (look, error) {
	r, err := m.process.ask(request{Do: "usage"})
	l := look{watch: m.process.watch(), usage: r.usage, forwarded: m.forwarded(), extra: m.extra()}
	l.drops, _ = kernelDrops() // where they are not told, what is missing tells
	return l, err
}

// sum says what happened between two looks.
func (m *meeting) sum(before, after look, sent int) round {
	delays := m.delays()
	slices.Sort(delays)
	r := round{
		CPU:       after.usage.CPU - before.usage.CPU,
		Forwarded: after.forwarded - before.forwarded,
		Expected:  uint64(float64(sent) * m.scenario.fanOut()),
		Extra:     after.extra - before.extra,
		DelayP50:  quantile(delays, 0.5), DelayP99: quantile(delays, 0.99),
	}
	lasted := after.watch.at.Sub(before.watch.at)
	units := float64(max(r.Forwarded, 1))
	r.Allocations = float64(after.usage.Allocations-before.usage.Allocations) / units
	if m.scenario.Media == chat {
		units = float64(max(sent, 1))
	}
	r.Cost = float64(r.CPU.Nanoseconds()) / 1000 / units
	r.Load = float64(r.CPU) / float64(lasted) / float64(m.process.cores)
	switch dropped := after.drops - before.drops; {
	case float64(r.Forwarded) < (1-mostOff)*float64(r.Expected):
		r.Invalid = fmt.Sprintf("%d of %d packets were lost", r.Expected-r.Forwarded, r.Expected)
	case float64(dropped) > mostOff*float64(r.Expected):
		r.Invalid = fmt.Sprintf("sockets dropped %d packets", dropped)
	default:
		r.Invalid = m.process.stolen(before.watch, after.watch, r.CPU)
	}
	return r
}

// quantile of sorted delays, in µs; 0 without any.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[int(q*float64(len(sorted)-1))].Nanoseconds()) / 1000
}
