package sfu

import (
	"context"
	"fmt"
	"net/netip"
	"testing"

	"github.com/pion/rtcp"

	"madang/sfu/rtpout"
	"madang/sfu/srtp"
	"madang/sfu/twcc"
	"madang/sfu/udp"
)

type nowhere struct{}

func (nowhere) WriteRTP(*rtpout.Packet) {}
func (nowhere) WriteRTCP([]rtcp.Packet) {}

// BenchmarkForward is the worker's own share of forwarding: from a decrypted
// packet to what each subscriber's path is given. ns/op is per forwarded packet.
func BenchmarkForward(b *testing.B) {
	for _, subscribers := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("1→%d", subscribers), func(b *testing.B) {
			w := newWorld()
			publisher, _ := w.peer()
			source := w.source(publisher, Camera, 10)
			cam := &camera{from: publisher, ssrc: 10, size: 4}
			for i := range subscribers {
				e, _ := w.peer()
				e.path = nowhere{}
				slot := w.slot(e, "1", Video, uint32(1000+2*i))
				slot.assign(Feed{Source: source}, w.now)
			}
			for _, raw := range cam.frame(true) {
				publisher.receiveRTP(raw, w.now)
			}
			var packets [][]byte
			for range 4096 {
				packets = append(packets, cam.frame(false)...)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i += subscribers {
				raw := packets[i/subscribers%len(packets)]
				// The numbering goes on for ever.
				raw[2], raw[3] = byte((4+i/subscribers)>>8), byte(4+i/subscribers)
				w.now = w.now.Add(frameEvery / 4)
				publisher.receiveRTP(raw, w.now)
			}
		})
	}
}

// BenchmarkForwardSealed is all that a worker does for a subscriber's packets but
// the system call: layer, slot, pacer, seal and batch, and with feedback what it
// says of them once a frame. ns/op is per forwarded packet. A frame of 1 has to
// bring what belongs to a subscriber into the cache for each packet, one of 8 once
// for all of them.
func BenchmarkForwardSealed(b *testing.B) {
	for _, size := range []int{1, 8} {
		for _, feedback := range []bool{false, true} {
			b.Run(fmt.Sprintf("frames of %d/feedback=%v", size, feedback), func(b *testing.B) { forwardSealed(b, size, feedback) })
		}
	}
}

func forwardSealed(b *testing.B, size int, feedback bool) {
	const subscribers = 200
	s := newSealedShow(b, subscribers, feedback)
	cam := &camera{from: s.publisher, ssrc: 10, size: size}
	s.send(cam.frame(true))
	var frames [][][]byte
	for range 65536 / size { // the sequence numbers go round once
		frames = append(frames, cam.frame(false))
	}
	for i := range 200 { // until rings and scratch are as long as they need to be
		s.send(frames[i])
	}
	n := 200
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += subscribers * size {
		s.send(frames[n%len(frames)])
		n++
	}
	if sent, want := s.worker.counts.packetsOut.Load(), uint64((n+1)*subscribers*size); sent != want {
		b.Fatalf("%d of %d packets were sent", sent, want)
	}
}

// TestForwardingAllocatesNothing: what a worker does for a frame of 50 subscribers
// leaves no garbage, from the publisher's packets to the sealed ones, feedback included.
func TestForwardingAllocatesNothing(t *testing.T) {
	for _, feedback := range []bool{false, true} {
		t.Run(fmt.Sprintf("feedback=%v", feedback), func(t *testing.T) {
			s := newSealedShow(t, 50, feedback)
			cam := &camera{from: s.publisher, ssrc: 10, size: 8}
			s.send(cam.frame(true))
			const warm, times = 200, 100
			var frames [][][]byte
			for range warm + times + 1 {
				frames = append(frames, cam.frame(false))
			}
			n := 0
			send := func() {
				s.send(frames[n])
				n++
			}
			for range warm { // until rings and scratch are as long as they need to be
				send()
			}
			if got := testing.AllocsPerRun(times, send); got > 0 {
				t.Errorf("%v allocations for a frame", got)
			}
		})
	}
}

// sealedShow is a publisher and its subscribers on the fast path of a port that
// sends nothing: it is closed.
type sealedShow struct {
	*world
	publisher   *endpoint
	subscribers []*endpoint
	feedback    bool
	record      []twcc.Recorder // what each of them received
	reader      twcc.Reader
	raw         []byte
}

func newSealedShow(t testing.TB, subscribers int, feedback bool) *sealedShow {
	s := &sealedShow{world: newWorld(), feedback: feedback, record: make([]twcc.Recorder, subscribers)}
	port, err := udp.Listen(context.Background(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.worker.out = port.NewBatch()
	_ = port.Close()
	s.publisher, _ = s.peer()
	source := s.source(s.publisher, Camera, 10)
	for i := range subscribers {
		material := make([]byte, srtp.AEADAES128GCM.MaterialLen())
		material[0], material[1] = byte(i), byte(i>>8)
		theirs, ours, err := srtp.Split(srtp.AEADAES128GCM, material)
		if err != nil {
			t.Fatal(err)
		}
		path, err := newFast(ours, theirs, s.worker.out, &trust{}, &s.worker.counts)
		if err != nil {
			t.Fatal(err)
		}
		path.aim(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(10_000+i)))
		e, _ := s.peer()
		e.path = path
		slot := s.slot(e, "1", Video, uint32(1000+2*i))
		if feedback {
			slot.transportID, e.down.transport = 3, 3
		}
		slot.assign(Feed{Source: source}, s.now)
		s.subscribers = append(s.subscribers, e)
	}
	return s
}

// send is a turn with a frame.
func (s *sealedShow) send(frame [][]byte) {
	s.now = s.now.Add(frameEvery)
	s.worker.now = s.now
	for _, raw := range frame {
		s.publisher.takeRTP(raw, s.now)
	}
	s.worker.fanOut(s.now)
	s.worker.flush()
	for i, e := range s.subscribers {
		if !s.feedback {
			break
		}
		record := &s.record[i]
		for n := len(frame); n > 0; n-- {
			record.Record(1, e.down.number-uint16(n), s.now)
		}
		s.raw = record.Append(s.raw[:0], 1)
		if fb, err := s.reader.Read(s.raw); err == nil {
			e.told(fb, s.now)
		}
	}
}
