package sfu

import (
	"sync"
	"testing"
	"time"

	"madang/sfu/rtpview"
)

// call is two who see and hear each other.
type call struct {
	t        *testing.T
	sfu      *SFU
	browsers [2]*browser
	peers    [2]*Peer
	lines    [2]*Negotiated
	ears     [2]*ear
}

// newCall has two browsers join and publish. Every number of theirs and of the
// slots goes round soon.
func newCall(t *testing.T, s *SFU, a, b *browser) *call {
	t.Helper()
	c := &call{t: t, sfu: s, browsers: [2]*browser{a, b}}
	var views []View
	all := &Routing{}
	for i, browser := range c.browsers {
		var events *recorder
		c.peers[i], events = newTestPeer(t, s)
		c.lines[i] = browser.join(c.peers[i])
		events.awaitState(t, PeerConnected)
		c.ears[i] = newEar(browser)
		c.peers[i].worker.do(func(time.Time) {
			for _, s := range c.peers[i].endpoint.slots {
				s.next, s.origin, s.rtx = 65_500, 65_500, 65_530
			}
		})
	}
	for i := range c.browsers {
		one := showAll(c.lines[1-i], c.lines[i])
		views = append(views, one.Views[0])
		all.Mics, all.Pictures = append(all.Mics, one.Mics...), append(all.Pictures, one.Pictures...)
	}
	all.Views = views
	r := s.NewRouter(newRecorder())
	t.Cleanup(r.Close)
	for _, b := range c.browsers {
		b.publish()
	}
	r.Route(all)
	return c
}

// fast tells which of the two the worker itself seals for.
func (c *call) fast() (on [2]bool) {
	c.t.Helper()
	for i, p := range c.peers {
		p.worker.do(func(time.Time) { on[i] = p.endpoint.direct != nil })
	}
	return on
}

// flow waits until each has so many more packets of sound and of picture.
func (c *call) flow(packets int) {
	c.t.Helper()
	before := [2]int{c.ears[0].least(), c.ears[1].least()}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if c.ears[0].least() >= before[0]+packets && c.ears[1].least() >= before[1]+packets {
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("%d and %d more packets came, %d are wanted; %+v", c.ears[0].least()-before[0], c.ears[1].least()-before[1], packets, c.sfu.Stats())
		}
	}
}

// ear hears all that a browser gets.
type ear struct {
	mu      sync.Mutex
	streams map[uint8]*hearing // by payload type: one slot of sound and one of picture
}

// hearing is what came of one slot.
type hearing struct {
	first, highest int64 // numbers, as far as they went round
	came           map[int64]bool
	at             time.Time     // of the newest packet
	longest        time.Duration // between two packets
}

func newEar(b *browser) *ear {
	e := &ear{streams: map[uint8]*hearing{96: {came: map[int64]bool{}}, 111: {came: map[int64]bool{}}}}
	stop := make(chan struct{})
	var listening sync.WaitGroup
	listening.Go(func() {
		for {
			select {
			case <-stop:
				return
			case p := <-b.got:
				e.hear(p.PayloadType, p.SequenceNumber)
			}
		}
	})
	b.t.Cleanup(func() { close(stop); listening.Wait() })
	return e
}

func (e *ear) hear(payloadType uint8, sequence uint16) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h, now := e.streams[payloadType], time.Now()
	if h == nil {
		return
	}
	if len(h.came) == 0 {
		h.first, h.highest = int64(sequence), int64(sequence)
	} else {
		h.longest = max(h.longest, now.Sub(h.at))
	}
	extended := h.highest + int64(int16(sequence-uint16(h.highest)))
	h.highest, h.at, h.came[extended] = max(h.highest, extended), now, true
}

// least is how many packets have come of the slot with fewer.
func (e *ear) least() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return min(len(e.streams[96].came), len(e.streams[111].came))
}

// longest is how long the longest silence of a slot was since the last call, the
// one that goes on included.
func (e *ear) longest() (longest time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range e.streams {
		longest = max(longest, h.longest, time.Since(h.at))
		h.longest = 0
	}
	return longest
}

// lost is the share of a slot's packets that never came, and how many did.
func (e *ear) lost(payloadType uint8) (share float64, came int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.streams[payloadType]
	all := int(h.highest - h.first + 1)
	return float64(all-len(h.came)) / float64(all), len(h.came)
}

// round tells whether a slot's numbers went round.
func (e *ear) round(payloadType uint8) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.streams[payloadType]
	return h.first <= 0xffff && h.highest > 0xffff
}

// media tells whether a datagram of SRTP is media, not a report.
func isRTP(datagram []byte) bool { return datagram[0]>>6 == 2 && !rtpview.IsRTCP(datagram) }
