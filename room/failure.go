package room

import "runtime/debug"

// attempt does a part of the room's work. False: it panicked, and nobody knows what of
// the room's state still holds.
func (a *actor) attempt(part func()) (done bool) {
	defer func() {
		if p := recover(); p != nil {
			a.count.panics.Add(1)
			a.log.Error("a room panicked and ends", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	part()
	return true
}

// abandon ends a room whose state cannot be trusted, and asks nothing of that but who
// is here. They hear that they may join again, as do those who wait or were about to
// enter, and who does finds another room of this name. Of the chat it has what is on disk:
// nothing else was acknowledged, where a disk is used, and it is said again.
func (a *actor) abandon() {
	a.room.rooms.forsake(a.room)
	for _, m := range a.state.arrived {
		a.dismiss(m.conn)
	}
	for _, w := range a.state.lobby.waiting {
		a.dismiss(w.Conn)
	}
	a.count.members.Add(-int64(len(a.state.arrived)))
	a.dismissEntering(a.batch)
	waiting, _ := a.room.mail.take() // the last: the mailbox is closed
	a.dismissEntering(waiting)
}

// dismissEntering sends those away who came with a batch that was not settled.
func (a *actor) dismissEntering(batch []message) {
	for _, m := range batch {
		if e, ok := m.(*enter); ok {
			a.dismiss(e.Conn)
		}
	}
}

// dismiss closes a connection, be it for the second time.
func (a *actor) dismiss(conn Conn) { a.attempt(func() { conn.Close(codeInternal) }) }
