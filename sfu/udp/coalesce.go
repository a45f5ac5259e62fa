package udp

// What the kernel cuts in one message at most: it allows 64 segments, and with
// its headers 64 KB.
const (
	maxSegments     = 48
	maxSegmentBytes = 60 << 10
)

// run is how many datagrams at the head of a queue can be one message for the
// kernel to cut (UDP_SEGMENT, udp(7)): those to the same remote that are of one
// size, and one after them that is shorter. The queue is not empty.
func run(queue []datagram) int {
	first := &queue[0]
	if first.size == 0 {
		return 1
	}
	n, bytes := 1, first.size
	for n < len(queue) && n < maxSegments {
		next := &queue[n]
		bytes += next.size
		// An empty datagram would leave no trace in the message.
		if next.to != first.to || next.size > first.size || next.size == 0 || bytes > maxSegmentBytes {
			break
		}
		n++
		if next.size < first.size {
			break
		}
	}
	return n
}
