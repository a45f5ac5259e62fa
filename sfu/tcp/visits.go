package tcp

import "sync"

// Visits are the connections that are being served. The zero value has none. Its
// methods are for any goroutine.
type Visits struct {
	running sync.WaitGroup

	mu     sync.Mutex
	closed bool
	conns  map[*Conn]struct{}
}

// Accept has each connection of a listener served on a goroutine of its own, until
// the listener is closed. It does not wait.
func (v *Visits) Accept(l *Listener, serve func(*Conn)) {
	v.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			v.running.Go(func() { v.Serve(c, serve) })
		}
	})
}

// Serve serves one connection on the caller's goroutine and closes it. After Close
// it only closes it.
func (v *Visits) Serve(c *Conn, serve func(*Conn)) {
	if !v.enter(c) {
		c.Close()
		return
	}
	defer v.leave(c)
	defer c.Close()
	serve(c)
}

func (v *Visits) enter(c *Conn) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return false
	}
	if v.conns == nil {
		v.conns = map[*Conn]struct{}{}
	}
	v.conns[c] = struct{}{}
	return true
}

func (v *Visits) leave(c *Conn) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.conns, c)
}

// Close ends all connections and waits for what Accept began. The listeners are to
// be closed before.
func (v *Visits) Close() {
	v.mu.Lock()
	v.closed = true
	for c := range v.conns {
		c.Close()
	}
	v.mu.Unlock()
	v.running.Wait()
}
