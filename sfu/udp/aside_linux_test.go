package udp

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"
)

func TestFeedbackWaitsAside(t *testing.T) {
	for _, network := range []string{"udp", "udp4"} {
		port := with(t, Options{FeedbackAside: true}, network, ":0")
		if port.aside == nil {
			t.Skip("this system does not share ports")
		}
		client := open(t, "udp4", "127.0.0.1:0")
		feedback := [][]byte{
			{0x8f, 205, 0, 5, 0, 0, 0, 1}, // transport-wide
			{0xaf, 205, 0, 5, 0, 0, 0, 1}, // with padding
		}
		others := [][]byte{
			{0x81, 205, 0, 3, 0, 0, 0, 1}, // a NACK
			{0x8f, 206, 0, 5, 0, 0, 0, 1}, // REMB
			{0x80, 96, 0, 1, 0, 0, 0, 1},  // media
			{0x00, 0x01, 0, 0},            // STUN
			{0x8f},
			{},
		}
		for _, datagram := range append(feedback, others...) {
			if _, err := client.WriteToAddrPort(datagram, at(port, "127.0.0.1")); err != nil {
				t.Fatal(err)
			}
		}
		burst, got := NewBurst(), 0
		for got < len(others) {
			if err := port.Receive(burst, soon); err != nil {
				t.Fatal(network, err)
			}
			got += burst.Len()
		}
		begin := time.Now()
		if err := port.Receive(burst, 20*time.Millisecond); err != nil || time.Since(begin) < 20*time.Millisecond {
			t.Errorf("%s: feedback woke the reader: %v", network, err)
		}
		if err := port.PollFeedback(burst); err != nil || burst.Len() != len(feedback) {
			t.Errorf("%s: %d of feedback, %v", network, burst.Len(), err)
		}
		if s := port.Stats(); s.DatagramsIn != uint64(len(feedback)+len(others)) {
			t.Errorf("%s: counted %d", network, s.DatagramsIn)
		}
	}
}

func TestAPortOfAnotherServerIsNotShared(t *testing.T) {
	first := with(t, Options{FeedbackAside: true}, "udp4", "127.0.0.1:0")
	second, err := Options{FeedbackAside: true}.Listen(context.Background(), "udp4", first.LocalAddr().String())
	if err == nil {
		second.Close()
		t.Fatal("two servers have one port")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
	third := with(t, Options{FeedbackAside: true}, "udp4", first.LocalAddr().String())
	if third.LocalAddr().String() != first.LocalAddr().String() {
		t.Errorf("opened %v again, not %v", third.LocalAddr(), first.LocalAddr())
	}
}
