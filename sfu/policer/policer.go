// Package policer bounds how much may come in a second: packets, and bytes of them. It
// is a token bucket for each, of which what is over is to be dropped (RFC 2475 section
// 2.3.3.3), with time as an argument and without allocation: it stands in the path of
// every packet.
package policer

import "time"

// Rate is how much may come, on the average.
type Rate struct {
	Packets int // a second
	Bytes   int // a second
}

// Unlimited is a rate that nothing comes near to.
func Unlimited() Rate { return Rate{Packets: 1 << 30, Bytes: 1 << 31} }

// Burst is how much time's worth may come at once: a keyframe, or what a network
// held back for a while.
const Burst = 2 * time.Second

// Policer is what one sender has left. The zero value lets nothing pass; Set makes it
// one that does. For one goroutine.
type Policer struct {
	packets, bytes bucket
	at             int64 // as UnixNano
}

// Set changes what may come from now on. What is more comes with its burst; what was
// used of it before stays used.
func (p *Policer) Set(rate Rate, now time.Time) {
	p.refill(now.UnixNano())
	p.packets.set(int64(rate.Packets))
	p.bytes.set(int64(rate.Bytes))
}

// Take counts a packet of so many bytes that came at now; false: it is over what may
// come, of which it takes nothing then.
func (p *Policer) Take(bytes int, now time.Time) bool {
	if at := now.UnixNano(); at != p.at { // all packets of a worker's turn come at one time
		p.refill(at)
	}
	if p.packets.left < unit || p.bytes.left < int64(bytes)*unit {
		return false
	}
	p.packets.left -= unit
	p.bytes.left -= int64(bytes) * unit
	return true
}

func (p *Policer) refill(now int64) {
	if passed := min(now-p.at, int64(Burst)); passed > 0 {
		p.packets.refill(passed)
		p.bytes.refill(passed)
		p.at = now
	}
}

// unit is one packet or byte as a bucket counts: a rate times nanoseconds is what
// was earned, and nothing is divided.
const unit = int64(time.Second)

// bucket is what is left of one thing, in units.
type bucket struct {
	rate int64 // a second
	left int64
}

func (k *bucket) set(rate int64) {
	more := max(0, rate-k.rate) * int64(Burst)
	k.rate = rate
	k.left = min(k.left+more, k.most())
}

func (k *bucket) most() int64 { return k.rate * int64(Burst) }

func (k *bucket) refill(passed int64) {
	k.left = min(k.left+k.rate*passed, k.most())
}
