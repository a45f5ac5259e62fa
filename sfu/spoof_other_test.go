//go:build !linux

package sfu

import (
	"net/netip"
	"testing"
)

// spoofer is nil: there is none.
func spoofer(*testing.T) func(datagram []byte, from, to netip.AddrPort) { return nil }
