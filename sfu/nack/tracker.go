// Package nack is the receive side of loss on one RTP stream: which packets are
// missing, when to ask for them (RFC 4585 section 6.2.1), and what to say in
// receiver reports (RFC 3550). It sends nothing and reads no clock.
package nack

import (
	"slices"
	"time"
)

// Arrival says what a packet is to its stream.
type Arrival uint8

// What a packet is to its stream.
const (
	// Newest: it follows all before it, in order or over a gap.
	Newest Arrival = iota
	// Filled: it was missing, and came late or repaired.
	Filled
	// Old: it is a duplicate, or came after it was given up.
	Old
	// Jumped: so much is missing, or the numbering began anew, that repair is
	// hopeless: all is forgotten, counting starts here, decoders need a keyframe.
	Jumped
)

const (
	// maxMissing bounds the list of missing packets; a longer gap is a jump.
	// As many as one NACK packet can name however they lie.
	maxMissing = MaxPairs
	// maxMisorder is how far behind a packet may be and still be an old one; two
	// in a row from further behind are a sender that began anew (RFC 3550 A.1).
	maxMisorder = 2000
	// patience is how long a packet is asked for.
	patience = time.Second
	// maxAsks is how often a packet is asked for.
	maxAsks = 10
	// firstWait is the wait before the first ask while no reordering is seen.
	firstWait = 5 * time.Millisecond
	// newerPackets received after a gap show sooner than firstWait that what is
	// missing is lost, while no reordering is seen.
	newerPackets = 2
	// defaultRTT stands until SetRTT.
	defaultRTT = 100 * time.Millisecond
)

// TrackerStats counts packets of one stream since its beginning.
type TrackerStats struct {
	Missing   uint64 // found missing
	Reordered uint64 // of these: came by themselves, only late
	Repaired  uint64 // of these: came after they were asked for
	GivenUp   uint64 // of these: never came in time
	Asked     uint64 // sequence numbers asked for, repetitions included
}

// missing is one packet that is waited for. Times count from the tracker's epoch.
type missing struct {
	seq     int64
	found   time.Duration
	arrival uint32 // count of arrivals when it was found
	asks    uint32
	first   time.Duration // of the asks
	next    time.Duration // ask, once asked
}

// Tracker finds the gaps in one stream's sequence numbers and says when to ask
// for what is missing. It learns how late packets come by mere reordering and
// waits that long before it asks. One goroutine owns it.
type Tracker struct {
	started  bool
	epoch    time.Time
	highest  int64
	behind   int64 // where the next packet of a sender that began anew would be
	suspect  bool  // behind is meaningful
	arrivals uint32
	gaps     []missing // by sequence number, ascending
	rtt      time.Duration
	told     bool // rtt; else it is a guess
	seenRTX  bool
	reorder  lateness
	stats    TrackerStats
}

// NewTracker makes a tracker that takes the first packet it is shown as the
// stream's first.
func NewTracker() *Tracker { return &Tracker{rtt: defaultRTT} }

// SetRTT says how long the way to the sender and back takes; repetitions follow it.
// Who is never told takes it from the repairs.
func (t *Tracker) SetRTT(rtt time.Duration) { t.rtt, t.told = max(rtt, 0), true }

// Stats is what was counted so far.
func (t *Tracker) Stats() TrackerStats { return t.stats }

// Received takes a packet that came on the stream itself. It returns the
// packet's extended sequence number, which only ever goes up for [Newest] and
// [Jumped] packets, and what the packet is to the stream.
func (t *Tracker) Received(seq uint16, now time.Time) (int64, Arrival) {
	return t.take(seq, now, false)
}

// ReceivedRTX takes a packet that was unpacked from the stream's RTX stream
// (RFC 4588): seq is its original sequence number.
func (t *Tracker) ReceivedRTX(seq uint16, now time.Time) (int64, Arrival) {
	t.seenRTX = true
	return t.take(seq, now, true)
}

func (t *Tracker) take(seq uint16, now time.Time, rtx bool) (int64, Arrival) {
	if !t.started {
		t.started, t.epoch, t.highest = true, now, int64(seq)
		return t.highest, Newest
	}
	at := now.Sub(t.epoch)
	t.arrivals++
	ext := t.highest + int64(int16(seq-uint16(t.highest)))
	switch ahead := ext - t.highest; {
	case ahead > maxMissing && !rtx:
		return t.jump(seq), Jumped
	case ahead > 0 && ahead <= maxMissing:
		t.suspect = false
		t.miss(ext, at)
		t.highest = ext
		return ext, Newest
	case ahead < -maxMisorder && !rtx && t.beganAnew(ext):
		return t.jump(seq), Jumped
	}
	return ext, t.fill(ext, at, rtx)
}

// beganAnew tells whether ext, far behind, follows another one far behind.
func (t *Tracker) beganAnew(ext int64) bool {
	again := t.suspect && ext == t.behind
	t.suspect, t.behind = true, ext+1
	return again
}

// jump forgets what is missing and goes on at seq, above all before.
func (t *Tracker) jump(seq uint16) int64 {
	t.stats.GivenUp += uint64(len(t.gaps))
	t.gaps = t.gaps[:0]
	t.suspect = false
	t.highest += int64(seq - uint16(t.highest))
	return t.highest
}

// miss notes the packets between the highest and ext, of which there are at
// most maxMissing. Where the list is full the oldest are given up.
func (t *Tracker) miss(ext int64, at time.Duration) {
	n := int(ext - t.highest - 1)
	if over := len(t.gaps) + n - maxMissing; over > 0 {
		t.gaps = slices.Delete(t.gaps, 0, over)
		t.stats.GivenUp += uint64(over)
	}
	for s := t.highest + 1; s < ext; s++ {
		t.gaps = append(t.gaps, missing{seq: s, found: at, arrival: t.arrivals})
	}
	t.stats.Missing += uint64(n)
}

// fill takes a packet that is not the newest.
func (t *Tracker) fill(ext int64, at time.Duration, rtx bool) Arrival {
	i, found := slices.BinarySearchFunc(t.gaps, ext, func(m missing, seq int64) int { return int(m.seq - seq) })
	if !found {
		return Old
	}
	if m := &t.gaps[i]; t.repaired(m, at, rtx) {
		t.stats.Repaired++
		if rtx && m.asks > 0 && !t.told { // of several asks the first may be meant: it may be less
			t.rtt, t.told = at-m.first, m.asks == 1
		}
	} else {
		t.stats.Reordered++
		t.reorder.saw(at-m.found, at)
	}
	t.gaps = slices.Delete(t.gaps, i, i+1)
	return Filled
}

// repaired tells whether a packet came because it was asked for. Where repairs
// come in the stream itself, a packet that came sooner after the ask than a
// repair can was only late.
func (t *Tracker) repaired(m *missing, at time.Duration, rtx bool) bool {
	if rtx {
		return true
	}
	return !t.seenRTX && m.asks > 0 && at-m.first >= t.rtt*3/4
}

// Due appends to dst the sequence numbers to ask for now, in ascending order
// and at most [MaxPairs] of them, takes them as asked, and returns dst. Packets
// that were waited for too long are given up here, so call it often (every 5 to
// 20 ms) while Waiting.
func (t *Tracker) Due(now time.Time, dst []uint16) []uint16 {
	if len(t.gaps) == 0 {
		return dst
	}
	at := now.Sub(t.epoch)
	kept := t.gaps[:0]
	for _, m := range t.gaps {
		if at-m.found >= patience || m.asks >= maxAsks && at >= m.next {
			t.stats.GivenUp++
			continue
		}
		if t.due(&m, at) {
			dst = append(dst, uint16(m.seq))
			t.stats.Asked++
			if m.asks == 0 {
				m.first = at
			}
			m.next = at + t.repeat(m.asks)
			m.asks++
		}
		kept = append(kept, m)
	}
	t.gaps = kept
	return dst
}

// Waiting tells whether anything is missing, so that Due is worth calling.
func (t *Tracker) Waiting() bool { return len(t.gaps) > 0 }

func (t *Tracker) due(m *missing, at time.Duration) bool {
	if m.asks > 0 {
		return at >= m.next
	}
	if wait, seen := t.reorder.tolerance(at); seen {
		return at-m.found >= wait
	}
	// The packet that showed the gap is the first of the newer ones.
	return at-m.found >= firstWait || t.arrivals-m.arrival >= newerPackets-1
}

// repeat is the wait after so many asks: time for the answer to come and some
// slack, half of it more each time so that an outage does not use up the asks.
func (t *Tracker) repeat(asks uint32) time.Duration {
	wait := t.rtt + t.rtt/4 + 10*time.Millisecond
	return min(wait+wait*time.Duration(asks)/2, patience)
}
