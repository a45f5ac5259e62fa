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
		d.note(d.say.ThisMachineOnly)
	}
}

// addresses tells what clients are told of.
func (d *doctor) addresses(config sfu.ICEConfig) {
	offered, err := config.Offered()
	if err != nil {
		d.ill(capitalised(err.Error()) + ".")
		return
	}
	var all []string
	for _, a := range offered {
		all = append(all, a.String()+" ("+d.kindOfAddress(a)+")")
	}
	d.well(d.say.Told.with(strings.Join(all, ", ")))
	if slices.ContainsFunc(offered, isPublic) || config.STUNServer != "" {
		return
	}
	d.note(d.say.NotPublic)
}

// outside tells what a client outside would see.
func (d *doctor) outside(ctx context.Context, config sfu.ICEConfig) {
	if config.STUNServer == "" {
		if len(config.PublicIPs) == 0 {
			d.note(d.say.NobodyAsked)
		}
		return
	}
	seen, err := publicip.Find(ctx, config.STUNServer)
	if err != nil {
		d.ill(d.say.NotFound.with(capitalised(err.Error())))
		return
	}
	if offered, _ := config.Offered(); slices.Contains(offered, seen) {
		d.well(d.say.SeenAsItself.with(seen))
		return
	}
	d.well(d.say.SeenThroughNAT.with(seen))
}

// isPublic tells whether an address may be reached from the Internet.
func isPublic(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

// shared is what providers have between their NAT and their customers (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func (d *doctor) kindOfAddress(a netip.Addr) string {
	switch {
	case a.IsLoopback():
		return d.say.ThisMachine
	case isPublic(a):
		return d.say.Internet
	case shared.Contains(a):
		return d.say.ProviderNAT
	}
	return d.say.ThisNetwork
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
