package client

import (
	"maps"

	"madang/signaling/protocol"
)

// Events is what the server says, as messages of the wire; chat is among them,
// whichever way it came. When 1,024 wait, newer ones are dropped: see
// [Client.Dropped]. What the methods of [Client] and [Slot] tell is never behind.
func (c *Client) Events() <-chan protocol.Message { return c.events }

// Dropped is how many events nobody read in time.
func (c *Client) Dropped() uint64 { return c.dropped.Load() }

// handle takes a message of the WebSocket, on the link's goroutine.
func (c *Client) handle(m protocol.Message) {
	switch m := m.(type) {
	case *protocol.Welcome:
		c.mu.Lock()
		c.welcome = *m
		c.setPeople(m.People)
		c.mu.Unlock()
	case *protocol.People:
		c.mu.Lock()
		c.setPeople(m.Add)
		c.setPeople(m.Set)
		for _, id := range m.Del {
			delete(c.people, id)
			delete(c.quality, id)
		}
		c.mu.Unlock()
	case *protocol.Want:
		c.mu.Lock()
		c.wants[m.Source] = m.Layers
		c.mu.Unlock()
	case *protocol.Quality:
		c.mu.Lock()
		maps.Copy(c.quality, m.Members)
		c.mu.Unlock()
	case *protocol.Slots:
		for mid, carries := range m.Slots {
			if slot := c.Slot(mid); slot != nil {
				slot.carry(carries)
			}
		}
	}
	c.tell(m)
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
