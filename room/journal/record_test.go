package journal

import (
	"bytes"
	"strings"
	"testing"
)

func line(seq uint64, id string) Line {
	return Line{Seq: seq, ID: id, CID: "c-" + id, From: "m", Name: "준호", Text: "<a> & \"b\"\n\ttext " + id, At: 1761912000123}
}

// text is a file of these records behind a head.
func text(t testing.TB, seq uint64, records ...Record) []byte {
	t.Helper()
	all := append([]Record{{Head: &Head{Version: version, Room: "yard", Epoch: "e", Seq: seq}}}, records...)
	var out []byte
	for _, r := range all {
		var err error
		if out, err = encode(out, r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestARecordIsOneLineOfText(t *testing.T) {
	l := line(7, "x")
	l.Text, l.Reply = strings.Repeat("\n", 4096), "y"
	encoded, err := encode(nil, Record{Line: &l})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(encoded, []byte("\n")) != 1 || len(encoded) > maxRecord {
		t.Fatalf("%d bytes: %q", len(encoded), encoded)
	}
	r, err := decode(bytes.TrimSuffix(encoded, []byte("\n")))
	if err != nil || *r.Line != l {
		t.Errorf("%+v, %v", r.Line, err)
	}
}

func TestRecordsThatAreNotOurs(t *testing.T) {
	for _, c := range []struct{ name, json string }{
		{"nothing", `{}`},
		{"two in one", `{"line":{"seq":1,"id":"x"},"deleted":"x"}`},
		{"a line without a number", `{"line":{"id":"x"}}`},
		{"a line without an id", `{"line":{"seq":1}}`},
		{"another version", `{"head":{"version":2,"epoch":"e"}}`},
		{"no epoch", `{"head":{"version":1}}`},
		{"no JSON", `{`},
	} {
		sum := []byte(hexSum(c.json) + " " + c.json)
		if r, err := decode(sum); err != errForeign {
			t.Errorf("%s: %+v, %v", c.name, r, err)
		}
	}
	for _, torn := range []string{"", "00000000", "zzzzzzzz {}", "00000000 {}", "+1234567 {}"} {
		if _, err := decode([]byte(torn)); err != errTorn {
			t.Errorf("%q: %v", torn, err)
		}
	}
}

func hexSum(json string) string {
	const digits = "0123456789abcdef"
	sum := castagnoli([]byte(json))
	var out [8]byte
	for i := range out {
		out[i] = digits[sum>>(28-4*i)&15]
	}
	return string(out[:])
}

// FuzzReplay reads files of anybody, and holds that what was read is read again.
func FuzzReplay(f *testing.F) {
	a, b := line(1, "a"), line(2, "b")
	whole := text(f, 0, Record{Line: &a}, Record{Line: &b}, Record{Deleted: "a"})
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add(append([]byte("00000000 {}\n"), whole...))
	f.Add(append(whole, whole...))
	f.Add([]byte("\n\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := replay(bytes.NewReader(data), 100)
		if err != nil {
			return
		}
		if first.whole > int64(len(data)) || len(first.Lines) > 100 {
			t.Fatalf("%+v of %d bytes", first, len(data))
		}
		again, err := replay(bytes.NewReader(data[:first.whole]), 100)
		if err != nil || len(again.Lines) != len(first.Lines) || again.Seq != first.Seq || again.Records != first.Records || again.damaged != first.damaged {
			t.Fatalf("without the end: %+v, %v; with it: %+v", again, err, first)
		}
		last := uint64(0)
		for _, l := range first.Lines {
			if l.Seq <= last || l.Seq > first.Seq {
				t.Fatalf("out of order: %+v", first.Lines)
			}
			last = l.Seq
		}
	})
}
