package tcp

import (
	"net"

	"golang.org/x/sys/unix"
)

// unsent is how much may wait in the kernel that was never sent, in bytes: what is
// late is to wait where it can be dropped.
const unsent = 32 << 10

// holdBack keeps the kernel's queue short (TCP_NOTSENT_LOWAT).
func holdBack(c *net.TCPConn) {
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsent)
	})
}
