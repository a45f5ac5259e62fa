package sfu

import (
	"fmt"
	"net"
	"net/netip"

	"madang/sfu/demux"
	"madang/sfu/icetcp"
	"madang/sfu/lane"
	"madang/sfu/relay"
	"madang/sfu/tcp"
)

// openTCP opens the TCP port of all workers, if there is to be one.
func (s *SFU) openTCP() error {
	port, on := s.cfg.ICE.ListenTCP()
	if !on {
		return nil
	}
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return fmt.Errorf("open the media port for TCP: %w", err)
	}
	s.tcp = icetcp.Serve(tcp.NewListener(listener, tcp.DefaultLimits()), (*tcpHost)(s))
	return nil
}

// closeStreams ends all that comes by TCP.
func (s *SFU) closeStreams() {
	if s.relay != nil {
		if err := s.relay.Close(); err != nil {
			s.log.Debug("closing the relay", "error", err)
		}
	}
	if s.tcp != nil {
		if err := s.tcp.Close(); err != nil {
			s.log.Debug("closing the media port for TCP", "error", err)
		}
	}
}

// TCPPort is the port of ICE over TCP, 0 for none.
func (s *SFU) TCPPort() int {
	if s.tcp == nil {
		return 0
	}
	return s.tcp.Addr().Port
}

// overTCP is where clients may connect to.
func (s *SFU) overTCP() (all []netip.AddrPort) {
	if s.tcp == nil {
		return nil
	}
	at := s.tcp.Addr()
	for _, a := range s.addresses {
		if a.Is4() || at.IP.To4() == nil {
			all = append(all, netip.AddrPortFrom(a, uint16(at.Port)))
		}
	}
	return all
}

// tcpHost brings connections to the worker whose peer they are for.
type tcpHost SFU

// Admit implements [icetcp.Host].
func (h *tcpHost) Admit(first []byte, from netip.Addr) *lane.Lane {
	ufrag, ok := demux.Ufrag(first)
	if !ok {
		return nil
	}
	for i, p := range h.ports {
		if p.demux.Has(ufrag) {
			l := h.lanes.Open(from.Is6())
			l.Bind(h.workers[i].inbox.arrived)
			return l
		}
	}
	return nil
}

// Other implements [icetcp.Host]: the port takes the relay's clients too.
func (h *tcpHost) Other(beginning []byte) func(*tcp.Conn) {
	if h.relay == nil || !relay.Is(beginning) {
		return nil
	}
	return h.relay.Visit
}

// Keeps implements [icetcp.Host].
func (h *tcpHost) Keeps(l *lane.Lane) bool {
	for _, p := range h.ports {
		if p.demux.Holds(l.Addr()) {
			return true
		}
	}
	return false
}
