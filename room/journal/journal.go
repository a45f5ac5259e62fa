package journal

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Journal is the file of one room. One goroutine at a time may call its methods,
// which wait for the disk.
type Journal struct {
	store  *Store
	room   string
	path   string
	closed chan struct{}
}

// Append adds records to the file and returns when they are on disk. After an error
// nobody knows what is in the file: the next must be Rewrite.
func (j *Journal) Append(records ...Record) error {
	defer j.store.turn()()
	f, err := os.OpenFile(j.path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return write(j.store.wrap(f), records)
}

// Rewrite replaces the file, or makes it, and returns when it is on disk. After an
// error the file may be as it was: all that was in it still is, in the old or in the
// new one.
func (j *Journal) Rewrite(past Past, records ...Record) error {
	defer j.store.turn()()
	all := []Record{{Head: &Head{Version: version, Room: j.room, Epoch: past.Epoch, Seq: past.Seq}}}
	for i := range past.Lines {
		all = append(all, Record{Line: &past.Lines[i]})
	}
	all = append(all, records...)
	f, err := os.OpenFile(j.path+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := write(j.store.wrap(f), all); err != nil {
		return errors.Join(err, os.Remove(j.path+unfinished)) // a full disk needs the room
	}
	if err := os.Rename(j.path+unfinished, j.path); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return syncFolder(filepath.Dir(j.path))
}

// Close lets the next open the file.
func (j *Journal) Close() { j.store.release(j) }

// read reads the file, and cuts off what is not whole at its end, lest what is
// appended becomes a part of it.
func (j *Journal) read(most int) (reading, error) {
	defer j.store.turn()()
	f, err := os.OpenFile(j.path, os.O_RDWR, 0)
	if err != nil {
		return reading{}, fmt.Errorf("journal: %w", err)
	}
	defer f.Close()
	found, err := replay(j.store.wrap(f), most)
	if found.Epoch != "" && found.room != j.room {
		return reading{}, errForeign
	}
	if err != nil {
		return found, err
	}
	size, err := f.Seek(0, 2)
	if err == nil && size > found.whole {
		if err = f.Truncate(found.whole); err == nil {
			err = f.Sync()
		}
	}
	if err != nil {
		return found, fmt.Errorf("journal: cutting the end: %w", err)
	}
	return found, nil
}

// putAside renames a file that is damaged. What was found in it is to be written anew,
// and under another epoch where nobody knows what stood at its end: a number that is
// given out twice must not name the same memory.
func (j *Journal) putAside(found *reading, why error) error {
	is, err := os.Stat(j.path)
	if err == nil {
		err = os.Rename(j.path, j.path+aside)
	}
	if err != nil {
		return fmt.Errorf("journal: putting a damaged file aside: %w", errors.Join(err, why))
	}
	unread := int64(0)
	if why != nil {
		found.Epoch, unread = "", is.Size()-found.whole
	}
	found.Records = 0
	j.store.log.Error("the chat of a room is damaged: its file is put aside, and what can be read of it is kept",
		"room", j.room, "file", j.path+aside, "err", why,
		"lines kept", len(found.Lines), "records lost", found.damaged, "bytes unread", unread)
	return nil
}

// write writes records, has them on disk, and closes the file.
func write(f file, records []Record) error {
	buffered := bufio.NewWriterSize(f, maxRecord)
	var text []byte
	var err error
	for _, r := range records {
		if text, err = encode(text[:0], r); err != nil {
			break
		}
		if _, err = buffered.Write(text); err != nil {
			break
		}
	}
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("journal: writing: %w", err)
	}
	return nil
}

// syncFolder has the names in a folder on disk.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" { // where folders cannot be synced, and need not be
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
