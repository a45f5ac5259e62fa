package sfu

import "time"

// Bounds of what one worker may have waiting at another, as for what comes over
// the network.
const (
	bridgePackets = inboxPackets
	bridgeBytes   = inboxBytes
	spareParcels  = 16      // emptied ones that an inbox keeps
	spareBytes    = 1 << 20 // that each of them keeps room for
)

// bridge is the way from one worker to another. What a turn has for the other
// worker gathers in one parcel, which crosses at the turn's end: one lock per
// turn, whatever is in it. When the other worker is behind, the packets of the
// parcel are dropped and counted, as on a network. What else there is to say is
// never dropped: a few words per source and second.
type bridge struct {
	from, to *Worker
	parcel   *parcel // that is being filled; the first worker's
	listed   bool    // it is to cross at the turn's end
	// What the other worker has not taken yet; its inbox's lock guards them.
	packets, bytes int
}

// parcel is what crosses in one turn, in order. It is read-only from then on.
type parcel struct {
	bridge  *bridge
	arena   []byte
	items   []item
	packets int
}

// item is a packet of a layer for its mirror, or a word to the other worker.
type item struct {
	owner *endpoint           // of the other worker, that a fault in handling it ends
	word  func(now time.Time) // nil for a packet

	to         *mirror
	layer      *Layer // a name to the other worker
	sequence   int64
	arrived    time.Time
	facts      facts
	start, end int // in the arena
	kept       bool
}

// bridge is the way to another worker.
func (w *Worker) bridge(to *Worker) *bridge {
	b := w.bridges[to]
	if b == nil {
		b = &bridge{from: w, to: to, parcel: &parcel{}}
		w.bridges[to] = b
	}
	return b
}

// tell has the other worker do something for one of its peers, after all that was
// sent before.
func (b *bridge) tell(owner *endpoint, word func(now time.Time)) {
	b.list()
	b.parcel.items = append(b.parcel.items, item{owner: owner, word: word})
}

// send copies a packet of a layer for a mirror of its source; kept: it is an
// earlier one, that nobody waits for.
func (b *bridge) send(to *mirror, l *Layer, p *packet, kept bool) {
	b.list()
	q := b.parcel
	start := len(q.arena)
	q.arena = append(q.arena, p.Bytes...)
	q.items = append(q.items, item{
		owner: to.source.from, to: to, layer: l, sequence: p.Seq, arrived: p.Arrived, facts: p.Meta, start: start, end: len(q.arena), kept: kept,
	})
	q.packets++
}

func (b *bridge) list() {
	if !b.listed {
		b.listed = true
		b.from.crossing = append(b.from.crossing, b)
	}
}

// cross hands over what the turn had for other workers.
func (w *Worker) cross() {
	for _, b := range w.crossing {
		b.listed = false
		b.parcel.bridge = b
		sent := b.parcel.packets
		empty, dropped := b.to.inbox.cross(b.parcel)
		b.parcel = empty
		w.counts.crossed.Add(uint64(sent - dropped))
		w.counts.dropBehind.Add(uint64(dropped))
	}
	clear(w.crossing)
	w.crossing = w.crossing[:0]
}

// cross takes a parcel in and gives an empty one for it. Packets that too many wait
// before are dropped. The worker whose bridge it is; never waits.
func (in *inbox) cross(p *parcel) (empty *parcel, dropped int) {
	in.mu.Lock()
	defer func() { in.release(!in.closed) }()
	b := p.bridge
	if in.closed {
		dropped = p.packets
		p.reset()
		return p, dropped
	}
	if b.packets+p.packets > bridgePackets || b.bytes+len(p.arena) > bridgeBytes {
		dropped = p.packets
		p.dropPackets()
	}
	b.packets += p.packets
	b.bytes += len(p.arena)
	in.filling.parcels = append(in.filling.parcels, p)
	if last := len(in.spare) - 1; last >= 0 {
		empty = in.spare[last]
		in.spare[last] = nil
		in.spare = in.spare[:last]
		return empty, dropped
	}
	return &parcel{}, dropped
}

// taken is called when the worker takes a batch: the bridges are free again, and
// the parcels of the batch before serve once more. The lock is held.
func (in *inbox) taken(full, before *batch) {
	for _, p := range full.parcels {
		p.bridge.packets, p.bridge.bytes = 0, 0
	}
	for _, p := range before.parcels {
		if len(in.spare) < spareParcels && cap(p.arena) <= spareBytes {
			in.spare = append(in.spare, p)
		}
	}
	clear(before.parcels)
	before.parcels = before.parcels[:0]
}

func (p *parcel) reset() {
	clear(p.items)
	p.items, p.arena, p.packets, p.bridge = p.items[:0], p.arena[:0], 0, nil
}

// dropPackets leaves only words in the parcel.
func (p *parcel) dropPackets() {
	words := p.items[:0]
	for _, it := range p.items {
		if it.word != nil {
			words = append(words, it)
		}
	}
	clear(p.items[len(words):])
	p.items, p.arena, p.packets = words, p.arena[:0], 0
}

// open does what a parcel of another worker asks for.
func (w *Worker) open(p *parcel, now time.Time) {
	for i := range p.items {
		it := &p.items[i]
		w.unpack(it, p.arena[it.start:it.end], now)
	}
	p.reset()
}

// unpack does what an item asks for.
func (w *Worker) unpack(it *item, buf []byte, now time.Time) {
	defer w.contain(it.owner)
	if it.word != nil {
		w.fanOut(now) // what came before it
		it.word(now)
		return
	}
	it.to.receive(it, buf, now)
}
