package room

import (
	"fmt"
	"testing"

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
