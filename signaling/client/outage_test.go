package client_test

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"madang/signaling/client"
)

// road is the network of one client, UDP and TCP, which may be cut: nothing comes
// through then, and nobody is told.
type road struct {
	streams bool // TCP always passes
	dials   atomic.Int64

	mu    sync.Mutex
	open  chan struct{} // closed while the road is open
	conns []net.Conn
}

func newRoad() *road {
	r := &road{open: make(chan struct{})}
	close(r.open)
	return r
}

// over has a client take the road.
func (r *road) over(o *client.Options) {
	o.Dial, o.WrapSocket = r.dial, func(c net.PacketConn) net.PacketConn { return &roadPackets{c, r} }
}

// block cuts the road, and unblock mends it.
func (r *road) block() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = make(chan struct{})
}

func (r *road) unblock() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.open)
	for _, c := range r.conns[:max(0, len(r.conns)-1)] { // but the newest
		c.Close()
	}
}

func (r *road) passes() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open
}

func (r *road) isOpen() bool {
	select {
	case <-r.passes():
		return true
	default:
		return false
	}
}

// cut breaks the TCP connections, and nothing else.
func (r *road) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		c.Close()
	}
	r.conns = nil
}

// dial waits for the road as a SYN does that is sent again.
func (r *road) dial(ctx context.Context, network, address string) (net.Conn, error) {
	r.dials.Add(1)
	select {
	case <-r.passes():
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns = append(r.conns, conn)
	return &roadStream{Conn: conn, road: r, closed: make(chan struct{})}, nil
}

// roadPackets is a UDP socket on a road.
type roadPackets struct {
	net.PacketConn
	road *road
}

func (c *roadPackets) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		n, from, err := c.PacketConn.ReadFrom(p)
		if err != nil || c.road.isOpen() {
			return n, from, err
		}
	}
}

func (c *roadPackets) WriteTo(p []byte, to net.Addr) (int, error) {
	if !c.road.isOpen() {
		return len(p), nil
	}
	return c.PacketConn.WriteTo(p, to)
}

// roadStream is a TCP connection on a road: what is sent waits until it passes.
type roadStream struct {
	net.Conn
	road   *road
	once   sync.Once
	closed chan struct{}
	until  atomic.Pointer[time.Time] // when a write gives up
}

// SetWriteDeadline implements net.Conn, for a road that is blocked too.
func (c *roadStream) SetWriteDeadline(at time.Time) error {
	c.until.Store(&at)
	return c.Conn.SetWriteDeadline(at)
}

// await waits until the road passes, or there is no use in it.
func (c *roadStream) await(late <-chan time.Time) {
	if c.road.streams {
		return
	}
	select {
	case <-c.road.passes():
	case <-c.closed:
	case <-late:
	}
}

func (c *roadStream) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.await(nil)
	}
	return n, err
}

func (c *roadStream) Write(p []byte) (int, error) {
	var late <-chan time.Time
	if until := c.until.Load(); until != nil && !until.IsZero() {
		late = time.After(time.Until(*until))
	}
	c.await(late)
	return c.Conn.Write(p)
}

// Close ends the connection; the other side hears of it when the road passes.
func (c *roadStream) Close() error {
	c.once.Do(func() { close(c.closed) })
	if c.road.isOpen() || c.road.streams {
		return c.Conn.Close()
	}
	return c.Conn.SetDeadline(time.Now()) // nobody waits for it any more
}

// gaps notes when media comes, and the longest time without.
type gaps struct {
	mu      sync.Mutex
	last    time.Time
	longest time.Duration
}

func (g *gaps) note(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.last.IsZero() {
		g.longest = max(g.longest, now.Sub(g.last))
	}
	g.last = now
}

// since returns how long after a time media came first; ok is false while none has.
func (g *gaps) since(at time.Time) (after time.Duration, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last.Sub(at), g.last.After(at)
}

// reset begins anew.
func (g *gaps) reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last, g.longest = time.Time{}, 0
}

func (g *gaps) most() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.longest
}
