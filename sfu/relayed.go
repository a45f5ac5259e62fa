package sfu

import (
	"crypto/tls"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"madang/sfu/lane"
	"madang/sfu/relay"
)

// openRelay opens the relay, if there is to be one.
func (s *SFU) openRelay() (err error) {
	if s.cfg.TURN.Relay != relay.On {
		return nil
	}
	s.targets = relayTargets(s.addresses)
	s.relay, err = relay.New(s.cfg.TURN, (*relayed)(s), s.lanes, s.pionLogs)
	return err
}

// relayTargets are the addresses by which relayed clients know the media ports: the
// first of each family, so that it is clear where what they get comes from. None is
// of loopback, which a relay is not to be asked for.
func relayTargets(addresses []netip.Addr) (targets []netip.Addr) {
	family := map[bool]bool{} // by whether it is IPv6
	for _, a := range addresses {
		if !a.IsLoopback() && !family[a.Is6()] {
			family[a.Is6()] = true
			targets = append(targets, a)
		}
	}
	return targets
}

// relayed is the media plane as the relay sees it.
type relayed SFU

// Target implements [relay.Plane].
func (r *relayed) Target(peer netip.AddrPort) (arrived func(*lane.Lane), ok bool) {
	for i, p := range r.ports {
		if udpPort(p.conn.LocalAddr()) == int(peer.Port()) && slices.Contains(r.targets, peer.Addr()) {
			return r.workers[i].inbox.arrived, true
		}
	}
	return nil, false
}

// TargetAddrs implements [relay.Plane].
func (r *relayed) TargetAddrs() []netip.Addr { return r.targets }

// UseTLS has the relay take clients by TLS too, with such certificates.
func (s *SFU) UseTLS(cfg *tls.Config) {
	if s.relay != nil {
		s.relay.UseTLS(cfg)
	}
}

// ICEServer is an RTCIceServer of WebRTC.
type ICEServer struct {
	URLs                 []string
	Username, Credential string
}

// ICEServers are the ways to the relay for a client who reaches this server as
// host, with credentials for a session that is called user.
func (s *SFU) ICEServers(user, host string) []ICEServer {
	if s.relay == nil || len(s.targets) == 0 {
		return nil
	}
	cfg := s.cfg.TURN
	if cfg.Host != "" {
		host = cfg.Host
	}
	var urls []string
	add := func(scheme, transport string, port int) {
		if port > 0 {
			urls = append(urls, scheme+":"+net.JoinHostPort(host, strconv.Itoa(port))+"?transport="+transport)
		}
	}
	add("turn", "udp", cfg.UDPPort)
	add("turn", "tcp", cfg.TCPPort)
	if s.relay.TLS() {
		port := cfg.TLSPort
		if port == 0 {
			port = s.TCPPort()
		}
		add("turns", "tcp", port)
	}
	if host == "" || len(urls) == 0 {
		return nil
	}
	c := s.relay.Grant(user, time.Now())
	return []ICEServer{{URLs: urls, Username: c.Username, Credential: c.Password}}
}
