package udp

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// kernel is the socket as Linux has it.
type kernel struct {
	poller
	segmentation
	inet4 bool   // the socket's family; it wants addresses of its own
	drops uint32 // the kernel's count as last seen, for whoever receives; it wraps

	// sendmmsg is the system call; tests put a kernel that refuses here.
	sendmmsg func(fd uintptr, messages []mmsghdr) (sent int, errno syscall.Errno)
}

// init takes over the socket of conn, and closes conn.
func (k *kernel) init(conn *net.UDPConn, o Options) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	k.sendmmsg, k.onOff = sendmmsg, o.OnPlain
	err = onSocket(raw, func(fd int) error {
		family, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
		k.inet4 = family == unix.AF_INET
		growBuffers(fd, o.buffer)
		// What follows may be lacking, and we do without. A size of zero sets
		// nothing and tells whether the option is known.
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1)
		if !o.PlainReceive {
			_ = unix.SetsockoptInt(fd, unix.SOL_UDP, unix.UDP_GRO, 1)
		}
		k.off.Store(o.PlainSend || unix.SetsockoptInt(fd, unix.SOL_UDP, unix.UDP_SEGMENT, 0) != nil)
		return err
	})
	if err != nil {
		return err
	}
	return k.adopt(conn, o.silent)
}

// growBuffers asks for buffers of this size, beyond the system's limit where we
// are privileged. Getting less is no error: Buffers tells.
func growBuffers(fd, size int) {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, size)
	}
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, size)
	}
}

// buffers halves what the kernel says: it doubles what it is asked for, to have
// room for its own bookkeeping (socket(7)).
func (k *kernel) buffers() (receive, send int) {
	_ = k.do(func(fd uintptr) {
		receive, _ = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF)
		send, _ = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF)
	})
	return receive / 2, send / 2
}

// reaches tells whether the socket's family has a name for a remote.
func (k *kernel) reaches(to *Remote) bool {
	if k.inet4 {
		return to.route.inet4.Family != 0
	}
	return to.route.inet6.Family != 0
}

// name writes how the socket's family calls a remote, and returns its length.
func (k *kernel) name(to *Remote, name *unix.RawSockaddrInet6) uint32 {
	if k.inet4 {
		*raw4(name) = to.route.inet4
		return unix.SizeofSockaddrInet4
	}
	*name = to.route.inet6
	return unix.SizeofSockaddrInet6
}
