package synthetic

import (
	"testing"
	"time"
)

func TestVoiceFollowsItsTurns(t *testing.T) {
	began := time.Unix(1_000_000, 0)
	v := NewVoice(VoiceConfig{Turn: Turn{Of: 3, Index: 1, Each: time.Second}}, began)
	var sequence uint16
	var timestamp uint32
	for i := range 300 {
		now := began.Add(time.Duration(i) * VoicePeriod)
		p, level := v.Packet(now)
		if speaks := i/50%3 == 1; speaks != (level < 127) {
			t.Fatalf("packet %d: level %d", i, level)
		}
		if i > 0 && (p.SequenceNumber != sequence+1 || p.Timestamp != timestamp+960) {
			t.Fatalf("packet %d: %d/%d after %d/%d", i, p.SequenceNumber, p.Timestamp, sequence, timestamp)
		}
		if s, ok := ReadStamp(p.Payload); !ok || s.At != now.UnixNano() {
			t.Fatalf("packet %d: stamp %+v", i, s)
		}
		sequence, timestamp = p.SequenceNumber, p.Timestamp
	}
}

func TestVoiceKeepsItsClockWhenItIsLate(t *testing.T) {
	began := time.Unix(1_000_000, 0)
	v := NewVoice(VoiceConfig{}, began)
	first, _ := v.Packet(began)
	at := first.Timestamp
	late, _ := v.Packet(began.Add(101 * time.Millisecond))
	if late.Timestamp-at != 5*960 {
		t.Errorf("101 ms later the timestamp is %d further, want %d", late.Timestamp-at, 5*960)
	}
}
