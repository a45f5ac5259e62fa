// Package icetcp is ICE over TCP (RFC 6544), the passive side: clients connect,
// and each connection becomes a lane. The server dials nobody.
package icetcp

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"madang/sfu/lane"
	"madang/sfu/tcp"
)

// patience is how long a connection may go without being worth it.
type patience struct {
	first  time.Duration // from accept to the first datagram
	proven time.Duration // from accept to an address that is a peer's
	idle   time.Duration // for each datagram of the client
	look   time.Duration // between looks whether it is a peer's still
}

// usual fits Chromium, which asks every 25 s whether a pair that it does not use is
// there still. Clients that are gone are found by the kernel (see [tcp.Conn]).
func usual() patience {
	return patience{first: 5 * time.Second, proven: 10 * time.Second, idle: time.Minute, look: time.Second}
}

// Host is whom the clients come to. Its methods are for any goroutine and do not
// wait.
type Host interface {
	// Admit gives a connection its lane, bound, by its first datagram. Nil: that
	// is for nobody here.
	Admit(first []byte, from netip.Addr) *lane.Lane
	// Other is who serves a connection that begins with these 8 bytes, if they are
	// not of ICE; nil: nobody. It is served when that returns.
	Other(beginning []byte) (serve func(*tcp.Conn))
	// Keeps tells whether a lane is the way of a peer: authentic STUN came over it,
	// and the peer is still here.
	Keeps(*lane.Lane) bool
}

// recognized is how many bytes tell what a connection is for.
const recognized = 8

// headerBytes is the length before each datagram (RFC 4571 section 2).
const headerBytes = 2

// errFrame: the length of a datagram is none that a client of ours sends.
var errFrame = errors.New("icetcp: a frame of no datagram")

// Server is the TCP port.
type Server struct {
	listener *tcp.Listener
	host     Host
	waits    patience
	visits   tcp.Visits
}

// Serve accepts connections until Close. It owns the listener.
func Serve(listener *tcp.Listener, host Host) *Server { return serve(listener, host, usual()) }

func serve(listener *tcp.Listener, host Host, waits patience) *Server {
	s := &Server{listener: listener, host: host, waits: waits}
	s.visits.Accept(listener, s.visit)
	return s
}

// Addr is where it listens.
func (s *Server) Addr() *net.TCPAddr { return s.listener.Addr().(*net.TCPAddr) }

// Close ends all connections and waits for what served them.
func (s *Server) Close() error {
	err := s.listener.Close()
	s.visits.Close()
	return err
}

// visit is one connection from its first datagram to its end.
func (s *Server) visit(c *tcp.Conn) {
	accepted := time.Now()
	_ = c.SetReadDeadline(accepted.Add(s.waits.first))
	beginning, err := c.Peek(recognized)
	if err != nil {
		return
	}
	if others := s.host.Other(beginning); others != nil {
		_ = c.SetReadDeadline(time.Time{})
		others(c)
		return
	}
	first, err := read(c)
	if err != nil {
		return
	}
	l := s.host.Admit(first, c.From())
	if l == nil {
		return
	}
	var writing sync.WaitGroup
	writing.Go(func() { send(c, l) })
	defer writing.Wait()
	defer l.Close()
	l.Arrive(first)
	s.receive(c, l, accepted)
}

// receive hands on what comes, while the lane is a peer's.
func (s *Server) receive(c *tcp.Conn, l *lane.Lane, accepted time.Time) {
	settled := false
	for looked := accepted; ; {
		wait := s.waits.look
		if settled {
			wait = s.waits.idle
		}
		_ = c.SetReadDeadline(time.Now().Add(wait))
		datagram, err := peek(c)
		now := time.Now()
		if !settled || now.Sub(looked) >= s.waits.look {
			looked = now
			keeps := s.host.Keeps(l)
			if keeps && !settled {
				settled = true
				c.Settle()
			}
			if !keeps && now.Sub(accepted) >= s.waits.proven {
				return
			}
		}
		switch {
		case err == nil:
			l.Arrive(datagram)
			_, _ = c.Discard(headerBytes + len(datagram)) // it lies there
		case wait == s.waits.idle || !errors.Is(err, os.ErrDeadlineExceeded):
			return
		}
	}
}

// reader is a connection that can be looked ahead in.
type reader interface {
	Peek(n int) ([]byte, error)
	Discard(n int) (int, error)
}

// read is peek of a datagram that is taken, in memory of its own.
func read(in reader) ([]byte, error) {
	datagram, err := peek(in)
	if err != nil {
		return nil, err
	}
	datagram = append([]byte(nil), datagram...)
	_, err = in.Discard(headerBytes + len(datagram))
	return datagram, err
}

// peek waits for a datagram and leaves it where it lies. It can be called again
// when the time was up.
func peek(in reader) ([]byte, error) {
	header, err := in.Peek(headerBytes)
	if err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint16(header))
	if length == 0 || length > lane.MaxDatagram {
		return nil, errFrame
	}
	framed, err := in.Peek(headerBytes + length)
	if err != nil {
		return nil, err
	}
	return framed[headerBytes:], nil
}

// send writes what is for the client until the lane or the connection ends.
func send(c io.WriteCloser, l *lane.Lane) {
	defer c.Close()
	var framed []byte
	for open := true; ; {
		if framed, open = l.Next(framed); !open {
			return
		}
		if _, err := c.Write(framed); err != nil {
			return
		}
	}
}
