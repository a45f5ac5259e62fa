package udp

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
)

func TestCorkedWritesGoOutTogether(t *testing.T) {
	a, b, c := open(t, "udp", ":0"), open(t, "udp", ":0"), open(t, "udp", ":0")
	a.Cork()
	var want []string
	for i := range 30 {
		text := fmt.Sprintf("datagram %02d", i)
		want = append(want, text)
		for _, to := range []*Conn{b, c} {
			if n, err := a.WriteToAddrPort([]byte(text), at(to, "127.0.0.1")); n != len(text) || err != nil {
				t.Fatalf("%d, %v", n, err)
			}
		}
	}
	if s := a.Stats(); s.SendCalls != 0 {
		t.Errorf("%d system calls while corked", s.SendCalls)
	}
	a.Uncork()
	if s := a.Stats(); s.DatagramsOut != 60 || s.Segmentation && s.SendCalls != 1 {
		t.Errorf("counted %+v, want 60 sent by one call", s)
	}
	for _, to := range []*Conn{b, c} {
		if got := receiveAll(t, to, NewBurst(), 30)[at(a, "127.0.0.1")]; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	}
	if _, err := a.WriteToAddrPort([]byte("at once"), at(b, "127.0.0.1")); err != nil || a.Stats().DatagramsOut != 61 {
		t.Errorf("a write after Uncork waits (%v)", err)
	}
}

func TestManyMayWriteWhileOneCorks(t *testing.T) {
	a, b := open(t, "udp", ":0"), open(t, "udp", ":0")
	const writers, each = 4, 100
	var done sync.WaitGroup
	for range writers {
		done.Go(func() {
			for range each {
				a.WriteToAddrPort([]byte("hello"), at(b, "127.0.0.1"))
			}
		})
	}
	// Another batch of the port goes its own way.
	batch, to := a.NewBatch(), NewRemote(at(b, "127.0.0.1"))
	for range each {
		a.Cork()
		add(batch, to, []byte("hello"))
		batch.Flush()
		a.Uncork()
	}
	done.Wait()
	receiveAll(t, b, NewBurst(), (writers+1)*each)
}

func TestWriterForgetsOldRemotes(t *testing.T) {
	c := open(t, "udp4", "127.0.0.1:0")
	c.Cork()
	for port := range uint16(maxKnown + 1) {
		if r := c.writer.remote(netip.AddrPortFrom(netip.IPv4Unspecified(), port)); r != c.writer.remote(r.AddrPort()) {
			t.Fatal("an address has two remotes")
		}
	}
	if n := len(c.writer.known); n != 1 {
		t.Errorf("%d remotes are remembered, want the last", n)
	}
}

func TestWriteRefusesWhatNoDatagramCarries(t *testing.T) {
	c := open(t, "udp4", "127.0.0.1:0")
	if _, err := c.WriteToAddrPort(make([]byte, maxPayload+1), at(c, "127.0.0.1")); err == nil {
		t.Error("a datagram of more than 65,507 bytes was taken")
	}
}
