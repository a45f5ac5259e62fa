package room

import (
	"crypto/rand"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// idLength is of the ids of lines and epochs, 80 random bits: each goes out
	// with every line to every member, and is kept short.
	idLength = 16
	// maxChatText is the longest line, in bytes.
	maxChatText = 4096
	// maxCID is the longest id of a client for its line, in bytes.
	maxCID = 64
	// uniqueCID is from how many bytes on such an id is taken to be nobody else's.
	uniqueCID = 16
	// chatPageLines is how many lines travel in one ChatPage.
	chatPageLines = 100
	// typingEvery is the shortest time between two ChatTyping of one member.
	typingEvery = time.Second
)

// chat is the room's memory of what was said. The room orders and stamps every
// line, private ones too: a gap between two numbers is not a loss.
type chat struct {
	epoch   string // names this memory
	seq     uint64 // of the newest line that anybody heard
	stamped uint64 // of the newest line: later than seq while it is not on disk
	log     chatLog
	keeping keeping
}

func newChat(cfg ChatConfig) chat {
	return chat{epoch: rand.Text()[:idLength], log: newChatLog(cfg)}
}

// vacate forgets what was said when all have left, unless it is on disk. Somebody who
// waits, or was refused, may keep the room open, and is not to read it then.
func (c *chat) vacate() {
	if c.keeping.to == nil && !c.keeping.shut {
		*c = newChat(ChatConfig{History: c.log.most, MaxAge: c.log.maxAge})
	}
}

// forget drops what is too old, and says when it wants to be called again.
func (c *chat) forget(now time.Time) time.Time { return c.log.forget(now) }

// ChatPost is a line as its author gives it.
type ChatPost struct {
	CID   string   // the author's own id for it
	To    MemberID // empty: everybody
	Reply string   // id of the line that it answers; empty: none
	Text  string
}

// chatPost takes a line, stamps it and hands it to those it is for. A resend
// brings the sender the line it became the first time, and does nothing else.
func (s *state) chatPost(m *member, post ChatPost, now time.Time) *Error {
	if cid := post.CID; cid == "" || len(cid) > maxCID || !utf8.ValidString(cid) {
		return refuse(codeBadMessage, "a line needs a cid of at most 64 bytes")
	}
	if line := s.said(m, post.CID, post.Text); line != nil {
		s.repeat(m, line, now)
		return nil
	}
	if err := checkText(post.Text); err != nil {
		return err
	}
	if err := s.hears(post.To); err != nil {
		return err
	}
	if s.slow > 0 && !m.moderates() {
		if ok, again := m.wrote.ready(now, s.slow); !ok {
			return tooFast("slow mode is on: wait before the next line", again.Sub(now))
		}
	}
	s.chat.stamped++
	line := &ChatLine{
		Epoch: s.chat.epoch, Seq: s.chat.stamped, ID: rand.Text()[:idLength], CID: post.CID,
		From: m.id, Name: m.person.Name, To: post.To, Reply: s.answered(m, post), Text: post.Text, At: now,
	}
	m.sent.add(line)
	s.chat.log.expect(line)
	s.keep(saying{line}, now)
	return nil
}

// answered is the id of the line that a post answers. Where that is no more, or is not for
// all who get the answer, the answer counts and the id falls away: whoever answers cannot know.
func (s *state) answered(m *member, post ChatPost) string {
	if post.Reply == "" {
		return ""
	}
	line := s.chat.log.find(post.Reply)
	switch {
	case line == nil:
	case line.To == "":
		return line.ID
	case post.To != "" && line.readableBy(m.id) && line.readableBy(post.To):
		return line.ID
	}
	return ""
}

// hears refuses a line to somebody who would not hear of it.
func (s *state) hears(to MemberID) *Error {
	switch m := s.members[to]; {
	case to == "":
		return nil
	case m == nil:
		return refuse(codeNotFound, "the one you write to is not here")
	case !m.reads():
		return refuse(codeForbidden, "the one you write to has no chat")
	}
	return nil
}

// said finds the line that a cid became the first time: among those of the member,
// or of anybody, as the author may have come back as another member. Then the cid
// must be one that nobody makes by chance, and the text the same.
func (s *state) said(m *member, cid, text string) *ChatLine {
	if line := m.sent.find(cid); line != nil {
		return line
	}
	if line := s.chat.log.known[cid]; line != nil && line.Text == text {
		return line
	}
	return nil
}

// repeat brings a line once more to who sent it again, once it is on disk.
func (s *state) repeat(m *member, line *ChatLine, now time.Time) {
	if line.Seq > s.chat.seq {
		s.keep(echo{line, m.id}, now)
		return
	}
	m.conn.Send(line)
}

// checkText refuses what is no line: the text is stored as it is, or not at all.
func checkText(text string) *Error {
	switch {
	case len(text) > maxChatText:
		return refuse(codeTooBig, "a line has at most 4096 bytes")
	case !utf8.ValidString(text):
		return refuse(codeBadMessage, "a line is UTF-8 text")
	case strings.TrimSpace(text) == "":
		return refuse(codeBadMessage, "a line is not empty")
	case strings.ContainsFunc(text, isForbiddenControl):
		return refuse(codeBadMessage, "a line has no control characters but tab and newline")
	}
	return nil
}

func isForbiddenControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// tellEnds sends an event to everyone who reads, or to the two ends if it is private.
func (s *state) tellEnds(from, to MemberID, e Event) {
	if to == "" {
		for _, m := range s.arrived {
			if m.reads() {
				m.conn.Send(e)
			}
		}
		return
	}
	for _, m := range []*member{s.members[from], s.members[to]} {
		if m != nil {
			m.conn.Send(e)
		}
		if from == to {
			return
		}
	}
}

// chatSince sends the lines after seq that the member may read.
func (s *state) chatSince(m *member, epoch string, seq uint64, now time.Time) {
	if epoch != s.chat.epoch {
		seq = 0
	}
	s.chat.forget(now)
	var page []*ChatLine
	for _, line := range s.chat.log.since(seq) {
		if !line.readableBy(m.id) {
			continue
		}
		if page = append(page, line); len(page) == chatPageLines {
			m.conn.Send(&ChatPage{Lines: page})
			page = nil
		}
	}
	if len(page) > 0 {
		m.conn.Send(&ChatPage{Lines: page})
	}
	m.conn.Send(&ChatCaughtUp{Seq: s.chat.seq})
}

// readableBy tells whether a member may read the line.
func (l *ChatLine) readableBy(id MemberID) bool {
	return l.To == "" || l.To == id || l.From == id
}

// chatDelete takes a line back, for all who could read it: one's own or, for who
// moderates, that of a lower role or of one who has left.
func (s *state) chatDelete(m *member, re, id string, now time.Time) *Error {
	s.chat.forget(now)
	line := s.chat.log.find(id)
	if line == nil || !line.readableBy(m.id) {
		return refuse(codeNotFound, "there is no such line")
	}
	if line.From != m.id {
		author := s.members[line.From]
		if !m.moderates() || author != nil && author.role >= m.role {
			return refuse(codeForbidden, "this line is not yours")
		}
		s.note(m, deed{what: "delete"}, s.party(line.From), nil, now)
	}
	s.keep(deleting{line, m.id, re}, now)
	return nil
}

// chatTyping passes on that a member writes; nobody needs to hear it often.
func (s *state) chatTyping(m *member, to MemberID, now time.Time) {
	if to != "" && s.members[to] == nil {
		return
	}
	if ok, _ := m.typed.ready(now, typingEvery); !ok {
		return
	}
	e := &ChatTyping{From: m.id, To: to}
	for _, other := range s.arrived {
		if other != m && other.reads() && (to == "" || to == other.id) {
			other.conn.Send(e)
		}
	}
}
