package icetcp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"madang/sfu/lane"
	"madang/sfu/tcp"
)

// host lets in who says hello, and keeps who says please.
type host struct {
	lanes  *lane.Table
	opened chan *lane.Lane
	kept   atomic.Bool
	came   atomic.Int64
}

func (h *host) Admit(first []byte, _ netip.Addr) *lane.Lane {
	if !bytes.HasPrefix(first, []byte("hello")) {
		return nil
	}
	l := h.lanes.Open(false)
	l.Bind(func(l *lane.Lane) {
		for datagram, rest, ok := lane.Cut(l.Take(nil)); ok; datagram, rest, ok = lane.Cut(rest) {
			h.came.Add(1)
			if string(datagram) == "please" {
				h.kept.Store(true)
			}
		}
	})
	h.opened <- l
	return l
}

func (h *host) Other([]byte) func(*tcp.Conn) { return nil }

func (h *host) Keeps(*lane.Lane) bool { return h.kept.Load() }

// brief is the patience of a test.
func brief() patience {
	return patience{first: 300 * time.Millisecond, proven: 500 * time.Millisecond, idle: time.Second, look: 50 * time.Millisecond}
}

func open(t *testing.T, limits tcp.Limits, waits patience) (*Server, *host) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &host{lanes: lane.NewTable(), opened: make(chan *lane.Lane, 100)}
	s := serve(tcp.NewListener(l, limits), h, waits)
	t.Cleanup(func() { s.Close() })
	return s, h
}

func dial(t *testing.T, s *Server) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

func frame(text string) []byte { return lane.Append(nil, []byte(text)) }

// awaitEnd waits until the server has ended a connection.
func awaitEnd(t *testing.T, c net.Conn, within time.Duration) {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(within))
	if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection lives after %v", within)
	}
}

func TestConnectionThatIsWorthNothingEnds(t *testing.T) {
	for name, sent := range map[string][]byte{
		"says nothing":                 nil,
		"sends half a length":          {0},
		"sends half a datagram":        frame("hello you")[:4],
		"sends an empty datagram":      {0, 0},
		"sends a datagram too long":    {0xff, 0xff, 1, 2, 3},
		"sends what is for nobody":     frame("good morning"),
		"speaks HTTP":                  []byte("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
		"is nobody's after all":        frame("hello you"),
		"goes on without being kept":   bytes.Repeat(frame("hello you"), 200),
		"sends half of another":        append(frame("hello please"), 0, 9, 'p'),
		"sends a second one too long":  append(frame("hello you"), 0xff, 0xff),
		"says please and falls silent": append(frame("hello you"), frame("please")...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, h := open(t, tcp.DefaultLimits(), brief())
			c := dial(t, s)
			_, _ = c.Write(sent)
			awaitEnd(t, c, 10*time.Second)
			for deadline := time.Now().Add(5 * time.Second); h.lanes.Len() > 0; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the lane lives")
				}
			}
		})
	}
}

func TestDatagramsGoBothWays(t *testing.T) {
	s, h := open(t, tcp.DefaultLimits(), usual())
	c := dial(t, s)
	all := append(frame("hello you"), frame("please")...)
	for i := range all { // one byte at a time
		_, _ = c.Write(all[i : i+1])
	}
	l := <-h.opened
	l.Send([]byte("one"))
	l.Send([]byte("two"))
	in := bufio.NewReader(c)
	for _, want := range []string{"one", "two"} {
		if got, err := read(in); err != nil || string(got) != want {
			t.Fatalf("%q, %v", got, err)
		}
	}
	for deadline := time.Now().Add(5 * time.Second); h.came.Load() < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d came", h.came.Load())
		}
	}
	l.Close()
	awaitEnd(t, c, 5*time.Second)
}

func TestStrangersAreFew(t *testing.T) {
	limits := tcp.DefaultLimits()
	limits.StrangersPerAddress = 8
	s, h := open(t, limits, usual())
	var held []*net.TCPConn
	for range 200 {
		c, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			continue // it was reset at once
		}
		defer c.Close()
		held = append(held, c.(*net.TCPConn))
	}
	alive := 0
	for _, c := range held {
		_ = c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
			alive++
			if alive <= limits.StrangersPerAddress {
				_, _ = c.Write(append(frame("hello you"), frame("please")...))
			}
		}
	}
	if alive != limits.StrangersPerAddress {
		t.Errorf("%d of 200 connections live, want %d", alive, limits.StrangersPerAddress)
	}
	// Who has settled is no stranger: there is room for others.
	for range limits.StrangersPerAddress {
		<-h.opened
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c := dial(t, s)
		_, _ = c.Write(frame("hello you"))
		select {
		case <-h.opened:
			return
		case <-time.After(100 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody else is let in")
		}
	}
}

// A client that never reads costs what the queues hold, and then its connection.
func TestClientThatNeverReadsIsEnded(t *testing.T) {
	limits := tcp.DefaultLimits()
	limits.Stuck = 500 * time.Millisecond
	waits := usual()
	waits.idle = time.Minute
	s, h := open(t, limits, waits)
	c := dial(t, s)
	_ = c.SetReadBuffer(4 << 10)
	_, _ = c.Write(append(frame("hello you"), frame("please")...))
	l := <-h.opened
	datagram, taken := make([]byte, 1200), 0
	for deadline := time.Now().Add(10 * time.Second); h.lanes.Len() > 0; {
		if l.Send(datagram) {
			taken += len(datagram)
		} else {
			time.Sleep(time.Millisecond)
		}
		if time.Now().After(deadline) {
			t.Fatal("the lane lives")
		}
	}
	if t.Logf("%d KB were taken", taken>>10); taken > 1<<20 {
		t.Errorf("%d KB were taken for it", taken>>10)
	}
	if _, err := c.Write([]byte{0}); err == nil { // the first finds out
		time.Sleep(100 * time.Millisecond)
		if _, err = c.Write([]byte{0}); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
			t.Errorf("the connection: %v", err)
		}
	}
}

func FuzzPeek(f *testing.F) {
	for _, seed := range [][]byte{nil, {0}, {0, 0}, {0, 1}, {0, 1, 2}, {8, 0}, {8, 1, 1}, {0xff, 0xff, 1}, append(frame("hello you"), frame("please")...)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		in := bufio.NewReaderSize(bytes.NewReader(stream), headerBytes+lane.MaxDatagram)
		rest := stream
		for {
			got, err := read(in)
			if err != nil {
				break
			}
			want, after, ok := lane.Cut(rest)
			if !ok || !bytes.Equal(got, want) || len(got) == 0 || len(got) > lane.MaxDatagram {
				t.Fatalf("%x, want %x", got, want)
			}
			rest = after
		}
		if _, _, ok := lane.Cut(rest); ok && len(rest) >= 2 {
			if n := int(binary.BigEndian.Uint16(rest)); n > 0 && n <= lane.MaxDatagram {
				t.Fatalf("a datagram of %d bytes was left", n)
			}
		}
	})
}
