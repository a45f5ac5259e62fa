package sfu

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/pion/webrtc/v4"
)

// workerCount is how many workers share the peers. The seams for more stand:
// peers are placed by name, and all reach their worker by its inbox.
const workerCount = 1

// SFU is the media plane of one server. Its methods are safe for any goroutine.
type SFU struct {
	cfg         Config
	log         *slog.Logger
	certificate webrtc.Certificate // one for all peers: making one costs more than a join may
	workers     []*Worker
	ports       []*port // one per worker
	peers       atomic.Int64
	slower      atomic.Int64 // peers whose media Pion has to seal
}

// New opens the UDP ports and starts the workers. The configuration is taken
// to be valid.
func New(cfg Config, log *slog.Logger) (*SFU, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the DTLS key: %w", err)
	}
	certificate, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, fmt.Errorf("make the DTLS certificate: %w", err)
	}
	s := &SFU{cfg: cfg, log: log, certificate: *certificate}
	for i := range workerCount {
		number := cfg.ICE.UDPPort
		if number != 0 {
			number += i
		}
		p, err := openPort(context.Background(), number, cfg.ICE)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.ports = append(s.ports, p)
		w := newWorker(p.conn, cfg.Media.Bitrates, log)
		w.demux, w.out = p.demux, p.conn.NewBatch()
		s.workers = append(s.workers, w)
		go w.run()
	}
	return s, nil
}

// Close stops the workers and closes the ports. Peers are to be closed before.
func (s *SFU) Close() {
	for _, w := range s.workers {
		w.stop()
	}
	for _, p := range s.ports {
		if err := p.Close(); err != nil {
			s.log.Debug("closing a media port", "error", err)
		}
	}
}

// Port is the UDP port of the first worker.
func (s *SFU) Port() int { return udpPort(s.ports[0].conn.LocalAddr()) }

// slow counts a peer that the worker cannot seal for, and says so the first time.
func (s *SFU) slow(why error) {
	if s.slower.Add(1) == 1 {
		s.log.Warn("a peer's media goes the portable way, which costs more", "why", why)
	}
}

// place says which worker a new peer is pinned to.
func (s *SFU) place(string) *Worker { return s.workers[0] }

// port is a worker's UDP port.
func (s *SFU) port(w *Worker) *port { return s.ports[slices.Index(s.workers, w)] }

// NewRouter makes the media of one room. It lives until its Close.
func (s *SFU) NewRouter(observer Observer) *Router {
	return newRouter(s.workers[0], observer)
}
