package sfu

import (
	"fmt"
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

type nowhere struct{}

func (nowhere) WriteRTP(*rtp.Header, []byte) {}
func (nowhere) WriteRTCP([]rtcp.Packet)      {}

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
