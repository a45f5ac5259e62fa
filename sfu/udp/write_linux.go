package udp

import (
	"net/netip"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// writer sends datagrams without ever waiting. net.UDPConn would park the
// goroutine until the send buffer has room, and with it a whole worker.
type writer struct {
	raw   syscall.RawConn
	inet4 bool // the socket's family; it wants addresses of its own

	mu     sync.Mutex
	send   func(fd uintptr) bool // made once: a closure per call would be garbage
	packet []byte                // these four are the arguments and result of send
	to     unix.Sockaddr
	to4    unix.SockaddrInet4
	to6    unix.SockaddrInet6
	err    error
}

func (w *writer) init(socket syscall.Conn) error {
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	w.raw, w.send = raw, w.sendOne
	return control(raw, func(fd int) error {
		family, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
		w.inet4 = family == unix.AF_INET
		return err
	})
}

// write sends b, or returns errFull where there is no room for it.
func (w *writer) write(b []byte, to netip.AddrPort) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.address(to); err != nil {
		return err
	}
	w.packet = b
	err := w.raw.Write(w.send)
	w.packet = nil
	if err != nil {
		return err
	}
	return w.err
}

func (w *writer) address(to netip.AddrPort) error {
	if w.inet4 {
		w.to = &w.to4
		return setSockaddr4(&w.to4, to)
	}
	w.to = &w.to6
	return setSockaddr6(&w.to6, to)
}

// sendOne returns true always: false would make the poller wait.
func (w *writer) sendOne(fd uintptr) bool {
	for {
		w.err = unix.Sendto(int(fd), w.packet, unix.MSG_DONTWAIT, w.to)
		if w.err != unix.EINTR {
			break
		}
	}
	if w.err == unix.EAGAIN || w.err == unix.ENOBUFS {
		w.err = errFull
	}
	return true
}
