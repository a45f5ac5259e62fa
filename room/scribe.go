package room

import (
	"sync"
	"time"

	"madang/room/journal"
)

// past is what a room remembers of its chat.
type past struct {
	epoch string
	seq   uint64
	lines []*ChatLine
}

// record is what an entry is on disk: a line, or the id of one that is no more.
type record struct {
	line    *ChatLine
	deleted string
}

// scribe writes a room's chat to disk on a goroutine of its own. The room's
// goroutine starts and ends it.
type scribe struct {
	journal *journal.Journal
	wake    bell         // of the room
	work    chan batch   // holds one
	done    chan outcome // holds one
	running sync.WaitGroup
}

func newScribe(j *journal.Journal, wake bell) *scribe {
	w := &scribe{journal: j, wake: wake, work: make(chan batch, 1), done: make(chan outcome, 1)}
	w.running.Go(w.run)
	return w
}

// write implements [writer]. It does not wait: there is one batch at a time.
func (w *scribe) write(b batch) { w.work <- b }

// wrote returns how the batch went, if it is done.
func (w *scribe) wrote() (is outcome, ok bool) {
	select {
	case is = <-w.done:
		return is, true
	default:
		return outcome{}, false
	}
}

// end waits for the goroutine and closes the file.
func (w *scribe) end() {
	close(w.work)
	w.running.Wait()
	w.journal.Close()
}

func (w *scribe) run() {
	for b := range w.work {
		w.done <- w.put(b)
		w.wake.ring()
	}
}

// put has a batch on disk. Where a file that is only too long cannot be written anew
// it becomes longer still.
func (w *scribe) put(b batch) outcome {
	records := toRecords(b.entries)
	if b.whole != nil {
		if err := w.journal.Rewrite(toPast(b.whole), records...); err == nil || b.must {
			return outcome{err, true}
		}
	}
	return outcome{err: w.journal.Append(records...)}
}

func toRecords(entries []entry) (records []journal.Record) {
	for _, e := range entries {
		switch r, ok := e.record(); {
		case !ok:
		case r.line != nil:
			line := toLine(r.line)
			records = append(records, journal.Record{Line: &line})
		default:
			records = append(records, journal.Record{Deleted: r.deleted})
		}
	}
	return records
}

func toPast(p *past) journal.Past {
	lines := make([]journal.Line, len(p.lines))
	for i, line := range p.lines {
		lines[i] = toLine(line)
	}
	return journal.Past{Epoch: p.epoch, Seq: p.seq, Lines: lines}
}

func toLine(l *ChatLine) journal.Line {
	return journal.Line{
		Seq: l.Seq, ID: l.ID, CID: l.CID, From: string(l.From), Name: l.Name, To: string(l.To),
		Reply: l.Reply, Text: l.Text, At: l.At.UnixMilli(),
	}
}

func fromLine(epoch string, l journal.Line) *ChatLine {
	return &ChatLine{
		Epoch: epoch, Seq: l.Seq, ID: l.ID, CID: l.CID, From: MemberID(l.From), Name: l.Name, To: MemberID(l.To),
		Reply: l.Reply, Text: l.Text, At: time.UnixMilli(l.At),
	}
}

// recall takes over what is on disk, and has what is said from now on go there.
func (s *state) recall(p journal.Past, to writer, now time.Time) {
	s.chat.keeping = keeping{to: to, anew: p.Records == 0, records: p.Records, compact: now}
	if p.Epoch != "" {
		s.chat.epoch = p.Epoch
	}
	s.chat.seq, s.chat.stamped = p.Seq, p.Seq
	for _, line := range p.Lines {
		s.chat.log.add(fromLine(s.chat.epoch, line), now)
	}
	if p.Records == 0 && len(p.Lines) > 0 {
		s.keep(restoring{}, now)
	}
}
