package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"madang/configs"
)

// lookEvery is how often the configuration file is looked at.
const lookEvery = 2 * time.Second

// reloader reads the configuration again, on SIGHUP and when the file changes. Whole
// and valid it takes the place of the one that runs; else that runs on.
type reloader struct {
	load    func() (*configs.Loaded, error)
	file    string // that is looked at; empty: none
	running configs.Config
	apply   func(configs.Config) error
	level   *slog.LevelVar
	out     io.Writer // where a person is told
	asks    chan chan string
	over    chan struct{} // closed when run has ended
}

func newReloader(from configs.Sources, running configs.Config, level *slog.LevelVar, apply func(configs.Config) error, out io.Writer) *reloader {
	load := func() (*configs.Loaded, error) { return configs.Load(from) }
	return &reloader{
		load: load, file: from.File, running: running, apply: apply, level: level, out: out,
		asks: make(chan chan string), over: make(chan struct{}),
	}
}

// ask reloads, and returns what there is to say of it; empty when the process ends. Any
// goroutine.
func (r *reloader) ask() string {
	said := make(chan string, 1)
	select {
	case r.asks <- said:
		return <-said
	case <-r.over:
		return ""
	}
}

// run reloads until ctx ends.
func (r *reloader) run(ctx context.Context) {
	defer close(r.over)
	hangUp := make(chan os.Signal, 1)
	signal.Notify(hangUp, syscall.SIGHUP)
	defer signal.Stop(hangUp)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	seen := stampOf(r.file)
	for {
		select {
		case <-ctx.Done():
			return
		case said := <-r.asks:
			seen = stampOf(r.file)
			said <- r.tell(r.reload())
		case <-hangUp:
			seen = stampOf(r.file)
			r.tell(r.reload())
		case <-look.C:
			if now := stampOf(r.file); now != seen {
				seen = now
				r.tell(r.reload())
			}
		}
	}
}

// tell tells a person here, too.
func (r *reloader) tell(said string) string {
	fmt.Fprint(r.out, said)
	return said
}

// reload reads the configuration, and returns what came of it.
func (r *reloader) reload() string {
	loaded, err := r.load()
	if err != nil {
		return fmt.Sprintf("The configuration is wrong, so the one before holds on:\n%v\n", err)
	}
	holds, live, restart := configs.Reload(r.running, loaded.Config)
	r.running = holds
	r.level.Set(holds.Logging.Severity())
	said := &strings.Builder{}
	if err := r.apply(holds); err != nil { // even where nothing changes: files may have
		fmt.Fprintf(said, "%s.\n", capitalised(err.Error()))
	}
	if len(live) > 0 {
		fmt.Fprintf(said, "The configuration was read again. Changed: %s.\n", strings.Join(live, ", "))
	} else {
		fmt.Fprintln(said, "The configuration was read again. Nothing changes.")
	}
	if len(restart) > 0 {
		fmt.Fprintf(said, "These hold after a restart: %s.\n", strings.Join(restart, ", "))
	}
	return said.String()
}

// stamp is what shows that a file has changed, without reading it.
type stamp struct {
	changed time.Time
	size    int64
}

// stampOf is the zero stamp for a file that is not there.
func stampOf(file string) stamp {
	info, err := os.Stat(file)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}
