package client

import (
	"slices"

	"madang/signaling/protocol"
)

// remembered is how many lines of its own that nothing came of a client keeps: as
// many as the server knows again.
const remembered = 128

// chatMemory is what a client has of the chat: how far it has heard it, and which
// of its own lines nothing came of yet.
type chatMemory struct {
	epoch  string
	newest uint64
	// mark is how far it was heard when a connection was lost, and fresh what came
	// since; nil while all comes once.
	mark  uint64
	fresh map[uint64]struct{}
	ids   map[string]struct{} // of the client, in all of its sessions
	lines []*protocol.ChatMsg // of its own, the oldest first
}

func newChatMemory() chatMemory { return chatMemory{ids: map[string]struct{}{}} }

// am says who the client is.
func (m *chatMemory) am(you string) { m.ids[you] = struct{}{} }

// entered says how far the chat is as the client comes in for the first time.
func (m *chatMemory) entered(chat protocol.ChatMark) {
	if m.epoch == "" {
		m.epoch, m.newest = chat.Epoch, chat.Last
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
	if line.Epoch != m.epoch {
		m.epoch, m.newest, m.mark = line.Epoch, 0, 0
		clear(m.fresh)
	}
	m.newest = max(m.newest, line.Seq)
	if m.fresh == nil {
		return false
	}
	_, known = m.fresh[line.Seq]
	m.fresh[line.Seq] = struct{}{}
	return known
}

// lost notes that a connection is lost: from here on lines may be missing.
func (m *chatMemory) lost() {
	if m.fresh == nil {
		m.mark, m.fresh = m.newest, map[uint64]struct{}{}
	}
}

// since asks for what may be missing.
func (m *chatMemory) since() *protocol.Since { return &protocol.Since{Epoch: m.epoch, Seq: m.mark} }

// caughtUp notes that nothing is missing any more, and tells whether anything was.
func (m *chatMemory) caughtUp(epoch string, newest uint64) bool {
	if m.fresh == nil {
		return false
	}
	m.epoch, m.newest, m.fresh = epoch, newest, nil
	return true
}
