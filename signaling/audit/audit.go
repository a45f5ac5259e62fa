// Package audit keeps a log of what some people did to others: moderation in rooms
// and the acts of those who run the server. One act is one line of JSON. It holds
// names and addresses of networks, no text of anybody and no secret.
package audit

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"

	"madang/room"
)

// most is how many acts may wait for the disk. What comes then is lost, and the log
// says how many were: an act never waits for the disk.
const most = 1024

// Log is an audit log. It implements [room.Audit].
type Log struct {
	out     *slog.Logger
	file    io.Closer // nil: what it writes to is another's
	acts    chan room.Act
	lost    atomic.Int64
	closing sync.Once
	done    chan struct{} // closed when all is written
}

var _ room.Audit = (*Log)(nil)

// Open appends to the file with this name, made if need be for its owner alone. With an
// empty name acts go to the server's own log. An error is that of the file.
func Open(name string, server *slog.Logger) (*Log, error) {
	if name == "" {
		return start(server.With("audit", true), nil), nil
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return start(slog.New(slog.NewJSONHandler(file, nil)), file), nil
}

func start(out *slog.Logger, file io.Closer) *Log {
	l := &Log{out: out, file: file, acts: make(chan room.Act, most), done: make(chan struct{})}
	go l.run()
	return l
}

// Note implements [room.Audit]. Any goroutine, until Close; never waits.
func (l *Log) Note(act room.Act) {
	select {
	case l.acts <- act:
	default:
		l.lost.Add(1)
	}
}

// Close writes what waits, and returns when that is done.
func (l *Log) Close() error {
	l.closing.Do(func() { close(l.acts) })
	<-l.done
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

func (l *Log) run() {
	defer close(l.done)
	for act := range l.acts {
		l.write(act)
		if lost := l.lost.Swap(0); lost > 0 {
			l.out.Warn("acts were lost, as too many came at once", "lost", lost)
		}
	}
}

func (l *Log) write(act room.Act) {
	l.out.Info("act",
		"at", act.At.UTC(), "room", act.Room, "what", act.What, "detail", act.Detail, "outcome", act.Outcome,
		party("by", act.By), party("of", act.Of))
}

// party is one side of an act; what is not known of it is left out.
func party(side string, p room.Party) slog.Attr {
	var of []any
	for _, is := range []struct{ key, value string }{
		{"member", string(p.Member)}, {"identity", p.Identity}, {"from", network(p.From)},
	} {
		if is.value != "" {
			of = append(of, slog.String(is.key, is.value))
		}
	}
	return slog.Group(side, of...)
}

func network(from netip.Prefix) string {
	if !from.IsValid() {
		return ""
	}
	return from.String()
}
