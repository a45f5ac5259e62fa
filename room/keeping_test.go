package room

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"madang/room/journal"
)

// fakeWriter remembers what it is to write.
type fakeWriter struct{ batches []batch }

func (w *fakeWriter) write(b batch) { w.batches = append(w.batches, b) }

// newest are the texts of the newest batch, and the ids that are no more.
func (w *fakeWriter) newest() string {
	var all []string
	for _, r := range toRecords(w.batches[len(w.batches)-1].entries) {
		if r.Line != nil {
			all = append(all, r.Line.Text)
		} else {
			all = append(all, "-"+r.Deleted)
		}
	}
	return strings.Join(all, " ")
}

// keepingHall is a hall whose chat goes to disk.
func keepingHall(cfg ChatConfig, found journal.Past) (*hall, *fakeWriter) {
	h, w := newHall(Policy{MaxMembers: 99}, cfg), &fakeWriter{}
	h.recall(found, w, h.now)
	return h, w
}

// written lets the disk be done.
func (h *hall) written(is outcome) {
	h.wrote(is, h.now)
	h.settle(h.now)
}

var errDiskFull = errors.New("no space left on device")

const longCID = "0123456789abcdef"

func TestNobodyHearsOfALineBeforeItIsOnDisk(t *testing.T) {
	h, w := keepingHall(DefaultChatConfig(), journal.Past{})
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	h.comes(a, b)
	h.do(post("a", "1", "", "one"))
	h.do(post("b", "1", "", "two"), post("a", "2", "", "three"))
	late := newGuest("late", 0, 0)
	h.comes(late)
	h.do(&chatSince{sender: sender{"late"}})
	if n := len(texts(a.conn)) + len(texts(b.conn)) + len(texts(late.conn)); n != 0 {
		t.Fatalf("%d lines were heard", n)
	}
	if up := only[*ChatCaughtUp](t, late.conn); up.Seq != 0 || only[*Welcome](t, late.conn).ChatLast != 0 {
		t.Error("a line that is not on disk is counted")
	}
	if len(w.batches) != 1 || w.newest() != "one" || w.batches[0].whole == nil || !w.batches[0].must {
		t.Fatalf("%d batches, the first: %+v", len(w.batches), w.batches[0])
	}
	h.written(outcome{whole: true})
	if got := fmt.Sprint(texts(a.conn), texts(b.conn)); got != "[one] [one]" {
		t.Errorf("heard %s", got)
	}
	if len(w.batches) != 2 || w.newest() != "two three" || w.batches[1].whole != nil {
		t.Fatalf("what came meanwhile: %d batches, %s", len(w.batches), w.newest())
	}
	h.written(outcome{})
	if got := fmt.Sprint(texts(late.conn)); got != "[one two three]" {
		t.Errorf("heard %s", got)
	}
}

func TestALineThatComesAgainWhileItIsWrittenIsTakenOnce(t *testing.T) {
	h, w := keepingHall(DefaultChatConfig(), journal.Past{})
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	h.comes(a, b)
	h.do(post("a", longCID, "", "once"), post("a", longCID, "", "once"))
	h.do(&leave{sender: sender{"a"}, done: make(chan struct{})})
	again := newGuest("again", 0, 0) // the same client with another id
	h.comes(again)
	h.do(post("again", longCID, "", "once"))
	for range 2 {
		h.written(outcome{whole: true})
	}
	if got := w.newest(); len(w.batches) != 2 || got != "" {
		t.Errorf("%d batches, the last: %q", len(w.batches), got)
	}
	if got := texts(b.conn); len(got) != 1 {
		t.Errorf("b heard %q", got)
	}
	if got := texts(again.conn); len(got) != 2 { // as everybody, and as the answer
		t.Errorf("the author heard %q", got)
	}
}

func TestADiskThatFailsCostsTheLinesThatWait(t *testing.T) {
	h, w := keepingHall(DefaultChatConfig(), journal.Past{})
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	h.comes(a, b)
	h.do(post("a", "0", "", "kept"))
	h.written(outcome{whole: true})
	h.do(post("a", longCID, "", "lost"))
	h.do(post("b", "2", "", "lost too"))
	h.written(outcome{err: errDiskFull})
	h.do(post("b", "3", "", "too soon"))
	for g, cids := range map[*guest]string{a: longCID, b: "2 3"} {
		var refused []string
		for _, r := range of[*ChatRefused](g.conn) {
			if r.Err.Code() != codeUnavailable {
				t.Errorf("refused with %s", r.Err.Code())
			}
			refused = append(refused, r.CID)
		}
		if strings.Join(refused, " ") != cids {
			t.Errorf("%s: refused %q, want %q", g.ID, refused, cids)
		}
	}
	if got := texts(b.conn); fmt.Sprint(got) != "[kept]" {
		t.Errorf("heard %q", got)
	}
	h.pass(tryDiskAgain)
	h.do(post("a", longCID, "", "lost"))
	last := w.batches[len(w.batches)-1]
	if !last.must || len(last.whole.lines) != 1 || w.newest() != "lost" {
		t.Fatalf("the file is not written anew: %+v", last)
	}
	h.written(outcome{whole: true})
	if got := texts(b.conn); fmt.Sprint(got) != "[kept lost]" {
		t.Errorf("heard %q", got)
	}
	if l := of[*ChatLine](b.conn); l[1].Seq <= l[0].Seq {
		t.Error("a number came twice")
	}
}

func TestASlowDiskCostsTheLinesThatAreTooMany(t *testing.T) {
	h, _ := keepingHall(ChatConfig{History: 2000}, journal.Past{})
	a := newGuest("a", 0, 0)
	h.comes(a)
	for i := range maxWaiting + 3 { // the first is being written
		h.do(post("a", fmt.Sprint(i), "", "x"))
	}
	if refused := of[*ChatRefused](a.conn); len(refused) != 2 || refused[0].Err.Code() != codeUnavailable {
		t.Errorf("%d lines were refused, want 2", len(refused))
	}
	h.written(outcome{whole: true})
	h.written(outcome{})
	if got := len(texts(a.conn)); got != maxWaiting+1 {
		t.Errorf("%d lines were heard, want %d", got, maxWaiting+1)
	}
}

// found is what a room of before left behind.
func found(h *hall) journal.Past {
	p := toPast(&past{h.chat.epoch, h.chat.seq, h.chat.log.lines})
	p.Records = len(p.Lines)
	return p
}

func TestARoomGoesOnAfterARestart(t *testing.T) {
	before, _ := keepingHall(DefaultChatConfig(), journal.Past{})
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	before.comes(a, b)
	before.do(post("a", longCID, "", "one"), post("b", "short", "", "two"), post("a", longCID+"2", "b", "psst"))
	before.written(outcome{whole: true})

	h, w := keepingHall(DefaultChatConfig(), found(before))
	again, other := newGuest("a2", 0, 0), newGuest("c", 0, 0)
	h.comes(again, other)
	welcome := only[*Welcome](t, again.conn)
	if welcome.Epoch != before.chat.epoch || welcome.ChatLast != 3 {
		t.Fatalf("%+v", welcome)
	}
	h.do(&chatSince{sender{"c"}, before.chat.epoch, 0}, &chatSince{sender{"a2"}, before.chat.epoch, 1})
	if got := fmt.Sprint(texts(other.conn), texts(again.conn)); got != "[one two] [two]" {
		t.Errorf("heard %s", got)
	}
	again.conn.events = nil
	h.do(post("a2", longCID, "", "one"), post("a2", longCID+"2", "b", "psst"))
	if got := of[*ChatLine](again.conn); len(got) != 2 || got[0].From != "a" || got[0].Seq != 1 || got[1].Text != "psst" {
		t.Errorf("the author is told %+v", got)
	}
	h.do(post("c", "short", "", "two"), post("c", longCID, "", "of another"))
	h.written(outcome{})
	if got := of[*ChatLine](again.conn)[2:]; len(got) != 2 || got[0].Seq != 4 || got[1].Seq != 5 {
		t.Errorf("%d new lines", len(got))
	}
	if w.batches[0].whole != nil {
		t.Error("the file was written anew for nothing")
	}
	h.do(&chatDelete{question{"a2", "7"}, h.chat.log.lines[0].ID})
	if f := only[*Failed](t, again.conn); f.Err.Code() != codeForbidden {
		t.Errorf("%s: nobody is the author any more", f.Err.Code())
	}
}

func TestWhatIsLeftOfADamagedFileIsWrittenAtOnce(t *testing.T) {
	before, _ := keepingHall(DefaultChatConfig(), journal.Past{})
	a := newGuest("a", 0, 0)
	before.comes(a)
	before.do(post("a", "1", "", "one"), post("a", longCID, "", "two"))
	before.written(outcome{whole: true})
	left := found(before)
	left.Epoch, left.Records = "", 0

	h, w := keepingHall(DefaultChatConfig(), left)
	again := newGuest("a2", 0, 0)
	h.comes(again)
	if len(w.batches) != 1 || !w.batches[0].must || len(w.batches[0].whole.lines) != 2 {
		t.Fatalf("%d batches", len(w.batches))
	}
	h.written(outcome{err: errDiskFull}) // nothing of it is forgotten
	h.pass(tryDiskAgain)
	h.do(&chatSince{sender{"a2"}, before.chat.epoch, 2}, post("a2", longCID, "", "two"), post("a2", "3", "", "three"))
	if last := w.batches[1]; !last.must || len(last.whole.lines) != 2 || w.newest() != "three" {
		t.Fatalf("then: %+v", last)
	}
	h.written(outcome{whole: true})
	if got := fmt.Sprint(texts(again.conn)); got != "[one two two three]" {
		t.Errorf("heard %s", got)
	}
	for _, page := range of[*ChatPage](again.conn) {
		if page.Lines[0].Epoch != h.chat.epoch || h.chat.epoch == before.chat.epoch {
			t.Errorf("the epoch is %s", page.Lines[0].Epoch)
		}
	}
	if h.chat.seq != 3 || h.chat.keeping.records != 3 {
		t.Errorf("%d lines, %d on disk", h.chat.seq, h.chat.keeping.records)
	}
}

func TestALineIsGoneWhenTheDiskHasForgottenIt(t *testing.T) {
	h, w := keepingHall(DefaultChatConfig(), journal.Past{})
	a, b := newGuest("a", 0, 0), newGuest("b", 0, 0)
	h.comes(a, b)
	h.do(post("a", "1", "", "mine"))
	h.written(outcome{whole: true})
	id := h.chat.log.lines[0].ID
	h.do(&chatDelete{question{"a", "5"}, id})
	h.do(&chatDelete{question{"a", "6"}, id})
	if len(of[*ChatDeleted](b.conn)) != 0 || w.newest() != "-"+id {
		t.Fatal("told before it was written")
	}
	h.written(outcome{err: errDiskFull})
	for _, f := range of[*Failed](a.conn) {
		if f.Err.Code() != codeUnavailable {
			t.Errorf("%s: %s", f.Re, f.Err.Code())
		}
	}
	h.pass(tryDiskAgain)
	h.do(&chatDelete{question{"a", "7"}, id})
	h.do(&chatDelete{question{"a", "8"}, id})
	h.written(outcome{whole: true})
	h.written(outcome{})
	only[*ChatDeleted](t, b.conn)
	if len(h.chat.log.lines) != 0 {
		t.Error("it is still there")
	}
	// What is taken back does not stay on disk.
	h.pass(rewriteEvery)
	if last := w.batches[len(w.batches)-1]; last.whole == nil || len(last.whole.lines) != 0 || last.must {
		t.Errorf("not rewritten: %+v", last)
	}
}

func TestTheFileIsWrittenAnewWhenMostOfItIsForgotten(t *testing.T) {
	h, w := keepingHall(ChatConfig{History: 10}, journal.Past{})
	h.comes(newGuest("a", 0, 0))
	whole := 0
	for i := range 500 {
		h.pass(100 * time.Millisecond)
		h.do(post("a", fmt.Sprint(i), "", "x"))
		last := w.batches[len(w.batches)-1]
		if last.whole != nil {
			if whole++; len(last.whole.lines) > 10 {
				t.Fatalf("%d lines", len(last.whole.lines))
			}
		}
		h.written(outcome{whole: last.whole != nil})
		if h.chat.keeping.records > 2*10+rewriteAt+2 {
			t.Fatalf("%d records for 10 lines", h.chat.keeping.records)
		}
	}
	if whole < 4 || whole > 8 {
		t.Errorf("written anew %d times", whole)
	}
}
