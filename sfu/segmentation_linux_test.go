package sfu

import (
	"testing"

	"golang.org/x/sys/unix"
)

// refuseSegments has the kernel refuse messages of several datagrams on an SFU's
// ports, as it does without checksums (udp_send_skb: EINVAL).
func refuseSegments(t *testing.T, s *SFU) {
	t.Helper()
	ports := map[int]bool{}
	for _, p := range s.Ports() {
		ports[p] = true
	}
	refused := 0
	for fd := range 4096 {
		kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
		if err != nil || kind != unix.SOCK_DGRAM {
			continue
		}
		port := 0
		switch a, _ := unix.Getsockname(fd); a := a.(type) {
		case *unix.SockaddrInet4:
			port = a.Port
		case *unix.SockaddrInet6:
			port = a.Port
		}
		if !ports[port] {
			continue
		}
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_NO_CHECK, 1); err != nil {
			t.Fatal(err)
		}
		refused++
	}
	if refused < len(ports) { // a port may have a second socket, for feedback
		t.Fatalf("%d sockets of %d ports were found", refused, len(ports))
	}
}

func TestMediaFlowsWhereTheKernelCutsNoMessages(t *testing.T) {
	s := newTestSFU(t)
	refuseSegments(t, s)
	c := newCall(t, s, newBrowserWith(t, settings(), 4, 0), newBrowserWith(t, settings(), 4, 0))
	if c.fast() != [2]bool{true, true} {
		t.Fatal("not on the fast path")
	}
	c.flow(50)
	for i, e := range c.ears {
		if lost, came := e.lost(96); lost > 0 {
			t.Errorf("client %d lost %.1f %% of %d packets", i, 100*lost, came)
		}
	}
	for _, p := range s.ports {
		stats := p.conn.Stats()
		t.Logf("%+v", stats)
		if stats.SendErrors+stats.SendDrops > 0 {
			t.Errorf("%d datagrams were refused", stats.SendErrors+stats.SendDrops)
		}
	}
}
