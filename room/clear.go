package room

import "time"

// clearing takes back all lines up to a number, behind those of them that are still on
// their way to disk.
type clearing struct {
	by  request
	seq uint64
}

func (clearing) record() (record, bool) { return record{}, false }

// kept has the file written anew at once: what is forgotten is to be gone from it.
func (e clearing) kept(s *state, _ time.Time) {
	s.chat.log.clear(e.seq)
	s.chat.keeping.compact = time.Time{}
	cleared := &ChatCleared{Seq: e.seq}
	for _, m := range s.arrived {
		if m.reads() {
			m.conn.Send(cleared)
		}
	}
	if m := s.members[e.by.id]; m != nil {
		e.by.answer(m, nil)
	}
}

func (e clearing) refused(s *state, err *Error) {
	if m := s.members[e.by.id]; m != nil {
		e.by.answer(m, err)
	}
}
