package signaling

import "slices"

// storyBytes bounds what is kept for a client that may come back, beside the
// number of messages. The bytes are about right: most are shared with others.
const storyBytes = 256 << 10

// story is what a session is told over its WebSockets, in order: the newest of
// what it was told, and what it is still to be told. What is about the room is
// numbered and can be told again; the rest, answers, is said once. Not safe for
// several goroutines.
type story struct {
	limit int
	seq   uint64 // of the newest that is numbered
	bytes int    // of the numbered in both
	// told has numbered entries only; what follows the last of them is untold.
	told, untold []entry
	torn         bool // some of what is untold is forgotten
}

// entry is one message, or the event that becomes one.
type entry struct {
	item  any
	seq   uint64 // 0: not numbered
	bytes int
}

// put appends a message. While nobody listens only what is numbered is kept.
// False: more is untold than may be, and it is forgotten.
func (s *story) put(item any, heard bool) bool {
	e := entry{item: item}
	if numbered(item) {
		s.seq++
		e.seq, e.bytes = s.seq, weight(item)
	}
	if s.torn || !heard && e.seq == 0 {
		return !s.torn
	}
	s.untold = append(s.untold, e)
	s.bytes += e.bytes
	s.trim()
	if len(s.untold) > s.limit || !heard && s.bytes > storyBytes {
		s.forget()
		s.torn = true
	}
	return !s.torn
}

// begin puts a message before all that is untold.
func (s *story) begin(item any) { s.untold = slices.Insert(s.untold, 0, entry{item: item}) }

// next takes the oldest of what is untold.
func (s *story) next() (item any, seq uint64, ok bool) {
	if len(s.untold) == 0 {
		return nil, 0, false
	}
	e := s.untold[0]
	s.untold = slices.Delete(s.untold, 0, 1)
	if e.seq != 0 {
		s.told = append(s.told, e)
		s.trim()
	}
	return e.item, e.seq, true
}

// pause drops what is said once: whoever asked will ask again.
func (s *story) pause() {
	s.untold = slices.DeleteFunc(s.untold, func(e entry) bool { return e.seq == 0 })
}

// rewind has all that comes after seq be told next. False: it is forgotten, or
// was never told, or seq is 0; nothing is to be told then.
func (s *story) rewind(seq uint64) bool {
	s.pause()
	all := append(s.told, s.untold...)
	next := s.seq + 1 // the oldest number that is there
	if len(all) > 0 {
		next = all[0].seq
	}
	if seq == 0 || s.torn || seq > s.seq || seq+1 < next {
		s.forget()
		s.torn = false
		return false
	}
	s.told, s.untold = nil, slices.DeleteFunc(all, func(e entry) bool { return e.seq <= seq })
	s.bytes = 0
	for _, e := range s.untold {
		s.bytes += e.bytes
	}
	return true
}

// trim drops the oldest of what was told while too much is kept.
func (s *story) trim() {
	for len(s.told) > 0 && (len(s.told)+len(s.untold) > s.limit || s.bytes > storyBytes) {
		s.bytes -= s.told[0].bytes
		s.told[0] = entry{}
		s.told = s.told[1:] // to append moves what is left, now and then
	}
}

// forget drops all.
func (s *story) forget() { s.told, s.untold, s.bytes = nil, nil, 0 }
