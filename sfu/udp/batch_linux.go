package udp

import (
	"net"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// outlet is the memory from which sendmmsg sends.
type outlet struct {
	conn  *Conn
	arena []byte

	headers  []mmsghdr // of the messages that are to be sent
	groups   []group   // what each of them carries
	vectors  []unix.Iovec
	names    []unix.RawSockaddrInet6 // also holds the shorter IPv4 one
	controls []segmentControl

	call  func(fd uintptr) // made once: a closure per call would be garbage
	queue []datagram       // these three are the argument and results of call
	sent  tally
	err   error
}

// group is the datagrams of one message.
type group struct {
	datagrams, bytes int
	to               *Remote
}

// segmentControl is the control message UDP_SEGMENT of udp(7), padded as the
// macro CMSG_SPACE says.
type segmentControl struct {
	header unix.Cmsghdr
	size   uint16
}

func (o *outlet) init(b *Batch) {
	o.conn, o.arena, o.call = b.conn, b.arena, o.sendAll
	o.headers = make([]mmsghdr, maxQueue)
	o.groups = make([]group, 0, maxQueue)
	o.vectors = make([]unix.Iovec, 0, maxQueue)
	o.names = make([]unix.RawSockaddrInet6, maxQueue)
	o.controls = make([]segmentControl, maxQueue)
	for i := range o.headers {
		c := &o.controls[i]
		c.header.Level, c.header.Type = unix.SOL_UDP, unix.UDP_SEGMENT
		c.header.SetLen(unix.CmsgLen(int(unsafe.Sizeof(c.size))))
		h := &o.headers[i].header
		h.Name = (*byte)(unsafe.Pointer(&o.names[i]))
		h.Control = (*byte)(unsafe.Pointer(c))
	}
}

// send sends a queue that is in order of remotes.
func (o *outlet) send(queue []datagram) (tally, error) {
	o.queue, o.sent, o.err = queue, tally{}, nil
	if err := o.conn.kernel.do(o.call); err != nil {
		o.sent.errors, o.err = uint64(len(queue)), err
	}
	o.queue = nil
	return o.sent, o.err
}

// sendAll makes messages of the queue and sends them. When the kernel refuses to
// cut one, what is left becomes messages anew, with that one plain.
func (o *outlet) sendAll(fd uintptr) {
	for len(o.queue) > 0 {
		o.build()
		o.queue = o.queue[o.transmit(fd):]
	}
	clear(o.groups) // let go of the remotes
}

// build makes messages of the queue.
func (o *outlet) build() {
	o.groups, o.vectors = o.groups[:0], o.vectors[:0]
	plain := !o.conn.kernel.segments()
	for rest := o.queue; len(rest) > 0; {
		n := 1
		if !plain && !rest[0].to.route.plain {
			n = run(rest)
		}
		o.message(rest[:n])
		rest = rest[n:]
	}
}

// message adds one message. Datagrams that lie next to each other in the arena
// share a vector: the kernel has to allocate for more than eight (UIO_FASTIOV).
func (o *outlet) message(datagrams []datagram) {
	i, first := len(o.groups), &datagrams[0]
	h := &o.headers[i].header
	vectors, end, bytes := len(o.vectors), int32(-1), int32(0)
	for _, d := range datagrams {
		if d.start == end {
			v := &o.vectors[len(o.vectors)-1]
			v.SetLen(int(v.Len) + int(d.size))
		} else {
			v := unix.Iovec{Base: unsafe.SliceData(o.arena[d.start:])}
			v.SetLen(int(d.size))
			o.vectors = append(o.vectors, v)
		}
		end = d.start + d.size
		bytes += d.size
	}
	h.Iov = &o.vectors[vectors]
	h.SetIovlen(len(o.vectors) - vectors)
	h.Namelen = o.conn.kernel.name(first.to, &o.names[i])
	h.SetControllen(0)
	if len(datagrams) > 1 {
		o.controls[i].size = uint16(first.size)
		h.SetControllen(int(unsafe.Sizeof(o.controls[i])))
	}
	o.groups = append(o.groups, group{datagrams: len(datagrams), bytes: int(bytes), to: first.to})
}

// transmit sends the messages, and returns how many datagrams are done with:
// all, or those before a message that has to be sent plain. An error is one of
// the first message that is not sent; sendmmsg(2) keeps it for the next call.
func (o *outlet) transmit(fd uintptr) (done int) {
	for i := 0; i < len(o.groups); {
		sent, errno := o.conn.kernel.sendmmsg(fd, o.headers[i:len(o.groups)])
		o.sent.calls++
		for _, g := range o.groups[i : i+sent] {
			o.count(g)
			done += g.datagrams
		}
		i += sent
		switch {
		case sent > 0 || errno == unix.EINTR:
			continue
		case o.groups[i].datagrams > 1 && o.conn.kernel.refused(errno, o.groups[i].to):
			return done
		case errno == 0 || errno == unix.EAGAIN:
			// The send buffer is full, for whatever comes after this also.
			o.sent.drops += uint64(len(o.queue) - done)
			return len(o.queue)
		}
		o.lose(o.groups[i], errno)
		done += o.groups[i].datagrams
		i++
	}
	return done
}

// count notes a message that was sent.
func (o *outlet) count(g group) {
	o.sent.datagrams += uint64(g.datagrams)
	o.sent.bytes += uint64(g.bytes)
	if g.datagrams > 1 {
		o.sent.segments += uint64(g.datagrams)
		o.conn.kernel.worked()
	}
}

// lose notes a message that was not. ENOBUFS is the queue of one interface.
func (o *outlet) lose(g group, errno syscall.Errno) {
	if errno == unix.ENOBUFS {
		o.sent.drops += uint64(g.datagrams)
		return
	}
	o.sent.errors += uint64(g.datagrams)
	if o.err == nil {
		o.err = &net.OpError{Op: "write", Net: "udp", Source: o.conn.local, Addr: net.UDPAddrFromAddrPort(g.to.to), Err: errno}
	}
}

// sendmmsg is the system call. It sends as many messages as it can; errno is
// that of the first when it cannot send any.
func sendmmsg(fd uintptr, messages []mmsghdr) (sent int, errno syscall.Errno) {
	n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, fd,
		uintptr(unsafe.Pointer(&messages[0])), uintptr(len(messages)), unix.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}
