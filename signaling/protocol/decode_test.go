package protocol

import (
	"errors"
	"strings"
	"testing"
)

func TestDecodeRefuses(t *testing.T) {
	long := strings.Repeat("x", MaxText+1)
	cases := map[string]struct {
		in    string
		code  Code
		re    string
		cid   string
		close CloseCode
	}{
		"nothing":                   {"", BadMessage, "", "", CloseBadMessage},
		"half an object":            {`{"t":"enter","id":"1"`, BadMessage, "", "", CloseBadMessage},
		"two objects":               {`{"t":"bye"}{"t":"bye"}`, BadMessage, "", "", CloseBadMessage},
		"an array":                  {`[{"t":"bye"}]`, BadMessage, "", "", CloseBadMessage},
		"a number":                  {`7`, BadMessage, "", "", CloseBadMessage},
		"invalid UTF-8":             {"{\"t\":\"bye\",\"x\":\"\xff\"}", BadMessage, "", "", CloseBadMessage},
		"too deep":                  {`{"t":"bye","x":` + strings.Repeat("[", 20) + strings.Repeat("]", 20) + `}`, BadMessage, "", "", CloseBadMessage},
		"over 200 KiB":              {`{"t":"offer","id":"1","sdp":"` + strings.Repeat("x", MaxSDP) + `"}`, TooBig, "", "", CloseBadMessage},
		"over 64 KiB":               {`{"t":"msg","cid":"c","text":"` + strings.Repeat("x", MaxMessage) + `"}`, TooBig, "", "c", CloseBadMessage},
		"no type":                   {`{"id":"1"}`, BadMessage, "1", "", 0},
		"type not a string":         {`{"t":7,"id":"1"}`, BadMessage, "1", "", 0},
		"unknown type":              {`{"t":"dance","id":"1"}`, BadMessage, "1", "", 0},
		"type of the server":        {`{"t":"welcome","id":"1"}`, BadMessage, "1", "", 0},
		"field of another type":     {`{"t":"join","id":"1","sdp":7}`, BadMessage, "1", "", 0},
		"id too long":               {`{"t":"enter","id":"` + strings.Repeat("i", MaxID+1) + `"}`, BadMessage, "", "", 0},
		"another version":           {`{"t":"hello","id":"1","v":2,"room":"r","name":"n"}`, BadMessage, "1", "", 0},
		"no name":                   {`{"t":"hello","id":"1","v":1,"room":"r"}`, BadMessage, "1", "", 0},
		"no room":                   {`{"t":"hello","id":"1","v":1,"name":"n"}`, BadMessage, "1", "", 0},
		"a test of a room":          {`{"t":"hello","id":"1","v":1,"test":true,"room":"r"}`, BadMessage, "1", "", 0},
		"a test that is resumed":    {`{"t":"hello","id":"1","v":1,"test":true,"resume":{"session":"s","seq":0}}`, BadMessage, "1", "", 0},
		"join without an sdp":       {`{"t":"join","id":"1"}`, BadMessage, "1", "", 0},
		"join without an id":        {`{"t":"join","sdp":"v=0"}`, BadMessage, "", "", 0},
		"a source nobody knows":     {`{"t":"join","id":"1","sdp":"v=0","lines":{"0":"nose"}}`, BadMessage, "1", "", 0},
		"a reserved mid":            {`{"t":"offer","id":"1","sdp":"v=0","lines":{"seq":"mic"}}`, BadMessage, "1", "", 0},
		"publish in no state":       {`{"t":"publish","source":"mic","state":"loud"}`, BadMessage, "", "", 0},
		"a tile of sound":           {`{"t":"view","tiles":[{"member":"m","source":"mic"}]}`, BadMessage, "", "", 0},
		"a tile as big as a house":  {`{"t":"view","tiles":[{"member":"m","source":"camera","w":99999}]}`, BadMessage, "", "", 0},
		"a thousand tiles":          {`{"t":"view","id":"v","tiles":[` + strings.Repeat(`{"source":"camera"},`, 999) + `{"source":"camera"}]}`, TooBig, "v", "", 0},
		"a line without a cid":      {`{"t":"msg","text":"hi"}`, BadMessage, "", "", 0},
		"a line without a text":     {`{"t":"msg","cid":"c"}`, BadMessage, "", "c", 0},
		"a line over 4096 bytes":    {`{"t":"msg","cid":"c","text":"` + long + `"}`, TooBig, "", "c", 0},
		"del of nothing":            {`{"t":"del"}`, BadMessage, "", "", 0},
		"a sequence number below 0": {`{"t":"since","epoch":"e","seq":-1}`, BadMessage, "", "", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m, err := Decode([]byte(c.in))
			var got *DecodeError
			if !errors.As(err, &got) {
				t.Fatalf("Decode = %#v, %v; want a DecodeError", m, err)
			}
			if got.Code != c.code || got.Re != c.re || got.CID != c.cid || got.Close != c.close {
				t.Errorf("got %+v, want code %s re %q cid %q close %d", *got, c.code, c.re, c.cid, c.close)
			}
		})
	}
}

func TestDecodeIgnoresUnknownFields(t *testing.T) {
	m, err := Decode([]byte(` {"x":{"y":[1]},"t":"enter","id":"7","z":null} `))
	if enter, ok := m.(*Enter); err != nil || !ok || enter.ID != "7" {
		t.Fatalf("Decode = %#v, %v", m, err)
	}
}

func TestDecodeChatTakesOneOrABatch(t *testing.T) {
	one := `{"t":"msg","cid":"a","text":"hi"}`
	for in, want := range map[string]int{one: 1, "[" + one + "," + one + "]": 2, "[]": 0, " " + one: 1} {
		got, err := DecodeChat([]byte(in))
		if err != nil || len(got) != want {
			t.Errorf("DecodeChat(%s) = %v, %v; want %d messages", in, got, err, want)
		}
	}
	got, err := DecodeChat([]byte("[" + one + `,{"t":"msg","cid":"b"}]`))
	var bad *DecodeError
	if len(got) != 1 || !errors.As(err, &bad) || bad.CID != "b" {
		t.Errorf("a mistake in a batch: %v, %v; want what stood before it, and its cid", got, err)
	}
	_, err = DecodeChat([]byte(`{"t":"msg","cid":"c","text":"` + strings.Repeat("x", 100<<10) + `"}`))
	if !errors.As(err, &bad) || bad.Code != TooBig || bad.CID != "c" || bad.Close != 0 {
		t.Errorf("100 KiB of chat: %v; want too_big with its cid", err)
	}
	if _, err = DecodeChat([]byte(`{"t":"join","id":"1","sdp":"v=0"}`)); err == nil {
		t.Error("a join is not chat")
	}
}

func FuzzDecode(f *testing.F) {
	seed(f, "client")
	f.Add([]byte(`{"t":"hello","id":"1","v":1,"room":"r","name":"n"}`))
	f.Add([]byte(`{"t":"hello","id":"1","v":1,"test":true}`))
	f.Add([]byte(`{"t":"view","tiles":[{"member":"m","source":"camera","w":1,"h":2,"pin":true}]}`))
	f.Add([]byte(`{"t":"join","id":"1","sdp":"v=0","lines":{"0":"mic"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if (m == nil) == (err == nil) {
			t.Fatalf("Decode = %v, %v", m, err)
		}
		if err != nil {
			return
		}
		again, err := Decode(Encode(m))
		if err != nil || again.Type() != m.Type() {
			t.Fatalf("what was encoded from %q is not decoded: %v", data, err)
		}
	})
}

func FuzzDecodeChat(f *testing.F) {
	seed(f, "chat-client")
	f.Add([]byte(`[{"t":"msg","cid":"1","text":"hi"},{"t":"typing"}]`))
	f.Add([]byte(`{"t":"since","epoch":"e","seq":3}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		messages, err := DecodeChat(data)
		if err != nil {
			var refused *DecodeError
			if !errors.As(err, &refused) {
				t.Fatalf("%T is not a DecodeError", err)
			}
		}
		for _, m := range messages {
			if _, err := DecodeChat(Encode(m)); err != nil && len(Encode(m)) <= MaxChatBatch {
				t.Fatalf("%s: %v", Encode(m), err)
			}
		}
	})
}

func FuzzDecodeServer(f *testing.F) {
	seed(f, "server")
	f.Add([]byte(`{"t":"slots","4":{"why":"empty"},"seq":3}`))
	f.Add([]byte(`{"t":"speakers","levels":[["m",90]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := DecodeServer(data)
		if err != nil {
			return
		}
		if _, err := DecodeServer(Encode(m)); err != nil {
			t.Fatalf("what was encoded from %q is not decoded: %v", data, err)
		}
	})
}
