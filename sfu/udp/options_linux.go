package udp

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// growBuffers asks for buffers of this size, beyond the system's limit where we
// are privileged, and has the kernel count what it drops. Getting less is no
// error: Buffers tells, and some sandboxes have no such count.
func growBuffers(socket *net.UDPConn, size int) error {
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	return control(raw, func(fd int) error {
		if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, size) != nil {
			_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, size)
		}
		if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, size) != nil {
			_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, size)
		}
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1)
		return nil
	})
}

// bufferSizes halves what the kernel says: it doubles what it is asked for, to
// have room for its own bookkeeping (socket(7)).
func bufferSizes(socket *net.UDPConn) (receive, send int) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return 0, 0
	}
	_ = control(raw, func(fd int) error {
		receive, _ = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF)
		send, _ = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF)
		return nil
	})
	return receive / 2, send / 2
}

// control runs f on the socket and returns its error or that of getting at it.
func control(raw syscall.RawConn, f func(fd int) error) error {
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}
