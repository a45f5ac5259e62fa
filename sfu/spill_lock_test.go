package sfu

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestNoLockIsWaitedForWhereARoomSpills looks at the runtime's mutex profile while
// media flows from one worker to another.
func TestNoLockIsWaitedForWhereARoomSpills(t *testing.T) {
	s := newSpilledSFU(t)
	r := s.NewRouter(newRecorder())
	defer r.Close()
	alice := newBrowser(t, 0, 0)
	pa, _ := newTestPeer(t, s)
	na := alice.join(pa)
	routing := &Routing{Mics: na.Sources[:1], Pictures: na.Sources[1:]}
	var viewers []*browser
	for range 6 {
		b := newBrowser(t, 1, 1)
		p, _ := newTestPeer(t, s)
		routing.Views = append(routing.Views, showAll(na, b.join(p)).Views...)
		viewers = append(viewers, b)
	}
	alice.publish()
	r.Route(routing)
	for _, b := range viewers {
		b.hears(2, 10)
	}
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	var waits int64
	for range 3 { // whoever holds a lock may lose the core: the best look counts
		before, crossed := waitedForLocks(), s.Stats().Crossed
		time.Sleep(time.Second)
		waits = waitedForLocks() - before
		if got := s.Stats().Crossed - crossed; got < 50 {
			t.Fatalf("%d packets crossed", got)
		}
		if waits <= 1 {
			return
		}
	}
	t.Errorf("locks of the packet path were waited for %d times in a second", waits)
}

// waitedForLocks is how often a worker's inbox was waited for so far, by who hands
// packets over or takes them.
func waitedForLocks() (times int64) {
	records := make([]runtime.BlockProfileRecord, 4096)
	n, _ := runtime.MutexProfile(records)
	for _, record := range records[:n] {
		frames := runtime.CallersFrames(record.Stack())
		for frame, more := frames.Next(); ; frame, more = frames.Next() {
			if strings.Contains(frame.Function, "sfu.(*inbox).") && !strings.HasSuffix(frame.Function, ".command") {
				times += record.Count
				break
			}
			if !more {
				break
			}
		}
	}
	return times
}
