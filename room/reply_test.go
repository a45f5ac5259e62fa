package room

import (
	"testing"

	"madang/room/journal"
)

// reply is a line that answers the one with this id.
func reply(from, cid, to, id string) message {
	return &chatPost{sender{MemberID(from)}, ChatPost{CID: cid, To: MemberID(to), Reply: id, Text: "an answer"}}
}

func TestAnAnswerNamesALineThatAllItsReadersMayRead(t *testing.T) {
	for _, c := range []struct {
		name               string
		lineTo             string // a's line goes to
		from, to, answered string // and is answered by from, to those; "" means the line's id
		stands             bool
	}{
		{"a line for all, to all", "", "b", "", "", true},
		{"one's own", "", "a", "", "", true},
		{"a line for all, privately", "", "b", "c", "", true},
		{"a private line, privately by its receiver", "b", "b", "a", "", true},
		{"a private line, privately by its author", "b", "a", "b", "", true},
		{"a private line, to all", "b", "b", "", "", false},
		{"a private line, to a third", "b", "b", "c", "", false},
		{"a private line of others, to one of them", "b", "c", "a", "", false},
		{"a private line of others, to all", "b", "c", "", "", false},
		{"a line that is not there", "", "b", "", "nobody wrote it", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := defaultHall()
			a, b, third := newGuest("a", 0, 0), newGuest("b", 0, 0), newGuest("c", 0, 0)
			h.comes(a, b, third)
			h.do(post("a", "1", c.lineTo, "a line"))
			line := of[*ChatLine](a.conn)[0]
			id := line.ID
			if c.answered != "" {
				id = c.answered
			}
			h.do(reply(c.from, "2", c.to, id))
			answer := h.chat.log.lines[1]
			if answer.Text != "an answer" {
				t.Fatalf("the answer is %+v: it counts in any case", answer)
			}
			if got := answer.Reply == line.ID; got != c.stands || !got && answer.Reply != "" {
				t.Errorf("it answers %q, want that it stands: %v", answer.Reply, c.stands)
			}
		})
	}
}

func TestAnAnswerToALineThatIsTakenBackCounts(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	h.comes(a, b)
	h.do(post("a", "1", "", "a line"))
	id := of[*ChatLine](a.conn)[0].ID
	h.do(reply("b", "2", "", id), &chatDelete{question{"a", "7"}, id}, reply("b", "3", "", id))
	lines := of[*ChatLine](a.conn)
	if len(lines) != 3 || lines[1].Reply != id || lines[2].Reply != "" {
		t.Errorf("a heard %+v", lines)
	}
}

func TestAnAnswerIsOneAfterARestart(t *testing.T) {
	before, _ := keepingHall(DefaultChatConfig(), journal.Past{})
	before.comes(newGuest("a", 0, 0))
	before.do(post("a", "1", "", "a line"))
	before.written(outcome{})
	id := before.chat.log.lines[0].ID
	before.do(reply("a", "2", "", id))
	before.written(outcome{})

	h, _ := keepingHall(DefaultChatConfig(), found(before))
	h.comes(newGuest("b", 0, 0))
	h.do(reply("b", "3", "", id))
	h.written(outcome{})
	if lines := h.chat.log.lines; len(lines) != 3 || lines[1].Reply != id || lines[2].Reply != id {
		t.Errorf("remembered: %+v", lines)
	}
}
