package udp

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// narrowLoopback gives the rest of a test a network of its own, that has nothing
// but loopback with this MTU. It skips the test where we may not.
func narrowLoopback(t *testing.T, mtu uint32) {
	t.Helper()
	// The thread is of that network for good: never unlocked, it ends with the
	// test's goroutine.
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Skipf("no network of our own: %v", err)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for _, set := range []struct {
		request uint
		value   func(*unix.Ifreq)
	}{
		{unix.SIOCSIFMTU, func(r *unix.Ifreq) { r.SetUint32(mtu) }},
		{unix.SIOCSIFFLAGS, func(r *unix.Ifreq) { r.SetUint16(unix.IFF_UP) }},
	} {
		request, err := unix.NewIfreq("lo")
		if err != nil {
			t.Fatal(err)
		}
		set.value(request)
		if err := unix.IoctlIfreq(fd, set.request, request); err != nil {
			t.Fatal(err)
		}
	}
}

// The kernel cuts no message into segments longer than the path's MTU, but sends
// plain datagrams there, in fragments.
func TestDatagramsLongerThanThePathStillArrive(t *testing.T) {
	narrowLoopback(t, 1000)
	sender, remotes, receivers := stage(t, Options{}, 1)
	batch, burst := sender.NewBatch(), NewBurst()
	for range 3 {
		for range 8 {
			add(batch, remotes[0], make([]byte, 1100))
		}
		batch.Flush()
		receiveAll(t, receivers[0], burst, 8)
	}
	if s := sender.Stats(); !s.Segmentation || s.Segments != 0 || s.DatagramsOut != 24 || s.SendCalls != 4 {
		t.Errorf("counted %+v, want 24 plain ones after one refusal, and a port that still cuts", s)
	}
}
