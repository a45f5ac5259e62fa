// Package relay is a TURN server (RFC 8656) for clients whose network lets them
// reach nothing else. It relays to this server's own media ports and to nobody
// else, within the process: a relayed address is that of a lane, so there are no
// relay ports, and no datagram of a client leaves for a host of its choice.
//
// The protocol is pion/turn's. What that leaves open is bounded here: who may be
// reached, how many relays a session has and how much they carry, what a
// connection may send at a time and how long it may be stuck.
package relay

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"

	"madang/sfu/lane"
	"madang/sfu/tcp"
)

// realm names this server to clients.
const realm = "madang"

// beginsWithin is how long a connection may go without a relay.
const beginsWithin = 10 * time.Second

// Server is the relay of one media plane. Its methods are for any goroutine.
type Server struct {
	cfg    Config
	plane  Plane
	lanes  *lane.Table
	logs   logging.LoggerFactory
	secret string // of the credentials; lives as long as the process
	ledger ledger

	udp         *turn.Server // nil: none
	listeners   []*tcp.Listener
	certificate atomic.Pointer[tls.Config] // nil: no TLS
	visits      tcp.Visits
}

// New makes a relay and opens its ports.
func New(cfg Config, plane Plane, lanes *lane.Table, logs logging.LoggerFactory) (*Server, error) {
	s := &Server{
		cfg: cfg, plane: plane, lanes: lanes, logs: logs, secret: rand.Text(),
		ledger: ledger{perUser: cfg.PerSession, bandwidth: cfg.Bandwidth, accounts: map[string]*account{}},
	}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) open() error {
	if s.cfg.UDPPort > 0 {
		packets, err := net.ListenPacket("udp", fmt.Sprintf(":%d", s.cfg.UDPPort))
		if err != nil {
			return fmt.Errorf("open the relay's UDP port: %w", err)
		}
		if s.udp, err = s.serve(&door{PacketConn: packets, server: s}); err != nil {
			return errors.Join(fmt.Errorf("serve the relay's UDP port: %w", err), packets.Close())
		}
	}
	for _, port := range []int{s.cfg.TCPPort, s.cfg.TLSPort} {
		if port == 0 {
			continue
		}
		l, err := net.Listen("tcp", ":"+strconv.Itoa(port))
		if err != nil {
			return fmt.Errorf("open the relay's TCP port: %w", err)
		}
		limited := tcp.NewListener(l, tcp.DefaultLimits())
		s.listeners = append(s.listeners, limited)
		s.visits.Accept(limited, s.visit)
	}
	return nil
}

// UseTLS lets clients come by TLS from now on, with such certificates.
func (s *Server) UseTLS(cfg *tls.Config) { s.certificate.Store(cfg) }

// TLS tells whether clients may come by TLS.
func (s *Server) TLS() bool { return s.certificate.Load() != nil }

// Grant makes credentials for a user, from now on.
func (s *Server) Grant(user string, now time.Time) Credentials {
	return Grant(s.secret, user, now.Add(s.cfg.Lifetime))
}

// authenticate is asked for the key of a name. Credentials that are over begin no
// relay any more, and keep up one that there is.
func (s *Server) authenticate(asked *turn.RequestAttributes) (user string, key []byte, ok bool) {
	user, until, ok := readName(asked.Username)
	if !ok || asked.Realm != realm || time.Now().After(until) && !s.ledger.uses(user) {
		return "", nil, false
	}
	return user, turn.GenerateAuthKey(asked.Username, realm, password(s.secret, asked.Username)), true
}

// Len is how many relays there are.
func (s *Server) Len() int {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	return s.ledger.relays
}

// handshake is the first byte of TLS (RFC 8446 section 5.1), and of no STUN.
const handshake = 22

// Is tells whether a connection that begins so is one for the relay: a TLS
// handshake, or STUN that is not framed as ICE frames it.
func Is(first []byte) bool {
	const cookie = "\x21\x12\xa4\x42"
	return len(first) >= 8 && (first[0] == handshake || first[0]>>6 == 0 && string(first[4:8]) == cookie)
}

// Visit serves one connection until its end, and closes it.
func (s *Server) Visit(c *tcp.Conn) { s.visits.Serve(c, s.visit) }

func (s *Server) visit(c *tcp.Conn) {
	conn, err := s.unwrap(c)
	if err != nil {
		return
	}
	late := time.AfterFunc(beginsWithin, func() { c.Close() })
	defer late.Stop()
	d := &door{PacketConn: newFrames(conn), server: s, over: make(chan struct{})}
	d.began = func() { late.Stop(); c.Settle() }
	d.ended = func() { late.Reset(beginsWithin) } // once the client was told
	if _, err := s.serve(d); err == nil {
		<-d.over
	}
}

// unwrap is a connection without its TLS, if it has any.
func (s *Server) unwrap(c *tcp.Conn) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), beginsWithin)
	defer cancel()
	_ = c.SetReadDeadline(time.Now().Add(beginsWithin))
	first, err := c.Peek(1)
	if err != nil {
		return nil, err
	}
	_ = c.SetReadDeadline(time.Time{})
	if first[0] != handshake {
		return c, nil
	}
	cfg := s.certificate.Load()
	if cfg == nil {
		return nil, errFrame
	}
	secured := tls.Server(c, cfg)
	return secured, secured.HandshakeContext(ctx)
}

// Close closes all ports and connections, and waits for what served them.
func (s *Server) Close() error {
	var err error
	if s.udp != nil {
		err = s.udp.Close()
	}
	for _, l := range s.listeners {
		err = errors.Join(err, l.Close())
	}
	s.visits.Close()
	return err
}
