package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// suffix of the files; what is behind it in those that are not finished, and in
	// those that were put aside.
	suffix, unfinished, aside = ".chat", ".new", ".damaged"
	// atOnce is how many files are worked on at a time: each takes a thread and a
	// descriptor, and a disk is not faster for more.
	atOnce = 16
	// sweepEvery is how often files are looked for whose every line is too old.
	sweepEvery = time.Hour
)

// Store is the folder of all files. Safe for any goroutine.
type Store struct {
	dir    string
	maxAge time.Duration
	log    *slog.Logger
	turns  chan struct{} // holds a token for each file that is worked on
	// wrap stands between us and the files: for faults.
	wrap func(*os.File) file

	unlock  func()
	stop    chan struct{}
	running sync.WaitGroup

	mu   sync.Mutex
	open map[string]chan struct{} // by path; closed with the journal
}

// file is what is read and written.
type file interface {
	io.ReadWriter
	Sync() error
	Close() error
}

// NewStore opens the folder, made if need be, for the only process that uses it.
// Files that were not written for maxAge are removed, now and later; 0: never.
// Close ends it.
func NewStore(dir string, maxAge time.Duration, log *slog.Logger) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of the chat: %w", err)
	}
	s := &Store{
		dir: dir, maxAge: maxAge, log: log, turns: make(chan struct{}, atOnce),
		wrap: func(f *os.File) file { return f },
		stop: make(chan struct{}), open: map[string]chan struct{}{},
	}
	var err error
	if s.unlock, err = lock(dir); err != nil {
		return nil, err
	}
	s.sweep(time.Now(), true)
	s.running.Go(s.sweeping)
	return s, nil
}

// Close ends the Store, after its journals, and waits for its goroutine.
func (s *Store) Close() {
	close(s.stop)
	s.running.Wait()
	s.unlock()
}

func (s *Store) sweeping() {
	every := time.NewTicker(sweepEvery)
	defer every.Stop()
	for {
		select {
		case now := <-every.C:
			s.sweep(now, false)
		case <-s.stop:
			return
		}
	}
}

// sweep removes the files that are too old and, at the start, what was not finished.
func (s *Store) sweep(now time.Time, start bool) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		s.log.Warn("looking for old chat", "err", err)
		return
	}
	for _, entry := range entries {
		path := filepath.Join(s.dir, entry.Name())
		if start && strings.HasSuffix(path, unfinished) {
			err = errors.Join(err, os.Remove(path))
		}
		if s.maxAge <= 0 || !strings.HasSuffix(strings.TrimSuffix(path, aside), suffix) {
			continue
		}
		if is, e := entry.Info(); e == nil && now.Sub(is.ModTime()) > s.maxAge {
			err = errors.Join(err, s.removeUnused(path))
		}
	}
	if err != nil {
		s.log.Warn("removing old chat", "err", err)
	}
}

// removeUnused removes a file, unless its room is open.
func (s *Store) removeUnused(path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[path] != nil {
		return nil
	}
	return os.Remove(path)
}

// path of a room's file. The name of a room may be anything, and is in the file.
func (s *Store) path(room string) string {
	sum := sha256.Sum256([]byte(room))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:])+suffix)
}

// Open reads what is on disk of a room, of the newest lines as many as most, and
// cuts off what is not whole at the end. It waits for the room's journal to be
// closed, if it is open. A file that is damaged is put aside, with .damaged behind its
// name; what could be read of it is returned, and is to be written.
func (s *Store) Open(room string, most int) (*Journal, Past, error) {
	j := &Journal{store: s, room: room, path: s.path(room), closed: make(chan struct{})}
	s.claim(j)
	found, err := j.read(most)
	if errors.Is(err, fs.ErrNotExist) {
		return j, Past{}, nil
	}
	if isDamage(err) || err == nil && found.damaged > 0 {
		err = j.putAside(&found, err)
	}
	if err != nil {
		j.Close()
		return nil, Past{}, err
	}
	return j, found.Past, nil
}

// claim makes the journal the only one of its file.
func (s *Store) claim(j *Journal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for before := s.open[j.path]; before != nil; before = s.open[j.path] {
		s.mu.Unlock()
		<-before
		s.mu.Lock()
	}
	s.open[j.path] = j.closed
}

// release lets the next have the file.
func (s *Store) release(j *Journal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, j.path)
	close(j.closed)
}

// turn waits until a file may be worked on; done gives the turn back.
func (s *Store) turn() (done func()) {
	s.turns <- struct{}{}
	return func() { <-s.turns }
}
