package client

import "time"

// repairTick is how often what is missing is looked at, while anything is.
const repairTick = 10 * time.Millisecond

// wakeRepair says that a slot misses packets. Never blocks.
func (c *Client) wakeRepair() {
	select {
	case c.missing <- struct{}{}:
	default: // it is awake, or will be
	}
}

// repair asks for missing packets until the client closes, on its own goroutine.
// While nothing is missing it sleeps.
func (c *Client) repair() {
	ticker := time.NewTicker(repairTick)
	defer ticker.Stop()
	for {
		ticker.Stop()
		select {
		case <-c.missing:
		case <-c.closed:
			return
		}
		ticker.Reset(repairTick)
		for waiting := true; waiting; {
			select {
			case now := <-ticker.C:
				waiting = c.askAgain(now)
			case <-c.closed:
				return
			}
		}
	}
}

// askAgain asks for what is due on all slots, and tells whether to go on.
func (c *Client) askAgain(now time.Time) (waiting bool) {
	for _, slot := range c.Slots() {
		requests, more := slot.due(now)
		if len(requests) > 0 {
			_ = c.transport().pc.WriteRTCP(requests) // lost like any packet: asked for again
		}
		waiting = waiting || more
	}
	return waiting
}
