package publicip

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/stun/v4"
)

// answerWith is a STUN server that hears a few requests before it answers.
func answerWith(t *testing.T, deaf int, answer func(request *stun.Message) []byte) string {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { conn.Close(); <-done })
	go func() {
		defer close(done)
		b := make([]byte, 1500)
		for heard := 0; ; heard++ {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			m := &stun.Message{Raw: b[:n]}
			if heard < deaf || m.Decode() != nil {
				continue
			}
			_, _ = conn.WriteTo([]byte("something else"), from)
			_, _ = conn.WriteTo(answer(m), from)
		}
	}()
	return conn.LocalAddr().String()
}

func success(ip string) func(*stun.Message) []byte {
	return func(m *stun.Message) []byte {
		return stun.MustBuild(stun.NewTransactionIDSetter(m.TransactionID), stun.BindingSuccess,
			&stun.XORMappedAddress{IP: net.ParseIP(ip), Port: 5}).Raw
	}
}

func TestPublicAddressIsFound(t *testing.T) {
	found, err := Find(t.Context(), answerWith(t, 1, success("203.0.113.7")))
	if err != nil || found != netip.MustParseAddr("203.0.113.7") {
		t.Errorf("%v, %v", found, err)
	}
}

func TestWhatIsNoAnswerIsNotBelieved(t *testing.T) {
	for name, answer := range map[string]func(*stun.Message) []byte{
		"nothing":             func(*stun.Message) []byte { return nil },
		"nobody's address":    success("0.0.0.0"),
		"everybody's address": success("224.0.0.1"),
		"an address of IPv6":  success("2001:db8::1"),
		"another's answer":    func(*stun.Message) []byte { return success("203.0.113.7")(stun.MustBuild(stun.TransactionID)) },
		"no address in it": func(m *stun.Message) []byte {
			return stun.MustBuild(stun.NewTransactionIDSetter(m.TransactionID), stun.BindingSuccess).Raw
		},
		"a request as our own": func(m *stun.Message) []byte { return m.Raw },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if found, err := Find(ctx, answerWith(t, 0, answer)); err == nil {
				t.Errorf("%v", found)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	request := stun.MustBuild(stun.TransactionID, stun.BindingRequest)
	f.Add(success("203.0.113.7")(request))
	f.Add(success("2001:db8::1")(request))
	f.Add([]byte{1, 1, 0, 0})
	f.Fuzz(func(t *testing.T, answer []byte) {
		if a, err := read(answer, request.TransactionID); err == nil && !a.Is4() {
			t.Errorf("%v", a)
		}
	})
}
