//go:build unix

package signaling

import (
	"math"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// processTime is the CPU time that the process has used, 0 if the system does not say.
func processTime() time.Duration {
	var used unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// descriptorLimit is how many descriptors the process may have, 0 if nobody says.
func descriptorLimit() int64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil || openDescriptors() == 0 {
		return 0
	}
	return int64(min(uint64(limit.Cur), math.MaxInt64))
}

// openDescriptors is how many descriptors the process has, 0 if that does not show.
func openDescriptors() int64 {
	const folder = "/dev/fd" // on Linux too
	all, err := os.Open(folder)
	if err != nil {
		return 0
	}
	defer all.Close()
	names, _ := all.Readdirnames(-1)   // as many as there are
	return int64(max(0, len(names)-1)) // all is one itself
}
