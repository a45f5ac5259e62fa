package udp

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// poller is a socket of which Go's poller learns only that there is something to
// read. Left to itself Go also asks when there is room to write, and the kernel
// says so for every message that has left, to a thread that wakes up for nothing:
// a third of what sending costs. So the socket is in an epoll of its own that
// asks for input alone, and Go's poller watches that epoll.
type poller struct {
	socket, input *os.File        // no input where nobody waits for it
	calls, waits  syscall.RawConn // of these two
	closed        atomic.Bool
}

// adopt takes over the socket of conn, and closes conn. Nobody is woken for what
// comes to a silent one.
func (p *poller) adopt(conn *net.UDPConn, silent bool) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	fd := -1
	if err := onSocket(raw, func(shared int) (err error) {
		fd, err = unix.FcntlInt(uintptr(shared), unix.F_DUPFD_CLOEXEC, 0)
		return err
	}); err != nil {
		return os.NewSyscallError("fcntl", err)
	}
	conn.Close()
	// Package os leaves a blocking descriptor alone; each call says MSG_DONTWAIT.
	if err := unix.SetNonblock(fd, false); err != nil {
		unix.Close(fd)
		return os.NewSyscallError("fcntl", err)
	}
	p.socket = os.NewFile(uintptr(fd), "udp")
	if p.calls, err = p.socket.SyscallConn(); err == nil && !silent {
		err = p.watch(fd)
	}
	if err != nil {
		p.socket.Close()
	}
	return err
}

// watch makes the epoll.
func (p *poller) watch(fd int) error {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return os.NewSyscallError("epoll_create1", err)
	}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN}); err != nil {
		unix.Close(epoll)
		return os.NewSyscallError("epoll_ctl", err)
	}
	// Package os gives a descriptor to Go's poller if it does not block.
	if err := unix.SetNonblock(epoll, true); err != nil {
		unix.Close(epoll)
		return os.NewSyscallError("fcntl", err)
	}
	p.input = os.NewFile(uintptr(epoll), "udp input")
	if p.waits, err = p.input.SyscallConn(); err == nil {
		err = p.input.SetReadDeadline(time.Time{}) // fails where the poller has not taken it
	}
	if err != nil {
		p.input.Close()
	}
	return err
}

// do runs f, which must not wait, with the socket.
func (p *poller) do(f func(fd uintptr)) error { return p.failure(p.calls.Control(f)) }

// wait runs f until it returns true, whenever there may be something to read.
// What it gives f is not the socket.
func (p *poller) wait(f func(uintptr) bool) error { return p.failure(p.waits.Read(f)) }

// failure tells a port that was closed from what package os says of a file.
func (p *poller) failure(err error) error {
	if err != nil && p.closed.Load() {
		return net.ErrClosed
	}
	return err
}

func (p *poller) setReadDeadline(t time.Time) error {
	return p.failure(p.input.SetReadDeadline(t))
}

// close ends those who wait; the descriptors go when the last call is over.
func (p *poller) close() error {
	if p.closed.Swap(true) {
		return net.ErrClosed
	}
	err := p.socket.Close()
	if p.input != nil {
		err = errors.Join(p.input.Close(), err)
	}
	return err
}

// onSocket runs f on a connection and returns its error or that of getting at it.
func onSocket(raw syscall.RawConn, f func(fd int) error) error {
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}
