package client

import (
	"slices"

	"madang/signaling/protocol"
)

// standing is how the client stands to its room, as it was said last.
type standing struct {
	room    protocol.Room
	may     protocol.May
	waiting []protocol.Waiter
}

// welcomed takes over all of it.
func (s *standing) welcomed(m *protocol.Welcome) {
	s.room, s.may = m.Room, protocol.May{Role: m.Role, May: m.May, Seq: m.Seq}
	s.waiting = slices.Clone(m.Waiting)
}

// hear takes over what is new.
func (s *standing) hear(m protocol.Message) {
	switch m := m.(type) {
	case *protocol.May:
		s.may = *m
		if !slices.Contains(m.May, protocol.MayModerate) {
			s.waiting = nil // of whom it hears no more
		}
	case *protocol.Lock:
		s.room.Locked = m.Locked
	case *protocol.Slow:
		s.room.SlowS = m.Seconds
	case *protocol.Spotlight:
		s.room.Spotlight = nil
		if m.Member != "" {
			s.room.Spotlight = &m.Spot
		}
	case *protocol.Waiting:
		s.waiting = slices.DeleteFunc(s.waiting, func(w protocol.Waiter) bool { return slices.Contains(m.Del, w.Member) })
		for _, w := range m.Add { // of whom some may be known
			at := slices.IndexFunc(s.waiting, func(known protocol.Waiter) bool { return known.Member == w.Member })
			if at < 0 {
				s.waiting = append(s.waiting, w)
			} else {
				s.waiting[at] = w
			}
		}
	}
}

// Room is how the room is now: whether it is locked, how slow its chat, and what is in
// the spotlight.
func (c *Client) Room() protocol.Room {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.standing.room
}

// Role is the client's role now.
func (c *Client) Role() protocol.Role {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.standing.may.Role
}

// May tells whether the client may do something now.
func (c *Client) May(what protocol.Permission) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.standing.may.May, what)
}

// Waiting are those who wait in the lobby, the longest first; none for who may not let
// them in.
func (c *Client) Waiting() []protocol.Waiter {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.standing.waiting)
}
