package signaling

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"madang/room"
	"madang/signaling/token"
)

// Server is the doors of one Madang: make it with [New], open it with Start,
// close it with Shutdown. Several may live in one process.
type Server struct {
	current   atomic.Pointer[Config]
	rooms     *room.Rooms
	media     Media
	page      *page
	log       *slog.Logger
	epoch     string        // names what this process remembers
	keys      *certificates // nil: no TLS
	tls       *tls.Config
	metrics   *metrics
	strangers *doorkeeper // of connections that led to no session yet
	doors     *doorkeeper // of WebSockets
	seats     *doorkeeper // of sessions
	passwords *passwords
	joinsFrom *tries[netip.Prefix]
	joinsOf   *tries[string] // by identity
	fares     *capacity
	// ownKey signs invitations where no key of the configuration can.
	ownKey      token.Key
	tokens      atomic.Pointer[token.Keyring]
	revoked     revocations
	invitations invitations
	// chatEvery is the beat of chat while lines come fast; before Start.
	chatEvery time.Duration

	process Process

	public, admin, redirect *listener // the last two may be nil
	failed                  chan error
	serving                 sync.WaitGroup            // the listeners' goroutines
	ends                    atomic.Pointer[time.Time] // when a server that drains ends; nil: it does not
	drained                 chan struct{}

	open  context.Context // until Shutdown
	close context.CancelFunc

	mu       sync.Mutex
	closed   bool
	sessions map[*session]struct{}
	visits   sync.WaitGroup // the sessions, and the WebSockets
	index    *sessionIndex

	buffers bufferPool
}

// New makes a server, closed as yet. page holds index.html and, with hashed
// names, assets/. cfg must be valid; a certificate that cannot be read is an error.
func New(cfg Config, rooms *room.Rooms, media Media, page fs.FS, log *slog.Logger) (*Server, error) {
	files, err := loadPage(page)
	if err != nil {
		return nil, fmt.Errorf("signaling: reading the page: %w", err)
	}
	keys, err := newCertificates(cfg.TLS)
	if err != nil {
		return nil, fmt.Errorf("signaling: TLS: %w", err)
	}
	s := &Server{
		rooms: rooms, media: media, page: files, log: log,
		epoch:     randomID(),
		keys:      keys,
		tls:       keys.tls(),
		strangers: newDoorkeeper(cfg.Limits.Strangers, cfg.Limits.StrangersPerIP),
		doors:     newDoorkeeper(cfg.Limits.Connections, cfg.Limits.ConnectionsPerIP),
		seats:     newDoorkeeper(cfg.Limits.Connections, cfg.Limits.ConnectionsPerIP),
		passwords: newPasswords(cfg.Limits),
		joinsFrom: newTries[netip.Prefix](cfg.Limits.JoinsPerMinute),
		joinsOf:   newTries[string](cfg.Limits.JoinsPerIdentity),
		fares:     newCapacity(),
		ownKey:    token.NewKey(),
		revoked:   newRevocations(), invitations: newInvitations(),
		chatEvery: chatEvery,
		failed:    make(chan error, 3),
		drained:   make(chan struct{}),
		sessions:  map[*session]struct{}{},
		index:     newSessionIndex(),
	}
	if err := s.takeKeys(cfg.Tokens); err != nil {
		return nil, fmt.Errorf("signaling: tokens: %w", err)
	}
	s.current.Store(&cfg)
	s.open, s.close = context.WithCancel(context.Background())
	s.metrics = newMetrics(s)
	return s, nil
}

// Start binds the listeners and serves in goroutines of its own. An error says
// which address could not be bound; nothing is left open then.
func (s *Server) Start() error {
	cfg := s.config().Server
	for _, l := range []struct {
		setting, address string
		to               **listener
		handler          http.Handler
		tls              *tls.Config
		open             bool // to strangers
	}{
		{"listen", cfg.Listen, &s.public, s.publicHandler(), s.tls, true},
		{"redirect_listen", cfg.RedirectListen, &s.redirect, s.redirectHandler(), nil, true},
		{"admin_listen", cfg.AdminListen, &s.admin, s.adminHandler(), nil, false},
	} {
		if l.address == "" {
			continue
		}
		opened, err := listen(l.address, l.handler, l.tls, s.log)
		if err != nil {
			for _, before := range s.listeners() {
				before.net.Close()
			}
			return fmt.Errorf("signaling: server.%s: %w", l.setting, err)
		}
		if *l.to = opened; l.open {
			s.expectStrangers(opened)
		}
	}
	for _, l := range s.listeners() {
		s.serve(l)
	}
	s.serving.Go(func() { s.fares.watch(s.open, s.media, s.short) })
	s.serving.Go(func() { s.keys.watch(s.open, s.log) })
	return nil
}

// listeners are those that are open.
func (s *Server) listeners() []*listener {
	return slices.DeleteFunc([]*listener{s.public, s.redirect, s.admin}, func(l *listener) bool { return l == nil })
}

// expectStrangers bounds what a listener that anybody can reach has for them.
func (s *Server) expectStrangers(l *listener) {
	l.net = &gate{Listener: l.net, config: s.config, strangers: s.strangers, refused: s.metrics.turnedAway}
	l.server.ConnState = s.fares.descriptors.note
	l.server.ReadTimeout = 15 * time.Second
	l.server.WriteTimeout = 30 * time.Second
}

// Failed yields an error when a listener died by itself.
func (s *Server) Failed() <-chan error { return s.failed }

// Addr is where the public listener listens. After Start.
func (s *Server) Addr() net.Addr { return s.public.net.Addr() }

// TLS is how the public listener is encrypted, nil for not at all.
func (s *Server) TLS() *tls.Config { return s.tls }

// RedirectAddr is where the listener listens that sends browsers to HTTPS, nil for
// none. After Start.
func (s *Server) RedirectAddr() net.Addr {
	if s.redirect == nil {
		return nil
	}
	return s.redirect.net.Addr()
}

// Fingerprint is that of the certificate (SHA-256) if we signed it ourselves, for
// people to compare with what their browser shows; else empty.
func (s *Server) Fingerprint() string { return s.keys.fingerprint() }

// AdminAddr is where the admin listener listens, nil for none. After Start.
func (s *Server) AdminAddr() net.Addr {
	if s.admin == nil {
		return nil
	}
	return s.admin.net.Addr()
}

// URL is where people reach the page. After Start.
func (s *Server) URL() string {
	if s.config().Server.PublicURL != "" {
		return s.config().Server.PublicURL
	}
	scheme := "http"
	if s.tls != nil {
		scheme = "https"
	}
	host, _, err := net.SplitHostPort(s.config().Server.Listen)
	_, port, _ := net.SplitHostPort(s.Addr().String())
	if ip := net.ParseIP(host); err != nil || host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// Shutdown ends every session (1001 going away), closes the listeners and waits
// for all goroutines of the server; when ctx ends first, connections are cut.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	for visitor := range s.sessions {
		visitor.end(endGoingAway)
	}
	s.mu.Unlock()
	s.close()

	var err error
	for _, l := range s.listeners() {
		err = errors.Join(err, l.shutdown(ctx))
	}
	s.visits.Wait()
	s.serving.Wait()
	return err
}

// receive counts a WebSocket among the visits; false when the server is closing.
func (s *Server) receive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.visits.Add(1)
	}
	return !s.closed
}

// admit registers a session, which is to be dismissed. An error says that there is
// no room for it, or that the server is closing.
func (s *Server) admit(visitor *session) error {
	if !s.seats.enter(visitor.from) {
		return errCrowded
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.draining() {
		s.seats.leave(visitor.from)
		return errClosing
	}
	if err := s.invitations.take(visitor.pass.Load(), time.Now()); err != nil {
		s.seats.leave(visitor.from)
		return err
	}
	s.replaceReturned(visitor)
	s.sessions[visitor] = struct{}{}
	s.index.add(visitor)
	s.visits.Add(1)
	return nil
}

// dismiss forgets a session that has ended.
func (s *Server) dismiss(visitor *session) {
	s.mu.Lock()
	delete(s.sessions, visitor)
	s.noteDrained()
	s.mu.Unlock()
	if visitor.room == nil { // it never went in
		s.invitations.giveBack(visitor.pass.Load(), time.Now())
	}
	s.index.remove(visitor)
	s.seats.leave(visitor.from)
	s.visits.Done()
}

// short hears when descriptors run short: then no connection waits for another request.
func (s *Server) short(is bool) {
	s.log.Warn("descriptors", "short", is)
	s.public.server.SetKeepAlivesEnabled(!is)
}

func (s *Server) serve(l *listener) {
	s.serving.Go(func() {
		if err := l.serve(); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	})
}

// listener is one address and the HTTP server on it.
type listener struct {
	net    net.Listener
	server *http.Server
}

func listen(address string, handler http.Handler, certificates *tls.Config, log *slog.Logger) (*listener, error) {
	bound, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return &listener{net: bound, server: &http.Server{
		Handler:           handler,
		TLSConfig:         certificates.Clone(), // HTTP/2 writes into it, and the relay has it too
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // mostly what strangers' TLS does wrong
	}}, nil
}

func (l *listener) serve() error {
	if l.server.TLSConfig != nil {
		return l.server.ServeTLS(l.net, "", "")
	}
	return l.server.Serve(l.net)
}

func (l *listener) shutdown(ctx context.Context) error {
	err := l.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, l.server.Close())
	}
	return err
}

// randomID is public and names one thing among all: 80 bits, text.
func randomID() string { return rand.Text()[:16] }

// randomSecret is 128 bits or more, text.
func randomSecret() string { return rand.Text() }
