package lane

import (
	"bytes"
	"net/netip"
	"testing"
)

func TestLanesHaveAddressesThatNobodyHas(t *testing.T) {
	table := NewTable()
	for i := range 2000 {
		l := table.Open(i%2 == 1)
		at := l.Addr()
		if !Is(at) || at.Addr().Is6() != (i%2 == 1) || at.Port() < 1024 || table.Find(at) != l {
			t.Fatalf("%v", at)
		}
	}
	if table.Len() != 2000 {
		t.Errorf("%d lanes", table.Len())
	}
	for _, text := range []string{
		"127.0.0.1:1", "10.0.0.1:1", "192.0.2.1:1", "239.255.255.255:1", "255.255.255.255:1",
		"[::1]:1", "[fe80::1]:1", "[2001:db8::1]:1", "[100:0:0:1::1]:1", "[101::1]:1",
	} {
		if Is(netip.MustParseAddrPort(text)) {
			t.Errorf("%s is taken for a lane", text)
		}
	}
}

func TestLaneKeepsOrderAndDropsWhatIsTooMuch(t *testing.T) {
	l := NewTable().Open(false)
	if l.Arrive([]byte("early")) {
		t.Error("a lane of nobody took something")
	}
	told := 0
	if !l.Bind(func(*Lane) { told++ }) || l.Bind(func(*Lane) { t.Error("the second was told") }) {
		t.Error("not the first binding holds")
	}
	if l.Arrive(make([]byte, MaxDatagram+1)) || l.Send(make([]byte, MaxDatagram+1)) {
		t.Error("a datagram too long was taken")
	}
	taken := 0
	for l.Arrive([]byte{byte(taken), 1, 2}) {
		taken++
	}
	if taken != told || taken != upBytes/5 {
		t.Errorf("%d taken, %d told", taken, told)
	}
	framed := l.Take(nil)
	for i := range taken {
		datagram, rest, ok := Cut(framed)
		if !ok || !bytes.Equal(datagram, []byte{byte(i), 1, 2}) {
			t.Fatalf("the one at %d is %v", i, datagram)
		}
		framed = rest
	}
	if len(framed) > 0 || len(l.Take(nil)) > 0 {
		t.Error("there is more")
	}
}

func TestClosedLaneEndsWhoWaits(t *testing.T) {
	table := NewTable()
	l := table.Open(true)
	l.Bind(func(*Lane) {})
	ended := make(chan bool)
	go func() { _, open := l.Next(nil); ended <- open }()
	l.Close()
	l.Close()
	if <-ended {
		t.Error("it is said to be open")
	}
	if l.Send([]byte("x")) || l.Arrive([]byte("x")) || table.Find(l.Addr()) != nil || table.Len() != 0 {
		t.Error("it takes something still")
	}
}
