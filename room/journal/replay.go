package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Past is what a file remembers. The zero value is that of a room without one.
type Past struct {
	// Epoch names this memory; empty where there is none, or not enough is left of it.
	Epoch string
	// Seq is of the newest line there ever was.
	Seq uint64
	// Lines by Seq, the newest that were asked for.
	Lines []Line
	// Records in the file, those of forgotten lines too. 0 where all is to be written
	// anew: then Lines may be what is left of a damaged file.
	Records int
}

// reading is what was found while a file was read.
type reading struct {
	Past
	room    string
	whole   int64 // where the last whole record ends
	damaged int   // records that are not whole, with whole ones behind them
}

var (
	// errNoHead is of a file that does not begin as ours do.
	errNoHead = errors.New("journal: the file does not begin with a head")
	// errUnread is of a file that the disk does not give to its end.
	errUnread = errors.New("journal: the file cannot be read to its end")
)

// isDamage tells whether an error is about what is in the file: all others may be gone
// when it is opened again.
func isDamage(err error) bool {
	for _, damage := range []error{errNoHead, errUnread, errForeign, errTorn} {
		if errors.Is(err, damage) {
			return true
		}
	}
	return false
}

// replay reads a file and keeps the newest lines, as many as most. A record that is
// not whole is passed over: at the end of the file it was being written when the
// machine stopped, and before that somebody else has written.
func replay(from io.Reader, most int) (reading, error) {
	var found reading
	var at int64 // in the file
	torn := 0    // since the last whole record
	long := false
	lines := bufio.NewReaderSize(from, maxRecord)
	for {
		text, err := lines.ReadSlice('\n')
		at += int64(len(text))
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = true
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return found, fmt.Errorf("%w: %w", errUnread, err)
		case err != nil: // what has no newline is not whole
			if found.Epoch == "" {
				return found, errNoHead
			}
			return found, nil
		}
		err = errTorn
		if !long { // else it is the end of something that we never write
			err = found.read(text[:len(text)-1], most)
		}
		long = false
		if err != nil {
			if found.Epoch == "" || errors.Is(err, errForeign) {
				return found, err
			}
			torn++
			continue
		}
		found.whole, found.damaged, torn = at, found.damaged+torn, 0
	}
}

// read applies one record as it stands in the file.
func (f *reading) read(text []byte, most int) error {
	record, err := decode(text)
	if err != nil {
		return err
	}
	return f.take(record, most)
}

// take applies one record.
func (f *reading) take(r Record, most int) error {
	switch {
	case f.Epoch == "":
		if r.Head == nil {
			return errNoHead
		}
		f.Epoch, f.Seq, f.room = r.Head.Epoch, r.Head.Seq, r.Head.Room
		f.Records--
	case r.Head != nil:
		return errForeign
	case r.Line != nil:
		if n := len(f.Lines); n > 0 && r.Line.Seq <= f.Lines[n-1].Seq {
			return errTorn // it is there already
		}
		f.Seq = max(f.Seq, r.Line.Seq)
		if f.Lines = append(f.Lines, *r.Line); len(f.Lines) > most {
			f.Lines = f.Lines[1:]
		}
	default:
		f.Lines = slices.DeleteFunc(f.Lines, func(l Line) bool { return l.ID == r.Deleted })
	}
	f.Records++
	return nil
}
