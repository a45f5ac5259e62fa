package sfu

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"madang/sfu/demux"
	"madang/sfu/lane"
	"madang/sfu/publicip"
	"madang/sfu/udp"
)

// port is one worker's UDP port and the demultiplexer on it.
type port struct {
	conn   *udp.Conn
	lanes  *lane.Table
	demux  *demux.Mux[*endpoint]
	others []netip.AddrPort // addresses that clients are told of and Pion is not
}

// openPort binds a UDP port for IPv4 and, where there is one, IPv6, to be offered
// at these addresses.
func openPort(ctx context.Context, number int, addresses []netip.Addr, lanes *lane.Table) (*port, error) {
	options := udp.Options{FeedbackAside: true}
	conn, err := options.Listen(ctx, "udp", fmt.Sprintf(":%d", number))
	if err != nil {
		conn, err = options.Listen(ctx, "udp4", fmt.Sprintf(":%d", number))
	}
	if err != nil {
		return nil, fmt.Errorf("open the media port: %w", err)
	}
	p := &port{conn: conn, lanes: lanes}
	bound := conn.LocalAddr().(*net.UDPAddr)
	// Pion is told of one address per family: it starts a reader for each, and on
	// the portable path readers of one port overtake each other, so that packets
	// come out of order.
	var known []net.Addr
	family := map[bool]bool{} // by whether it is IPv6
	for _, a := range addresses {
		if a.Is6() && bound.IP.To4() != nil {
			continue
		}
		if family[a.Is6()] {
			p.others = append(p.others, netip.AddrPortFrom(a, uint16(bound.Port)))
			continue
		}
		family[a.Is6()] = true
		known = append(known, &net.UDPAddr{IP: a.AsSlice(), Port: bound.Port})
	}
	p.demux = demux.New[*endpoint](p.write, bound, known)
	return p, nil
}

// write sends a datagram of Pion's or of the demultiplexer's by the port, or by the
// lane that the address is of. What is for a lane that is full or gone is lost.
func (p *port) write(b []byte, to netip.AddrPort) (int, error) {
	if !lane.Is(to) {
		return p.conn.WriteToAddrPort(b, to)
	}
	if l := p.lanes.Find(to); l != nil {
		l.Send(b)
	}
	return len(b), nil
}

// Close closes the port; the worker on it must have stopped.
func (p *port) Close() error { return p.conn.Close() }

// Offered are the addresses of this host that clients are told of, beside the one
// that a STUN server may find.
func (c ICEConfig) Offered() ([]netip.Addr, error) { return offeredAddresses(c) }

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

// findPublicIP asks for the address that clients outside see, if that is wanted.
// Without an answer the server works for those who reach it otherwise.
func (s *SFU) findPublicIP() {
	server := s.cfg.ICE.STUNServer
	if server == "" {
		return
	}
	found, err := publicip.Find(context.Background(), server)
	switch {
	case err != nil:
		s.log.Warn("clients outside may not reach this server: its public address was not found", "why", err)
	case slices.Contains(s.addresses, found):
	default:
		s.log.Info("public address found", "address", found)
		s.addresses = append(s.addresses, found)
	}
}

func udpPort(a net.Addr) int { return a.(*net.UDPAddr).Port }
