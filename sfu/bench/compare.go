package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"madang/sfu/bench/client"
)

// arena is where the rounds of one experiment take place.
type arena struct {
	settings settings
	results  []*result
	runs     []func() (round, error) // one for each result
	meetings []*meeting
	closing  []func()
}

// compare runs an experiment.
func compare(e experiment, s settings) ([]*result, error) {
	a := &arena{settings: s}
	defer a.close()
	for _, sc := range e.Scenarios {
		if err := a.prepare(e, sc); err != nil {
			return nil, fmt.Errorf("%s: %w", sc.Name, err)
		}
	}
	if err := a.profile(); err != nil {
		return nil, err
	}
	for turn, counting := 0, 0; counting < s.rounds && turn < mostTurns*s.rounds; turn++ {
		counts, err := a.turn()
		if err != nil {
			return nil, err
		}
		if counts {
			counting++
		}
	}
	for _, r := range a.results {
		r.conclude()
	}
	return a.results, nil
}

// mostTurns bounds how often a turn is taken again in which a round does not count.
const mostTurns = 2

// turn has each variant do a round, and tells whether all of them count.
func (a *arena) turn() (counts bool, err error) {
	counts = true
	for i, run := range a.runs {
		n, err := run()
		if err != nil {
			return false, fmt.Errorf("%s with %s: %w", a.results[i].Scenario.Name, a.results[i].Variant, err)
		}
		a.results[i].Rounds = append(a.results[i].Rounds, n)
		counts = counts && n.Invalid == ""
	}
	return counts, nil
}

// prepare has the members of a scenario meet with each variant.
func (a *arena) prepare(e experiment, sc scenario) error {
	certificate, err := client.NewCertificate()
	if err != nil {
		return err
	}
	if a.wants(e, "floor") && runtime.GOOS == "linux" { // who has UDP_SEGMENT
		p, err := startProcess("floor", sc, e.Cores)
		if err != nil {
			return err
		}
		a.closing = append(a.closing, p.close)
		a.add(&result{Experiment: e.Name, Scenario: sc, Variant: "floor", Suite: "AES-128-GCM"},
			func() (round, error) { return measureFloor(p, sc, a.settings.length) })
	}
	share := 1.0
	for _, v := range variants() {
		if !a.wants(e, v.Name) {
			continue
		}
		m, err := startMeeting(v, sc, e.Cores, certificate)
		if err != nil {
			return fmt.Errorf("%s: %w", v.Name, err)
		}
		a.closing = append(a.closing, m.close)
		if e.Half && share == 1 {
			if share, err = m.half(a.settings.length); err != nil {
				return err
			}
		}
		m.share = share
		a.meetings = append(a.meetings, m)
		a.add(&result{Experiment: e.Name, Scenario: sc, Variant: v.Name, Suite: suiteName(m.clients[0].Suite()), PerHead: m.perHead},
			func() (round, error) { return m.round(a.settings.length, "") })
	}
	return nil
}

func (a *arena) wants(e experiment, variant string) bool {
	return slices.Contains(e.Variants, variant) && (len(a.settings.variants) == 0 || slices.Contains(a.settings.variants, variant))
}

func (a *arena) add(r *result, run func() (round, error)) {
	a.results, a.runs = append(a.results, r), append(a.runs, run)
}

// profile has each meeting last a round that does not count, if profiles are wanted.
func (a *arena) profile() error {
	if a.settings.profiles == "" {
		return nil
	}
	for _, m := range a.meetings {
		if _, err := m.round(a.settings.length, filepath.Join(a.settings.profiles, a.results[0].Experiment+"-"+m.scenario.Name+"-"+m.variant.Name+".pprof")); err != nil {
			return fmt.Errorf("%s: %w", m.variant.Name, err)
		}
	}
	return nil
}

// close ends all servers and their members.
func (a *arena) close() {
	for _, end := range a.closing {
		end()
	}
}

// half is the share of its packets that a meeting may publish to take half of the
// core. What the first round says is off by how much the work of a wake-up weighs.
func (m *meeting) half(length time.Duration) (share float64, err error) {
	m.share = 0.5
	for range 2 {
		r, err := m.round(length, "")
		if err != nil {
			return 0, err
		}
		m.share *= min(2, 0.5/max(r.Load, 0.01))
	}
	return m.share, nil
}
