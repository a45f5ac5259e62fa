package tcp

import (
	"net"

	"golang.org/x/sys/unix"
)

// unsent is how much may wait in the kernel that was never sent, in bytes: what is
// late is to wait where it can be dropped.
const unsent = 32 << 10

// unheard is how long the other end may leave what was sent to it without a word,
// in milliseconds.
const unheard = 20_000

// holdBack keeps the kernel's queue short (TCP_NOTSENT_LOWAT), and has it give up
// in time on who is gone (TCP_USER_TIMEOUT).
func holdBack(c *net.TCPConn) {
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsent)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, unheard)
	})
}
