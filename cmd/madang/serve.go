package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"madang/configs"
	"madang/room"
	"madang/sfu"
	"madang/signaling"
	"madang/signaling/audit"
	"madang/web"
)

// stopWithin bounds the wait for members to be told that the server ends.
const stopWithin = 10 * time.Second

func newServe() *cobra.Command {
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve rooms until told to stop",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			from := sources(command)
			loaded, err := configs.Load(from)
			if err != nil {
				return exitError{exitInvalid, err}
			}
			if err := serve(command.Context(), loaded.Config, from, command.OutOrStdout(), command.ErrOrStderr()); err != nil {
				return exitError{exitFailed, err}
			}
			return nil
		},
	}
	addSettings(command)
	return command
}

// serve opens the house and keeps it open until the first SIGINT or SIGTERM,
// which closes it gracefully; a second one ends the process at once. Meanwhile the
// configuration is read again from where it came when it changes.
func serve(ctx context.Context, config configs.Config, from configs.Sources, stdout, stderr io.Writer) error {
	ctx, release := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer release()
	level := new(slog.LevelVar)
	level.Set(config.Logging.Severity())
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var h *house
	r := newReloader(from, config, level, func(c configs.Config) error { return h.reconfigure(c) }, stderr)
	h, err := open(config, config.Logging.New(stderr, level), signaling.Process{Stop: stop, Reload: r.ask})
	if err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(spareThread(len(h.media.Ports())))
	h.greet(stdout, config)
	go r.run(ctx)
	select {
	case <-ctx.Done():
		release() // from here on a signal has its usual effect
		<-r.over
		err = h.drain(r.running.Server.Drain, stdout)
	case err = <-h.doors.Failed():
		stop()
		release()
		<-r.over
	}
	return errors.Join(err, h.close())
}

// spareThread has Go run one goroutine more at a time than there are workers, and
// returns how many it was. Workers wait for packets in system calls of their own:
// while there is a processor to spare Go does not take theirs away meanwhile.
func spareThread(workers int) (before int) {
	before = runtime.GOMAXPROCS(0)
	return runtime.GOMAXPROCS(max(before, workers+1))
}

// house is everything that serves, the deepest first.
type house struct {
	audit *audit.Log
	media *sfu.SFU
	rooms *room.Rooms
	doors *signaling.Server
}

// open starts everything, or leaves nothing running.
func open(config configs.Config, log *slog.Logger, process signaling.Process) (*house, error) {
	h := &house{}
	if err := h.build(config, log, process); err != nil {
		return nil, errors.Join(err, h.close()) // what there is of it
	}
	return h, nil
}

// build makes one part after another, up to the first that cannot be.
func (h *house) build(config configs.Config, log *slog.Logger, process signaling.Process) (err error) {
	if h.audit, err = audit.Open(config.Server.AuditFile, log); err != nil {
		return err
	}
	if h.media, err = sfu.New(config.SFU(), log); err != nil {
		return err
	}
	yard := config.Room()
	yard.Audit = h.audit
	newRouter := func(observer sfu.Observer) room.Router { return h.media.NewRouter(observer) }
	if h.rooms, err = room.NewRooms(yard, newRouter, log); err != nil {
		return err
	}
	doors, err := signaling.New(config.Signaling(), h.rooms, signaling.NewMedia(h.media, config.Media), web.Page(), log)
	if err != nil {
		return err
	}
	if secured := doors.TLS(); secured != nil {
		h.media.UseTLS(secured)
	}
	doors.UseProcess(process)
	if err := doors.Start(); err != nil {
		return err
	}
	h.doors = doors
	return nil
}

// reconfigure has all that may change while the server runs change.
func (h *house) reconfigure(config configs.Config) error {
	h.rooms.Reconfigure(config.Room())
	h.media.Limit(config.SFU().Limits)
	return h.doors.Reconfigure(config.Signaling())
}

// drain takes nobody new and waits for those who are here to leave, for a while.
func (h *house) drain(within time.Duration, w io.Writer) error {
	h.doors.Drain(within)
	fmt.Fprintf(w, "Closing, in %v or when nobody is left; a second signal ends at once.\n", within)
	select {
	case <-h.doors.Drained():
	case <-time.After(within):
	case err := <-h.doors.Failed():
		return err
	}
	return nil
}

// close ends everything that there is, the doors first, and waits for it.
func (h *house) close() (err error) {
	if h.doors != nil {
		ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
		defer cancel()
		err = h.doors.Shutdown(ctx)
	}
	if h.rooms != nil {
		h.rooms.Close()
	}
	if h.media != nil {
		h.media.Close()
	}
	if h.audit != nil {
		err = errors.Join(err, h.audit.Close())
	}
	return err
}

// greet says what is served, where, and how to join.
func (h *house) greet(w io.Writer, config configs.Config) {
	url := h.doors.URL()
	fmt.Fprintf(w, "Madang is open at %s\n", url)
	fmt.Fprintf(w, "Whoever opens the same link is in the same room: %s/r/hello\n", url)
	if print := h.doors.Fingerprint(); print != "" {
		fmt.Fprintf(w, "Browsers warn once, as the certificate is self-signed: take it if its SHA-256 fingerprint is\n  %s\n", print)
		if config.TLS.Dir == "" {
			fmt.Fprintln(w, "It is another one at every start: tls.dir says where to keep it.")
		}
	}
	fmt.Fprintf(w, "Audio and video come by %s%s.", portList(h.media.Ports()), besides(h.media.TCPPort()))
	if admin := h.doors.AdminAddr(); admin != nil {
		fmt.Fprintf(w, " Metrics: http://%s/metrics", admin)
	}
	fmt.Fprintln(w)
	if config.TLS.Mode == "off" && config.Server.PublicURL == "" && !loopback(config.Server.Listen) {
		fmt.Fprintln(w, "From other machines, browsers give camera and microphone to HTTPS only: see tls in madang config docs.")
	}
	fmt.Fprintln(w, "Ctrl+C closes it.")
}

// loopback tells whether an address is for this machine only.
func loopback(address string) bool {
	host, _, _ := net.SplitHostPort(address) // it was validated
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
