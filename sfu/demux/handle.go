package demux

import (
	"io"
	"net"
	"net/netip"
	"os"
	"time"
)

// handle is one of the PacketConns that share a conn. Pion takes one for each
// address that it listens on, and reads and closes each by itself. It is also
// an ice.AddrPortReaderWriter, which spares Pion an allocation per datagram. All
// methods are for any goroutine.
type handle[T any] struct {
	*Conn[T]

	// The conn's lock guards these.
	closed bool
	late   *bool       // whether the read deadline has passed; nil: there is none
	timer  *time.Timer // of the read deadline
}

// ReadFromAddrPort waits for a datagram and copies it to b, cut off where b is
// too short. It ends with net.ErrClosed or os.ErrDeadlineExceeded.
func (h *handle[T]) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.closed || h.Conn.closed:
			return 0, netip.AddrPort{}, net.ErrClosed
		case h.late != nil && *h.late:
			return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
		case h.first != nil:
			n, from := h.pop(b)
			return n, from, nil
		}
		h.ready.Wait()
	}
}

// ReadFrom is ReadFromAddrPort with an address that costs an allocation.
func (h *handle[T]) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := h.ReadFromAddrPort(b)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// WriteToAddrPort sends b. It never waits. Once closed it fails with
// io.ErrClosedPipe, which is what Pion looks for.
func (h *handle[T]) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	h.mu.Lock()
	closed := h.closed || h.Conn.closed
	h.mu.Unlock()
	if closed {
		return 0, io.ErrClosedPipe
	}
	h.ask(b, to)
	return h.mux.write(b, to)
}

// WriteTo is WriteToAddrPort for a *net.UDPAddr.
func (h *handle[T]) WriteTo(b []byte, to net.Addr) (int, error) {
	udp, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, &net.OpError{Op: "write", Net: "udp", Addr: to, Err: net.InvalidAddrError("not a UDP address")}
	}
	return h.WriteToAddrPort(b, udp.AddrPort())
}

// LocalAddr is that of the port.
func (h *handle[T]) LocalAddr() net.Addr { return h.mux.local }

// SetReadDeadline ends reads of this handle at t; the zero time lets them wait.
func (h *handle[T]) SetReadDeadline(t time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.Conn.closed {
		return net.ErrClosed
	}
	h.stopTimer()
	if t.IsZero() {
		return nil
	}
	late := new(bool) // of its own, as a timer that was stopped may still fire
	h.late = late
	left := time.Until(t)
	if left <= 0 {
		*late = true
		h.ready.Broadcast()
		return nil
	}
	h.timer = time.AfterFunc(left, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		*late = true
		h.ready.Broadcast()
	})
	return nil
}

// stopTimer forgets the deadline. The conn's lock is held.
func (h *handle[T]) stopTimer() {
	if h.timer != nil {
		h.timer.Stop()
	}
	h.late, h.timer = nil, nil
}

// SetWriteDeadline does nothing: no write waits.
func (h *handle[T]) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline is SetReadDeadline.
func (h *handle[T]) SetDeadline(t time.Time) error { return h.SetReadDeadline(t) }

// Close ends the reads of this handle, and with the last one the conn.
func (h *handle[T]) Close() error {
	if !h.end() {
		return nil
	}
	h.mux.mu.Lock()
	defer h.mux.mu.Unlock()
	if h.handles--; h.handles > 0 {
		return nil
	}
	h.retire()
	h.close()
	if len(h.sources) == 0 {
		h.view.forget(h.Conn)
	}
	return nil
}

// end ends this handle's reads and writes; false: it had ended.
func (h *handle[T]) end() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.closed = true
	h.stopTimer()
	h.ready.Broadcast()
	return true
}
