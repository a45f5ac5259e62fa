package main

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"

	"madang/configs"
	"madang/sfu"
	"madang/sfu/publicip"
)

// door tells who reaches the page.
func (d *doctor) door(config configs.Config) {
	if loopback(config.Server.Listen) {
		d.note("It is for this machine only. For others too: server.listen \":8080\", or \":443\" with a certificate.")
	}
}

// addresses tells what clients are told of.
func (d *doctor) addresses(config sfu.ICEConfig) {
	offered, err := config.Offered()
	if err != nil {
		d.ill("%s.", capitalised(err.Error()))
		return
	}
	var words []string
	for _, a := range offered {
		words = append(words, a.String()+" ("+kindOfAddress(a)+")")
	}
	d.well("Clients are told of %s.", strings.Join(words, ", "))
	if slices.ContainsFunc(offered, isPublic) || config.STUNServer != "" {
		return
	}
	d.note("None of these can be reached from the Internet. If this host is behind a NAT, say by which address it is\n" +
		"seen (ice.public_ips), or have that found (ice.stun_server), and forward the ports below to this host.")
}

// outside tells what a client outside would see.
func (d *doctor) outside(ctx context.Context, config sfu.ICEConfig) {
	if config.STUNServer == "" {
		if len(config.PublicIPs) == 0 {
			d.note("Nobody was asked what this host looks like from outside: ice.stun_server names who is.")
		}
		return
	}
	seen, err := publicip.Find(ctx, config.STUNServer)
	if err != nil {
		d.ill("%s. UDP may be blocked on the way out.", capitalised(err.Error()))
		return
	}
	if offered, _ := config.Offered(); slices.Contains(offered, seen) {
		d.well("From outside this host is seen as %s, which is its own address: no NAT.", seen)
		return
	}
	d.well("From outside this host is seen as %s: there is a NAT, which must forward the ports below to this host\n"+
		"under the same numbers.", seen)
}

// isPublic tells whether an address may be reached from the Internet.
func isPublic(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

// shared is what providers have between their NAT and their customers (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func kindOfAddress(a netip.Addr) string {
	switch {
	case a.IsLoopback():
		return "this machine only"
	case isPublic(a):
		return "the Internet"
	case shared.Contains(a):
		return "behind the provider's NAT"
	}
	return "this network only"
}

// hostOfURL is the name in a URL that was validated; empty for none.
func hostOfURL(url string) string {
	_, host, _ := strings.Cut(url, "://")
	host = strings.TrimSuffix(host, "/")
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}
