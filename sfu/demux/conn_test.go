package demux

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestDatagramsAreReadInOrder(t *testing.T) {
	a := newWorld(t).join("a")
	buf := make([]byte, 2048)
	for i := range byte(100) {
		a.v4.Deliver([]byte{20, i}, home)
	}
	for i := range byte(100) {
		n, from, err := a.v4.ReadFromAddrPort(buf)
		if err != nil || from != home || !bytes.Equal(buf[:n], []byte{20, i}) {
			t.Fatalf("read %v from %v: %v", buf[:n], from, err)
		}
	}
	a.v4.Deliver(hello, home)
	n, from, err := a.v4.ReadFrom(buf[:10])
	if err != nil || n != 10 || from.String() != home.String() {
		t.Errorf("read %d bytes from %v: %v", n, from, err)
	}
}

func TestQueueIsBounded(t *testing.T) {
	for _, tc := range []struct{ size, want int }{{10, queuePackets}, {2000, queueBytes / 2000}} {
		w := newWorld(t)
		a := w.join("a")
		datagram := make([]byte, tc.size)
		for range 200 {
			a.v4.Deliver(datagram, home)
		}
		if a.v4.packets != tc.want || w.mux.Stats().Overflowed != uint64(200-tc.want) {
			t.Errorf("of %d bytes %d wait and %+v", tc.size, a.v4.packets, w.mux.Stats())
		}
		for range tc.want {
			a.v4.pop(datagram)
		}
		if a.v4.packets != 0 || a.v4.bytes != 0 || a.v4.first != nil || a.v4.last != nil {
			t.Errorf("something is left: %+v", a.v4)
		}
	}
}

func TestReadsEnd(t *testing.T) {
	for _, tc := range []struct {
		name string
		end  func(*client)
		want error
	}{
		{"by Close of the handle", func(c *client) { c.v4.Close() }, net.ErrClosed},
		{"by Close of the view", func(c *client) { c.view.Close() }, net.ErrClosed},
		{"by a deadline that has passed", func(c *client) { c.v4.SetDeadline(time.Now()) }, os.ErrDeadlineExceeded},
		{"by a deadline", func(c *client) { c.v4.SetReadDeadline(time.Now().Add(time.Hour)) }, os.ErrDeadlineExceeded},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newWorld(t).join("a")
				done := make(chan error)
				go func() {
					_, _, err := a.v4.ReadFromAddrPort(make([]byte, 10))
					done <- err
				}()
				synctest.Wait()
				tc.end(a)
				if err := <-done; !errors.Is(err, tc.want) {
					t.Errorf("ended with %v, want %v", err, tc.want)
				}
			})
		})
	}
}

func TestDeadlinesAreReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newWorld(t).join("a")
		for _, d := range []time.Time{time.Now(), time.Now().Add(time.Minute), {}} {
			if err := a.v4.SetReadDeadline(d); err != nil {
				t.Fatal(err)
			}
		}
		time.AfterFunc(time.Hour, func() { a.v4.Deliver(hello, home) })
		if _, _, err := a.v4.ReadFromAddrPort(make([]byte, 100)); err != nil {
			t.Errorf("a deadline that was taken back ended a read: %v", err)
		}
	})
}

// As Pion does for two addresses of one family.
func TestHandlesOfOneUfragShareAConn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a := w.join("a")
		second := a.open("192.0.2.201")
		if second.Conn != a.v4.Conn {
			t.Fatal("the same ufrag has two conns")
		}
		done := make(chan error)
		go func() {
			_, _, err := a.v4.ReadFromAddrPort(make([]byte, 100))
			done <- err
		}()
		synctest.Wait()
		a.v4.Close()
		a.v4.Close()
		if err := <-done; !errors.Is(err, net.ErrClosed) {
			t.Errorf("the closed one ended with %v", err)
		}
		w.expect("a check", a.check(), home, "a")
		second.Deliver(hello, home)
		if _, _, err := second.ReadFromAddrPort(make([]byte, 100)); err != nil {
			t.Errorf("the other one: %v", err)
		}
		if _, err := a.v4.WriteToAddrPort(hello, home); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the closed one writes: %v", err)
		}
		if _, err := second.WriteTo(hello, net.UDPAddrFromAddrPort(home)); err != nil {
			t.Errorf("the other one writes: %v", err)
		}
		second.Close()
		w.expect("a check after the last was closed", a.check(), home, "")
		second.Deliver(hello, home)
		if got := w.mux.Stats().Late; got != 1 {
			t.Errorf("%d came late", got)
		}
		third := a.open("192.0.2.200")
		w.expect("a check after it was opened again", a.check(), home, "a")
		third.Close()
	})
}

func TestViewsRefuse(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("a"), w.join("b")
	if _, err := b.view.GetConn("a", w.mux.local); !errors.Is(err, ErrUfrag) {
		t.Errorf("another's ufrag: %v", err)
	}
	if err := b.view.Credentials("a", "x", "y"); !errors.Is(err, ErrUfrag) {
		t.Errorf("another's password: %v", err)
	}
	b.view.RemoveConnByUfrag("a")
	w.expect("a check", a.check(), home, "a")
	if _, err := a.view.GetConn("a", &net.TCPAddr{}); err == nil {
		t.Error("TCP was taken")
	}
	for i := range generationsMost {
		err := a.view.Credentials(string(rune('c'+i)), "x", "y")
		if (i == generationsMost-1) != errors.Is(err, ErrCrowded) {
			t.Errorf("ufrag %d: %v", i, err)
		}
	}
	a.view.Close()
	a.view.Close()
	if _, err := a.view.GetConn("a", w.mux.local); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := a.v6.WriteToAddrPort(hello, home6); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a write after Close: %v", err)
	}
	a.v4.Close()
	a.v6.Close()
	if len(w.mux.generations) != 1 || len(w.mux.holders) != 0 {
		t.Errorf("what left is still there: %v, %v", w.mux.generations, w.mux.holders)
	}
}
