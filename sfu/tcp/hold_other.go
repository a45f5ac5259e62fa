//go:build !linux

package tcp

import "net"

// holdBack leaves the kernel's queue as it is.
func holdBack(*net.TCPConn) {}
