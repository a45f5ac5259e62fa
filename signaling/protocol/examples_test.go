package protocol

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// example is one line of a fenced block of PROTOCOL.md.
type example struct {
	kind string // client, server, chat-client, chat-server
	line int
	json string
}

func readExamples(t testing.TB) []example {
	t.Helper()
	page, err := os.ReadFile("../PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	var examples []example
	kind := ""
	for i, line := range strings.Split(string(page), "\n") {
		switch fence, isFence := strings.CutPrefix(line, "```"); {
		case isFence:
			kind, _ = strings.CutPrefix(fence, "json ")
		case kind != "":
			examples = append(examples, example{kind, i + 1, line})
		}
	}
	return examples
}

// seed adds the examples of a kind to a fuzz target.
func seed(f *testing.F, kind string) {
	for _, e := range readExamples(f) {
		if e.kind == kind {
			f.Add([]byte(e.json))
		}
	}
}

func (e example) decode() ([]Message, error) {
	one := func(m Message, err error) ([]Message, error) { return []Message{m}, err }
	switch e.kind {
	case "client":
		return one(Decode([]byte(e.json)))
	case "server":
		return one(DecodeServer([]byte(e.json)))
	case "chat-client":
		return DecodeChat([]byte(e.json))
	}
	return DecodeServerChat([]byte(e.json))
}

func TestProtocolExamplesDecode(t *testing.T) {
	examples := readExamples(t)
	shown := map[string]bool{}
	for _, e := range examples {
		messages, err := e.decode()
		if err != nil {
			t.Errorf("PROTOCOL.md:%d: %v", e.line, err)
			continue
		}
		for _, m := range messages {
			shown[e.kind+" "+m.Type()] = true
		}
		if len(messages) == 1 {
			sameJSON(t, e, Encode(messages[0]))
		}
	}
	for direction, types := range everyType() {
		for _, name := range types {
			if !shown[direction+" "+name] {
				t.Errorf("PROTOCOL.md has no example of %s from a %s", name, direction)
			}
		}
	}
}

// everyType lists the types by the blocks that must show them: those of chat are
// shown as chat, an error as both.
func everyType() map[string][]string {
	shownAs := map[string][]blank{
		"client": slices.Concat(byClient, eitherWay), "server": slices.Concat(byServer, eitherWay, []blank{of[Error]}),
		"chat-client": chatByClient, "chat-server": chatByServer,
	}
	all := map[string][]string{}
	for kind, types := range shownAs {
		for _, m := range newVocabulary(types).all() {
			all[kind] = append(all[kind], m.Type())
		}
	}
	return all
}

func TestEveryMessageIsInAListOnce(t *testing.T) {
	for side, lists := range map[string][][]blank{"client": {byClient, eitherWay, chatByClient}, "server": {byServer, eitherWay, chatByServer}} {
		seen := map[string]bool{}
		for _, make := range slices.Concat(lists...) {
			if name := make().Type(); seen[name] {
				t.Errorf("%s from the %s stands twice", name, side)
			} else {
				seen[name] = true
			}
		}
	}
}

// sameJSON checks that every field of an example has a place in its type: what
// was decoded says all that the example says.
func sameJSON(t *testing.T, e example, encoded []byte) {
	t.Helper()
	var want, got map[string]any
	if err := json.Unmarshal([]byte(e.json), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encoded, &got); err != nil {
		t.Fatalf("PROTOCOL.md:%d: %s is not JSON: %v", e.line, encoded, err)
	}
	for field, value := range want {
		if !reflect.DeepEqual(got[field], value) {
			t.Errorf("PROTOCOL.md:%d: %s is %v in the example and %v when encoded", e.line, field, value, got[field])
		}
	}
}

func TestEncodePutsTheTypeFirstAndNoNewline(t *testing.T) {
	for want, m := range map[string]Message{
		`{"t":"bye"}`:                               &Bye{},
		`{"t":"enter","id":"1"}`:                    &Enter{ID: "1"},
		`{"t":"msg","cid":"c","text":"<"}`:          &ChatMsg{CID: "c", Text: "<"},
		`{"t":"slots","4":{"why":"empty"},"seq":2}`: &Slots{Slots: map[string]Slot{"4": {Why: "empty"}}, Seq: 2},
	} {
		if got := Encode(m); !bytes.Equal(got, []byte(want)) {
			t.Errorf("Encode = %s, want %s", got, want)
		}
	}
}
