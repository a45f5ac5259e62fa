package signaling

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// gate is a listener that knows how many have come in who are not known yet, and
// takes no more of them than there may be: before anything of theirs is read. Who is
// one too many is closed at once, counted.
type gate struct {
	net.Listener
	config    func() *Config
	strangers *doorkeeper
	refused   prometheus.Counter
}

// Accept implements net.Listener.
func (g *gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		cfg := g.config()
		at := addressIn(conn.RemoteAddr().String())
		from := household(at)
		if cfg.Server.trusts(at) {
			from = netip.Prefix{} // who is behind it shows later
		}
		if !g.strangers.enter(from) {
			g.refused.Inc()
			conn.Close()
			continue
		}
		return newStranger(conn, cfg.Limits.BytesPerSecond, func() { g.strangers.leave(from) }), nil
	}
}

// leastBytesPerSecond is how slowly a connection may be read at the least.
const leastBytesPerSecond = 20 << 10

// readBurst is how many seconds' worth of bytes are read at once.
const readBurst = 10

// stranger is a connection that is read no faster than it may send. It counts as a
// stranger's until it is known or closed. One goroutine reads at a time.
type stranger struct {
	net.Conn
	forget func() // once

	perSecond float64
	left      float64 // bytes that may be read now; below 0: too many were
	at        time.Time
}

func newStranger(conn net.Conn, perSecond int, forget func()) *stranger {
	return &stranger{
		Conn: conn, forget: sync.OnceFunc(forget),
		perSecond: float64(perSecond), left: readBurst * float64(perSecond), at: time.Now(),
	}
}

// Read implements net.Conn. Who is ahead of its time waits, at most for what the
// last Read brought; meanwhile TCP slows the sender.
func (s *stranger) Read(b []byte) (int, error) {
	if ahead := s.ahead(time.Now()); ahead > 0 {
		time.Sleep(ahead)
	}
	n, err := s.Conn.Read(b)
	s.left -= float64(n)
	return n, err
}

// ahead is how long the sender is ahead of its time at now.
func (s *stranger) ahead(now time.Time) time.Duration {
	s.left = min(s.left+s.perSecond*now.Sub(s.at).Seconds(), readBurst*s.perSecond)
	s.at = now
	return time.Duration(max(0, -s.left) / s.perSecond * float64(time.Second))
}

// Close implements net.Conn.
func (s *stranger) Close() error {
	s.forget()
	return s.Conn.Close()
}

// known says that the other side of a connection is no stranger any more.
func known(conn net.Conn) {
	if s, ok := beneath(conn).(*stranger); ok {
		s.forget()
	}
}

// beneath is the connection below an encrypted one.
func beneath(conn net.Conn) net.Conn {
	if encrypted, ok := conn.(interface{ NetConn() net.Conn }); ok {
		return encrypted.NetConn()
	}
	return conn
}
