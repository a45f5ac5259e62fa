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
}

func newReloader(from configs.Sources, running configs.Config, level *slog.LevelVar, apply func(configs.Config) error, out io.Writer) *reloader {
	load := func() (*configs.Loaded, error) { return configs.Load(from) }
	return &reloader{load: load, file: from.File, running: running, apply: apply, level: level, out: out}
}

// run reloads until ctx ends.
func (r *reloader) run(ctx context.Context) {
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
		case <-hangUp:
			seen = stampOf(r.file)
			r.reload()
		case <-look.C:
			if now := stampOf(r.file); now != seen {
				seen = now
				r.reload()
			}
		}
	}
}

// reload reads the configuration and says what came of it.
func (r *reloader) reload() {
	loaded, err := r.load()
	if err != nil {
		fmt.Fprintf(r.out, "The configuration is wrong, so the one before holds on:\n%v\n", err)
		return
	}
	holds, live, restart := configs.Reload(r.running, loaded.Config)
	r.running = holds
	r.level.Set(holds.Logging.Severity())
	if err := r.apply(holds); err != nil { // even where nothing changes: files may have
		fmt.Fprintf(r.out, "%s.\n", capitalised(err.Error()))
	}
	if len(live) > 0 {
		fmt.Fprintf(r.out, "The configuration was read again. Changed: %s.\n", strings.Join(live, ", "))
	} else {
		fmt.Fprintln(r.out, "The configuration was read again. Nothing changes.")
	}
	if len(restart) > 0 {
		fmt.Fprintf(r.out, "These hold after a restart: %s.\n", strings.Join(restart, ", "))
	}
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
