package signaling

// config is what the server is told, of now. It is never changed, but replaced.
func (s *Server) config() *Config { return s.current.Load() }

// Reconfigure has a valid configuration hold from now on: the limits, whose pages may
// come, the public address and the TURN servers of others. Sessions that there are
// keep the limits that they began with. What is bound at the start, addresses and
// certificates, stays as it is. Any goroutine.
func (s *Server) Reconfigure(cfg Config) {
	s.doors.limit(cfg.Limits.Connections, cfg.Limits.ConnectionsPerIP)
	s.seats.limit(cfg.Limits.Connections, cfg.Limits.ConnectionsPerIP)
	s.tries.limit(cfg.Limits.PasswordsPerMinute)
	s.current.Store(&cfg)
}
