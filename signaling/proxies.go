package signaling

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// trusts tells whether what an address says of others' requests is believed.
func (c ServerConfig) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(c.TrustedProxies, func(text string) bool {
		prefix, err := proxies(text)
		return err == nil && prefix.Contains(a)
	})
}

// proxies reads a network, or one address of it.
func proxies(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return a.Prefix(a.BitLen())
	}
	prefix, err := netip.ParsePrefix(text)
	return prefix.Masked(), err
}

// callerOf is the address that a request comes from: that of its connection, or, if
// a trusted proxy brings it, the last one in X-Forwarded-For that is none. Everything
// before that may have been made up by the client.
func callerOf(r *http.Request, cfg ServerConfig) netip.Prefix {
	at := addressIn(r.RemoteAddr)
	if !cfg.trusts(at) {
		return household(at)
	}
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, text := range slices.Backward(said) {
		next := addressIn(strings.TrimSpace(text))
		if !next.IsValid() {
			break
		}
		if at = next; !cfg.trusts(at) {
			break
		}
	}
	return household(at)
}

// encrypted tells whether a request came by HTTPS: here, or to a trusted proxy.
func encrypted(r *http.Request, cfg ServerConfig) bool {
	if r.TLS != nil {
		return true
	}
	return r.Header.Get("X-Forwarded-Proto") == "https" && cfg.trusts(addressIn(r.RemoteAddr))
}

// addressIn is the address in a text, with a port or without; not valid: there is
// none.
func addressIn(text string) netip.Addr {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	a, _ := netip.ParseAddr(strings.Trim(text, "[]")) // or the zero address
	return a.Unmap().WithZone("")
}

// household is who is counted as one: an IPv4 address, or an IPv6 /64, which is what
// one household or host has. Who has no address is not told apart from others, and is
// bounded with all of them.
func household(a netip.Addr) netip.Prefix {
	bits := 64
	if a.Is4() {
		bits = 32
	}
	prefix, _ := a.Prefix(bits) // the bits fit; an address that is none has none
	return prefix
}
