package udp

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"
)

// receiveAll receives so many datagrams, as text by sender.
func receiveAll(t testing.TB, c *Conn, burst *Burst, count int) map[netip.AddrPort][]string {
	t.Helper()
	got := map[netip.AddrPort][]string{}
	for n := 0; n < count; n += burst.Len() {
		if err := c.Receive(burst, soon); err != nil {
			t.Fatalf("after %d of %d datagrams: %v", n, count, err)
		}
		for i := range burst.Len() {
			from, datagram := burst.At(i)
			got[from] = append(got[from], string(datagram))
		}
	}
	return got
}

// add builds a datagram in the batch as a worker would.
func add(b *Batch, to *Remote, datagram []byte) { b.Add(to, append(b.Room(1500), datagram...)) }

func TestBatchesArriveWholeAndInOrder(t *testing.T) {
	for _, tc := range []struct {
		name, network, listen, host string
		send, receive               Options
	}{
		{"IPv4", "udp4", "127.0.0.1:0", "127.0.0.1", Options{}, Options{}},
		{"IPv4 on a socket for both", "udp", ":0", "127.0.0.1", Options{}, Options{}},
		{"IPv6 on a socket for both", "udp", ":0", "::1", Options{}, Options{}},
		{"IPv6", "udp6", "[::1]:0", "::1", Options{}, Options{}},
		{"segments, received plain", "udp", ":0", "127.0.0.1", Options{}, Options{PlainReceive: true}},
		{"plain", "udp", ":0", "127.0.0.1", Options{PlainSend: true}, Options{PlainReceive: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			needs(t, tc.host)
			sender := with(t, tc.send, tc.network, tc.listen)
			batch, burst := sender.NewBatch(), NewBurst()
			receivers, remotes := make([]*Conn, 5), make([]*Remote, 5)
			for i := range receivers {
				receivers[i] = with(t, tc.receive, tc.network, tc.listen)
				remotes[i] = NewRemote(at(receivers[i], tc.host))
			}
			random := rand.New(rand.NewPCG(3, 4))
			for range 10 {
				want := make([][]string, len(remotes))
				for range 300 {
					i := random.IntN(len(remotes))
					datagram := make([]byte, []int{3, 200, 1100, 1100, 1100}[random.IntN(5)])
					for j := range datagram {
						datagram[j] = byte(random.Uint32())
					}
					want[i] = append(want[i], string(datagram))
					add(batch, remotes[i], datagram)
				}
				batch.Flush()
				for i, c := range receivers {
					if got := receiveAll(t, c, burst, len(want[i]))[at(sender, tc.host)]; !slices.Equal(got, want[i]) {
						t.Fatalf("remote %d got %d other datagrams than the %d it was sent", i, len(got), len(want[i]))
					}
				}
			}
			if s := sender.Stats(); s.DatagramsOut != 3000 || s.SendErrors+s.SendDrops != 0 {
				t.Errorf("counted %+v, want 3000 sent", s)
			}
		})
	}
}

func TestFullBatchFlushesItself(t *testing.T) {
	a, b := open(t, "udp", ":0"), open(t, "udp", ":0")
	for _, tc := range []struct {
		name      string
		size      int
		fullAfter int
	}{
		{"many small datagrams", 20, maxQueue},
		{"long ones", 2000, arenaSize / 2000},
	} {
		t.Run(tc.name, func(t *testing.T) {
			batch, burst, to := a.NewBatch(), NewBurst(), NewRemote(at(b, "127.0.0.1"))
			var want []string
			before := a.Stats().DatagramsOut
			for i := range tc.fullAfter + 5 {
				datagram := fmt.Appendf(batch.Room(tc.size), "%0*d", tc.size, i)
				want = append(want, string(datagram))
				batch.Add(to, datagram)
			}
			if sent := a.Stats().DatagramsOut - before; sent != uint64(tc.fullAfter) {
				t.Errorf("%d went out by themselves, want %d", sent, tc.fullAfter)
			}
			batch.Flush()
			if got := receiveAll(t, b, burst, len(want)); !slices.Equal(got[at(a, "127.0.0.1")], want) {
				t.Error("other datagrams came than were sent")
			}
		})
	}
}

func TestBatchTakesDatagramsFromElsewhere(t *testing.T) {
	a, b := open(t, "udp", ":0"), open(t, "udp", ":0")
	batch, to := a.NewBatch(), NewRemote(at(b, "127.0.0.1"))
	batch.Add(to, append(batch.Room(3), "outgrew the room"...))
	batch.Add(to, []byte("never was in it"))
	batch.Add(to, append(batch.Room(100), "in it"...))
	batch.Add(to, nil)
	batch.Flush()
	want := []string{"outgrew the room", "never was in it", "in it", ""}
	if got := receiveAll(t, b, NewBurst(), len(want)); !slices.Equal(got[at(a, "127.0.0.1")], want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatCannotBeSentCostsNothingElse(t *testing.T) {
	a, b := open(t, "udp4", "127.0.0.1:0"), open(t, "udp4", "127.0.0.1:0")
	batch, good := a.NewBatch(), NewRemote(at(b, "127.0.0.1"))
	add(batch, NewRemote(netip.MustParseAddrPort("[::1]:9")), []byte("another family"))
	add(batch, NewRemote(netip.AddrPort{}), []byte("no address"))
	add(batch, good, []byte("first"))
	nowhere := NewRemote(netip.MustParseAddrPort("127.0.0.1:0"))
	add(batch, nowhere, []byte("refused"))
	add(batch, nowhere, []byte("refused"))
	batch.Add(good, make([]byte, maxPayload+1))
	add(batch, good, []byte("second"))
	batch.Flush()
	got := receiveAll(t, b, NewBurst(), 2)[at(a, "127.0.0.1")]
	if !slices.Equal(got, []string{"first", "second"}) {
		t.Errorf("got %q", got)
	}
	if s := a.Stats(); s.DatagramsOut != 2 || s.SendErrors != 5 || s.SendDrops != 0 {
		t.Errorf("counted %+v, want 2 sent and 5 errors", s)
	}
}

func TestFlushAfterCloseLosesAndCounts(t *testing.T) {
	c := open(t, "udp4", "127.0.0.1:0")
	batch := c.NewBatch()
	add(batch, NewRemote(at(c, "127.0.0.1")), []byte("late"))
	c.Close()
	batch.Flush()
	if s := c.Stats(); s.SendErrors != 1 || s.DatagramsOut != 0 {
		t.Errorf("counted %+v, want one error", s)
	}
}

func TestReceiveEndsInTimeByAWakeAndByClose(t *testing.T) {
	for _, calm := range []bool{false, true} {
		t.Run(fmt.Sprintf("calm=%t", calm), func(t *testing.T) { testReceiveEnds(t, calm) })
	}
}

func testReceiveEnds(t *testing.T, calm bool) {
	c := open(t, "udp4", "127.0.0.1:0")
	c.Calm(calm)
	burst := NewBurst()
	if err := c.Receive(burst, time.Millisecond); err != nil || burst.Len() != 0 {
		t.Errorf("in a millisecond %d datagrams, %v", burst.Len(), err)
	}
	c.Wake() // before it waits
	c.Wake()
	if err := c.Receive(burst, -1); err != nil {
		t.Error(err)
	}
	ended := make(chan error)
	for _, tc := range []struct {
		end  func()
		want error
	}{
		{c.Wake, nil},
		{func() { c.Close() }, net.ErrClosed},
	} {
		go func() { ended <- c.Receive(burst, -1) }()
		tc.end()
		if err := <-ended; !errors.Is(err, tc.want) {
			t.Errorf("got %v, want %v", err, tc.want)
		}
	}
	if _, err := c.WriteToAddrPort([]byte("late"), at(c, "127.0.0.1")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write: %v, want net.ErrClosed", err)
	}
}

func TestWhatComesIsReceivedByACalmPortAndByABusyOne(t *testing.T) {
	a, b := open(t, "udp4", "127.0.0.1:0"), open(t, "udp4", "127.0.0.1:0")
	burst := NewBurst()
	for i := range 50 {
		b.Calm(i%3 != 0) // also one after another
		for turn := range 2 {
			send := func() { a.WriteToAddrPort([]byte{byte(i)}, at(b, "127.0.0.1")) }
			if turn == 0 {
				send() // before it waits
			} else {
				time.AfterFunc(time.Millisecond, send)
			}
			if err := b.Receive(burst, -1); err != nil || burst.Len() != 1 {
				t.Fatalf("turn %d of %d: %d datagrams, %v", turn, i, burst.Len(), err)
			}
		}
	}
}

func TestReceiveNeedNotWait(t *testing.T) {
	a, b := open(t, "udp", ":0"), open(t, "udp", ":0")
	burst := NewBurst()
	if err := b.Receive(burst, 0); err != nil || burst.Len() != 0 {
		t.Fatalf("%d datagrams came of nothing, %v", burst.Len(), err)
	}
	a.WriteToAddrPort([]byte("hello"), at(b, "127.0.0.1"))
	if err := b.Receive(burst, 0); err != nil || burst.Len() != 1 {
		t.Fatalf("%d datagrams, %v, want one", burst.Len(), err)
	}
	if from, datagram := burst.At(0); from != at(a, "127.0.0.1") || string(datagram) != "hello" {
		t.Errorf("got %q from %v", datagram, from)
	}
	b.Close()
	if err := b.Receive(burst, 0); !errors.Is(err, net.ErrClosed) || burst.Len() != 0 {
		t.Errorf("after Close: %v and %d datagrams", err, burst.Len())
	}
}

func TestBatchesAndBurstsCostNoAllocation(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		t.Run(host, func(t *testing.T) {
			needs(t, host)
			a, b := open(t, "udp", ":0"), open(t, "udp", ":0")
			batch, burst, packet := a.NewBatch(), NewBurst(), make([]byte, 1100)
			to := []*Remote{NewRemote(at(b, host)), NewRemote(at(b, host))}
			allocs := testing.AllocsPerRun(300, func() {
				for i := range 20 {
					add(batch, to[i%2], packet)
				}
				batch.Flush()
				for n := 0; n < 20; n += burst.Len() {
					if err := b.Receive(burst, soon); err != nil {
						t.Fatal(err)
					}
				}
			})
			if allocs != 0 {
				t.Errorf("%v allocations for 20 datagrams", allocs)
			}
		})
	}
}

func TestCloseEndsWhateverGoesOn(t *testing.T) {
	for range 20 {
		c, other := open(t, "udp", ":0"), open(t, "udp", ":0")
		to := at(other, "127.0.0.1")
		var busy sync.WaitGroup
		busy.Go(func() {
			for burst := NewBurst(); c.Receive(burst, -1) == nil; {
			}
		})
		busy.Go(func() {
			for batch, to := c.NewBatch(), NewRemote(to); c.Stats().SendErrors == 0; batch.Flush() {
				add(batch, to, []byte("from a batch"))
			}
		})
		busy.Go(func() {
			for err := error(nil); err == nil; _, err = c.WriteToAddrPort([]byte("by itself"), to) {
			}
		})
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		busy.Wait()
		if err := c.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("closed twice: %v", err)
		}
	}
}
