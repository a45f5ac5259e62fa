package room

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func post(from, cid, to, text string) message {
	return &chatPost{sender{MemberID(from)}, ChatPost{CID: cid, To: MemberID(to), Text: text}}
}

// texts are the lines a member heard, live ones and pages.
func texts(c *fakeConn) []string {
	var all []string
	for _, e := range c.heard() {
		switch e := e.(type) {
		case *ChatLine:
			all = append(all, e.Text)
		case *ChatPage:
			for _, line := range e.Lines {
				all = append(all, line.Text)
			}
		}
	}
	return all
}

func TestChatIsStampedAndOrderedForAll(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	h.comes(a, b)
	h.do(post("a", "1", "", "하나"), post("b", "1", "", "둘"), post("a", "2", "", "셋"))
	la, lb := of[*ChatLine](a.conn), of[*ChatLine](b.conn)
	if len(la) != 3 || len(lb) != 3 {
		t.Fatalf("a heard %d lines, b %d, want 3", len(la), len(lb))
	}
	ids := map[string]bool{}
	for i, line := range la {
		if line != lb[i] {
			t.Error("a line is not shared")
		}
		if line.Seq != uint64(i+1) || line.Epoch != h.chat.epoch || !line.At.Equal(h.now) {
			t.Errorf("line %d: %+v", i, line)
		}
		ids[line.ID] = true
	}
	if len(ids) != 3 {
		t.Error("ids are not unique")
	}
	if la[1].From != "b" || la[1].Name != "b" || la[1].CID != "1" {
		t.Errorf("the sender is the server's word: %+v", la[1])
	}
}

func TestChatRefusesWhatIsNoLine(t *testing.T) {
	for _, c := range []struct{ name, cid, to, text, code string }{
		{"empty", "1", "", "", codeBadMessage},
		{"blank", "1", "", " \n\t", codeBadMessage},
		{"newline and tab", "1", "", "a\n\tb", ""},
		{"a bell", "1", "", "a\ab", codeBadMessage},
		{"a carriage return", "1", "", "a\r\nb", codeBadMessage},
		{"C1 control", "1", "", "a\u0085b", codeBadMessage},
		{"not UTF-8", "1", "", "a\xff", codeBadMessage},
		{"the longest", "1", "", strings.Repeat("x", 4096), ""},
		{"too long", "1", "", strings.Repeat("x", 4097), codeTooBig},
		{"100 KiB", "1", "", strings.Repeat("x", 100<<10), codeTooBig},
		{"no cid", "", "", "hello", codeBadMessage},
		{"long cid", strings.Repeat("c", 65), "", "hello", codeBadMessage},
		{"to a stranger", "1", "nobody", "hello", codeNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := defaultHall()
			a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
			h.comes(a, b)
			h.do(post("a", c.cid, c.to, c.text))
			if c.code == "" {
				if got := only[*ChatLine](t, b.conn).Text; got != c.text {
					t.Errorf("stored %q, want %q", got, c.text)
				}
				return
			}
			if r := only[*ChatRefused](t, a.conn); r.CID != c.cid || r.Err.Code() != c.code {
				t.Errorf("refused with %s for %q, want %s", r.Err.Code(), r.CID, c.code)
			}
			if len(of[*ChatLine](b.conn)) != 0 || h.chat.seq != 0 {
				t.Error("the line was taken all the same")
			}
		})
	}
}

func TestChatTakesAResendOnce(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	h.comes(a, b)
	h.do(post("a", "x", "", "once"))
	h.do(post("a", "x", "", "once"), post("b", "x", "", "mine"))
	if got := texts(b.conn); len(got) != 2 {
		t.Errorf("b heard %q, want two lines", got)
	}
	lines := of[*ChatLine](a.conn)
	if len(lines) != 3 || lines[1] != lines[0] {
		t.Errorf("a heard %q, want its line acknowledged again", texts(a.conn))
	}
	for i := range 10 * maxResends {
		h.do(post("a", fmt.Sprint(i), "", "more"))
	}
	sent := h.members["a"].sent
	if len(sent.byCID) != maxResends || len(sent.cids) != maxResends {
		t.Errorf("%d cids remembered, want %d", len(sent.byCID), maxResends)
	}
}

func TestPrivateLineIsForTheTwoOnly(t *testing.T) {
	h := defaultHall()
	a, b, c := newGuest("a", 0, 0), newGuest("b", 0, 0), newGuest("c", 0, 0)
	h.comes(a, b, c)
	h.do(post("a", "1", "b", "psst"), post("a", "2", "a", "note"))
	if n := len(texts(a.conn)); n != 2 {
		t.Errorf("a heard %q, want its two lines once", texts(a.conn))
	}
	for _, g := range []*guest{a, b, c} {
		g.conn.events = nil
		h.do(&chatSince{sender: sender{g.ID}})
	}
	for g, want := range map[*guest]string{a: "psst note", b: "psst", c: ""} {
		if got := strings.Join(texts(g.conn), " "); got != want {
			t.Errorf("history of %s: %q, want %q", g.ID, got, want)
		}
	}
	line := h.chat.log.lines[0]
	h.do(&chatDelete{question{"c", "1"}, line.ID})
	if f := only[*Failed](t, c.conn); f.Err.Code() != codeNotFound {
		t.Errorf("c may not even know of it: %s", f.Err.Code())
	}
	h.do(&chatDelete{question{"a", "1"}, line.ID})
	if len(of[*ChatDeleted](b.conn)) != 1 || len(of[*ChatDeleted](c.conn)) != 0 {
		t.Error("the end of a private line is for the two only")
	}
}

func TestOnlyOnesOwnLineCanBeDeleted(t *testing.T) {
	h := defaultHall()
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	h.comes(a, b)
	h.do(post("a", "1", "", "mine"), post("a", "2", "", "stays"))
	id := h.chat.log.lines[0].ID
	h.do(&chatDelete{question{"b", "5"}, id})
	if f := only[*Failed](t, b.conn); f.Re != "5" || f.Err.Code() != codeForbidden {
		t.Errorf("failed = %+v", f)
	}
	h.do(&chatDelete{question{"a", "6"}, id}, &chatDelete{question{"a", "7"}, id})
	if only[*ChatDeleted](t, b.conn).ID != id {
		t.Error("another line was deleted")
	}
	if f := only[*Failed](t, a.conn); f.Re != "7" || f.Err.Code() != codeNotFound {
		t.Errorf("deleted twice: %+v", f)
	}
	late := newGuest("late", 0, 0)
	h.comes(late)
	h.do(&chatSince{sender: sender{"late"}})
	if got := texts(late.conn); len(got) != 1 || got[0] != "stays" {
		t.Errorf("history: %q", got)
	}
}

func TestLateJoinerGetsTheHistoryInPages(t *testing.T) {
	h := newHall(Policy{MaxMembers: 9}, ChatConfig{History: 250, MaxAge: time.Hour})
	a := newGuest("a", 0, 0)
	h.comes(a)
	for i := range 300 {
		h.do(post("a", fmt.Sprint(i), "", fmt.Sprint(i)))
	}
	since := func(epoch string, seq uint64) (c *fakeConn) {
		g := newGuest(fmt.Sprintf("late%d", len(h.arrived)), 0, 0)
		h.comes(g)
		if w := only[*Welcome](t, g.conn); w.ChatLast != 300 || w.Epoch != h.chat.epoch {
			t.Errorf("welcome = %+v", w)
		}
		h.do(&chatSince{sender{g.ID}, epoch, seq})
		if up := only[*ChatCaughtUp](t, g.conn); up.Seq != 300 {
			t.Errorf("caught up with %d, want 300", up.Seq)
		}
		return g.conn
	}
	all := since("", 0)
	if pages := of[*ChatPage](all); len(pages) != 3 || len(pages[0].Lines) != chatPageLines || len(pages[2].Lines) != 50 {
		t.Errorf("%d pages", len(pages))
	}
	if got := texts(all); len(got) != 250 || got[0] != "50" || got[249] != "299" {
		t.Errorf("%d lines from %q", len(got), got[0])
	}
	if got := texts(since(h.chat.epoch, 290)); len(got) != 10 || got[0] != "290" {
		t.Errorf("since 290: %q", got)
	}
	if got := texts(since("another", 290)); len(got) != 250 {
		t.Errorf("another epoch: %d lines, want all", len(got))
	}
	if got := texts(since(h.chat.epoch, 1<<60)); len(got) != 0 {
		t.Errorf("the future: %q", got)
	}
}

func TestChatForgetsWhatIsOld(t *testing.T) {
	h := newHall(Policy{MaxMembers: 9}, ChatConfig{History: 100, MaxAge: time.Minute})
	h.comes(newGuest("a", 0, 0))
	h.do(post("a", "1", "", "old"))
	h.pass(40 * time.Second)
	h.do(post("a", "2", "", "new"))
	h.pass(40 * time.Second)
	if n := len(h.chat.log.lines); n != 1 || h.chat.log.lines[0].Text != "new" {
		t.Errorf("%d lines remembered, want the new one", n)
	}
	h.pass(time.Minute)
	if n := len(h.chat.log.lines); n != 0 {
		t.Errorf("%d lines remembered after their time", n)
	}

	none := newHall(Policy{MaxMembers: 9}, ChatConfig{})
	b := newGuest("b", 0, 0)
	none.comes(b)
	none.do(post("b", "1", "", "said"), &chatSince{sender: sender{"b"}})
	if got := texts(b.conn); len(got) != 1 {
		t.Errorf("without a history b heard %q, want its line once", got)
	}
}

func TestTypingIsPassedOnSeldom(t *testing.T) {
	h := defaultHall()
	a, b, c := newGuest("a", 0, 0), newGuest("b", 0, 0), newGuest("c", 0, 0)
	h.comes(a, b, c)
	typing := func(to MemberID) { h.do(&chatTyping{sender{"a"}, to}) }
	typing("nobody")
	typing("")
	typing("")
	h.pass(typingEvery)
	typing("b")
	if na, nb, nc := len(of[*ChatTyping](a.conn)), len(of[*ChatTyping](b.conn)), len(of[*ChatTyping](c.conn)); na != 0 || nb != 2 || nc != 1 {
		t.Errorf("a, b, c heard %d, %d, %d; want 0, 2, 1", na, nb, nc)
	}
}

func FuzzChatText(f *testing.F) {
	for _, seed := range []string{"hello", "안녕하세요", "", "\x00", "a\nb\tc", "\xff\xfe", "👩‍👩‍👧‍👦", "\u202eevil", strings.Repeat("x", 4097)} {
		f.Add(seed, "cid")
	}
	f.Fuzz(func(t *testing.T, text, cid string) {
		h := defaultHall()
		a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
		h.comes(a, b)
		h.do(post("a", cid, "", text))
		if len(of[*ChatRefused](a.conn)) == 1 {
			if len(texts(b.conn)) != 0 {
				t.Fatal("refused and delivered")
			}
			return
		}
		h.do(&chatSince{sender: sender{"b"}})
		if got := texts(b.conn); len(got) != 2 || got[0] != text || got[1] != text {
			t.Fatalf("heard %q, want %q live and as history", got, text)
		}
		if !utf8.ValidString(text) || len(text) > maxChatText {
			t.Fatalf("took %q", text)
		}
	})
}
