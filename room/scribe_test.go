package room

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"madang/room/journal"
)

// until waits for what comes of itself.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not within 10 s: ", what)
		}
	}
}

func keepingIn(dir string) Config {
	cfg := DefaultConfig()
	cfg.Chat.LogDir = dir
	return cfg
}

// TestRoomsAreRememberedApart lets rooms end, and the server, and come again.
func TestRoomsAreRememberedApart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "chat")
	epochs := map[string]string{}
	for life := range 3 {
		rooms, _ := newRooms(t, keepingIn(dir))
		for _, name := range []string{"yard", "hall"} {
			r := open(t, rooms, name)
			g := newGuest(fmt.Sprint("g", life), 0, 0)
			r.Enter(g.Joining)
			r.Chat(g.ID, ChatPost{CID: "1", Text: fmt.Sprint(name, life)})
			until(t, "the line", func() bool { return len(texts(g.conn)) == 1 })
			welcome := only[*Welcome](t, g.conn)
			if welcome.ChatLast != uint64(life) || life > 0 && welcome.Epoch != epochs[name] {
				t.Errorf("life %d of %s: %+v", life, name, welcome)
			}
			epochs[name] = welcome.Epoch
			late := newGuest("late", 0, 0)
			r.Enter(late.Joining)
			r.ChatSince("late", "", 0)
			until(t, "the history", func() bool { return len(of[*ChatCaughtUp](late.conn)) == 1 })
			if got := texts(late.conn); len(got) != life+1 || got[0] != name+"0" {
				t.Errorf("life %d of %s: %q", life, name, got)
			}
			r.Release()
		}
		rooms.Close()
	}
	if epochs["yard"] == epochs["hall"] {
		t.Error("two rooms with one memory")
	}
}

// TestWhatWasSaidLastIsOnDiskWhenTheServerEnds says much at once and closes.
func TestWhatWasSaidLastIsOnDiskWhenTheServerEnds(t *testing.T) {
	cfg := keepingIn(t.TempDir())
	rooms, _ := newRooms(t, cfg)
	r := open(t, rooms, "yard")
	g := newGuest("g", 0, 0)
	r.Enter(g.Joining)
	for i := range 300 {
		r.Chat(g.ID, ChatPost{CID: fmt.Sprint(i), Text: "x"})
	}
	rooms.Close()
	rooms, _ = newRooms(t, cfg)
	defer rooms.Close()
	r = open(t, rooms, "yard")
	g = newGuest("g", 0, 0)
	r.Enter(g.Joining)
	until(t, "the welcome", func() bool { return len(of[*Welcome](g.conn)) == 1 })
	if got := only[*Welcome](t, g.conn).ChatLast; got != 300 {
		t.Errorf("%d lines, want 300", got)
	}
}

// TestARoomThatEndsAndBeginsLosesNothing has the next room wait for the one before.
func TestARoomThatEndsAndBeginsLosesNothing(t *testing.T) {
	rooms, _ := newRooms(t, keepingIn(t.TempDir()))
	defer rooms.Close()
	var acknowledged sync.Map
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 20 {
				r := open(t, rooms, "yard")
				id := fmt.Sprintf("g%d-%d", i, n)
				g := newGuest(id, 0, 0)
				r.Enter(g.Joining)
				r.Chat(g.ID, ChatPost{CID: "1", Text: id})
				until(t, "its line", func() bool {
					for _, text := range texts(g.conn) {
						if text == id {
							return true
						}
					}
					return false
				})
				acknowledged.Store(id, true)
				r.Leave(g.ID)
				r.Release()
			}
		})
	}
	all.Wait()
	r := open(t, rooms, "yard")
	defer r.Release()
	g := newGuest("g", 0, 0)
	r.Enter(g.Joining)
	r.ChatSince(g.ID, "", 0)
	until(t, "the history", func() bool { return len(of[*ChatCaughtUp](g.conn)) == 1 })
	times := map[string]int{}
	for _, text := range texts(g.conn) {
		times[text]++
	}
	acknowledged.Range(func(id, _ any) bool {
		if times[id.(string)] != 1 {
			t.Errorf("%s is there %d times", id, times[id.(string)])
		}
		return true
	})
	if len(times) != 160 {
		t.Errorf("%d lines, want 160", len(times))
	}
}

// TestADamagedFileCostsTheLineThatIsDamaged damages a file between two lives of a room.
func TestADamagedFileCostsTheLineThatIsDamaged(t *testing.T) {
	cfg := keepingIn(t.TempDir())
	for life, want := range []string{"[zero]", "[zero one]", "[zero one two]", "[one two three]"} {
		if life == 3 {
			files, err := filepath.Glob(filepath.Join(cfg.Chat.LogDir, "*.chat"))
			if err != nil || len(files) != 1 {
				t.Fatal(files, err)
			}
			content, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(files[0], bytes.Replace(content, []byte("zero"), []byte("hero"), 1), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		rooms, _ := newRooms(t, cfg)
		r := open(t, rooms, "yard")
		g := newGuest("g", 0, 0)
		r.Enter(g.Joining)
		r.ChatSince("g", "", 0)
		r.Chat("g", ChatPost{CID: "1", Text: []string{"zero", "one", "two", "three"}[life]})
		until(t, "the lines", func() bool { return fmt.Sprint(texts(g.conn)) == want })
		r.Release()
		rooms.Close()
	}
}

// TestARoomWhoseChatCannotBeReadIsARoom has a folder in the place of the file.
func TestARoomWhoseChatCannotBeReadIsARoom(t *testing.T) {
	dir := t.TempDir()
	store, err := journal.NewStore(dir, 0, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	j, _, err := store.Open("yard", 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Rewrite(journal.Past{Epoch: "e"}); err != nil {
		t.Fatal(err)
	}
	j.Close()
	store.Close()
	files, err := filepath.Glob(filepath.Join(dir, "*.chat"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(files[0], 0o700); err != nil {
		t.Fatal(err)
	}
	rooms, _ := newRooms(t, keepingIn(dir))
	defer rooms.Close()
	r := open(t, rooms, "yard")
	defer r.Release()
	g := newGuest("g", 0, 0)
	r.Enter(g.Joining)
	r.Chat(g.ID, ChatPost{CID: "1", Text: "hello"})
	until(t, "the refusal", func() bool { return len(of[*ChatRefused](g.conn)) == 1 })
	if code := only[*ChatRefused](t, g.conn).Err.Code(); code != codeUnavailable {
		t.Errorf("refused with %s", code)
	}
	only[*Welcome](t, g.conn)
}
