package client

import (
	"cmp"
	"maps"

	"madang/signaling/protocol"
)

// Reconnecting is an event of the client's own: its WebSocket is lost, and it is
// about to come back. Media may go on.
type Reconnecting struct {
	// Cause is why the WebSocket ended.
	Cause error
}

// Resumed is an event of the client's own: it has come back into its session.
// What it missed comes as events, once and in order.
type Resumed struct{}

// Rejoined is an event of the client's own: its session was lost, and it is in the
// room anew, with another id, other slots, and what it had published.
type Rejoined struct{}

// Type is reconnecting.
func (*Reconnecting) Type() string { return "reconnecting" }

// Type is resumed.
func (*Resumed) Type() string { return "resumed" }

// Type is rejoined.
func (*Rejoined) Type() string { return "rejoined" }

// Events is what the server says, as messages of the wire; chat is among them,
// whichever way it came, and [Reconnecting], [Resumed] and [Rejoined] are. When 1,024 wait, newer ones are dropped: see
// [Client.Dropped]. What the methods of [Client] and [Slot] tell is never behind.
func (c *Client) Events() <-chan protocol.Message { return c.events }

// Dropped is how many events nobody read in time.
func (c *Client) Dropped() uint64 { return c.dropped.Load() }

// handle takes a message of the WebSocket, on the link's goroutine.
func (c *Client) handle(m protocol.Message) {
	switch m := m.(type) {
	case *protocol.ChatLine, *protocol.CaughtUp, *protocol.Del, *protocol.Cleared, *protocol.Typing:
		c.hearChat(m)
		return
	case *protocol.Error:
		if m.CID != "" {
			c.hearChat(m)
			return
		}
	}
	if !c.advance(m) {
		return
	}
	c.mu.Lock()
	switch m := m.(type) {
	case *protocol.Welcome:
		c.welcomed(m)
	case *protocol.People:
		c.setPeople(m.Add)
		c.setPeople(m.Set)
		for _, id := range m.Del {
			delete(c.people, id)
			delete(c.quality, id)
		}
	case *protocol.Expiry:
		c.token = cmp.Or(m.Token, c.token)
	case *protocol.May, *protocol.Lock, *protocol.Slow, *protocol.Spotlight, *protocol.Waiting:
		c.standing.hear(m)
	case *protocol.Mute:
		if p := c.publications[m.Source]; p != nil {
			p.silenced()
		}
	case *protocol.Want:
		c.wants[m.Source] = m.Layers
	case *protocol.Quality:
		maps.Copy(c.quality, m.Members)
	case *protocol.Slots:
		for mid, carries := range m.Slots {
			if slot := c.slots[mid]; slot != nil {
				slot.carry(carries)
			}
		}
	}
	c.mu.Unlock()
	c.tell(m)
}

// advance notes the number of a message, if it has one; false: it was heard before.
func (c *Client) advance(m protocol.Message) bool {
	numbered, ok := m.(protocol.Numbered)
	if !ok || numbered.Number() == 0 {
		return true
	}
	seq := numbered.Number()
	c.mu.Lock()
	defer c.mu.Unlock()
	fresh := seq > c.seq
	c.seq = max(c.seq, seq)
	return fresh
}

// welcomed takes over how the room is; it replaces all that was known. The caller
// holds mu.
func (c *Client) welcomed(m *protocol.Welcome) {
	c.welcome = *m
	c.standing.welcomed(m)
	clear(c.people)
	clear(c.quality)
	clear(c.wants)
	for _, slot := range c.slots {
		slot.carry(protocol.Slot{Why: "empty"})
	}
	c.setPeople(m.People)
	c.chat.entered(m.Chat)
}

// setPeople takes over what is new about members. The caller holds mu.
func (c *Client) setPeople(people []protocol.Person) {
	for _, person := range people {
		person.Sources = maps.Clone(person.Sources)
		c.people[person.ID] = person
	}
}

// tell queues an event. Never blocks.
func (c *Client) tell(m protocol.Message) {
	select {
	case c.events <- m:
	default:
		c.dropped.Add(1)
	}
}
