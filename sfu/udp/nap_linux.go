package udp

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// nap is a poller's wait through Go's own poller, for a port on which little comes.
// A thread in a system call is at work to Go: the scheduler's monitor stays awake for
// it and looks again every few dozen microseconds, which was half of all the time
// that a server took on which nothing went on.
//
// Go's poller knows the set alone, and the set wakes it for socket and bell only
// while somebody naps: else it would be woken for every datagram of a busy port.
type nap struct {
	file  *os.File // an epoll set of the two
	calls syscall.RawConn
	set   uintptr
	rang  bool  // the bell ended the wait
	err   error // of the last change of the set

	arm, armBell, prepare func(fd uintptr) // these are made once: a closure
	look                  func(set uintptr) (done bool)
}

// What the set calls its two.
const (
	ofSocket = iota
	ofBell
)

// spread makes the set for a poller that has a bell.
func (n *nap) spread(p *poller) error {
	set, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return os.NewSyscallError("epoll_create1", err)
	}
	if err := unix.SetNonblock(set, true); err != nil { // or Go's poller does without it
		unix.Close(set)
		return os.NewSyscallError("fcntl", err)
	}
	n.set, n.file = uintptr(set), os.NewFile(uintptr(set), "udp nap")
	n.calls, err = n.file.SyscallConn()
	n.arm = func(socket uintptr) { n.control(unix.EPOLL_CTL_MOD, socket, ofSocket, unix.EPOLLIN) }
	n.armBell = func(bell uintptr) { n.control(unix.EPOLL_CTL_MOD, bell, ofBell, unix.EPOLLIN) }
	n.prepare = func(uintptr) {
		closed := errors.Join(p.do(n.arm), p.withBell(n.armBell))
		n.err = errors.Join(closed, n.err)
	}
	n.look = n.ended
	err = errors.Join(err,
		p.do(func(socket uintptr) { n.control(unix.EPOLL_CTL_ADD, socket, ofSocket, 0) }),
		p.withBell(func(bell uintptr) { n.control(unix.EPOLL_CTL_ADD, bell, ofBell, 0) }))
	if err = errors.Join(err, n.err); err != nil {
		n.file.Close()
	}
	return err
}

// control changes what the set watches, once, of one of the two.
func (n *nap) control(how int, fd uintptr, which int32, events uint32) {
	event := unix.EpollEvent{Events: events | unix.EPOLLONESHOT, Fd: which}
	if err := unix.EpollCtl(int(n.set), how, int(fd), &event); err != nil {
		n.err = os.NewSyscallError("epoll_ctl", err)
	}
}

// ended tells whether there is something of either.
func (n *nap) ended(set uintptr) (done bool) {
	var events [2]unix.EpollEvent
	count, err := unix.EpollWait(int(set), events[:], 0)
	for _, event := range events[:max(0, count)] {
		n.rang = n.rang || event.Fd == ofBell
	}
	return count != 0 || err != nil
}

// nap waits until something comes, the bell rings or most has passed; less than
// zero is for ever.
func (p *poller) nap(most time.Duration) error {
	n := &p.naps
	n.rang, n.err = false, nil
	if err := n.calls.Control(n.prepare); err != nil || n.err != nil {
		return p.failure(errors.Join(err, n.err))
	}
	var end time.Time
	if most >= 0 {
		end = time.Now().Add(most)
	}
	if err := n.file.SetReadDeadline(end); err != nil {
		return p.failure(err)
	}
	err := n.calls.Read(n.look)
	if n.rang {
		return p.withBell(muffle)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return p.failure(err)
}
