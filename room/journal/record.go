package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
)

// version of the files.
const version = 1

// maxRecord is the longest record, in bytes: a line of 4096 bytes whose every byte
// is escaped, its author's name, and its ids.
const maxRecord = 64 << 10

// sumLength is of the checksum before each record, with the space.
const sumLength = 9

var (
	errTorn    = errors.New("journal: a record that is not whole")
	errForeign = errors.New("journal: a record of another version")
)

// Record is one record of a file. Exactly one field is set.
type Record struct {
	Head    *Head  `json:"head,omitempty"`
	Line    *Line  `json:"line,omitempty"`
	Deleted string `json:"deleted,omitempty"` // id of a line
}

// Head begins a file.
type Head struct {
	Version int    `json:"version"`
	Room    string `json:"room"`
	// Epoch names the memory that the file is.
	Epoch string `json:"epoch"`
	// Seq is of the newest line when the file was written, be it forgotten.
	Seq uint64 `json:"seq"`
}

// Line is a line of chat.
type Line struct {
	Seq   uint64 `json:"seq"`
	ID    string `json:"id"`
	CID   string `json:"cid"`
	From  string `json:"from"`
	Name  string `json:"name"`
	To    string `json:"to,omitempty"`
	Reply string `json:"reply,omitempty"` // servers from before it pass over it
	Text  string `json:"text"`
	At    int64  `json:"at"` // milliseconds since 1970 (UTC)
}

// castagnoli is the polynomial for which processors have an instruction.
func castagnoli(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// encode appends a record as it stands in the file.
func encode(to []byte, r Record) ([]byte, error) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil { // ends in a newline
		return to, fmt.Errorf("journal: encoding: %w", err)
	}
	text := bytes.TrimSuffix(body.Bytes(), []byte("\n"))
	to = fmt.Appendf(to, "%08x ", castagnoli(text))
	return append(append(to, text...), '\n'), nil
}

// decode reads one record, without its newline.
func decode(line []byte) (Record, error) {
	var r Record
	if len(line) < sumLength || line[sumLength-1] != ' ' {
		return r, errTorn
	}
	sum, err := strconv.ParseUint(string(line[:sumLength-1]), 16, 32)
	text := line[sumLength:]
	if err != nil || uint32(sum) != castagnoli(text) {
		return r, errTorn
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, errForeign
	}
	return r, r.check()
}

// check refuses what none of our files has.
func (r Record) check() error {
	switch {
	case r.Head != nil && r.Line == nil && r.Deleted == "":
		if r.Head.Version != version || r.Head.Epoch == "" {
			return errForeign
		}
	case r.Line != nil && r.Head == nil && r.Deleted == "":
		if r.Line.Seq == 0 || r.Line.ID == "" {
			return errForeign
		}
	case r.Deleted == "" || r.Head != nil || r.Line != nil:
		return errForeign
	}
	return nil
}
