package relay

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"

	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"

	"madang/sfu/lane"
)

var (
	errForbidden = errors.New("relay: only to this server's own media ports")
	errFull      = errors.New("relay: no more relays")
	errNoTCP     = errors.New("relay: UDP only")
)

// door is where clients come in: the UDP port, or one connection. TURN's server
// asks it for relays and permissions while it handles what it read last, on the
// goroutine that reads.
type door struct {
	net.PacketConn
	server *Server
	// began and ended are told of each relay; nil: nobody needs to know.
	began, ended func()
	// named tells whether all peers that the message at hand names are media ports.
	named bool
	// over is closed when nothing more can be read; nil: nobody waits for that.
	over     chan struct{}
	overOnce sync.Once
}

// ReadFrom reads a message, and who is named in it.
func (d *door) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := d.PacketConn.ReadFrom(b)
	if err == nil {
		d.named = d.server.ours(b[:n])
	} else if d.over != nil {
		d.overOnce.Do(func() { close(d.over) })
	}
	return n, from, err
}

// Of the types of STUN messages (RFC 8656 section 17).
const (
	createPermission = 0x0008
	channelBind      = 0x0009
)

// ours tells whether a request for permissions names media ports alone. TURN has
// permissions without ports, but clients name them; 0 stands for any.
func (s *Server) ours(message []byte) bool {
	if len(message) < 20 {
		return false
	}
	kind := binary.BigEndian.Uint16(message)
	if kind != createPermission && kind != channelBind {
		return false
	}
	m := &stun.Message{Raw: message}
	if m.Decode() != nil {
		return false
	}
	return m.ForEach(stun.AttrXORPeerAddress, func(m *stun.Message) error {
		var peer stun.XORMappedAddress
		if err := peer.GetFromAs(m, stun.AttrXORPeerAddress); err != nil {
			return err
		}
		at := addrPort(peer.IP, peer.Port)
		if _, ok := s.plane.Target(at); !ok && (at.Port() != 0 || kind == channelBind) {
			return errForbidden
		}
		return nil
	}) == nil
}

// permit decides about one peer of the message at hand.
func (d *door) permit(_ net.Addr, peer net.IP) bool {
	a, _ := netip.AddrFromSlice(peer)
	return d.named && slices.Contains(d.server.plane.TargetAddrs(), a)
}

// AllocatePacketConn makes a relay. It implements [turn.RelayAddressGenerator].
func (d *door) AllocatePacketConn(asked turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	if asked.UserID == "" { // to look for a pair of ports (EVEN-PORT), which there is not
		return nil, nil, errFull
	}
	a := d.server.ledger.open(asked.UserID)
	if a == nil {
		return nil, nil, errFull
	}
	w := &way{plane: d.server.plane, lane: d.server.lanes.Open(asked.Network == "udp6"), account: a}
	w.ended = func() {
		d.server.ledger.close(a)
		if d.ended != nil {
			d.ended()
		}
	}
	if d.began != nil {
		d.began()
	}
	return w, w.LocalAddr(), nil
}

// AllocateListener refuses: nothing here takes connections of peers (RFC 6062).
func (d *door) AllocateListener(turn.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errNoTCP
}

// AllocateConn refuses: the server dials nobody.
func (d *door) AllocateConn(turn.AllocateConnConfig) (net.Conn, error) { return nil, errNoTCP }

// Validate implements [turn.RelayAddressGenerator].
func (d *door) Validate() error { return nil }

// serve has pion/turn serve what comes in by a door, until that is closed.
func (s *Server) serve(d *door) (*turn.Server, error) {
	return turn.NewServer(turn.ServerConfig{
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: d, RelayAddressGenerator: d, PermissionHandler: d.permit}},
		LoggerFactory:     s.logs,
		Realm:             realm,
		AuthHandler:       s.authenticate,
		QuotaHandler:      func(user, _ string, _ net.Addr) bool { return s.ledger.mayOpen(user) },
		InboundMTU:        messageMost,
		// A client that asks for no family gets IPv4, if there is any, however it
		// came: browsers do not ask.
		StrictAddressFamily: slices.ContainsFunc(s.plane.TargetAddrs(), netip.Addr.Is4),
	})
}

// messageMost is the longest message, in bytes: a datagram with what TURN puts
// around it.
const messageMost = lane.MaxDatagram + 128
