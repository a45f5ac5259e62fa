package udp

import (
	"context"
	"net"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// pair binds a port a second time, for feedback, in place of a socket that has it
// alone: whoever shares a port must do so from the beginning. That it was had alone
// shows that no other server is on it. Where the system does not share ports aside
// is nil.
func pair(ctx context.Context, network, address string, alone *net.UDPConn) (first, aside *net.UDPConn, err error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, nil, err
	}
	address = net.JoinHostPort(host, strconv.Itoa(alone.LocalAddr().(*net.UDPAddr).Port))
	alone.Close()
	sharing := net.ListenConfig{Control: share}
	if first, err = bind(ctx, sharing, network, address); err == nil {
		if aside, err = bind(ctx, sharing, network, address); err == nil {
			if err = steer(first); err == nil {
				return first, aside, nil
			}
			aside.Close()
		}
		first.Close()
	}
	first, err = bind(ctx, net.ListenConfig{}, network, address)
	return first, nil, err
}

// share lets a socket that is not bound yet have its port with others.
func share(_, _ string, raw syscall.RawConn) error {
	return onSocket(raw, func(fd int) error {
		return os.NewSyscallError("setsockopt", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1))
	})
}

// steer has the kernel choose among the sockets of a port, by their order: the
// second gets transport-wide feedback, as the readable header of SRTCP says (RFC
// 3711 section 3.4): version 2, format 15, type 205.
func steer(first *net.UDPConn) error {
	raw, err := first.SyscallConn()
	if err != nil {
		return err
	}
	const padding, version, format, kind = 0x20, 2 << 6, 15, 205
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0xff &^ padding},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: version | format, Jf: 3},
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 1},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: kind, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0},
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	return onSocket(raw, func(fd int) error {
		return os.NewSyscallError("setsockopt", unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_REUSEPORT_CBPF, &filter))
	})
}
