package client

import (
	"maps"
	"slices"

	"madang/signaling/protocol"
)

// remembered is how many lines of its own that nothing came of a client keeps: as
// many as the server knows again.
const remembered = 128

const (
	// recentLines is of how many of the newest lines a client knows which ones it has.
	recentLines = 1024
	// overlap is how many lines it asks for once more: lines come by two ways while
	// the chat channel opens, and the end of what was missed may come before the rest.
	overlap = 16
)

// chatMemory is what a client has of the chat: how far it has heard it, and which
// of its own lines nothing came of yet.
type chatMemory struct {
	epoch  string
	came   uint64 // the newest line when the client came in
	newest uint64
	recent map[uint64]struct{} // lines that were heard, by seq
	// away: a connection was lost, and lines may be missing after mark.
	away  bool
	mark  uint64
	ids   map[string]struct{} // of the client, in all of its sessions
	lines []*protocol.ChatMsg // of its own, the oldest first
}

func newChatMemory() chatMemory {
	return chatMemory{recent: map[uint64]struct{}{}, ids: map[string]struct{}{}}
}

// am says who the client is.
func (m *chatMemory) am(you string) { m.ids[you] = struct{}{} }

// entered says how far the chat is as the client comes in for the first time.
func (m *chatMemory) entered(chat protocol.ChatMark) {
	if m.epoch == "" {
		m.epoch, m.came, m.newest = chat.Epoch, chat.Last, chat.Last
	}
}

// said notes a line of the client's own.
func (m *chatMemory) said(line *protocol.ChatMsg) {
	if len(m.lines) == remembered {
		m.lines = m.lines[1:]
	}
	m.lines = append(m.lines, line)
}

// answered notes that something came of a line.
func (m *chatMemory) answered(cid string) {
	m.lines = slices.DeleteFunc(m.lines, func(line *protocol.ChatMsg) bool { return line.CID == cid })
}

// unanswered are the lines that nothing came of.
func (m *chatMemory) unanswered() []*protocol.ChatMsg { return slices.Clone(m.lines) }

// heard notes a line, and tells whether it was heard before.
func (m *chatMemory) heard(line *protocol.ChatLine) (known bool) {
	if _, mine := m.ids[line.From]; mine {
		m.answered(line.CID)
	}
	m.in(line.Epoch)
	m.newest = max(m.newest, line.Seq)
	_, known = m.recent[line.Seq]
	m.recent[line.Seq] = struct{}{}
	if !m.away && len(m.recent) > 2*recentLines {
		maps.DeleteFunc(m.recent, func(seq uint64, _ struct{}) bool { return seq+recentLines < m.newest })
	}
	return known
}

// in begins anew with an epoch that is another.
func (m *chatMemory) in(epoch string) {
	if epoch != m.epoch {
		m.epoch, m.came, m.newest, m.mark = epoch, 0, 0, 0
		clear(m.recent)
	}
}

// lost notes that a connection is lost: from here on lines may be missing.
func (m *chatMemory) lost() {
	if !m.away {
		m.away, m.mark = true, max(m.came, m.newest-min(m.newest, overlap))
	}
}

// since asks for what may be missing.
func (m *chatMemory) since() *protocol.Since { return &protocol.Since{Epoch: m.epoch, Seq: m.mark} }

// asked notes that the lines are asked for that were heard before: they come again.
func (m *chatMemory) asked() { clear(m.recent) }

// caughtUp notes that nothing is missing any more, and tells whether anything was.
func (m *chatMemory) caughtUp(epoch string, newest uint64) bool {
	if !m.away {
		return false
	}
	m.in(epoch)
	m.newest, m.away = newest, false
	return true
}
