package udp

import (
	"testing"
	"time"
)

func TestKernelDropsAreCounted(t *testing.T) {
	sender := open(t, "udp4", "127.0.0.1:0")
	flooded := with(t, Options{buffer: 16 << 10}, "udp4", "127.0.0.1:0")
	const flood = 2000
	packet, reader := make([]byte, 1100), newReader(flooded)
	send := func() {
		if _, err := sender.WriteToAddrPort(packet, at(flooded, "127.0.0.1")); err != nil {
			t.Fatal(err)
		}
	}
	for range flood {
		send()
	}
	got := 0
	for ; ; got++ {
		if _, datagram, err := reader.read(50 * time.Millisecond); err != nil {
			t.Fatal(err)
		} else if datagram == nil {
			break
		}
	}
	// The count comes with the first datagram that was queued after the drops.
	send()
	if _, datagram, err := reader.read(soon); err != nil || datagram == nil {
		t.Fatal("nothing came of the last one", err)
	}
	if drops := flooded.Stats().KernelDrops; got == flood || drops != uint64(flood-got) {
		t.Errorf("%d of %d came and %d drops were counted", got, flood, drops)
	}
}

func TestOversizedDatagramsAreSkippedAndCounted(t *testing.T) {
	a, b := open(t, "udp4", "127.0.0.1:0"), open(t, "udp4", "127.0.0.1:0")
	for _, size := range []int{MaxDatagram + 1, 9000, MaxDatagram} {
		if _, err := a.WriteToAddrPort(make([]byte, size), at(b, "127.0.0.1")); err != nil {
			t.Fatal(err)
		}
	}
	_, got, err := newReader(b).read(soon)
	if err != nil || len(got) != MaxDatagram {
		t.Errorf("read %d bytes, %v, want %d", len(got), err, MaxDatagram)
	}
	if s := b.Stats(); s.Oversized != 2 || s.DatagramsIn != 1 || s.BytesIn != MaxDatagram {
		t.Errorf("counted %+v, want one datagram and 2 oversized", s)
	}
}

func TestWakingAReaderCostsNoAllocation(t *testing.T) {
	c, burst := open(t, "udp", ":0"), NewBurst()
	allocs := testing.AllocsPerRun(100, func() {
		c.Wake()
		for _, most := range []time.Duration{-1, time.Microsecond, 0} {
			if err := c.Receive(burst, most); err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
