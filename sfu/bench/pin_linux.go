package main

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// pinToOneCore keeps the process on the last core, one goroutine at a time.
// Where the system refuses, the scheduler's limit alone holds.
func pinToOneCore() {
	runtime.GOMAXPROCS(1)
	var set unix.CPUSet
	set.Set(runtime.NumCPU() - 1)
	_ = unix.SchedSetaffinity(0, &set)
}
