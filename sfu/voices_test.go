package sfu

import (
	"strings"
	"testing"
)

// seating is read from text: lines as "home:occupant" or, for audio-only
// lines, ":occupant", with - for nobody; upper case talks, lower case is silent.
func TestVoicesMoveBetweenLinesOnlyInSilence(t *testing.T) {
	for _, c := range []struct{ name, lines, loudest, others, want string }{
		{"a tile's voice goes on its line", "a:- b:- :- :-", "", "ab", "a:a b:b :- :-"},
		{"talkers off screen take audio-only lines, the loudest first", "a:a :- :-", "XYZ", "aXYZ", "a:a :X :Y"},
		{"who is silent off screen is seated where there is room", "a:a :- :-", "", "axyz", "a:a :x :y"},
		{"a talker takes the line of who is silent", "a:a :x :y", "Z", "axyZ", "a:a :Z :y"},
		{"a talker takes nobody's line who talks", "a:a :X :Y", "YXZ", "aXYZ", "a:a :X :Y"},
		{"a tile that changed waits for the end of words", "b:A :-", "A", "Ab", "b:A :b"},
		{"and its own voice is heard elsewhere until then", "b:A :-", "AB", "AB", "b:A :B"},
		{"words over, it comes home", "b:a :b", "", "ab", "b:b :a"},
		{"a voice that talks elsewhere does not move", "b:a :B", "B", "aB", "b:a :B"},
		{"who may not be heard goes at once", "a:? :?", "", "a", "a:a :-"},
		{"nobody is on two lines", "a:- a:- :-", "A", "A", "a:A a:- :-"},
	} {
		t.Run(c.name, func(t *testing.T) {
			voices := map[string]*Source{}
			voice := func(letter string) *Source {
				if letter == "-" {
					return nil
				}
				key := strings.ToLower(letter)
				if voices[key] == nil {
					voices[key] = &Source{ID: key}
				}
				return voices[key]
			}
			talks := func(s *Source) bool {
				return strings.Contains(c.lines+c.loudest+c.others, strings.ToUpper(s.ID)) && s.ID != "?"
			}
			var lines []voiceLine
			for _, text := range strings.Fields(c.lines) {
				home, on, _ := strings.Cut(text, ":")
				line := voiceLine{pair: home != "", on: voice(on)}
				if line.pair {
					line.home = voice(home)
				}
				lines = append(lines, line)
			}
			all := func(letters string) (out []*Source) {
				for _, l := range letters {
					out = append(out, voice(string(l)))
				}
				return out
			}
			seat(lines, all(c.loudest), all(c.others), ears{
				audible: func(s *Source) bool { return s.ID != "?" },
				silent:  func(s *Source) bool { return !talks(s) },
			})
			var got []string
			for _, l := range lines {
				text := ":"
				if l.pair {
					text = l.home.ID + ":"
				}
				switch {
				case l.on == nil:
					text += "-"
				case talks(l.on):
					text += strings.ToUpper(l.on.ID)
				default:
					text += l.on.ID
				}
				got = append(got, text)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %s, want %s", s, c.want)
			}
		})
	}
}
