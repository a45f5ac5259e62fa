package tcp

import (
	"errors"
	"net"
	"testing"
	"time"
)

// failing is a listener that has no descriptors for a while.
type failing struct {
	net.Listener
	times int
	asked int
}

func (f *failing) Accept() (net.Conn, error) {
	if f.asked++; f.asked <= f.times {
		return nil, errors.New("accept: too many open files")
	}
	return f.Listener.Accept()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func TestAcceptWaitsOutWhatFails(t *testing.T) {
	f := &failing{Listener: listen(t), times: 5}
	l := NewListener(f, DefaultLimits())
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	began := time.Now()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if waited := time.Since(began); waited < 100*time.Millisecond { // 5+10+20+40+80 ms
		t.Errorf("it spun: %d tries in %v", f.asked, waited)
	}
	l.Close()
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestConnectionsOfOneAddressAreCounted(t *testing.T) {
	l := NewListener(listen(t), Limits{Strangers: 3, StrangersPerAddress: 2, PerAddress: 3, Stuck: time.Second})
	come := func() *Conn { // nil: it was turned away
		t.Helper()
		client, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { client.Close() })
		accepted, err := l.Listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return l.admit(accepted)
	}
	first, second := come(), come()
	if first == nil || second == nil || come() != nil {
		t.Fatal("two strangers may come, and no third")
	}
	first.Settle()
	first.Settle()
	third := come()
	if third == nil || come() != nil {
		t.Fatal("who has settled makes room for a stranger")
	}
	second.Settle()
	third.Settle()
	if come() != nil {
		t.Fatal("a fourth of one address came")
	}
	for _, c := range []*Conn{first, second, third} {
		c.Close()
		c.Close()
		c.Settle()
	}
	if l.strangers != 0 || len(l.from) != 0 {
		t.Errorf("%d strangers, %v", l.strangers, l.from)
	}
	if c := come(); c == nil {
		t.Error("nobody may come any more")
	} else {
		c.Close()
	}
}
