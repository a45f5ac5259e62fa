package signaling

import (
	"testing"

	"madang/room"
	"madang/signaling/protocol"
)

func TestStoryIsToldAgainFromWhereItWasHeard(t *testing.T) {
	const limit = 6
	hear := func(s *story) (numbers []uint64) {
		for {
			_, seq, ok := s.next()
			if !ok {
				return numbers
			}
			numbers = append(numbers, seq)
		}
	}
	for _, tt := range []struct {
		name   string
		heard  int // events that are told before the client is away
		missed int
		from   uint64
		want   []uint64 // nil: it starts over
	}{
		{"nothing is missing", 2, 0, 2, []uint64{}},
		{"what was missed", 2, 2, 2, []uint64{3, 4}},
		{"what was told in vain too", 3, 1, 1, []uint64{2, 3, 4}},
		{"as much as is kept", 20, 2, 16, []uint64{17, 18, 19, 20, 21, 22}},
		{"more than is kept", 20, 2, 15, nil},
		{"too much was missed", 2, 7, 2, nil},
		{"a client that knows nothing", 2, 1, 0, nil},
		{"a number that never was", 2, 1, 9, nil},
	} {
		s := &story{limit: limit}
		for i := range tt.heard {
			s.put(i, true)
			hear(s)
		}
		s.put(&protocol.Answer{}, true) // is not said to nobody
		s.pause()
		for i := range tt.missed {
			s.put(i, false)
		}
		told := s.rewind(tt.from)
		got := hear(s)
		if told != (tt.want != nil) || len(got) != len(tt.want) {
			t.Errorf("%s: told %v, %v, want %v", tt.name, got, told, tt.want)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%s: told %v, want %v", tt.name, got, tt.want)
			}
		}
		if s.put("next", true); s.seq != uint64(tt.heard+tt.missed+1) || len(hear(s)) != 1 {
			t.Errorf("%s: the next is number %d", tt.name, s.seq)
		}
	}
}

func TestStoryIsBoundedInBytes(t *testing.T) {
	crowd := &room.People{Add: make([]room.Person, 200)}
	s := &story{limit: 1 << 20}
	for range 1000 {
		s.put(crowd, true)
		s.next()
		if s.bytes > storyBytes {
			t.Fatalf("%d bytes are kept", s.bytes)
		}
	}
	if !s.rewind(s.seq - 3) {
		t.Error("nothing is kept")
	}
	for range 1000 {
		s.put(crowd, false)
	}
	if s.bytes != 0 || s.rewind(s.seq-1) {
		t.Errorf("%d bytes are kept of what starts over", s.bytes)
	}
}
