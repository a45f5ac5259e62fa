// Package history keeps the recent packets of one layer, as they arrived, for
// retransmission to all the slots that the layer feeds.
package history

import "time"

// Limits bound one history. Whatever is reached first makes the oldest go.
type Limits struct {
	// Packets is the longest run of sequence numbers kept; a power of two.
	Packets int
	// Bytes is the most storage taken for packets; rounded up to whole blocks.
	Bytes int
	// Age is how long a packet is worth keeping.
	Age time.Duration
}

// DefaultLimits suit a video layer of up to 5 Mbit/s: a NACK for a packet that
// is older than a second comes too late to be of use.
func DefaultLimits() Limits {
	return Limits{Packets: 1024, Bytes: 1 << 20, Age: 1500 * time.Millisecond}
}

// Packet is one stored packet.
type Packet[M any] struct {
	// Seq is the extended sequence number under which it was put.
	Seq int64
	// Arrived is the time given to Put.
	Arrived time.Time
	// Meta is the caller's: what was parsed once, so that nobody parses again.
	Meta M
	// Bytes is the packet as it arrived.
	Bytes []byte

	block *block
	life  uint32 // of the block when this was put there
}

// firstSlots is how many packets a history has room for when the first comes.
const firstSlots = 64

// History is the recent packets of one layer, by extended sequence number.
// Storage comes from a [Pool] as packets come and goes back as they age, so a
// history takes what its bitrate needs and an idle one takes nothing. When a
// limit is reached the oldest packets go, by the block of [blockSize] bytes.
//
// One goroutine, the layer's worker, owns it together with its pool.
type History[M any] struct {
	pool   *Pool
	limits Limits
	slots  []Packet[M] // a power of two, indexed by Seq
	blocks []*block    // the oldest first; packets are appended to the last
	// highest is the highest sequence number put since the last Reset; valid
	// while there are slots.
	highest int64
	held    hold
}

// hold is what is kept whatever its age.
type hold struct {
	on    bool
	from  int64 // sequence number
	bytes int   // of the whole history, at most
}

// New makes an empty history whose storage comes from pool. It panics if a
// limit is not positive or Packets is not a power of two.
func New[M any](pool *Pool, limits Limits) *History[M] {
	if limits.Packets <= 0 || limits.Packets&(limits.Packets-1) != 0 || limits.Bytes <= 0 || limits.Age <= 0 {
		panic("history: limits must be positive, and Packets a power of two")
	}
	return &History[M]{pool: pool, limits: limits}
}

// Put copies a packet into the history and returns it for the caller to fill in
// its Meta, which is zero. It returns nil for a packet that it holds already,
// that is too old to be held, or that is larger than [MaxPacket]. What Put and
// Get returned before is not valid any more.
func (h *History[M]) Put(seq int64, packet []byte, arrived time.Time) *Packet[M] {
	if len(packet) > MaxPacket || h.stale(seq) || h.Has(seq) {
		return nil
	}
	h.Expire(arrived)
	slot := h.slot(seq)
	block := h.room(len(packet))
	block.highest = max(block.highest, seq)
	*slot = Packet[M]{
		Seq: seq, Arrived: arrived, Bytes: block.store(packet, arrived),
		block: block, life: block.life,
	}
	h.highest = max(h.highest, seq)
	return slot
}

// Get returns the packet with this extended sequence number, or nil. It is valid
// until the next Put, Expire or Reset.
func (h *History[M]) Get(seq int64) *Packet[M] {
	if len(h.slots) == 0 {
		return nil
	}
	p := &h.slots[seq&int64(len(h.slots)-1)]
	if p.Seq != seq || !p.held() {
		return nil
	}
	return p
}

// Has tells whether the packet with this extended sequence number is held.
func (h *History[M]) Has(seq int64) bool { return h.Get(seq) != nil }

// Highest is the highest extended sequence number put since the last Reset;
// false if there is none.
func (h *History[M]) Highest() (int64, bool) { return h.highest, len(h.slots) > 0 }

// Bytes is how much storage the packets take, in bytes.
func (h *History[M]) Bytes() int { return len(h.blocks) * blockSize }

// Hold keeps the packets from seq on whatever their age, until the history
// takes more than so many bytes: then they age as all others. Another call, for a
// higher seq, takes the place of the one before.
func (h *History[M]) Hold(seq int64, bytes int) {
	if !h.held.on || seq > h.held.from {
		h.held = hold{true, seq, bytes}
	}
}

// Held is from which sequence number on packets are held; false for none.
func (h *History[M]) Held() (from int64, ok bool) { return h.held.from, h.held.on }

// Expire gives back the storage of packets that are past their age and not held.
// Put does it too; a layer without traffic needs a call now and then.
func (h *History[M]) Expire(now time.Time) {
	if h.Bytes() > h.held.bytes {
		h.held = hold{}
	}
	for len(h.blocks) > 0 && now.Sub(h.blocks[0].newest) > h.limits.Age {
		if h.held.on && h.blocks[0].highest >= h.held.from {
			return
		}
		h.dropOldest()
	}
}

// Reset forgets everything and gives all storage back: at the end of a layer,
// or when its numbering starts anew.
func (h *History[M]) Reset() {
	for len(h.blocks) > 0 {
		h.dropOldest()
	}
	h.slots, h.blocks, h.held = nil, nil, hold{}
}

// held tells whether the packet's block has not been given away since.
func (p *Packet[M]) held() bool { return p.block != nil && p.block.life == p.life }

// stale tells whether seq has fallen out of the run that is kept.
func (h *History[M]) stale(seq int64) bool {
	return len(h.slots) > 0 && seq <= h.highest-int64(h.limits.Packets)
}

// slot returns the place of seq, making more places as long as another packet
// that is still held would have to go and the limit allows.
func (h *History[M]) slot(seq int64) *Packet[M] {
	if len(h.slots) == 0 {
		h.slots = make([]Packet[M], min(firstSlots, h.limits.Packets))
		h.highest = seq
	}
	for {
		p := &h.slots[seq&int64(len(h.slots)-1)]
		if !p.held() || len(h.slots) == h.limits.Packets {
			return p
		}
		h.grow()
	}
}

func (h *History[M]) grow() {
	old := h.slots
	h.slots = make([]Packet[M], 2*len(old))
	for i := range old {
		if p := &old[i]; p.held() {
			h.slots[p.Seq&int64(len(h.slots)-1)] = *p
		}
	}
}

// room returns a block with room for n more bytes.
func (h *History[M]) room(n int) *block {
	if last := len(h.blocks) - 1; last >= 0 && h.blocks[last].fits(n) {
		return h.blocks[last]
	}
	if len(h.blocks)*blockSize >= h.limits.Bytes {
		h.dropOldest()
	}
	b := h.pool.take()
	h.blocks = append(h.blocks, b)
	return b
}

func (h *History[M]) dropOldest() {
	b := h.blocks[0]
	copy(h.blocks, h.blocks[1:])
	h.blocks = h.blocks[:len(h.blocks)-1]
	h.pool.give(b)
}
