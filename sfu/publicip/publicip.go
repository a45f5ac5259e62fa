// Package publicip asks a STUN server (RFC 8489) which address this host has on
// the outside of its NAT.
package publicip

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/pion/stun/v4"
)

// waits is how long each try waits for its answer.
var waits = [...]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}

// Find asks a server, given as host:port, by IPv4: an address of IPv6 is the same
// outside. It takes as long as three tries at most.
func Find(ctx context.Context, server string) (netip.Addr, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "udp4", server)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("ask %s for the public address: %w", server, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	request, err := stun.Build(stun.TransactionID, stun.BindingRequest)
	if err != nil {
		return netip.Addr{}, err
	}
	for _, wait := range waits {
		if found, err := ask(conn, request, time.Now().Add(wait)); err == nil {
			return found, nil
		}
	}
	return netip.Addr{}, fmt.Errorf("ask %s for the public address: no answer", server)
}

// ask sends a request and waits for its answer, and for nothing else that comes.
func ask(conn net.Conn, request *stun.Message, until time.Time) (netip.Addr, error) {
	if _, err := conn.Write(request.Raw); err != nil {
		return netip.Addr{}, err
	}
	if err := conn.SetReadDeadline(until); err != nil {
		return netip.Addr{}, err
	}
	for b := make([]byte, 1500); ; {
		n, err := conn.Read(b)
		if err != nil {
			return netip.Addr{}, err
		}
		if found, err := read(b[:n], request.TransactionID); err == nil {
			return found, nil
		}
	}
}

var errNoAnswer = errors.New("publicip: not the answer")

// read takes the address out of an answer to a request.
func read(answer []byte, number [stun.TransactionIDSize]byte) (netip.Addr, error) {
	m := &stun.Message{Raw: answer}
	if err := m.Decode(); err != nil {
		return netip.Addr{}, err
	}
	if m.Type != stun.BindingSuccess || !bytes.Equal(m.TransactionID[:], number[:]) {
		return netip.Addr{}, errNoAnswer
	}
	var mapped stun.XORMappedAddress
	if err := mapped.GetFrom(m); err != nil {
		return netip.Addr{}, err
	}
	a, ok := netip.AddrFromSlice(mapped.IP)
	if a = a.Unmap(); !ok || !a.Is4() || a.IsUnspecified() || a.IsMulticast() {
		return netip.Addr{}, errNoAnswer
	}
	return a, nil
}
