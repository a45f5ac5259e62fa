package signaling

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func forwarded(remote string, header http.Header) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://house/ws", nil)
	r.RemoteAddr, r.Header = remote, header
	return r
}

func TestOnlyTrustedProxiesSayWhoCalls(t *testing.T) {
	cfg := ServerConfig{TrustedProxies: []string{"10.0.0.0/8", "192.0.2.1", "2001:db8::/32"}}
	for _, tt := range []struct {
		name, remote string
		said         []string
		want         string
	}{
		{"nobody between", "198.51.100.7:5000", nil, "198.51.100.7/32"},
		{"a client that lies", "198.51.100.7:5000", []string{"203.0.113.9"}, "198.51.100.7/32"},
		{"a proxy", "10.1.2.3:5000", []string{"203.0.113.9"}, "203.0.113.9/32"},
		{"a proxy by its address", "192.0.2.1:5000", []string{"203.0.113.9"}, "203.0.113.9/32"},
		{"the address beside it", "192.0.2.2:5000", []string{"203.0.113.9"}, "192.0.2.2/32"},
		{"a client that lies to a proxy", "10.1.2.3:5000", []string{"127.0.0.1, 203.0.113.9"}, "203.0.113.9/32"},
		{"in headers of their own", "10.1.2.3:5000", []string{"127.0.0.1", "203.0.113.9"}, "203.0.113.9/32"},
		{"proxies in a row", "10.1.2.3:5000", []string{"203.0.113.9, 10.9.9.9,192.0.2.1"}, "203.0.113.9/32"},
		{"proxies alone", "10.1.2.3:5000", []string{"10.9.9.9"}, "10.9.9.9/32"},
		{"a proxy that says nothing", "10.1.2.3:5000", nil, "10.1.2.3/32"},
		{"a proxy that says nonsense", "10.1.2.3:5000", []string{"203.0.113.9, unknown"}, "10.1.2.3/32"},
		{"with a port", "10.1.2.3:5000", []string{"203.0.113.9:4711"}, "203.0.113.9/32"},
		{"IPv6", "[2001:db8::5]:5000", []string{"[2001:4860:1:2:3:4:5:6]:443"}, "2001:4860:1:2::/64"},
		{"IPv4 as IPv6", "[::ffff:10.1.2.3]:5000", []string{"::ffff:203.0.113.9"}, "203.0.113.9/32"},
	} {
		if got := callerOf(forwarded(tt.remote, http.Header{"X-Forwarded-For": tt.said}), cfg).String(); got != tt.want {
			t.Errorf("%s: %s calls, want %s", tt.name, got, tt.want)
		}
	}
}

func TestOnlyTrustedProxiesSayThatItIsHTTPS(t *testing.T) {
	cfg := ServerConfig{TrustedProxies: []string{"10.0.0.0/8"}}
	for _, tt := range []struct {
		remote, said string
		want         bool
	}{{"10.1.2.3:5", "https", true}, {"10.1.2.3:5", "http", false}, {"10.1.2.3:5", "", false}, {"198.51.100.7:5", "https", false}} {
		r := forwarded(tt.remote, http.Header{"X-Forwarded-Proto": {tt.said}, "Origin": {"http://house"}})
		if got := encrypted(r, cfg); got != tt.want {
			t.Errorf("%s says %q: %t", tt.remote, tt.said, got)
		}
		if originAllowed(r, cfg) == tt.want {
			t.Errorf("%s says %q: whether the plain page of this host may come is %t", tt.remote, tt.said, !tt.want)
		}
	}
}

// Whatever is said, the caller is nobody whom a client can choose: the connection's
// own address, or the last that a trusted proxy wrote.
func FuzzCallerOf(f *testing.F) {
	f.Add("198.51.100.7:1", "203.0.113.9")
	f.Add("10.0.0.1:1", "1.2.3.4, 10.0.0.2")
	f.Add("10.0.0.1:1", ",,[::1%eth0]:x")
	cfg := ServerConfig{TrustedProxies: []string{"10.0.0.0/8"}}
	f.Fuzz(func(t *testing.T, remote, said string) {
		got := callerOf(forwarded(remote, http.Header{"X-Forwarded-For": {said}}), cfg)
		own := addressIn(remote)
		if !cfg.trusts(own) && got != household(own) {
			t.Fatalf("%s became %s by saying %q", remote, got, said)
		}
		last := said[strings.LastIndexByte(said, ',')+1:]
		if next := addressIn(strings.TrimSpace(last)); cfg.trusts(own) && next.IsValid() && !cfg.trusts(next) && got != household(next) {
			t.Fatalf("%s was taken for %s though a proxy said %q", remote, got, said)
		}
		if got.IsValid() && got != netip.PrefixFrom(got.Addr(), got.Bits()).Masked() {
			t.Fatalf("%s is no network", got)
		}
	})
}
