package udp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// batch is how many datagrams one system call receives at most.
const batch = 32

// controlSize is room for the one control message we ask for, a 32 bit count.
var controlSize = unix.CmsgSpace(4)

// mmsghdr is struct mmsghdr of recvmmsg(2).
type mmsghdr struct {
	header unix.Msghdr
	length uint32
}

// reader receives datagrams by the batch and hands them out one by one.
type reader struct {
	mu       sync.Mutex
	raw      syscall.RawConn
	counters *counters
	receive  func(fd uintptr) bool // made once: a closure per call would be garbage

	headers    [batch]mmsghdr
	vectors    [batch]unix.Iovec
	names      [batch]unix.RawSockaddrInet6 // also holds the shorter IPv4 one
	controls   []byte
	payloads   []byte
	next, have int
	errno      syscall.Errno
	drops      uint32 // the kernel's count as last seen; it wraps
}

func (r *reader) init(socket *net.UDPConn, counters *counters) error {
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	r.raw, r.counters, r.receive = raw, counters, r.receiveBatch
	r.controls = make([]byte, batch*controlSize)
	r.payloads = make([]byte, batch*MaxDatagram)
	for i := range r.headers {
		h := &r.headers[i].header
		h.Name = (*byte)(unsafe.Pointer(&r.names[i]))
		h.Iov = &r.vectors[i]
		h.SetIovlen(1)
		h.Control = &r.controls[i*controlSize]
		r.vectors[i].Base = &r.payloads[i*MaxDatagram]
		r.vectors[i].SetLen(MaxDatagram)
	}
	return nil
}

// read copies the next datagram to b, waiting for a batch when there is none.
func (r *reader) read(b []byte) (int, netip.AddrPort, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		for r.next < r.have {
			i := r.next
			r.next++
			if r.headers[i].header.Flags&unix.MSG_TRUNC != 0 {
				continue
			}
			from := addrPort(&r.names[i])
			if !from.IsValid() {
				continue
			}
			return copy(b, r.payload(i)), from, nil
		}
		if err := r.fill(); err != nil {
			return 0, netip.AddrPort{}, err
		}
	}
}

func (r *reader) payload(i int) []byte {
	return r.payloads[i*MaxDatagram:][:r.headers[i].length]
}

// fill waits for at least one datagram and takes all that are there.
func (r *reader) fill() error {
	r.next, r.have = 0, 0
	if err := r.raw.Read(r.receive); err != nil {
		return err
	}
	if r.errno != 0 {
		return &net.OpError{Op: "read", Net: "udp", Err: r.errno}
	}
	r.count()
	return nil
}

// receiveBatch is called by the poller; false makes it wait for the socket.
func (r *reader) receiveBatch(fd uintptr) bool {
	for i := range r.headers {
		h := &r.headers[i].header
		h.Namelen = unix.SizeofSockaddrInet6
		h.SetControllen(controlSize)
		h.Flags = 0
	}
	for {
		n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, fd,
			uintptr(unsafe.Pointer(&r.headers[0])), batch, 0, 0, 0)
		switch errno {
		case 0:
			r.have, r.errno = int(n), 0
			return true
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			return false
		}
		r.errno = errno
		return true
	}
}

// count notes a batch that was received.
func (r *reader) count() {
	var bytes, oversized uint64
	for i := range r.headers[:r.have] {
		bytes += uint64(r.headers[i].length)
		if r.headers[i].header.Flags&unix.MSG_TRUNC != 0 {
			oversized++
		}
	}
	r.counters.datagramsIn.Add(uint64(r.have))
	r.counters.bytesIn.Add(bytes)
	if oversized > 0 {
		r.counters.oversized.Add(oversized)
	}
	// The count only grows, so the last datagram's tells all.
	h := &r.headers[r.have-1].header
	last := r.controls[(r.have-1)*controlSize:][:h.Controllen]
	if drops, ok := overflow(last); ok {
		r.counters.kernelDrops.Add(uint64(drops - r.drops))
		r.drops = drops
	}
}

// overflow reads how many datagrams the socket has dropped from a datagram's
// control messages (SO_RXQ_OVFL); the kernel adds it from the first drop on.
func overflow(control []byte) (uint32, bool) {
	for len(control) >= unix.SizeofCmsghdr {
		header, data, rest, err := unix.ParseOneSocketControlMessage(control)
		if err != nil {
			return 0, false
		}
		if header.Level == unix.SOL_SOCKET && header.Type == unix.SO_RXQ_OVFL && len(data) >= 4 {
			return binary.NativeEndian.Uint32(data), true
		}
		control = rest
	}
	return 0, false
}
