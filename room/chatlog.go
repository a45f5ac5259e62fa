package room

import (
	"cmp"
	"slices"
	"time"
)

// chatLog is the newest lines of a chat, bounded by number and by age.
type chatLog struct {
	most   int           // lines
	maxAge time.Duration // 0: as long as the room lives
	lines  []*ChatLine   // by Seq
	// known are these lines, and those that are expected, by the ids of their
	// authors for them, where these are nobody else's.
	known map[string]*ChatLine
}

func newChatLog(cfg ChatConfig) chatLog {
	return chatLog{most: cfg.History, maxAge: cfg.MaxAge, known: map[string]*ChatLine{}}
}

// expect notes a line that is to be added, or forgone.
func (l *chatLog) expect(line *ChatLine) {
	if len(line.CID) >= uniqueCID && l.known[line.CID] == nil {
		l.known[line.CID] = line
	}
}

// forgo forgets a line that was expected.
func (l *chatLog) forgo(line *ChatLine) {
	if l.known[line.CID] == line {
		delete(l.known, line.CID)
	}
}

// add appends a line, and drops the oldest if there are too many.
func (l *chatLog) add(line *ChatLine, now time.Time) {
	l.expect(line)
	l.lines = append(l.lines, line)
	for len(l.lines) > l.most {
		l.drop()
	}
	l.forget(now)
}

// forget drops what is too old and says when the next line will be: zero if
// there is none.
func (l *chatLog) forget(now time.Time) time.Time {
	for l.maxAge > 0 && len(l.lines) > 0 {
		if dies := l.lines[0].At.Add(l.maxAge); now.Before(dies) {
			return dies
		}
		l.drop()
	}
	return time.Time{}
}

// drop removes the oldest line. Appending moves what is left to the front of a
// new array now and then, so that the dropped ones cost no memory.
func (l *chatLog) drop() {
	l.forgo(l.lines[0])
	l.lines[0] = nil
	l.lines = l.lines[1:]
}

// since returns the lines after seq, by Seq, until the next change of the log.
func (l *chatLog) since(seq uint64) []*ChatLine {
	after, found := slices.BinarySearchFunc(l.lines, seq, func(line *ChatLine, seq uint64) int {
		return cmp.Compare(line.Seq, seq)
	})
	if found {
		after++
	}
	return l.lines[after:]
}

// clear drops the lines up to a number.
func (l *chatLog) clear(seq uint64) {
	for len(l.lines) > 0 && l.lines[0].Seq <= seq {
		l.drop()
	}
}

// find returns the line with this id, or nil.
func (l *chatLog) find(id string) *ChatLine {
	for _, line := range slices.Backward(l.lines) {
		if line.ID == id {
			return line
		}
	}
	return nil
}

// remove takes one line out; false if it is not there.
func (l *chatLog) remove(line *ChatLine) bool {
	at := slices.Index(l.lines, line)
	if at < 0 {
		return false
	}
	l.forgo(line)
	l.lines = slices.Delete(l.lines, at, at+1)
	return true
}
