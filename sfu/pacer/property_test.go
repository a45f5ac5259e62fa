package pacer

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"madang/sfu/rtpout"
)

// audit checks of all that leaves that it came in this order, whole and in time.
type audit struct {
	t      *testing.T
	now    time.Duration
	late   time.Duration // that Due may be called
	next   [priorities]uint32
	queued [priorities][]entry
	bytes  int
	count  int
}

type entry struct {
	number uint32
	at     time.Duration
	size   int
}

func (a *audit) Send(priority Priority, _ int, p *rtpout.Packet) {
	want := a.queued[priority][0]
	a.queued[priority] = a.queued[priority][1:]
	size, stamp := p.Size(), binary.BigEndian.Uint32(p.Head[4:])
	if number := binary.BigEndian.Uint32(p.Payload); number != want.number || stamp != want.number || size != want.size {
		a.t.Fatalf("packet %d of %d bytes left instead of %d of %d", number, size, want.number, want.size)
	}
	if waited := a.now - want.at; waited > DefaultConfig().Wait+a.late {
		a.t.Fatalf("a packet waited %v", waited)
	}
	a.bytes -= size
	a.count--
}

func (a *audit) Pad(size, _ int) int { return min(size, 255) }

// queue gives a packet of random size to the pacer.
func (a *audit) queue(p *Pacer, priority Priority, size int) {
	binary.BigEndian.PutUint32(body[:], a.next[priority])
	packet := sized(rtpout.Header{SSRC: 1, Timestamp: a.next[priority]}, size)
	if p.Pass(priority, size, begin.Add(a.now)) || !p.Queue(priority, packet, begin.Add(a.now)) {
		return
	}
	a.queued[priority] = append(a.queued[priority], entry{a.next[priority], a.now, size})
	a.next[priority]++
	a.bytes += size
	a.count++
}

// TestOrderBytesAndBounds has pacers go through seconds of anything at all.
func TestOrderBytesAndBounds(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		pool := NewPool(8 << 20)
		p := New(DefaultConfig(), pool, begin)
		a := &audit{t: t, late: 10 * ms}
		blocks := 0
		for ; a.now < 20*time.Second; a.now += 10 * ms {
			now := begin.Add(a.now)
			switch random.IntN(100) {
			case 0:
				p.SetRate(int(50_000*(1+random.ExpFloat64()*40)), anyQueue, now)
			case 1:
				p.SetRate(0, anyQueue, now)
			case 2:
				p.Probe(1, 3000, 5, 1_000_000)
			case 3:
				for range random.IntN(600) {
					a.queue(p, Video, 50+random.IntN(1150))
				}
			case 4:
				for range random.IntN(100) {
					a.queue(p, Repair, 50+random.IntN(1150))
				}
			default:
				a.queue(p, Video, 50+random.IntN(1150))
				p.Pass(Audio, 110, now)
			}
			p.Due(now, a)
			packets, bytes := p.Queued()
			if packets != a.count || bytes != a.bytes {
				t.Fatalf("seed %d: %d packets of %d bytes wait, should be %d of %d", seed, packets, bytes, a.count, a.bytes)
			}
			if bytes > DefaultConfig().Bytes || packets > DefaultConfig().Packets {
				t.Fatalf("seed %d: %d packets of %d bytes wait", seed, packets, bytes)
			}
			blocks = max(blocks, held(p))
		}
		more := (&rtpout.Packet{}).Packed()
		// Each of two queues has at most a block begun and one half read beside
		// what is full but for less than a packet.
		if most := (DefaultConfig().Bytes+DefaultConfig().Packets*(recordLen+more))/(blockSize-1300) + 5; blocks > most {
			t.Errorf("seed %d: %d blocks were held", seed, blocks)
		}
		p.Reset(begin.Add(a.now))
		if packets, bytes := p.Queued(); packets != 0 || bytes != 0 || held(p) != 0 {
			t.Errorf("seed %d: after the end %d packets, %d bytes, %d blocks", seed, packets, bytes, held(p))
		}
	}
}

// held counts the blocks that a pacer holds.
func held(p *Pacer) int {
	n := 0
	for i := range p.queues {
		for b := p.queues[i].head; b != nil; b = b.next {
			n++
		}
	}
	return n
}

// sink takes everything.
type sink struct{ bytes int }

func (s *sink) Send(_ Priority, _ int, p *rtpout.Packet) { s.bytes += len(p.Payload) }
func (s *sink) Pad(size, _ int) int                      { return size }

func TestPacingCostsNoAllocationOnceWarm(t *testing.T) {
	p, out, now := New(DefaultConfig(), NewPool(1<<20), begin), &sink{}, begin
	p.SetRate(600_000, anyQueue, now)
	packet := rtpout.Packet{Payload: body[:]}
	packet.Label(rtpout.Header{SSRC: 1}, nil, 3)
	if allocs := testing.AllocsPerRun(100, func() {
		p.Probe(1, 3000, 5, 1_000_000)
		for range 50 {
			if !p.Pass(Video, 1200, now) {
				p.Queue(Video, &packet, now)
			}
		}
		for range 100 {
			now = now.Add(10 * ms)
			p.Due(now, out)
		}
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// BenchmarkPass is what the pacer costs a packet on a link with room.
func BenchmarkPass(b *testing.B) {
	p, now := New(DefaultConfig(), NewPool(0), begin), begin
	p.SetRate(1_000_000_000, anyQueue, now)
	for b.Loop() {
		now = now.Add(100 * time.Microsecond)
		if !p.Pass(Video, 1100, now) {
			b.Fatal("held back")
		}
	}
}

// BenchmarkQueue is what it costs a packet that has to wait.
func BenchmarkQueue(b *testing.B) {
	p, out, now := New(DefaultConfig(), NewPool(1<<20), begin), &sink{}, begin
	p.SetRate(1_000_000, anyQueue, now)
	packet := rtpout.Packet{Payload: body[:1100]}
	packet.Label(rtpout.Header{SSRC: 1}, nil, 3)
	for b.Loop() {
		p.Queue(Video, &packet, now)
		now = now.Add(10 * ms)
		p.Due(now, out)
	}
}
