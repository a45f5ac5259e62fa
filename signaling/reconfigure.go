package signaling

import "fmt"

// config is what the server is told, of now. It is never changed, but replaced.
func (s *Server) config() *Config { return s.current.Load() }

// Reconfigure has a valid configuration hold from now on: the limits, whose pages may
// come, the public address and the TURN servers of others. Sessions that there are
// keep the limits that they began with, and what is bound at the start stays as it is. A
// certificate is read again from where it is; an error says why the one before holds on.
// Any goroutine.
func (s *Server) Reconfigure(cfg Config) error {
	s.strangers.limit(cfg.Limits.Strangers, cfg.Limits.StrangersPerIP)
	s.doors.limit(cfg.Limits.Connections, cfg.Limits.ConnectionsPerIP)
	s.seats.limit(cfg.Limits.Connections, cfg.Limits.ConnectionsPerIP)
	s.passwords.limit(cfg.Limits)
	s.joinsFrom.limit(cfg.Limits.JoinsPerMinute)
	s.joinsOf.limit(cfg.Limits.JoinsPerIdentity)
	if err := s.takeKeys(cfg.Tokens); err != nil {
		return fmt.Errorf("the keys of tokens cannot be read again, so those before hold on: %w", err)
	}
	s.current.Store(&cfg)
	if err := s.keys.read(); err != nil {
		return fmt.Errorf("the certificate cannot be read again, so the one before holds on: %w", err)
	}
	return nil
}
