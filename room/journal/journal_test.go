package journal

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func newStore(t testing.TB, dir string, maxAge time.Duration) *Store {
	t.Helper()
	s, err := NewStore(dir, maxAge, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// open opens a room's file until the end of the test, or until close is called.
func open(t testing.TB, s *Store, room string) (j *Journal, past Past) {
	t.Helper()
	j, past, err := s.Open(room, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return j, past
}

// ids are what is remembered.
func ids(p Past) string {
	var all []string
	for _, l := range p.Lines {
		all = append(all, l.ID)
	}
	return strings.Join(all, " ")
}

// written is what is in a room's file.
func written(t testing.TB, s *Store, room string) Past {
	t.Helper()
	f, err := os.Open(s.path(room))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	found, err := replay(f, 10000)
	if err != nil || found.room != room {
		t.Fatalf("%q: %v", found.room, err)
	}
	return found.Past
}

func TestWhatIsWrittenIsFoundAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := newStore(t, dir, 0)
	defer s.Close()
	j, past := open(t, s, "yard")
	if past.Epoch != "" || past.Seq != 0 {
		t.Fatalf("a new room remembers %+v", past)
	}
	one, two, three := line(1, "one"), line(2, "two"), line(3, "three")
	must(t, j.Rewrite(Past{Epoch: "e"}, Record{Line: &one}))
	must(t, j.Append(Record{Line: &two}, Record{Line: &three}))
	must(t, j.Append(Record{Deleted: "two"}))
	j.Close()
	found := written(t, s, "yard")
	if found.Epoch != "e" || found.Seq != 3 || found.Records != 4 || ids(found) != "one three" || found.Lines[0] != one {
		t.Errorf("%+v", found)
	}
	if j, past = open(t, s, "Yard"); past.Epoch != "" {
		t.Errorf("another room remembers %+v", past)
	}
	j.Close()
	if j, past = open(t, s, "yard"); ids(past) != "one three" {
		t.Errorf("opened again: %+v", past)
	}
	must(t, j.Rewrite(Past{Epoch: "e", Seq: 3}))
	j.Close()
	if found = written(t, s, "yard"); found.Epoch != "e" || found.Seq != 3 || found.Records != 0 || len(found.Lines) != 0 {
		t.Errorf("without its lines: %+v", found)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		is, err := file.Info()
		if err != nil || runtime.GOOS != "windows" && is.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file.Name(), is.Mode(), err)
		}
	}
}

func TestNamesOfRoomsAreNoPaths(t *testing.T) {
	dir := t.TempDir()
	s := newStore(t, dir, 0)
	defer s.Close()
	rooms := []string{"../../etc/passwd", "a/b", "마당", strings.Repeat("x", 300), ".", "CON"}
	for i, room := range rooms {
		j, _ := open(t, s, room)
		must(t, j.Rewrite(Past{Epoch: fmt.Sprint(i + 1)}))
		j.Close()
	}
	for i, room := range rooms {
		if found := written(t, s, room); found.Epoch != fmt.Sprint(i+1) {
			t.Errorf("%q remembers %+v", room, found)
		}
	}
}

// TestACrashAtAnyByteLosesNothingThatWasThere ends the file at each of its bytes, as
// a machine may that stops while it writes.
func TestACrashAtAnyByteLosesNothingThatWasThere(t *testing.T) {
	var records []Record
	for i := range 5 {
		l := line(uint64(i+1), fmt.Sprint(i))
		records = append(records, Record{Line: &l})
	}
	whole := text(t, 0, records...)
	head := len(text(t, 0))
	dir := t.TempDir()
	s := newStore(t, dir, 0)
	defer s.Close()
	for end := head; end <= len(whole); end++ {
		if err := os.WriteFile(s.path("yard"), whole[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		there := bytes.Count(whole[:end], []byte("\n")) - 1
		j, past := open(t, s, "yard")
		if len(past.Lines) != there || past.Seq != uint64(there) || past.Records != there {
			t.Fatalf("cut at %d: %d lines, want %d", end, len(past.Lines), there)
		}
		next := line(past.Seq+1, "next")
		must(t, j.Append(Record{Line: &next}))
		j.Close()
		j, past = open(t, s, "yard")
		j.Close()
		if len(past.Lines) != there+1 || past.Lines[there].ID != "next" {
			t.Fatalf("cut at %d, then: %s", end, ids(past))
		}
	}
}

// TestADamagedByteCostsOneRecord changes each byte behind the head.
func TestADamagedByteCostsOneRecord(t *testing.T) {
	var records []Record
	for i := range 3 {
		l := line(uint64(i+1), fmt.Sprint(i))
		records = append(records, Record{Line: &l})
	}
	whole := text(t, 0, records...)
	for at := len(text(t, 0)); at < len(whole); at++ {
		damaged := slices.Clone(whole)
		damaged[at] ^= 0x10
		found, err := replay(bytes.NewReader(damaged), 10)
		least := 2
		if whole[at] == '\n' {
			least = 1 // it takes the next with it
		}
		if err != nil || len(found.Lines) < least || found.Epoch != "e" {
			t.Fatalf("byte %d: %s, %v", at, ids(found.Past), err)
		}
	}
}

func TestAFileThatIsNoneOfOursIsPutAside(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "something else": "hello\n", "of another room": string(text(t, 0)), "half a head": string(text(t, 0)[:20]),
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t, t.TempDir(), 0)
			defer s.Close()
			if err := os.WriteFile(s.path("hall"), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			j, past := open(t, s, "hall")
			defer j.Close()
			if past.Epoch != "" {
				t.Errorf("remembers %+v", past)
			}
			must(t, j.Rewrite(Past{Epoch: "new"}))
			if kept, err := os.ReadFile(s.path("hall") + aside); err != nil || string(kept) != content {
				t.Errorf("put aside: %q, %v", kept, err)
			}
		})
	}
}

// unreadable is a file on a disk that gives so many bytes of it.
type unreadable struct {
	*os.File
	left int
}

func (u *unreadable) Read(p []byte) (int, error) {
	if u.left == 0 {
		return 0, errors.New("input/output error")
	}
	n, err := u.File.Read(p[:min(len(p), u.left)])
	u.left -= n
	return n, err
}

func TestADamagedFileIsPutAsideAndWhatIsReadOfItKept(t *testing.T) {
	one, two, three := line(1, "one"), line(2, "two"), line(3, "three")
	whole := text(t, 0, Record{Line: &one}, Record{Line: &two}, Record{Line: &three})
	ends := func(records ...Record) int { return len(text(t, 0, records...)) }
	behindOne, behindTwo := ends(Record{Line: &one}), ends(Record{Line: &one}, Record{Line: &two})
	for name, damage := range map[string]struct {
		content []byte
		unread  int // bytes at the end that the disk does not give
		epoch   string
		kept    string
		lost    []string // as the log says
	}{
		"a record in the middle": {
			content: slices.Concat(whole[:behindOne], []byte("00000000 {}\n"), whole[behindTwo:]),
			epoch:   "e", kept: "one three", lost: []string{`"records lost"=1`, `"bytes unread"=0`},
		},
		"another head": {
			content: slices.Concat(whole[:behindTwo], text(t, 0), whole[behindTwo:]),
			kept:    "one two", lost: []string{`"records lost"=0`, fmt.Sprintf(`"bytes unread"=%d`, len(whole)-behindTwo+ends())},
		},
		"a disk that fails": {
			content: whole, unread: 5,
			kept: "one two", lost: []string{`"records lost"=0`, fmt.Sprintf(`"bytes unread"=%d`, len(whole)-behindTwo)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t, t.TempDir(), 0)
			defer s.Close()
			var log bytes.Buffer
			s.log = slog.New(slog.NewTextHandler(&log, nil))
			must(t, os.WriteFile(s.path("yard"), damage.content, 0o600))
			if damage.unread > 0 {
				s.wrap = func(f *os.File) file { return &unreadable{f, len(damage.content) - damage.unread} }
			}
			j, past := open(t, s, "yard")
			if past.Epoch != damage.epoch || ids(past) != damage.kept || past.Records != 0 {
				t.Errorf("remembers %+v", past)
			}
			if kept, err := os.ReadFile(s.path("yard") + aside); err != nil || !bytes.Equal(kept, damage.content) {
				t.Errorf("put aside: %q, %v", kept, err)
			}
			for _, part := range append(damage.lost, s.path("yard")+aside, "room=yard") {
				if !strings.Contains(log.String(), part) {
					t.Errorf("the log does not say %s: %s", part, &log)
				}
			}
			past.Epoch = "new"
			must(t, j.Rewrite(past))
			j.Close()
			s.wrap = func(f *os.File) file { return f }
			if found := written(t, s, "yard"); found.Epoch != "new" || ids(found) != damage.kept || found.Seq != past.Seq {
				t.Errorf("written: %+v", found)
			}
		})
	}
}

func TestAFileHasOneJournalAtATime(t *testing.T) {
	s := newStore(t, t.TempDir(), 0)
	defer s.Close()
	var at sync.Mutex
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			j, _, err := s.Open("yard", 1)
			if err != nil {
				t.Error(err)
				return
			}
			if !at.TryLock() {
				t.Error("two have the file")
				return
			}
			runtime.Gosched()
			at.Unlock()
			j.Close()
		})
	}
	all.Wait()
}

func TestOldFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	s := newStore(t, dir, time.Hour)
	old, open1 := s.path("old"), s.path("open")
	for _, path := range []string{old, open1, s.path("young"), old + aside, filepath.Join(dir, "x"+unfinished)} {
		if err := os.WriteFile(path, text(t, 0), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := time.Now().Add(-2 * time.Hour)
	for _, path := range []string{old, old + aside, open1} {
		must(t, os.Chtimes(path, before, before))
	}
	s.open[open1] = make(chan struct{})
	s.sweep(time.Now(), true)
	s.Close()
	var left []string
	files, err := os.ReadDir(dir)
	must(t, err)
	for _, file := range files {
		left = append(left, filepath.Join(dir, file.Name()))
	}
	want := []string{open1, s.path("young"), filepath.Join(dir, "lock")}
	slices.Sort(want)
	if !slices.Equal(left, want) {
		t.Errorf("left: %v, want %v", left, want)
	}
}

// failing is a file on a disk that takes so many bytes more.
type failing struct {
	*os.File
	room *int
	sync error
}

var errFull = errors.New("no space left on device")

func (f failing) Write(p []byte) (int, error) {
	n := min(len(p), *f.room)
	*f.room -= n
	n, err := f.File.Write(p[:n])
	if err == nil && n < len(p) {
		err = errFull
	}
	return n, err
}

func (f failing) Sync() error { return errors.Join(f.sync, f.File.Sync()) }

// TestAFullDiskLosesNothingThatWasThere fills the disk after each number of bytes.
func TestAFullDiskLosesNothingThatWasThere(t *testing.T) {
	for room := range 300 {
		dir := t.TempDir()
		s := newStore(t, dir, 0)
		j, _ := open(t, s, "yard")
		one, two := line(1, "one"), line(2, "two")
		must(t, j.Rewrite(Past{Epoch: "e"}, Record{Line: &one}))
		left := room
		s.wrap = func(f *os.File) file { return failing{File: f, room: &left} }
		err := j.Append(Record{Line: &two})
		if err == nil {
			s.Close()
			break
		}
		if !errors.Is(err, errFull) {
			t.Fatal(err)
		}
		if err := j.Rewrite(Past{Epoch: "e", Seq: 1, Lines: []Line{one}}, Record{Line: &two}); err == nil {
			t.Fatal("written to a full disk")
		}
		if _, err := os.Stat(j.path + unfinished); !errors.Is(err, os.ErrNotExist) {
			t.Error("what is not finished fills the disk")
		}
		if found := written(t, s, "yard"); ids(found) != "one" || found.Epoch != "e" {
			t.Fatalf("room for %d: %+v", room, found)
		}
		s.wrap = func(f *os.File) file { return f }
		must(t, j.Rewrite(Past{Epoch: "e", Seq: 1, Lines: []Line{one}}, Record{Line: &two}))
		if found := written(t, s, "yard"); ids(found) != "one two" {
			t.Fatalf("after: %+v", found)
		}
		s.Close()
	}
}

func TestASyncThatFailsIsAnError(t *testing.T) {
	s := newStore(t, t.TempDir(), 0)
	defer s.Close()
	j, _ := open(t, s, "yard")
	must(t, j.Rewrite(Past{Epoch: "e"}))
	left := 1 << 20
	s.wrap = func(f *os.File) file { return failing{File: f, room: &left, sync: errFull} }
	one := line(1, "one")
	if err := j.Append(Record{Line: &one}); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}

func TestAFolderThatCannotBeWrittenIsAnErrorAtTheStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(path, nil, 0o600))
	if _, err := NewStore(path, 0, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a file is no folder")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
