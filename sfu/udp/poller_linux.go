package udp

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// poller is a socket on which one goroutine waits in a system call of its own.
// Through Go's poller each wait puts that goroutine aside, has a thread look for
// other work, wakes the scheduler's monitor and takes the goroutine up again: in a
// room with little going on, more than all that the worker does when it is awake.
type poller struct {
	socket, bell *os.File        // no bell where nobody waits
	calls, rings syscall.RawConn // of these two
	naps         nap
	closed       atomic.Bool
}

// adopt takes over the socket of conn, and closes conn. On a silent one nobody
// waits.
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
		err = p.hang()
	}
	if err != nil {
		p.socket.Close()
	}
	return err
}

// hang makes the bell.
func (p *poller) hang() error {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return os.NewSyscallError("eventfd", err)
	}
	p.bell = os.NewFile(uintptr(fd), "udp bell")
	if p.rings, err = p.bell.SyscallConn(); err == nil {
		err = p.naps.spread(p)
	}
	if err != nil {
		p.bell.Close()
	}
	return err
}

// do runs f, which must not wait, with the socket.
func (p *poller) do(f func(fd uintptr)) error { return p.failure(p.calls.Control(f)) }

// withBell runs f with the bell.
func (p *poller) withBell(f func(bell uintptr)) error { return p.failure(p.rings.Control(f)) }

// ring ends the wait that goes on, or the next one. Any goroutine.
func (p *poller) ring() error { return p.withBell(strike) }

// strike has a bell ring until it is muffled.
func strike(bell uintptr) {
	one := uint64(1)
	_, _, _ = unix.Syscall(unix.SYS_WRITE, bell, uintptr(unsafe.Pointer(&one)), unsafe.Sizeof(one))
}

// muffle has a bell that rings be still.
func muffle(bell uintptr) {
	var rang uint64
	_, _, _ = unix.Syscall(unix.SYS_READ, bell, uintptr(unsafe.Pointer(&rang)), unsafe.Sizeof(rang))
}

// failure tells a port that was closed from what package os says of a file.
func (p *poller) failure(err error) error {
	if err != nil && p.closed.Load() {
		return net.ErrClosed
	}
	return err
}

// close ends those who wait; the descriptors go when the last call is over.
func (p *poller) close() error {
	if p.closed.Swap(true) {
		return net.ErrClosed
	}
	var err error
	if p.bell != nil {
		err = errors.Join(p.ring(), p.naps.file.Close(), p.bell.Close())
	}
	return errors.Join(err, p.socket.Close())
}

// watch is what a goroutine waits for: input on a socket, or its bell.
type watch [2]unix.PollFd

// until waits until either comes or most has passed; less than zero is for ever.
func (w *watch) until(socket, bell uintptr, most time.Duration) (input bool, err syscall.Errno) {
	w[0] = unix.PollFd{Fd: int32(socket), Events: unix.POLLIN}
	w[1] = unix.PollFd{Fd: int32(bell), Events: unix.POLLIN}
	var limit *unix.Timespec
	if most >= 0 {
		t := unix.NsecToTimespec(int64(most))
		limit = &t
	}
	_, _, err = unix.Syscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(w)), uintptr(len(w)), uintptr(unsafe.Pointer(limit)), 0, 0, 0)
	if err == 0 && w[1].Revents != 0 {
		muffle(bell)
	}
	return err == 0 && w[0].Revents != 0, err
}

// onSocket runs f on a connection and returns its error or that of getting at it.
func onSocket(raw syscall.RawConn, f func(fd int) error) error {
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}
