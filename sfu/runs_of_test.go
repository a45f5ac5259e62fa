package sfu

// runsOf is how many runs of a simulation to make: all, or a quarter of them where
// the race detector makes each ten times as long.
func runsOf(all int) uint64 {
	if underRace {
		return uint64(max(1, all/4))
	}
	return uint64(all)
}
