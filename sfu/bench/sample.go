package main

import "slices"

// What the lines are made of. Ratios are taken within each turn of the rounds, as
// what else the machine does changes from turn to turn.

// quotient compares two variants in an experiment with the scenario of its name.
func quotient(name, above, below string, figure func(round) float64) func(*report) sample {
	return within(name, name, above, below, figure)
}

// delayed compares Madang with the plain fan-out when that takes half of the core.
func delayed(scenario string, figure func(round) float64) func(*report) sample {
	return within("delay", scenario, "madang", "plain", figure)
}

// within compares two variants of a scenario in an experiment.
func within(experiment, scenario, above, below string, figure func(round) float64) func(*report) sample {
	return func(r *report) sample {
		a, b := r.find(experiment, scenario, above), r.find(experiment, scenario, below)
		if a == nil || b == nil {
			return sample{}
		}
		return turns([][]round{a.Rounds, b.Rounds}, func(n []round) float64 { return figure(n[0]) / max(figure(n[1]), 1e-3) })
	}
}

// plainly is a figure as it is, in an experiment with the scenario of its name.
func plainly(name, variant string, figure func(round) float64) func(*report) sample {
	return func(r *report) sample {
		one := r.find(name, name, variant)
		if one == nil {
			return sample{}
		}
		return turns([][]round{one.Rounds}, func(n []round) float64 { return figure(n[0]) })
	}
}

// growth is how much more a packet costs in any of an experiment's scenarios than
// in a smaller one: what who fills a server must be able to count on. That it falls
// where a turn of the worker does more for its wake-up is well; span tells that too.
func growth(experiment string) func(*report) sample {
	return across(experiment, func(costs []float64) (most float64) {
		least := costs[0]
		for _, c := range costs[1:] {
			most, least = max(most, c/least), min(least, c)
		}
		return most
	})
}

// span is the largest cost of a packet in any of an experiment's scenarios over
// the smallest.
func span(experiment string) func(*report) sample {
	return across(experiment, func(costs []float64) float64 { return slices.Max(costs) / slices.Min(costs) })
}

// across compares what a packet costs with Madang in all scenarios of an experiment.
func across(experiment string, value func(costs []float64) float64) func(*report) sample {
	return func(r *report) sample {
		var all [][]round
		for _, one := range r.Results {
			if one.Experiment == experiment && one.Variant == "madang" {
				all = append(all, one.Rounds)
			}
		}
		if len(all) < 2 {
			return sample{}
		}
		return turns(all, func(rounds []round) float64 {
			var costs []float64
			for _, n := range rounds {
				costs = append(costs, max(n.Cost, 1e-3))
			}
			return value(costs)
		})
	}
}

// turns has one value of each turn in which the rounds of all count.
func turns(of [][]round, value func([]round) float64) (s sample) {
	s.measured = true
	for turn := range of[0] {
		var rounds []round
		for _, r := range of {
			if n := r[turn]; n.Invalid == "" {
				rounds = append(rounds, n)
			}
		}
		if len(rounds) == len(of) {
			s.values = append(s.values, value(rounds))
		}
	}
	return s
}

// beyond is how many KB a member takes over its bare PeerConnection.
func beyond(experiment string) func(*report) sample {
	return func(r *report) sample {
		ours, bare := r.standing(experiment)
		if ours == nil {
			return sample{}
		}
		return sample{measured: true, sure: true, values: []float64{(ours.Heap - bare.Heap) / 1024}}
	}
}

// beside compares a member with its bare PeerConnection.
func beside(experiment string, figure func(*standing) float64) func(*report) sample {
	return func(r *report) (s sample) {
		ours, bare := r.standing(experiment)
		if ours == nil {
			return s
		}
		return sample{measured: true, sure: true, values: []float64{figure(ours) / max(figure(bare), 1e-3)}}
	}
}

// resting compares the CPU time that they take while they do nothing.
func resting(experiment string) func(*report) sample {
	return func(r *report) sample {
		ours, bare := r.standing(experiment)
		if ours == nil {
			return sample{}
		}
		return turns([][]round{ours.Rounds, bare.Rounds}, func(n []round) float64 { return n[0].Cost / max(n[1].Cost, 1e-3) })
	}
}

// benchmarked is a figure that a benchmark of Go's reported, each time that it ran,
// less another one, if that has a name. If others did and it did not, that is no
// verdict.
func benchmarked(name, unit, less string) func(*report) sample {
	return func(r *report) (s sample) {
		for _, ran := range r.Benchmarks {
			if value, ok := ran.Figures[unit]; ok && ran.Name == name {
				s.values = append(s.values, value-ran.Figures[less])
			}
		}
		s.measured, s.sure = len(r.Benchmarks) > 0, len(s.values) > 0
		return s
	}
}
