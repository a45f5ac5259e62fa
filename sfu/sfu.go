package sfu

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync/atomic"

	"github.com/pion/webrtc/v4"

	"madang/sfu/icetcp"
	"madang/sfu/lane"
	"madang/sfu/relay"
)

// SFU is the media plane of one server. Its methods are safe for any goroutine.
type SFU struct {
	cfg       Config
	log       *slog.Logger
	identity  identity
	codecs    *webrtc.MediaEngine
	pionLogs  *pionLogs
	workers   []*Worker
	ports     []*port      // one per worker
	addresses []netip.Addr // that clients are told of
	lanes     *lane.Table
	targets   []netip.Addr   // of addresses, those that relayed clients may use
	relay     *relay.Server  // nil: none
	tcp       *icetcp.Server // nil: none
	placement *placement
	peers     atomic.Int64
	slower    atomic.Int64 // peers whose media Pion has to seal
	keys      trust        // of those that the workers seal for
	limits    atomic.Pointer[LimitsConfig]
}

// New opens the UDP ports and starts the workers. The configuration is taken
// to be valid.
func New(cfg Config, log *slog.Logger) (*SFU, error) {
	codecs, err := newMediaEngine(cfg.Media)
	if err != nil {
		return nil, err
	}
	s := &SFU{cfg: cfg, log: log, codecs: codecs, pionLogs: newPionLogs(log), lanes: lane.NewTable()}
	if s.addresses, err = offeredAddresses(cfg.ICE); err != nil {
		return nil, err
	}
	s.Limit(cfg.Limits)
	s.findPublicIP()
	for i := range cfg.ICE.WorkerCount() {
		if err := s.openWorker(i); err != nil {
			s.Close()
			return nil, err
		}
	}
	var loads []func() float64
	for _, w := range s.workers {
		loads = append(loads, w.busy.share)
	}
	s.placement = newPlacement(loads)
	for _, w := range s.workers {
		go w.run()
	}
	if err := errors.Join(s.openRelay(), s.openTCP()); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// openWorker makes the next worker, on a port of its own. All go by one clock.
func (s *SFU) openWorker(number int) error {
	wanted := s.cfg.ICE.UDPPort
	if wanted != 0 {
		wanted += number
	}
	p, err := openPort(context.Background(), wanted, s.addresses, s.lanes)
	if err != nil {
		return err
	}
	s.ports = append(s.ports, p)
	w := newWorker(p.conn, s.cfg.Media.Bitrates, s.log)
	w.demux, w.lanes, w.out = p.demux, s.lanes, p.conn.NewBatch()
	if number > 0 {
		w.epoch = s.workers[0].epoch
	}
	s.workers = append(s.workers, w)
	return nil
}

// Close stops the workers and closes the ports. Peers are to be closed before.
func (s *SFU) Close() {
	s.closeStreams()
	for _, w := range s.workers {
		if s.placement != nil { // all run
			w.stop()
		}
	}
	for _, p := range s.ports {
		if err := p.Close(); err != nil {
			s.log.Debug("closing a media port", "error", err)
		}
	}
}

// Ports are the UDP ports of the workers.
func (s *SFU) Ports() []int {
	var all []int
	for _, p := range s.ports {
		all = append(all, udpPort(p.conn.LocalAddr()))
	}
	return all
}

// slow counts a peer that the worker cannot seal for, and says so the first time.
func (s *SFU) slow(why error) {
	if s.slower.Add(1) == 1 {
		s.log.Warn("a peer's media goes the portable way, which costs more", "why", why)
	}
}

// NewRouter makes the media of one room. It lives until its Close.
func (s *SFU) NewRouter(observer Observer) *Router {
	return newRouter(observer)
}
