package sfu

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/pion/rtcp"

	"madang/sfu/alloc"
	"madang/sfu/bwe"
	"madang/sfu/pacer"
	"madang/sfu/red"
	"madang/sfu/repair"
	"madang/sfu/rtpout"
)

// What a link is taken to carry, in bits per second: never less, until something
// is known, and never more.
const (
	minRate   = 50_000
	startRate = 1_000_000
	maxRate   = 50_000_000
)

// sealed is what a packet grows by on its way: the tag of AEAD (RFC 7714) and
// the headers of UDP and IPv4.
const sealed = 16 + 8 + 20

// headroom is the share of the estimate that is divided: what is sent must stay
// below what the link carries, or a queue stays. With the room that a step up must
// leave (see package alloc) a layer is fed from nine tenths of the estimate on.
const headroom = 0.98

// swift is how many times what all pictures take an estimate is worth having: at
// the rate that just carries them keyframes take long to leave, and repairs with them.
const swift = 1.25

// planEvery is how often a subscriber's bandwidth is divided anew.
const planEvery = 100 * time.Millisecond

// downlink is the way to one subscriber: an estimate of what it carries, the
// division of that among its slots, and what waits to leave. It belongs to the
// subscriber's worker.
type downlink struct {
	// What each packet and each feedback needs comes first, and in one piece: with
	// hundreds of subscribers every other place in memory is a miss.
	number    uint16 // transport-wide, of the next packet
	transport uint8  // id of that header extension, 0 while no slot has it
	roomy     bool   // there is room for sound to carry earlier packets again
	stale     bool   // something changed since it was planned
	repeats   int    // earlier packets of sound that each is to carry
	planned   int    // the estimate when it was planned, in bits per second
	wanted    int    // the estimate with which there would be nothing to gain
	pacer     pacer.Pacer
	estimate  bwe.Estimator

	repairs    repair.Watch
	redundancy red.Policy
	allocator  alloc.Allocator[picture]
	result     alloc.Result
	asks       []alloc.Ask[picture]
	menu       *menu // the worker's: to plan for one subscriber plans for no other
	planAt     time.Time
	sated      time.Time // when the estimate last was enough for all that is wanted
	behind     []*Slot   // that are served what is kept of screens
}

func newDownlink(w *Worker, now time.Time) downlink {
	smooth := pacer.DefaultConfig()
	smooth.Overhead = sealed
	return downlink{
		estimate: *bwe.New(bwe.Config{Min: minRate, Start: startRate, Max: maxRate}, now),
		pacer:    *pacer.New(smooth, w.pacers, now),
		menu:     &w.menu, allocator: alloc.Allocator[picture]{Scratch: &w.planning},
		sated: now,
	}
}

// transmit sends a packet now, or when the link has room for it. False: there is
// no room, and the packet is lost.
func (e *endpoint) transmit(priority pacer.Priority, packet *rtpout.Packet) bool {
	now := e.worker.now
	if e.down.pacer.Pass(priority, packet.Size(), now) {
		e.Send(priority, 0, packet)
		return true
	}
	e.worker.wait(e)
	taken := e.down.pacer.Queue(priority, packet, now)
	if taken && priority == pacer.Repair {
		e.down.repairs.Queued(repaired(packet))
	}
	return taken
}

// repaired is what a packet repairs, over RTX (RFC 4588 section 4).
func repaired(packet *rtpout.Packet) repair.Packet {
	return repair.Packet{SSRC: packet.SSRC(), Sequence: binary.BigEndian.Uint16(packet.Payload)}
}

// depart gives a packet its transport-wide number, as only now the order is
// known in which packets leave, and sends it.
func (e *endpoint) depart(cluster int, packet *rtpout.Packet) {
	d := &e.down
	size := packet.Size() + sealed
	if packet.Numbered() {
		packet.Number(d.number)
		d.estimate.Sent(d.number, size, e.worker.now, cluster)
		d.number++
	} else {
		d.estimate.Left(size, e.worker.now)
	}
	e.path.WriteRTP(packet)
}

// Send sends a packet, as a rule one that has waited; it implements [pacer.Sender].
func (e *endpoint) Send(priority pacer.Priority, cluster int, packet *rtpout.Packet) {
	if e.path == nil {
		return
	}
	if priority == pacer.Repair {
		e.stir() // it may have to be sent once more
		e.down.repairs.Sent(repaired(packet), e.down.number, e.worker.now)
	}
	e.depart(cluster, packet)
}

// Pad sends one packet of a probe; it implements [pacer.Sender]. What a
// subscriber was sent lately, over RTX, is better than zeros: it may be missed.
// Where every picture is paused there is nothing but zeros, and where the link is
// so thin that a packet of a picture is too much to ask of it.
func (e *endpoint) Pad(size, cluster int) int {
	if e.path == nil {
		return 0
	}
	for _, s := range e.slots {
		if s.current != nil && s.Media == Video && size > 2*zeroBytes {
			if n := s.repeat(cluster); n > 0 {
				return n
			}
		}
	}
	for _, s := range e.slots {
		if n := s.zeros(size, cluster); n > 0 {
			return n
		}
	}
	return 0
}

// drain sends what has waited and may leave, and returns when to look again;
// the zero time if nothing waits.
func (e *endpoint) drain(now time.Time) time.Time {
	if e.path == nil {
		e.down.pacer.Reset(now)
		return time.Time{}
	}
	more := e.catchUp(now)
	next := e.down.pacer.Due(now, e)
	if soon := now.Add(catchUpEvery); more && (next.IsZero() || next.After(soon)) {
		return soon
	}
	return next
}

// replan has the bandwidth divided at the end of the worker's turn.
func (e *endpoint) replan() {
	if !e.down.stale {
		e.stir()
		e.down.stale = true
		e.worker.stale = append(e.worker.stale, e)
	}
}

// plan divides the bandwidth among the slots that are to carry pictures.
func (e *endpoint) plan(now time.Time) {
	d := &e.down
	d.stale, d.planAt, d.planned = false, now, d.estimate.Target()
	if e.path == nil {
		return
	}
	d.estimate.Tick(now)
	d.redundancy.Lost(e.lossy(), now)
	sound := e.voices(now)
	if d.transport != 0 && d.estimate.Acked() > 0 { // before that the estimate says nothing
		d.pacer.SetRate(d.estimate.Target(), d.estimate.QueueDelay(), now)
		if e.leaves.Set() { // it may leave earlier now
			e.worker.wait(e)
		}
	}
	d.asks = d.menu.of(e.slots, d.asks[:0], now)
	d.result = d.allocator.Allocate(max(0, int(float64(d.estimate.Target())*headroom)-sound), d.asks, now)
	for i, choice := range d.result.Choices {
		d.serve(i, choice, now)
	}
	if d.estimate.Target() >= d.result.Wanted {
		d.sated = now
	}
	e.assume(sound, now)
	d.wanted = int(swift * float64(max(d.result.Wanted, d.result.Next)+sound) / headroom)
	if at, may := e.probeAt(); may {
		e.stirBy(at)
	}
}

// deaf is how long a subscriber that could send transport-wide feedback may send
// none until it counts as one that does not.
const deaf = 3 * time.Second

// assume takes for granted that the link carries one picture more, where one is
// dark and nothing can be learned of the link while it is. It may go dark again.
func (e *endpoint) assume(sound int, now time.Time) {
	d := &e.down
	dark := slices.ContainsFunc(d.result.Choices, func(c alloc.Choice) bool { return c.Paused })
	if !dark || d.transport != 0 && now.Sub(e.connectedAt) < deaf {
		return
	}
	if d.estimate.Assume(int(swift*float64(d.result.Next+sound)/headroom), now) {
		e.replan()
	}
}

// told takes transport-wide feedback. What a link does not carry any more is
// not sent a moment longer.
func (e *endpoint) told(fb *rtcp.TransportLayerCC, now time.Time) {
	d := &e.down
	d.estimate.Feedback(fb, now)
	if float64(d.estimate.Target()) < headroom*float64(d.planned) {
		e.replan()
	}
	if at, may := e.probeAt(); may {
		e.stirBy(at)
	}
}

// serve gives a slot what was chosen for it.
func (d *downlink) serve(ask int, choice alloc.Choice, now time.Time) {
	slot := d.asks[ask].Key.slot
	if choice.Option >= 0 {
		point := d.asks[ask].Options[choice.Option].Point
		slot.wish(point.Spatial, point.Temporal)
	}
	layer := d.menu.layer(ask, choice.Option)
	if layer != nil && slot.fedRank() < 0 {
		layer = layer.flowing(now) // rather a smaller picture now than the right one later
	}
	slot.follow(layer, choice.Paused, now)
	slot.starve(now)
}

// probeAt is when the link may be asked whether it carries more, if more would
// be of use; false: not before it has told something.
func (e *endpoint) probeAt() (time.Time, bool) {
	d := &e.down
	if d.transport == 0 {
		return time.Time{}, false
	}
	return d.estimate.ProbeAt(d.wanted)
}

// probe asks the link whether it carries more, if more would be of use.
func (e *endpoint) probe(now time.Time) {
	d := &e.down
	if d.transport == 0 {
		return
	}
	if c, worth := d.estimate.Probe(now, d.wanted); worth && d.pacer.Probe(c.ID, c.Bytes, c.Packets, c.Rate) {
		e.worker.wait(e)
	}
}

// lossy is the share of packets that a subscriber loses, before any repair.
func (e *endpoint) lossy() float64 {
	if e.down.transport != 0 {
		return e.down.estimate.Loss()
	}
	worst := uint8(0)
	for _, s := range e.slots {
		if s.current != nil {
			worst = max(worst, s.missed)
		}
	}
	return float64(worst) / 256
}
