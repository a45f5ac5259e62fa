package sfu

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/pion/rtp"
)

// decoder puts frames together and decodes those that can be: a keyframe, one
// of the lowest temporal layer behind the one before it, or one of the others
// on what it builds on.
type decoder struct {
	show   *show
	parts  map[int64]part
	first  int64 // all before is done with
	whole  []frame
	any    bool
	tl0    byte
	at     int64 // number of the newest frame that was decoded
	newest time.Time
	shown  []time.Duration // when each frame was decoded
	keys   []time.Duration // likewise, keyframes
	height uint16
}

// part is one packet.
type part struct {
	begins, ends, key bool
	tid, tl0          byte
	stamp             uint32
	height            uint16
}

// frame is a whole one, at the number of its first packet.
type frame struct {
	number int64
	part
}

func newDecoder(s *show) decoder { return decoder{show: s, parts: map[int64]part{}} }

// take takes a packet that was not there before.
func (d *decoder) take(number int64, h *rtp.Header, body []byte) {
	if number < d.first {
		return
	}
	p := part{begins: body[0]&0x10 != 0, ends: h.Marker, tid: body[5] >> 6, tl0: body[4], stamp: h.Timestamp}
	if p.begins && body[6]&1 == 0 {
		p.key, p.height = true, binary.LittleEndian.Uint16(body[14:])
	}
	d.parts[number] = p
	if f, ok := d.around(number); ok {
		i, _ := slices.BinarySearchFunc(d.whole, f.number, func(f frame, n int64) int { return int(f.number - n) })
		d.whole = slices.Insert(d.whole, i, f)
		d.decode()
	}
}

// around is the frame around a packet, if it is whole.
func (d *decoder) around(number int64) (frame, bool) {
	stamp, from := d.parts[number].stamp, number
	for !d.parts[from].begins {
		from--
		if p, ok := d.parts[from]; !ok || p.stamp != stamp {
			return frame{}, false
		}
	}
	for to := number; !d.parts[to].ends; {
		to++
		if p, ok := d.parts[to]; !ok || p.stamp != stamp {
			return frame{}, false
		}
	}
	return frame{from, d.parts[from]}, true
}

// decode decodes all that can be, in order.
func (d *decoder) decode() {
	for i := 0; i < len(d.whole); i++ {
		f := d.whole[i]
		switch {
		case f.number <= d.at && d.any:
			d.whole = slices.Delete(d.whole, i, i+1)
		case f.key || d.any && f.tid == 0 && f.tl0 == d.tl0+1 || d.any && f.tid > 0 && f.tl0 == d.tl0:
			d.present(f)
			d.whole = slices.Delete(d.whole, 0, i+1)
		default:
			continue
		}
		i = -1
	}
	for ; d.any && d.first < d.at-500; d.first++ {
		delete(d.parts, d.first)
	}
}

func (d *decoder) present(f frame) {
	if !d.any {
		d.first = f.number
	}
	d.any, d.at, d.newest = true, f.number, d.show.now
	if f.tid == 0 {
		d.tl0 = f.tl0
	}
	if f.key {
		d.keys = append(d.keys, d.show.passed())
		d.height = f.height
	}
	d.shown = append(d.shown, d.show.passed())
}

// freeze is a time without a frame for max(3 × mean interval, mean + 150 ms);
// the mean is of the thirty intervals before.
type freeze struct{ from, to time.Duration }

// freezes are those that began between two times. What is stuck again within
// half a second was not really free: single frames do not make two of one.
func (d *decoder) freezes(from, to time.Duration) (all []freeze, share float64, longest time.Duration) {
	var sum time.Duration
	for i := 1; i < len(d.shown)+1; i++ {
		began, end := d.shown[i-1], to
		if i < len(d.shown) {
			end = min(end, d.shown[i])
		}
		if began < from || began >= to || end-began < tooLong(d.shown[max(0, i-31):i]) {
			continue
		}
		sum += end - began
		if n := len(all); n > 0 && began-all[n-1].to < 500*time.Millisecond {
			all[n-1].to = end
		} else {
			all = append(all, freeze{began, end})
		}
		longest = max(longest, all[len(all)-1].to-all[len(all)-1].from)
	}
	return all, float64(sum) / float64(to-from), longest
}

// tooLong is the interval that is a freeze after frames that came at some times.
func tooLong(shown []time.Duration) time.Duration {
	mean := pictureEvery
	if n := len(shown); n > 1 {
		mean = (shown[n-1] - shown[0]) / time.Duration(n-1)
	}
	return max(3*mean, mean+150*time.Millisecond)
}
