package udp

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func TestSocketAddressesAreRead(t *testing.T) {
	// 8080 in the order of the network, whatever the machine's.
	port := networkOrder(8080)
	v4 := unix.RawSockaddrInet4{Family: unix.AF_INET, Port: port, Addr: [4]byte{192, 0, 2, 1}}
	var name4 unix.RawSockaddrInet6
	*(*unix.RawSockaddrInet4)(unsafe.Pointer(&name4)) = v4
	v6 := func(addr string, zone uint32) unix.RawSockaddrInet6 {
		return unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: port, Addr: netip.MustParseAddr(addr).As16(), Scope_id: zone}
	}
	for _, tc := range []struct {
		name unix.RawSockaddrInet6
		want string
	}{
		{name4, "192.0.2.1:8080"},
		{v6("2001:db8::1", 0), "[2001:db8::1]:8080"},
		{v6("::ffff:192.0.2.1", 0), "192.0.2.1:8080"},
		{v6("fe80::1", 3), "[fe80::1%3]:8080"},
		{unix.RawSockaddrInet6{Family: unix.AF_UNIX}, "invalid AddrPort"},
	} {
		if got := addrPort(&tc.name).String(); got != tc.want {
			t.Errorf("read %v, want %v", got, tc.want)
		}
	}
}

func TestSocketAddressesAreWritten(t *testing.T) {
	loopback, err := net.InterfaceByName("lo")
	if err != nil {
		t.Skipf("no interface lo here: %v", err)
	}
	for _, tc := range []struct {
		to       string
		ok4, ok6 bool
		zone     uint32
	}{
		{"192.0.2.1:8080", true, true, 0},
		{"[::ffff:192.0.2.1]:8080", true, true, 0},
		{"[2001:db8::1]:8080", false, true, 0},
		{"[fe80::1%7]:8080", false, true, 7},
		{"[fe80::1%lo]:8080", false, true, uint32(loopback.Index)},
		{"[fe80::1%no such interface]:8080", false, false, 0},
	} {
		to := netip.MustParseAddrPort(tc.to)
		r := newRoute(to)
		want4, want6 := unix.RawSockaddrInet4{}, unix.RawSockaddrInet6{}
		if tc.ok4 {
			want4 = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: networkOrder(8080), Addr: to.Addr().Unmap().As4()}
		}
		if tc.ok6 {
			want6 = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: networkOrder(8080), Addr: to.Addr().As16(), Scope_id: tc.zone}
		}
		if r.inet4 != want4 || r.inet6 != want6 {
			t.Errorf("%s became %+v", tc.to, r)
		}
	}
	if newRoute(netip.AddrPort{}) != (route{}) {
		t.Error("no address was taken for one")
	}
}

func TestControlMessagesAreRead(t *testing.T) {
	message := func(level, kind int32, value uint32) []byte {
		b := make([]byte, unix.CmsgSpace(4))
		h := (*unix.Cmsghdr)(unsafe.Pointer(&b[0]))
		h.Level, h.Type = level, kind
		h.SetLen(unix.CmsgLen(4))
		*(*uint32)(unsafe.Pointer(&b[unix.CmsgLen(0)])) = value
		return b
	}
	drops, segment := message(unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 42), message(unix.SOL_UDP, unix.UDP_GRO, 1100)
	other := message(unix.SOL_IP, unix.IP_TTL, 64)
	for _, tc := range []struct {
		name    string
		control []byte
		want    control
	}{
		{"none", nil, control{}},
		{"drops", drops, control{drops: 42, dropsKnown: true}},
		{"segment", segment, control{segment: 1100}},
		{"both after another", slices.Concat(other, drops, segment), control{segment: 1100, drops: 42, dropsKnown: true}},
		{"only another", other, control{}},
		{"cut off", drops[:unix.CmsgLen(0)-1], control{}},
		{"without its value", drops[:unix.CmsgLen(0)], control{}},
	} {
		if got := readControl(tc.control); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

func TestBuffersAreGrown(t *testing.T) {
	c := open(t, "udp4", "127.0.0.1:0")
	small := with(t, Options{buffer: 32 << 10}, "udp4", "127.0.0.1:0")
	receive, send := c.Buffers()
	smallReceive, smallSend := small.Buffers()
	if smallReceive != 32<<10 || smallSend != 32<<10 {
		t.Errorf("asked for 32 KiB, got %d and %d", smallReceive, smallSend)
	}
	if receive <= smallReceive || send <= smallSend {
		t.Errorf("asked for 8 MiB, got %d and %d", receive, send)
	}
}
