package room

import (
	"slices"
	"time"
)

const (
	// maxWaiting is how many lines may wait for a slow disk; above, they are refused.
	maxWaiting = 512
	// tryDiskAgain is for how long lines are refused after the disk did.
	tryDiskAgain = time.Second
	// rewriteEvery is how long what is forgotten may stay on disk, while the room is
	// open; rewriteAt is how many records more than remembered lines are too many.
	rewriteEvery = 10 * time.Minute
	rewriteAt    = 64
)

// entry is something of the chat that counts once it is on disk.
type entry interface {
	// record is what is written; of an echo nothing.
	record() (record, bool)
	// kept is called when it is on disk, and all that was before it; refused when it
	// could not be written.
	kept(s *state, now time.Time)
	refused(s *state, err *Error)
}

// batch is what is written in one go.
type batch struct {
	entries []entry
	// whole is what the file is to be before the entries; nil: what it is.
	whole *past
	// must: the entries cannot just be appended.
	must bool
}

// writer puts batches on disk, one at a time; [state.wrote] is told how it went.
type writer interface{ write(batch) }

// keeping brings what is said to disk, in order, before anybody hears of it. While
// a batch is written the next one gathers. The zero value keeps nothing: all counts
// at once.
type keeping struct {
	to      writer
	shut    bool    // the file could not be opened
	waiting []entry // for the next batch
	flight  []entry // being written
	busy    bool
	anew    bool      // the file must be written whole
	until   time.Time // lines are refused so long
	records int       // in the file
	compact time.Time // when the file was to be written whole last
	whole   int       // how many lines it had then
}

// outcome is how writing a batch went.
type outcome struct {
	err   error
	whole bool // the file was written whole
}

// keep has an entry take its place in the file, or at once where there is none.
func (s *state) keep(e entry, now time.Time) {
	k := &s.chat.keeping
	switch {
	case k.shut:
		e.refused(s, refuse(codeUnavailable, "the chat of this room cannot be read from disk"))
	case k.to == nil:
		e.kept(s, now)
	case now.Before(k.until):
		e.refused(s, errDisk())
	case len(k.waiting) >= maxWaiting:
		e.refused(s, refuse(codeUnavailable, "the disk is slow: too many lines wait for it"))
	default:
		k.waiting = append(k.waiting, e)
	}
}

func errDisk() *Error {
	return refuse(codeUnavailable, "the chat cannot be written to disk now")
}

// writeChat hands on what waits, unless something is being written, and says when
// it wants to be called again.
func (s *state) writeChat(now time.Time) time.Time {
	k := &s.chat.keeping
	if k.to == nil || k.busy {
		return time.Time{}
	}
	dead := k.records - len(s.chat.log.lines)
	due := k.compact.Add(rewriteEvery)
	if dead > len(s.chat.log.lines)+rewriteAt {
		due = k.compact.Add(tryDiskAgain)
	}
	compacts := dead > 0 && !now.Before(due)
	switch {
	case len(k.waiting) > 0 || compacts && !k.anew:
	case dead > 0 && !k.anew:
		return due
	default:
		return time.Time{}
	}
	b := batch{entries: k.waiting, must: k.anew}
	if k.anew || compacts {
		b.whole = &past{epoch: s.chat.epoch, seq: s.chat.seq, lines: slices.Clone(s.chat.log.lines)}
		k.compact, k.whole = now, len(s.chat.log.lines)
	}
	k.waiting, k.flight, k.busy = nil, k.waiting, true
	k.to.write(b)
	return time.Time{}
}

// wrote takes over how writing went. Where it failed the senders hear that their
// lines were not taken; what was kept before is as it was.
func (s *state) wrote(is outcome, now time.Time) {
	k := &s.chat.keeping
	written := k.flight
	k.flight, k.busy, k.anew = nil, false, is.err != nil
	if is.whole {
		k.records = k.whole
	}
	if is.err != nil {
		k.until = now.Add(tryDiskAgain)
		written, k.waiting = append(written, k.waiting...), nil
		for _, e := range written {
			e.refused(s, errDisk())
		}
		return
	}
	for _, e := range written {
		if _, ok := e.record(); ok {
			k.records++
		}
		e.kept(s, now)
	}
}

// saying is a line on its way.
type saying struct{ line *ChatLine }

func (e saying) record() (record, bool) { return record{line: e.line}, true }

func (e saying) kept(s *state, now time.Time) {
	s.chat.seq = e.line.Seq
	s.count.chatLines.Add(1)
	s.chat.log.add(e.line, now)
	s.tellEnds(e.line.From, e.line.To, e.line)
}

func (e saying) refused(s *state, err *Error) {
	s.chat.log.forgo(e.line)
	if m := s.members[e.line.From]; m != nil {
		m.sent.forgo(e.line.CID)
		m.conn.Send(&ChatRefused{CID: e.line.CID, Err: err})
	}
}

// echo brings a line once more to who sent it again, behind the line itself.
type echo struct {
	line *ChatLine
	to   MemberID
}

func (echo) record() (record, bool) { return record{}, false }

func (e echo) kept(s *state, _ time.Time) {
	if m := s.members[e.to]; m != nil {
		m.conn.Send(e.line)
	}
}

func (e echo) refused(s *state, err *Error) {
	if m := s.members[e.to]; m != nil {
		m.conn.Send(&ChatRefused{CID: e.line.CID, Err: err})
	}
}

// deleting takes a line back.
type deleting struct {
	line *ChatLine
	by   MemberID
	re   string
}

func (e deleting) record() (record, bool) { return record{deleted: e.line.ID}, true }

func (e deleting) kept(s *state, _ time.Time) {
	if s.chat.log.remove(e.line) {
		s.tellEnds(e.line.From, e.line.To, &ChatDeleted{ID: e.line.ID})
	}
}

func (e deleting) refused(s *state, err *Error) {
	if m := s.members[e.by]; m != nil {
		m.answer(e.re, err)
	}
}

// restoring has what is left of a damaged file written, though nobody says anything.
type restoring struct{}

func (restoring) record() (record, bool) { return record{}, false }

func (restoring) kept(*state, time.Time) {}

func (restoring) refused(*state, *Error) {} // the next line has all written
