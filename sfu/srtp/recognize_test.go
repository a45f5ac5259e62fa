package srtp_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// Only what the peer has sealed since is recognized, and that changes nothing.
func TestOnlyNewPacketsOfKnownStreamsAreRecognized(t *testing.T) {
	side := newSide(t, rand.New(rand.NewPCG(1, 2)), 0)
	s, o := side.seal, side.open
	seal := func(ssrc byte, sequence uint16) []byte {
		header := append(make([]byte, 0, 100), 0x80, 96, byte(sequence>>8), byte(sequence), 0, 0, 0, 1, 0, 0, 0, ssrc)
		return s.RTP(header, bytes.Repeat([]byte{byte(sequence)}, 40))
	}
	report := func(ssrc byte) []byte {
		sealed, err := s.RTCP(make([]byte, 0, 100), []byte{0x81, 206, 0, 2, 0, 0, 0, ssrc, 0, 0, 0, 9})
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	old, last, next := seal(1, 65530), seal(1, 65535), seal(1, 0)
	said, saidNext := report(1), report(1)
	for _, p := range [][]byte{old, last} {
		if _, err := o.RTP(slices.Clone(p), 12); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.RTCP(slices.Clone(said)); err != nil {
		t.Fatal(err)
	}
	scratch := make([]byte, 0, 1600)
	flip := func(b []byte, at int) []byte {
		b = slices.Clone(b)
		b[(at+len(b))%len(b)] ^= 1
		return b
	}
	for name, c := range map[string]struct {
		packet []byte
		rtcp   bool
		want   bool
	}{
		"the next":             {next, false, true},
		"the next, again":      {next, false, true},
		"the last":             {last, false, false},
		"one before":           {old, false, false},
		"forged":               {flip(next, -1), false, false},
		"another header":       {flip(next, 1), false, false},
		"of an unknown stream": {seal(2, 7), false, false},
		"cut off":              {next[:20], false, false},
		"too long":             {append(slices.Clone(next), make([]byte, 1600)...), false, false},
		"the next report":      {saidNext, true, true},
		"the last report":      {said, true, false},
		"a forged report":      {flip(saidNext, -5), true, false},
		"a report in clear":    {flip(saidNext, -4), true, false},
		"a report of nobody":   {report(2), true, false},
		"a report cut off":     {saidNext[:10], true, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(c.packet)
			recognizes := func() bool {
				if c.rtcp {
					return o.RecognizesRTCP(c.packet, scratch)
				}
				return o.RecognizesRTP(c.packet, 12, scratch)
			}
			if got := recognizes(); got != c.want {
				t.Errorf("recognized: %t", got)
			}
			if !bytes.Equal(before, c.packet) {
				t.Error("it was changed")
			}
			if n := testing.AllocsPerRun(100, func() { recognizes() }); n != 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
	if !o.Streams(1, false) || o.Streams(2, false) || !o.Streams(1, true) || o.Streams(2, true) {
		t.Error("a stream is taken for another's")
	}
	if _, err := o.RTP(next, 12); err != nil {
		t.Errorf("after all that the packet itself: %v", err)
	}
	if _, err := o.RTCP(saidNext); err != nil {
		t.Errorf("after all that the report itself: %v", err)
	}
}
