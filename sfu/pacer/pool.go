package pacer

// blockSize is what storage is taken and given back by: a dozen video packets.
const blockSize = 16 << 10

// block is storage for packets that came one after another.
type block struct {
	bytes [blockSize]byte
	used  int
	next  *block
}

// Pool lends storage to the pacers of one worker: only those on which something
// waits hold any. One goroutine owns it together with its pacers.
type Pool struct {
	free    *block
	left    int // blocks in free
	maxFree int
}

// NewPool makes an empty pool that keeps up to maxFree bytes of unused storage;
// what is given back beyond that is left to the garbage collector.
func NewPool(maxFree int) *Pool { return &Pool{maxFree: maxFree / blockSize} }

func (p *Pool) take() *block {
	b := p.free
	if b == nil {
		return new(block)
	}
	p.free = b.next
	p.left--
	b.used, b.next = 0, nil
	return b
}

func (p *Pool) give(b *block) {
	if p.left >= p.maxFree {
		return
	}
	b.next = p.free
	p.free = b
	p.left++
}
