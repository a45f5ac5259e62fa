package sfu

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/pion/ice/v4"

	"madang/sfu/udp"
)

// port is one worker's UDP port and Pion's demultiplexer on it.
type port struct {
	*ice.UDPMuxDefault
	conn *udp.Conn
	// Pion is told of one address per family, and clients of all. Pion starts a
	// reader per address, and readers of one port overtake each other: packets
	// would come out of order.
	known  []net.Addr
	others []netip.AddrPort
}

// openPort binds a UDP port for IPv4 and, where there is one, IPv6.
func openPort(ctx context.Context, number int, cfg ICEConfig, logs pionLogs) (*port, error) {
	addresses, err := offeredAddresses(cfg)
	if err != nil {
		return nil, err
	}
	conn, err := udp.Listen(ctx, "udp", fmt.Sprintf(":%d", number))
	if err != nil {
		conn, err = udp.Listen(ctx, "udp4", fmt.Sprintf(":%d", number))
	}
	if err != nil {
		return nil, fmt.Errorf("open the media port: %w", err)
	}
	p := &port{conn: conn}
	p.UDPMuxDefault = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: conn, Logger: logs.NewLogger("udpmux")})
	bound := conn.LocalAddr().(*net.UDPAddr)
	family := map[bool]bool{} // known to Pion, by whether it is IPv6
	for _, a := range addresses {
		if a.Is6() && bound.IP.To4() != nil {
			continue
		}
		if family[a.Is6()] {
			p.others = append(p.others, netip.AddrPortFrom(a, uint16(bound.Port)))
			continue
		}
		family[a.Is6()] = true
		p.known = append(p.known, &net.UDPAddr{IP: a.AsSlice(), Port: bound.Port})
	}
	return p, nil
}

// GetListenAddresses says what Pion is to know. The mux itself listens on all
// addresses.
func (p *port) GetListenAddresses() []net.Addr { return p.known }

// Close ends the demultiplexer and the port.
func (p *port) Close() error { return errors.Join(p.UDPMuxDefault.Close(), p.conn.Close()) }

// offeredAddresses are the public addresses if the configuration names any,
// else those of the interfaces that are up.
func offeredAddresses(cfg ICEConfig) ([]netip.Addr, error) {
	var found []netip.Addr
	for _, text := range cfg.PublicIPs {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("public address: %w", err)
		}
		found = append(found, a.Unmap())
	}
	if len(found) > 0 {
		return found, nil
	}
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list the interfaces: %w", err)
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || (len(cfg.Interfaces) > 0 && indexOf(i.Name, cfg.Interfaces...) < 0) {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			return nil, fmt.Errorf("list the addresses of %s: %w", i.Name, err)
		}
		for _, a := range addresses {
			prefix, err := netip.ParsePrefix(a.String())
			if err == nil && !prefix.Addr().IsLinkLocalUnicast() && !prefix.Addr().IsMulticast() {
				found = append(found, prefix.Addr().Unmap())
			}
		}
	}
	if len(found) == 0 {
		return nil, errors.New("no address to offer: no interface that the configuration allows is up")
	}
	return found, nil
}

func udpPort(a net.Addr) int { return a.(*net.UDPAddr).Port }
