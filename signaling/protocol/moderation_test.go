package protocol

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestModerationIsRefusedOutOfItsRanges(t *testing.T) {
	long := strings.Repeat("m", MaxID+1)
	for name, c := range map[string]struct {
		in   string
		code Code
	}{
		"a hand of too long a name":         {`{"t":"hand","id":"1","up":true,"member":"` + long + `"}`, BadMessage},
		"no emoji":                          {`{"t":"react","id":"1"}`, BadMessage},
		"two emoji":                         {`{"t":"react","id":"1","emoji":"👏👏"}`, BadMessage},
		"an emoji of 33 bytes":              {`{"t":"react","id":"1","emoji":"` + strings.Repeat("e", 33) + `"}`, TooBig},
		"a role nobody has":                 {`{"t":"role","id":"1","member":"m","role":"king"}`, BadMessage},
		"a role of nobody":                  {`{"t":"role","id":"1","role":"member"}`, BadMessage},
		"to mute a nose":                    {`{"t":"mute","id":"1","member":"m","source":"nose"}`, BadMessage},
		"to unmute a nose":                  {`{"t":"unmute","id":"1","member":"m","source":"nose"}`, BadMessage},
		"to kick nobody":                    {`{"t":"kick","id":"1"}`, BadMessage},
		"a ban for longer than a week":      {`{"t":"kick","id":"1","member":"m","ban_s":604801}`, BadMessage},
		"a ban that is over":                {`{"t":"kick","id":"1","member":"m","ban_s":-1}`, BadMessage},
		"to admit too long a name":          {`{"t":"admit","id":"1","member":"` + long + `"}`, BadMessage},
		"to deny nobody":                    {`{"t":"deny","id":"1"}`, BadMessage},
		"slower than an hour":               {`{"t":"slow","id":"1","seconds":3601}`, BadMessage},
		"faster than at once":               {`{"t":"slow","id":"1","seconds":-1}`, BadMessage},
		"half a second":                     {`{"t":"slow","id":"1","seconds":0.5}`, BadMessage},
		"to spotlight a voice":              {`{"t":"spotlight","id":"1","member":"m","source":"mic"}`, BadMessage},
		"to spotlight too long a name":      {`{"t":"spotlight","id":"1","member":"` + long + `","source":"camera"}`, BadMessage},
		"a token that is none":              {`{"t":"token","id":"1"}`, BadMessage},
		"a token over 8 KiB":                {`{"t":"token","id":"1","token":"` + strings.Repeat("x", MaxToken+1) + `"}`, TooBig},
		"a hello with a token over 8 KiB":   {`{"t":"hello","id":"1","v":1,"room":"r","name":"n","token":"` + strings.Repeat("x", MaxToken+1) + `"}`, TooBig},
		"an invitation of no role":          {`{"t":"invite","id":"1","ttl_s":60,"uses":1}`, BadMessage},
		"an invitation for nobody":          {`{"t":"invite","id":"1","role":"guest","ttl_s":60}`, BadMessage},
		"an invitation for too many":        {`{"t":"invite","id":"1","role":"guest","ttl_s":60,"uses":1001}`, BadMessage},
		"an invitation that is over":        {`{"t":"invite","id":"1","role":"guest","uses":1}`, BadMessage},
		"an invitation for ever":            {`{"t":"invite","id":"1","role":"guest","ttl_s":2592001,"uses":1}`, BadMessage},
		"what only the server says":         {`{"t":"may","id":"1","role":"owner","may":["admin"]}`, BadMessage},
		"what only the server says is done": {`{"t":"done","id":"1","re":"1"}`, BadMessage},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Decode([]byte(c.in))
			var got *DecodeError
			if !errors.As(err, &got) {
				t.Fatalf("Decode = %#v, %v; want a DecodeError", m, err)
			}
			if got.Code != c.code || got.Re != "1" || got.Close != 0 {
				t.Errorf("got %+v, want %s", *got, c.code)
			}
		})
	}
}

func TestOneEmojiIsOneThingToTheEye(t *testing.T) {
	for text, want := range map[string]bool{
		"👏": true, "❤️": true, "👋🏽": true, "👨‍👩‍👧": true, "🇰🇷": true, "1️⃣": true, "🏴󠁧󠁢󠁥󠁮󠁧󠁿": true, "ㅋ": true, "é": true,
		"\U0001fadc": true, // of Unicode 16
		"":           false, " ": false, "👏👏": false, "ok": false, "🇰🇷🇰🇷": false, "👨\u200d": false, "\u200d👨": false, "️": false,
		"h\u200di": false, "👨\u200d한": false, "❤️\u200d🔥": true, "🧑\u200d⚕️": true, "🏳️\u200d🌈": true,
		"\n": false, "\u202e": false, "\u202ea": false, "a\u202e": false, "\x00": false, "\xf0\x9f": false, "\u200b": false, "\u00ad": false,
		"e" + strings.Repeat("\u0301", 16): false, // 33 bytes
	} {
		if got := oneEmoji(text); got != want {
			t.Errorf("oneEmoji(%q) = %v", text, got)
		}
	}
}

func FuzzOneEmoji(f *testing.F) {
	for _, text := range []string{"👏", "👨‍👩‍👧", "🇰🇷", "1️⃣", "e\u0301", "\u202e", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !oneEmoji(text) {
			return
		}
		if len(text) > MaxEmoji || strings.ContainsAny(text, " \n\x00\u202e\u2066") {
			t.Errorf("%q is taken", text)
		}
		if oneEmoji(text+text) && len([]rune(text)) > 1 {
			t.Errorf("%q is one emoji twice", text)
		}
		if m, err := Decode(Encode(&React{Emoji: text})); err != nil {
			t.Errorf("%q is not decoded: %v", fmt.Sprint(m), err)
		}
	})
}
