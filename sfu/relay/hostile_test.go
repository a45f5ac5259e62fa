package relay

import (
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/pion/stun/v4"

	"madang/sfu/tcp"
)

func TestConnectionWithoutARelayEnds(t *testing.T) {
	s := open(t, nil)
	for name, sent := range map[string]string{
		"a length too long":       "\x00\x01\xff\xf0\x21\x12\xa4\x42............",
		"channel data alone":      "\x40\x00\xff\xf0....",
		"another protocol":        "\xff\xff\xff\xff\xff\xff\xff\xff",
		"TLS where there is none": "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
	} {
		c := dial(t, s)
		_, _ = c.Write([]byte(sent))
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: the connection lives", name)
		}
	}
}

// A client that never reads costs what its queues hold, and then its connection.
func TestClientThatNeverReadsIsEnded(t *testing.T) {
	s := open(t, nil)
	limits := tcp.DefaultLimits()
	limits.Stuck = 300 * time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	limited := tcp.NewListener(l, limits)
	s.listeners[0].Close()
	s.listeners = []*tcp.Listener{limited}
	s.visits.Accept(limited, s.visit)

	a := newAsker(t, s, s.Grant("somebody", time.Now()))
	_ = a.conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	channel := stun.RawAttribute{Type: stun.AttrChannelNumber, Value: []byte{0x40, 0, 0, 0}}
	if c := code(a.ask(stun.MethodAllocate)); c != 0 {
		t.Fatal(c)
	}
	if c := code(a.ask(stun.MethodChannelBind, channel, peer(media))); c != 0 {
		t.Fatal(c)
	}
	before := heap()
	data := append([]byte{0x40, 0, 0x04, 0xb0}, make([]byte, 1200)...) // the plane sends it back
	for deadline := time.Now().Add(20 * time.Second); s.lanes.Len() > 0; {
		_ = a.conn.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		_, _ = a.conn.Write(data)
		if time.Now().After(deadline) {
			t.Fatal("the relay lives")
		}
	}
	if more := heap() - before; more > 1<<20 {
		t.Errorf("%d KB more", more>>10)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
