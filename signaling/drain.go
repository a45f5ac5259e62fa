package signaling

import (
	"time"

	"madang/signaling/protocol"
)

// Drain has the server take nobody new: /readyz says 503, a plain hello and a first
// join are refused, and everybody hears that the server ends within a time. Who
// comes back into a session may. Again, it changes nothing but the time.
func (s *Server) Drain(within time.Duration) {
	ends := time.Now().Add(within)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends.Store(&ends)
	for visitor := range s.sessions {
		visitor.sayGoaway()
	}
	s.noteDrained()
}

// Drained is closed once nobody is left of a server that drains.
func (s *Server) Drained() <-chan struct{} { return s.drained }

// draining tells whether nobody new is taken.
func (s *Server) draining() bool { return s.ends.Load() != nil }

// noteDrained is called with the lock held, when a session has gone or none is to come.
func (s *Server) noteDrained() {
	if !s.draining() || len(s.sessions) > 0 {
		return
	}
	select {
	case <-s.drained:
	default:
		close(s.drained)
	}
}

// sayGoaway tells the client when the server ends, if it does. Any goroutine.
func (s *session) sayGoaway() {
	if ends := s.server.ends.Load(); ends != nil {
		s.send(&protocol.Goaway{InMS: max(0, time.Until(*ends).Milliseconds())})
	}
}
