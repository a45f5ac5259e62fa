package pacer

import (
	"encoding/binary"
	"time"
)

// recordLen is what stands before each packet of a block: its size as it is
// packed (2 bytes) and when it came (8 bytes, nanoseconds since the pacer began).
const recordLen = 2 + 8

// MaxPacket is the longest packet that can be queued, in bytes.
const MaxPacket = 1 << 13

// queue is the waiting packets of one priority, first in, first out. They lie
// back to back in blocks of the pool; an empty queue has none.
type queue struct {
	head, tail *block
	read       int // where the first packet's record begins in head
	count      int
}

// room returns n bytes at the end of the queue, for a packed packet that came at
// the given time. The packet is in the queue once push is called.
func (q *queue) room(n int, at time.Duration, pool *Pool) []byte {
	if q.tail == nil || blockSize-q.tail.used < recordLen+n {
		b := pool.take()
		if q.tail == nil {
			q.head, q.read = b, 0
		} else {
			q.tail.next = b
		}
		q.tail = b
	}
	record := q.tail.bytes[q.tail.used:]
	binary.BigEndian.PutUint16(record, uint16(n))
	binary.BigEndian.PutUint64(record[2:], uint64(at))
	return record[recordLen : recordLen+n : recordLen+n]
}

// push takes the packet, of n bytes, for which room was asked last.
func (q *queue) push(n int) {
	q.tail.used += recordLen + n
	q.count++
}

// first returns the oldest packet, packed, and when it came. The queue is not
// empty. The bytes are valid until pop.
func (q *queue) first() (packed []byte, at time.Duration) {
	record := q.head.bytes[q.read:]
	n := int(binary.BigEndian.Uint16(record))
	return record[recordLen : recordLen+n], time.Duration(binary.BigEndian.Uint64(record[2:]))
}

// pop takes the oldest packet out.
func (q *queue) pop(pool *Pool) {
	packed, _ := q.first()
	q.read += recordLen + len(packed)
	q.count--
	if q.read < q.head.used && q.count > 0 {
		return
	}
	done := q.head
	q.head, q.read = done.next, 0
	if q.head == nil {
		q.tail = nil
	}
	pool.give(done)
}
