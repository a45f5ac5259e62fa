package client

import (
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// packet is one of a stream of 25 pictures a second.
func packet(i int) *rtp.Packet {
	return &rtp.Packet{
		Header:  rtp.Header{SequenceNumber: uint16(65530 + i), Timestamp: uint32(1<<32 - 10_000 + int64(i)*3600)},
		Payload: make([]byte, 100),
	}
}

func TestSlotCountsWhatArrives(t *testing.T) {
	start := time.Unix(1_000_000, 0)
	at := func(i int) time.Time { return start.Add(time.Duration(i) * 40 * time.Millisecond) }
	for name, c := range map[string]struct {
		arrive func(*Slot)
		want   func(SlotStats) bool
	}{
		"all, across the wrap": {
			func(s *Slot) {
				for i := range 100 {
					s.count(packet(i), false, at(i))
				}
			},
			func(s SlotStats) bool {
				return s.Packets == 100 && s.Bytes == 10_000 && s.Loss.Missing == 0 && s.Backwards == 0 &&
					s.Jumps == 0 && s.Stray < time.Millisecond && s.FirstAt.Equal(at(0)) && s.LastAt.Equal(at(99))
			},
		},
		"one twice": {
			func(s *Slot) {
				s.count(packet(0), false, at(0))
				s.count(packet(1), false, at(1))
				s.count(packet(1), false, at(1))
			},
			func(s SlotStats) bool { return s.Duplicates == 1 },
		},
		"one repaired": {
			func(s *Slot) {
				s.count(packet(0), false, at(0))
				s.count(packet(2), false, at(2))
				s.due(at(3))
				s.count(packet(1), true, at(4))
			},
			func(s SlotStats) bool {
				return s.Loss.Missing == 1 && s.Loss.Asked == 1 && s.Loss.Repaired == 1 && s.Backwards == 0
			},
		},
		"one never": {
			func(s *Slot) {
				s.count(packet(0), false, at(0))
				s.count(packet(2), false, at(2))
				s.due(at(2).Add(1100 * time.Millisecond))
			},
			func(s SlotStats) bool { return s.Loss.GivenUp == 1 },
		},
		"a jump": {
			func(s *Slot) {
				s.count(packet(0), false, at(0))
				s.count(packet(20_000), false, at(1))
			},
			func(s SlotStats) bool { return s.Jumps == 1 },
		},
		"a timestamp that goes back": {
			func(s *Slot) {
				s.count(packet(0), false, at(0))
				second := packet(1)
				second.Timestamp -= 7200
				s.count(second, false, at(1))
			},
			func(s SlotStats) bool { return s.Backwards == 1 && s.Stray == 80*time.Millisecond },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSlot(nil, "4", true, 0)
			c.arrive(s)
			if got := s.Stats(); !c.want(got) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestSlotAsksForVideoOnly(t *testing.T) {
	start := time.Unix(1_000_000, 0)
	for _, video := range []bool{true, false} {
		s := newSlot(nil, "4", video, 0)
		s.count(packet(0), false, start)
		s.count(packet(3), false, start)
		requests, waiting := s.due(start.Add(50 * time.Millisecond))
		if !waiting {
			t.Error("nothing is missing")
		}
		if !video {
			if len(requests) > 0 {
				t.Errorf("asks for %v of a sound that is not resent", requests)
			}
			continue
		}
		nack, ok := requests[0].(*rtcp.TransportLayerNack)
		if !ok || len(requests) != 1 || len(nack.Nacks) != 1 || len(nack.Nacks[0].PacketList()) != 2 {
			t.Errorf("asks by %v", requests)
		}
		requests, waiting = s.due(start.Add(2 * time.Second))
		if _, ok := requests[0].(*rtcp.PictureLossIndication); !ok || waiting {
			t.Errorf("gives up by %v", requests)
		}
	}
}

func TestMediaLeavesByTheWayToTheServer(t *testing.T) {
	for _, c := range []struct {
		server, from string
		want         bool
	}{
		{"http://127.0.0.1:8080", "127.0.0.1", true},
		{"http://127.0.0.1:8080", "127.0.0.2", true},
		{"ws://localhost:8080", "127.0.0.1", true},
		{"https://127.0.0.1", "127.0.0.1", true},
		{"http://127.0.0.1:8080", "192.0.2.1", false},
	} {
		server, err := url.Parse(c.server)
		if err != nil {
			t.Fatal(err)
		}
		from, err := reachableFrom(server)
		if err != nil {
			t.Fatal(err)
		}
		if got := from(net.ParseIP(c.from)); got != c.want {
			t.Errorf("%s from %s: %v", c.server, c.from, got)
		}
	}
}

func TestEndpointOfTheServer(t *testing.T) {
	for given, want := range map[string]string{
		"http://localhost:8080":         "ws://localhost:8080/ws",
		"https://meet.example.org":      "wss://meet.example.org/ws",
		"https://meet.example.org/":     "wss://meet.example.org/ws",
		"wss://meet.example.org/madang": "wss://meet.example.org/madang/ws",
		"ftp://meet.example.org":        "",
		"meet.example.org":              "",
	} {
		o := Options{URL: given}
		got, err := o.endpoint()
		if (err == nil) != (want != "") || (err == nil && got.String() != want) {
			t.Errorf("%s: %v, %v, want %s", given, got, err, want)
		}
	}
}
