package room

import (
	"log/slog"
	"runtime/debug"
	"time"

	"madang/room/journal"
)

// actor is a room's goroutine. Rooms starts it and waits for it; closing the
// room's mailbox ends it, as does a panic that is no one member's ([actor.abandon]).
type actor struct {
	room     *Room
	wake     bell // rung by the mailbox and by the reports
	reports  *inbox
	state    *state
	batch    []message // of this turn
	log      *slog.Logger
	count    *counters
	journals *journal.Store // nil: the chat is not kept
	scribe   *scribe        // nil likewise
}

// run is the room's life.
func (a *actor) run() {
	sound := a.attempt(a.recall) && a.attempt(a.live) && a.attempt(a.finish)
	if !sound {
		a.abandon()
	}
	a.end()
}

// live takes all that has come, applies it, settles once, and sleeps until more
// comes or something is due, as long as the mailbox is open.
func (a *actor) live() {
	due := time.NewTimer(time.Hour)
	defer due.Stop()
	for open := true; open; {
		select {
		case <-a.wake:
		case <-due.C:
		}
		now := time.Now()
		a.batch, open = a.room.mail.take()
		for _, m := range a.batch {
			a.apply(m, now)
		}
		a.heedDisk(now)
		a.state.observe(a.reports.take(), now)
		if next := a.state.settle(now); next.IsZero() {
			due.Stop()
		} else {
			due.Reset(next.Sub(now))
		}
		confirmLeaves(a.batch)
	}
}

// apply does what one message asks. A panic ends its sender, and nobody else.
func (a *actor) apply(m message, now time.Time) {
	defer func() {
		if p := recover(); p != nil {
			a.count.panics.Add(1)
			a.log.Error("a member's message panicked", "member", m.from(), "panic", p, "stack", string(debug.Stack()))
			a.state.evict(m.from(), codeInternal, now)
		}
	}()
	a.state.take(m, now)
}

// confirmLeaves lets those go who wait in Leave: the room has settled.
func confirmLeaves(batch []message) {
	for _, m := range batch {
		if l, ok := m.(*leave); ok {
			close(l.done)
		}
	}
}

// recall reads what is on disk of the room's chat; who comes waits for it. Where
// that fails the room is one without chat.
func (a *actor) recall() {
	if a.journals == nil {
		return
	}
	j, past, err := a.journals.Open(a.room.name, a.state.chat.log.most)
	if err != nil {
		a.log.Error("the chat cannot be read", "err", err)
		a.state.chat.keeping.shut = true
		return
	}
	a.scribe = newScribe(j, a.wake)
	a.state.recall(past, a.scribe, time.Now())
}

// heedDisk takes over how writing went, if it is done.
func (a *actor) heedDisk(now time.Time) {
	if a.scribe == nil {
		return
	}
	if is, ok := a.scribe.wrote(); ok {
		a.wrote(is, now)
	}
}

func (a *actor) wrote(is outcome, now time.Time) {
	if is.err != nil { // not more than once a second
		a.log.Error("the chat cannot be written", "err", is.err)
	}
	a.state.wrote(is, now)
}

// flush waits until all that was said is on disk, or cannot be.
func (a *actor) flush() {
	if a.scribe == nil {
		return
	}
	for a.state.chat.keeping.busy {
		a.wrote(<-a.scribe.done, time.Now())
		a.state.writeChat(time.Now())
	}
}

// finish says goodbye to who is left.
func (a *actor) finish() {
	a.flush()
	now := time.Now()
	a.state.close(codeUnavailable, now)
}

// end gives up what the room has. After ended is closed no Conn is called.
func (a *actor) end() {
	if a.scribe != nil {
		a.scribe.end()
	}
	close(a.room.ended)
	a.room.router.Close()
	a.count.rooms.Add(-1)
}
