// Package client is a synthetic member for measuring: it completes ICE and DTLS
// as a browser does, and then leaves out all that a browser does for itself. It
// reads and counts datagrams without opening them, and says what a browser would
// say: transport-wide feedback, receiver reports, NACKs. Hundreds fit on a core.
package client

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/ice/v4"
	"github.com/pion/logging"
	"github.com/pion/srtp/v3"
)

// receiveBuffer is of a client's socket, in bytes: some 100 ms of all that comes.
const receiveBuffer = 1 << 20

// Options are what all clients of a run share.
type Options struct {
	// Feedback: transport-wide numbers are offered, and told of.
	Feedback bool
	// Suites are the SRTP protection profiles in the order of preference.
	Suites []dtls.SRTPProtectionProfile
	// Certificate that all use: making one costs more than the rest of a join.
	Certificate tls.Certificate
}

// NewCertificate makes one for Options.
func NewCertificate() (tls.Certificate, error) { return selfsign.GenerateSelfSigned() }

// Client is one member. Its methods are safe for any goroutine.
type Client struct {
	options Options
	lines   []Line

	socket *net.UDPConn
	mux    *ice.UDPMuxDefault
	agent  *ice.Agent
	conn   *dtls.Conn
	server netip.AddrPort
	suite  dtls.SRTPProtectionProfile
	chat   chat

	received receiver

	mu        sync.Mutex // of what follows
	out       *srtp.Context
	transport uint16 // transport-wide number of the next packet
	scratch   []byte
}

// Exchange hands the server an offer and returns its answer.
type Exchange func(offer string) (answer string, err error)

// Join connects a client with those lines.
func Join(ctx context.Context, lines []Line, exchange Exchange, options Options) (*Client, error) {
	c := &Client{options: options, lines: lines}
	c.received.init()
	if err := c.join(ctx, exchange); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Client) join(ctx context.Context, exchange Exchange) error {
	if err := c.open(); err != nil {
		return err
	}
	candidates, err := c.gather(ctx)
	if err != nil {
		return err
	}
	ufrag, password, err := c.agent.GetLocalUserCredentials()
	if err != nil {
		return err
	}
	sdp, err := exchange(c.offer(ufrag, password, fingerprint(c.options.Certificate), candidates))
	if err != nil {
		return err
	}
	answer := readAnswer(sdp)
	for _, text := range answer.candidates {
		candidate, err := ice.UnmarshalCandidate(text)
		if err != nil {
			return fmt.Errorf("read a candidate: %w", err)
		}
		if err := c.agent.AddRemoteCandidate(candidate); err != nil {
			return err
		}
		c.server = netip.AddrPortFrom(netip.MustParseAddr(candidate.Address()), uint16(candidate.Port()))
	}
	if !c.server.IsValid() {
		return errors.New("the answer has no candidate on 127.0.0.1")
	}
	return c.connect(ctx, answer)
}

// open makes the socket, and the ICE agent on it.
func (c *Client) open() (err error) {
	c.socket, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	if err := c.socket.SetReadBuffer(receiveBuffer); err != nil {
		return err
	}
	c.mux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: &tap{c.socket, c.receive}, Logger: quiet().NewLogger("mux")})
	c.agent, err = ice.NewAgentWithOptions(ice.WithUDPMux(c.mux), ice.WithNetworkTypes([]ice.NetworkType{ice.NetworkTypeUDP4}),
		ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}), ice.WithIncludeLoopback(),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled), ice.WithLoggerFactory(quiet()))
	return err
}

// gather returns the client's own candidates.
func (c *Client) gather(ctx context.Context) (found []string, err error) {
	done := make(chan struct{})
	err = c.agent.OnCandidate(func(candidate ice.Candidate) {
		if candidate == nil {
			close(done)
			return
		}
		found = append(found, candidate.Marshal())
	})
	if err != nil {
		return nil, err
	}
	if err := c.agent.GatherCandidates(); err != nil {
		return nil, err
	}
	select {
	case <-done:
		return found, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// connect does ICE and DTLS and takes the keys of SRTP.
func (c *Client) connect(ctx context.Context, a answer) error {
	path, err := c.agent.Dial(ctx, a.ufrag, a.password)
	if err != nil {
		return fmt.Errorf("ICE: %w", err)
	}
	if c.conn, err = c.secure(path, a.active); err != nil {
		return fmt.Errorf("DTLS: %w", err)
	}
	if err := c.conn.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("DTLS: %w", err)
	}
	if err := c.takeKeys(!a.active); err != nil {
		return err
	}
	return c.chat.open(c.conn)
}

// secure sets DTLS up, as the one who is waited for if the server begins it.
func (c *Client) secure(path net.Conn, active bool) (*dtls.Conn, error) {
	options := []dtls.Option{
		dtls.WithCertificates(c.options.Certificate), dtls.WithSRTPProtectionProfiles(c.options.Suites...),
		dtls.WithInsecureSkipVerify(true), dtls.WithLoggerFactory(quiet()),
	}
	if active {
		as := []dtls.ServerOption{dtls.WithClientAuth(dtls.RequireAnyClientCert)}
		for _, o := range options {
			as = append(as, o)
		}
		return dtls.ServerWithOptions(datagrams{path}, path.RemoteAddr(), as...)
	}
	var as []dtls.ClientOption
	for _, o := range options {
		as = append(as, o)
	}
	return dtls.ClientWithOptions(datagrams{path}, path.RemoteAddr(), as...)
}

// takeKeys makes the contexts that open and seal (RFC 5764 section 4.2).
func (c *Client) takeKeys(asClient bool) error {
	state, ok := c.conn.ConnectionState()
	suite, known := c.conn.SelectedSRTPProtectionProfile()
	if !ok || !known {
		return errors.New("no SRTP profile was agreed on")
	}
	c.suite = suite
	keys := srtp.Config{Profile: srtp.ProtectionProfile(suite)}
	if err := keys.ExtractSessionKeysFromDTLS(&state, asClient); err != nil {
		return fmt.Errorf("take the SRTP keys: %w", err)
	}
	in, err := srtp.CreateContext(keys.Keys.RemoteMasterKey, keys.Keys.RemoteMasterSalt, keys.Profile)
	if err != nil {
		return err
	}
	out, err := srtp.CreateContext(keys.Keys.LocalMasterKey, keys.Keys.LocalMasterSalt, keys.Profile)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.out = out
	c.mu.Unlock()
	c.received.opens(in)
	return nil
}

// Suite is the SRTP protection profile that was agreed on.
func (c *Client) Suite() dtls.SRTPProtectionProfile { return c.suite }

// Close leaves.
func (c *Client) Close() {
	c.chat.close()
	if c.conn != nil {
		_ = c.conn.Close()
	}
	if c.agent != nil {
		_ = c.agent.Close()
	}
	if c.mux != nil {
		_ = c.mux.Close()
	}
	if c.socket != nil {
		_ = c.socket.Close()
	}
}

// fingerprint is that of RFC 8122 section 5.
func fingerprint(certificate tls.Certificate) string {
	var text []string
	for _, b := range sha256.Sum256(certificate.Certificate[0]) {
		text = append(text, fmt.Sprintf("%02X", b))
	}
	return strings.Join(text, ":")
}

// quiet makes loggers that say nothing: what fails shows in what is received.
func quiet() logging.LoggerFactory {
	return &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled, Writer: io.Discard}
}

// datagrams is a connection to one peer, as DTLS wants it.
type datagrams struct{ net.Conn }

func (d datagrams) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := d.Read(b)
	return n, d.RemoteAddr(), err
}

func (d datagrams) WriteTo(b []byte, _ net.Addr) (int, error) { return d.Write(b) }
