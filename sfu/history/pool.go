package history

import (
	"math"
	"time"
)

const (
	// blockSize is what storage is taken and given back by: a dozen video
	// packets, or two seconds of Opus.
	blockSize = 16 << 10
	// MaxPacket is the longest packet that a history keeps, in bytes.
	MaxPacket = blockSize
)

// block is storage for packets that arrived one after another.
type block struct {
	bytes   [blockSize]byte
	used    int
	newest  time.Time // arrival of the last packet in it
	highest int64     // sequence number in it
	life    uint32    // counts how often it was given back: stale packets show by it
}

func (b *block) fits(n int) bool { return len(b.bytes)-b.used >= n }

// store copies packet to the end of the block, which has room for it.
func (b *block) store(packet []byte, arrived time.Time) []byte {
	start := b.used
	b.used += copy(b.bytes[start:], packet)
	b.newest = arrived
	return b.bytes[start:b.used:b.used]
}

// Pool lends storage to the histories of one worker, so that what one layer
// gives back the next one takes. One goroutine owns it.
type Pool struct {
	free    []*block
	maxFree int
}

// NewPool makes an empty pool that keeps up to maxFree bytes of unused storage;
// what is given back beyond that is left to the garbage collector.
func NewPool(maxFree int) *Pool { return &Pool{maxFree: maxFree / blockSize} }

func (p *Pool) take() *block {
	last := len(p.free) - 1
	if last < 0 {
		return &block{highest: math.MinInt64}
	}
	b := p.free[last]
	p.free[last] = nil
	p.free = p.free[:last]
	b.used, b.highest = 0, math.MinInt64
	return b
}

func (p *Pool) give(b *block) {
	b.life++
	if len(p.free) < p.maxFree {
		p.free = append(p.free, b)
	}
}
