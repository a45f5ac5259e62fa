package udp

import (
	"os"
	"testing"
	"time"
)

func TestKernelDropsAreCounted(t *testing.T) {
	sender := open(t, "udp4", "127.0.0.1:0")
	flooded := with(t, Options{buffer: 16 << 10}, "udp4", "127.0.0.1:0")
	const flood = 2000
	packet, buf := make([]byte, 1100), make([]byte, MaxDatagram)
	send := func() {
		if _, err := sender.WriteToAddrPort(packet, at(flooded, "127.0.0.1")); err != nil {
			t.Fatal(err)
		}
	}
	read := func() error {
		_, _, err := flooded.ReadFromAddrPort(buf)
		return err
	}
	for range flood {
		send()
	}
	got := 0
	for ; ; got++ {
		flooded.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if read() != nil {
			break
		}
	}
	// The count comes with the first datagram that was queued after the drops.
	send()
	flooded.SetReadDeadline(time.Now().Add(20 * time.Second))
	if err := read(); err != nil {
		t.Fatal(err)
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
	n, _, err := b.ReadFromAddrPort(make([]byte, 2*MaxDatagram))
	if err != nil || n != MaxDatagram {
		t.Errorf("read %d bytes, %v, want %d", n, err, MaxDatagram)
	}
	if s := b.Stats(); s.Oversized != 2 || s.DatagramsIn != 1 || s.BytesIn != MaxDatagram {
		t.Errorf("counted %+v, want one datagram and 2 oversized", s)
	}
}

func TestWakingAReaderCostsNoAllocation(t *testing.T) {
	c, burst := open(t, "udp", ":0"), NewBurst()
	allocs := testing.AllocsPerRun(100, func() {
		c.SetReadDeadline(time.Unix(1, 0))
		if err := c.Receive(burst); err != os.ErrDeadlineExceeded {
			t.Fatal(err)
		}
		if err := c.Poll(burst); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
