package room

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"madang/room/journal"
)

func TestClearedChatIsGoneFromDiskAtOnce(t *testing.T) {
	h, w := keepingHall(DefaultChatConfig(), journal.Past{})
	host, a := newGuest("host", 0, 0).as(Moderator), newGuest("a", 0, 0)
	h.comes(host, a)
	h.do(post("a", "1", "", "one"))
	h.written(outcome{whole: true})
	h.do(post("a", "2", "", "two")) // on its way to disk
	h.do(post("a", "3", "", "three"), &chatClear{by(host)}, post("a", "4", "", "four"))
	if len(of[*ChatCleared](a.conn)) != 0 || host.outcome() != "" {
		t.Fatal("cleared before what was said before is on disk")
	}
	h.written(outcome{})
	h.written(outcome{})
	if got := only[*ChatCleared](t, a.conn).Seq; got != 3 || host.outcome() != "done" {
		t.Errorf("cleared up to %d: %q", got, host.outcome())
	}
	if got := fmt.Sprint(texts(a.conn)); got != "[one two three four]" {
		t.Errorf("heard %s", got)
	}
	last := w.batches[len(w.batches)-1]
	if last.whole == nil || len(last.whole.lines) != 1 || last.whole.lines[0].Text != "four" || last.whole.seq != 4 {
		t.Errorf("then the file is %+v", last.whole)
	}
	h.written(outcome{whole: true})
	if h.chat.keeping.records != 1 {
		t.Errorf("%d records on disk", h.chat.keeping.records)
	}
}

func TestClearingIsRefusedWhereTheDiskIs(t *testing.T) {
	h, _ := keepingHall(DefaultChatConfig(), journal.Past{})
	host := newGuest("host", 0, 0).as(Moderator)
	h.comes(host)
	h.do(&chatClear{by(host)})
	h.written(outcome{err: errDiskFull})
	if got := host.outcome(); got != codeUnavailable || len(of[*ChatCleared](host.conn)) != 0 {
		t.Errorf("came to %q", got)
	}
}

func TestSlowModeIsForThoseWhoDoNotModerate(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{})
	h.do(&slow{by(moderator), 10 * time.Second})
	if only[*SlowMode](t, person.conn).Every != 10*time.Second {
		t.Error("not told")
	}
	h.do(post("member", "1", "", "one"), post("member", "1", "", "one"), post("moderator", "1", "", "two"), post("moderator", "2", "", "three"))
	h.pass(3 * time.Second)
	h.do(post("member", "2", "", "four"))
	if r := only[*ChatRefused](t, person.conn); r.CID != "2" || r.Err.Code() != codeTooFast || r.Err.Retry() != 7*time.Second {
		t.Errorf("refused with %s, again in %v", r.Err.Code(), r.Err.Retry())
	}
	h.pass(7 * time.Second)
	h.do(post("member", "2", "", "four"))
	if got := strings.Join(texts(moderator.conn), " "); got != "one two three four" {
		t.Errorf("heard %s", got)
	}
	h.do(&slow{by(moderator), 2 * time.Hour})
	if got := moderator.outcome(); got != codeBadMessage {
		t.Errorf("too slow: %s", got)
	}
	late := newGuest("late", 0, 0)
	h.comes(late)
	if got := only[*Welcome](t, late.conn).Slow; got != 10*time.Second {
		t.Errorf("a newcomer is told of %v", got)
	}
}

func TestLinesOfLowerRolesAreTakenBack(t *testing.T) {
	h, _, moderator, _, _ := staffed(Policy{})
	h.do(post("owner", "1", "", "from above"), post("member", "1", "", "from below"), post("guest", "1", "", "bye"))
	h.do(&leave{sender: sender{"guest"}})
	lines := of[*ChatLine](moderator.conn)
	for i, want := range []string{codeForbidden, "", ""} {
		h.do(&chatDelete{question{"moderator", "r"}, lines[i].ID})
		if got := moderator.outcome(); got != codeForbidden {
			t.Errorf("%q: %q, want %q", lines[i].Text, got, want)
		}
	}
	if got := len(of[*ChatDeleted](moderator.conn)); got != 2 {
		t.Errorf("%d lines were taken back, want 2", got)
	}
}

func TestClearedChatIsGone(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{})
	h.do(post("member", "1", "", "one"), post("member", "2", "guest", "two"))
	h.do(&chatClear{by(moderator)})
	if got := only[*ChatCleared](t, person.conn).Seq; got != 2 || moderator.outcome() != "done" {
		t.Errorf("cleared up to %d: %s", got, moderator.outcome())
	}
	h.do(post("member", "3", "", "three"))
	late := newGuest("late", 0, 0)
	h.comes(late)
	h.do(&chatSince{sender: sender{"late"}})
	if got := strings.Join(texts(late.conn), " "); got != "three" {
		t.Errorf("a newcomer reads %q", got)
	}
}

func TestWhoWasLockedOutDoesNotReadTheChatWhenAllHaveLeft(t *testing.T) {
	h, owner, moderator, person, visitor := staffed(Policy{})
	h.do(&chatPost{sender{person.ID}, ChatPost{CID: "1", Text: "among us"}}, &lock{by(owner), true})
	before := h.chat.epoch
	stranger := newGuest("stranger", 0, 0)
	h.comes(stranger)
	if got := only[*Refused](t, stranger.conn).Err.Code(); got != codeRoomLocked {
		t.Fatalf("refused with %s", got)
	}
	for _, g := range []*guest{owner, moderator, person, visitor} {
		h.do(&leave{sender: sender{g.ID}})
	}
	h.comes(stranger) // its session has kept the room open
	h.do(&chatSince{sender{stranger.ID}, before, 0})
	if w := only[*Welcome](t, stranger.conn); w.ChatLast != 0 || w.Epoch == before || len(of[*ChatPage](stranger.conn)) != 0 {
		t.Errorf("the stranger reads %+v, after %+v", of[*ChatPage](stranger.conn), *w)
	}
}
