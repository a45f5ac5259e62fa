package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"madang/configs"
)

func newDoctor() *cobra.Command {
	command := &cobra.Command{
		Use:   "doctor",
		Short: "Say what stands between people and this server, and how to mend it",
		Long: "Looks at this machine as it would serve: whether the ports are free, what addresses\n" +
			"clients are told of, what they see from outside, the certificate, and what to tell\n" +
			"the firewall. Exits 1 if something is to be mended. It changes nothing.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			loaded, err := loadSettings(command)
			if err != nil {
				return exitError{exitInvalid, err}
			}
			if d := examine(command.Context(), loaded.Config, command.OutOrStdout()); d.ills > 0 {
				return exitError{code: exitFailed}
			}
			return nil
		},
	}
	addSettings(command)
	return command
}

// doctor writes what it finds, a line for each thing.
type doctor struct {
	w    io.Writer
	ills int // things to mend
}

// examine looks at everything.
func examine(ctx context.Context, config configs.Config, w io.Writer) *doctor {
	d := &doctor{w: w}
	d.chapter("The page")
	d.listener("server.listen", config.Server.Listen)
	d.door(config)
	d.certificate(config.TLS, config.Server.PublicURL, time.Now())
	d.chapter("Audio and video")
	d.media(config)
	d.buffers()
	d.chapter("Where clients look for them")
	d.addresses(config.ICE)
	d.outside(ctx, config.ICE)
	d.chapter("The firewall")
	d.firewall(outerPorts(config))
	return d
}

func (d *doctor) chapter(title string) { fmt.Fprintf(d.w, "\n%s\n", title) }

// well says what is as it should be, and by the way what is good to know.
func (d *doctor) well(format string, args ...any) { d.line("ok", format, args...) }

// ill says what is to be mended, and how.
func (d *doctor) ill(format string, args ...any) {
	d.ills++
	d.line("!!", format, args...)
}

// note says what may be right or not.
func (d *doctor) note(format string, args ...any) { d.line("--", format, args...) }

func (d *doctor) line(mark, format string, args ...any) {
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\n      ")
	fmt.Fprintf(d.w, "  %s  %s\n", mark, text)
}
