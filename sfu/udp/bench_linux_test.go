package udp

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// benchDatagrams of some 1,100 bytes are sent and then received, in turns, of which
// one is timed.
const benchDatagrams = 240

// turns runs send and receive in turns, and reports the CPU time of one of them
// for a datagram. Loopback delivers within the call that sends.
func turns(b *testing.B, timeSend bool, send, receive func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	b.ReportAllocs()
	var spent time.Duration
	rounds := 0
	for b.Loop() {
		start := cpuTime()
		send()
		sent := cpuTime()
		receive()
		if timeSend {
			spent += sent - start
		} else {
			spent += cpuTime() - sent
		}
		rounds++
	}
	b.ReportMetric(float64(spent)/float64(rounds*benchDatagrams), "cpu-ns/datagram")
	b.ReportMetric(0, "ns/op")
}

// cpuTime is what this thread has used, which others on the machine do not add to.
func cpuTime() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.Nano())
}

// sendRuns sends by one flush, in runs: a byte more begins the next.
func sendRuns(batch *Batch, to *Remote, packet []byte, run int) {
	for i := range benchDatagrams {
		add(batch, to, packet[:len(packet)-benchDatagrams+i/run])
	}
	batch.Flush()
}

// sink is a socket of which Go's poller knows nothing: nobody is woken when
// something comes, as nobody would be by an interface that sends.
func sink(b *testing.B) (at netip.AddrPort, empty func()) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { unix.Close(fd) })
	_ = unix.SetsockoptInt(fd, unix.SOL_UDP, unix.UDP_GRO, 1)
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, socketBuffer)
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		b.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, maxMessage)
	empty = func() {
		for err := error(nil); err == nil; {
			_, err = unix.Read(fd, buf)
		}
	}
	return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(name.(*unix.SockaddrInet4).Port)), empty
}

func drain(b *testing.B, c *Conn, burst *Burst) {
	for n := 0; n < benchDatagrams; n += burst.Len() {
		if err := c.Receive(burst, soon); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSend is the cost of a datagram on its way out over loopback, with
// that of its way through the receiving kernel.
func BenchmarkSend(b *testing.B) {
	for _, tc := range []struct {
		name  string
		plain bool
		run   int // datagrams of one size, one after another to one remote
	}{{"single", true, 0}, {"sendmmsg", true, 16}, {"segments=1", false, 1}, {"segments=2", false, 2},
		{"segments=4", false, 4}, {"segments=8", false, 8}, {"segments=16", false, 16}, {"segments=48", false, 48}} {
		b.Run(tc.name, func(b *testing.B) {
			from := with(b, Options{PlainSend: tc.plain}, "udp", ":0")
			batch, packet := from.NewBatch(), make([]byte, 1100+benchDatagrams/2)
			addr, empty := sink(b)
			remote := NewRemote(addr)
			send := func() { sendRuns(batch, remote, packet, tc.run) }
			if tc.run == 0 {
				send = func() {
					for range benchDatagrams {
						from.WriteToAddrPort(packet[:1100], addr)
					}
				}
			}
			turns(b, true, send, empty)
		})
	}
}

// BenchmarkReceive is the cost of a datagram on its way in, sent in runs.
func BenchmarkReceive(b *testing.B) {
	for _, run := range []int{1, 4, 16} {
		for _, plain := range []bool{true, false} {
			b.Run(fmt.Sprintf("run=%d,coalesced=%v", run, !plain), func(b *testing.B) {
				from, to := open(b, "udp", ":0"), with(b, Options{PlainReceive: plain}, "udp", ":0")
				batch, burst, packet := from.NewBatch(), NewBurst(), make([]byte, 1100+benchDatagrams/2)
				remote := NewRemote(at(to, "127.0.0.1"))
				turns(b, false, func() { sendRuns(batch, remote, packet, run) }, func() { drain(b, to, burst) })
			})
		}
	}
}
