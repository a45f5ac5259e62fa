package udp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// burstMessages is how many messages one system call receives at most.
const burstMessages = 32

// messageStride is the distance of two messages in memory: not a power of two,
// so that their beginnings do not compete for the same lines of the cache.
const messageStride = maxMessage + 17*64

// controlSize is room for the two control messages that we ask for: the size of
// the segments and the count of drops, both 32 bits.
var controlSize = 2 * unix.CmsgSpace(4)

// mmsghdr is struct mmsghdr of recvmmsg(2) and sendmmsg(2).
type mmsghdr struct {
	header unix.Msghdr
	length uint32
}

// inlet is the memory that recvmmsg fills.
type inlet struct {
	burst  *Burst
	from   [burstMessages]netip.AddrPort
	buffer []byte

	headers  [burstMessages]mmsghdr
	vectors  [burstMessages]unix.Iovec
	names    [burstMessages]unix.RawSockaddrInet6 // also holds the shorter IPv4 one
	controls []byte

	conn   *Conn
	most   time.Duration    // how long to wait
	watch  watch            // what for
	look   func(fd uintptr) // these three are made once: a closure per call
	listen func(fd uintptr) // would be garbage
	await  func(bell uintptr)
	socket uintptr       // between listen and await
	errno  syscall.Errno // these two are the results of the three
	closed error
}

func (in *inlet) init(b *Burst) {
	in.burst, in.look, in.listen, in.await = b, in.recvmmsg, in.reach, in.wait
	in.controls = make([]byte, burstMessages*controlSize)
	in.buffer = make([]byte, burstMessages*messageStride)
	for i := range in.headers {
		h := &in.headers[i].header
		h.Name = (*byte)(unsafe.Pointer(&in.names[i]))
		h.Iov = &in.vectors[i]
		h.SetIovlen(1)
		h.Control = &in.controls[i*controlSize]
		in.vectors[i].Base = &in.buffer[i*messageStride]
		in.vectors[i].SetLen(maxMessage)
	}
}

// receive takes all messages that are there, after it has waited for one.
func (in *inlet) receive(c *Conn, most time.Duration) error {
	in.conn, in.most, in.closed = c, most, nil
	take := in.look
	switch {
	case most == 0:
	case c.calm:
		if err := c.kernel.nap(most); err != nil {
			return err
		}
	default:
		take = in.listen
	}
	switch err := c.kernel.do(take); {
	case err != nil:
		return err
	case c.kernel.closed.Load(): // which ended the wait
		return net.ErrClosed
	case in.closed != nil || in.errno == 0 || in.errno == unix.EAGAIN || in.errno == unix.EINTR:
		return in.closed
	}
	return &net.OpError{Op: "read", Net: "udp", Source: c.local, Err: in.errno}
}

// reach has it wait with the bell also.
func (in *inlet) reach(socket uintptr) {
	in.socket = socket
	in.closed = in.conn.kernel.withBell(in.await)
}

// wait waits for messages, or the bell, and takes them.
func (in *inlet) wait(bell uintptr) {
	var input bool
	if input, in.errno = in.watch.until(in.socket, bell, in.most); input {
		in.recvmmsg(in.socket)
	}
}

// recvmmsg is the system call.
func (in *inlet) recvmmsg(fd uintptr) {
	for i := range in.headers {
		h := &in.headers[i].header
		h.Namelen = unix.SizeofSockaddrInet6
		h.SetControllen(controlSize)
		h.Flags = 0
	}
	in.errno = unix.EINTR
	for in.errno == unix.EINTR {
		n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, fd,
			uintptr(unsafe.Pointer(&in.headers[0])), burstMessages, unix.MSG_DONTWAIT, 0, 0)
		in.errno = errno
		if errno == 0 {
			in.sort(int(n))
		}
	}
}

// sort cuts the messages into datagrams and counts them.
func (in *inlet) sort(messages int) {
	oversized, facts := 0, control{}
	for i := range messages {
		m := &in.headers[i]
		facts = readControl(in.controls[i*controlSize:][:m.header.Controllen])
		in.from[i] = addrPort(&in.names[i])
		if m.header.Flags&unix.MSG_TRUNC != 0 {
			oversized++
			continue
		}
		if in.from[i].IsValid() {
			oversized += in.burst.take(i, i*messageStride, int(m.length), facts.segment)
		}
	}
	bytes := 0
	for _, p := range in.burst.pieces {
		bytes += p.end - p.start
	}
	n := &in.conn.counters
	n.receiveCalls.Add(1)
	n.datagramsIn.Add(uint64(len(in.burst.pieces)))
	n.bytesIn.Add(uint64(bytes))
	if oversized > 0 {
		n.oversized.Add(uint64(oversized))
	}
	// The count only grows, so the last message's tells all.
	if facts.dropsKnown {
		k := &in.conn.kernel
		n.kernelDrops.Add(uint64(facts.drops - k.drops))
		k.drops = facts.drops
	}
}

// control is what the kernel says beside a message.
type control struct {
	segment    int    // bytes of each of its datagrams; 0: it is one
	drops      uint32 // since the socket was opened; it wraps
	dropsKnown bool   // the kernel tells from the first drop on
}

func readControl(b []byte) (c control) {
	for len(b) >= unix.SizeofCmsghdr {
		header, data, rest, err := unix.ParseOneSocketControlMessage(b)
		if err != nil {
			return c
		}
		if len(data) >= 4 {
			value := binary.NativeEndian.Uint32(data)
			switch {
			case header.Level == unix.SOL_UDP && header.Type == unix.UDP_GRO:
				c.segment = int(value)
			case header.Level == unix.SOL_SOCKET && header.Type == unix.SO_RXQ_OVFL:
				c.drops, c.dropsKnown = value, true
			}
		}
		b = rest
	}
	return c
}
