package sfu

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/pion/logging"
)

// pionLogs hands Pion's log to ours. What Pion warns of is a peer's doing more
// often than ours, so all of it is debug; errors that matter come back as errors.
// One logger serves a part of all peers. Any goroutine.
type pionLogs struct {
	log *slog.Logger

	mu     sync.Mutex
	scopes map[string]logging.LeveledLogger
}

func newPionLogs(log *slog.Logger) *pionLogs {
	return &pionLogs{log: log, scopes: map[string]logging.LeveledLogger{}}
}

// NewLogger is called by Pion for each of its parts.
func (p *pionLogs) NewLogger(scope string) logging.LeveledLogger {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.scopes[scope]
	if l == nil {
		l = pionLog{p.log.With("pion", scope)}
		p.scopes[scope] = l
	}
	return l
}

type pionLog struct{ log *slog.Logger }

func (p pionLog) say(was, message string) {
	p.log.Debug(message, "level", was)
}

func (p pionLog) sayf(was, format string, args []any) {
	if p.log.Enabled(context.Background(), slog.LevelDebug) {
		p.log.Debug(fmt.Sprintf(format, args...), "level", was)
	}
}

func (pionLog) Trace(string)          {}
func (pionLog) Tracef(string, ...any) {}
func (pionLog) Debug(string)          {}
func (pionLog) Debugf(string, ...any) {}

func (p pionLog) Info(m string)                { p.say("info", m) }
func (p pionLog) Infof(f string, args ...any)  { p.sayf("info", f, args) }
func (p pionLog) Warn(m string)                { p.say("warn", m) }
func (p pionLog) Warnf(f string, args ...any)  { p.sayf("warn", f, args) }
func (p pionLog) Error(m string)               { p.say("error", m) }
func (p pionLog) Errorf(f string, args ...any) { p.sayf("error", f, args) }
