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
			"clients are told of, what they see from outside, the certificate, who reaches the\n" +
			"admin listener, and what to tell the firewall. Exits 1 if something is to be mended. It changes nothing.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			loaded, err := loadSettings(command)
			if err != nil {
				return exitError{exitInvalid, err}
			}
			language, _ := command.Flags().GetString("lang") // the flag exists
			say, err := wordsOf(language)
			if err != nil {
				return err
			}
			d := &doctor{w: command.OutOrStdout(), say: say}
			if d.examine(command.Context(), loaded.Config); d.ills > 0 {
				return exitError{code: exitFailed}
			}
			return nil
		},
	}
	command.Flags().String("lang", systemLanguage(), "the `language`: ko or en")
	addSettings(command)
	return command
}

// doctor writes what it finds, a line for each thing.
type doctor struct {
	w    io.Writer
	say  words
	ills int // things to mend
}

// examine looks at everything.
func (d *doctor) examine(ctx context.Context, config configs.Config) {
	d.chapter(d.say.Page)
	d.listener("server.listen", config.Server.Listen, config.Server.Listen)
	if config.Server.RedirectListen != "" {
		d.listener("server.redirect_listen", config.Server.RedirectListen, config.Server.Listen)
	}
	d.door(config)
	d.certificate(config.TLS, config.Server.PublicURL, time.Now())
	d.testPage(config)
	d.chapter(d.say.Admin)
	d.admin(config.Server)
	d.chapter(d.say.Media)
	d.media(config)
	d.buffers()
	d.chapter(d.say.Addresses)
	d.addresses(config.ICE)
	d.outside(ctx, config.ICE)
	d.chapter(d.say.Firewall)
	d.firewall(outerPorts(config))
}

func (d *doctor) chapter(title string) { fmt.Fprintf(d.w, "\n%s\n", title) }

// well says what is as it should be, and by the way what is good to know.
func (d *doctor) well(text string) { d.line("ok", text) }

// ill says what is to be mended, and how.
func (d *doctor) ill(text string) {
	d.ills++
	d.line("!!", text)
}

// note says what may be right or not.
func (d *doctor) note(text string) { d.line("--", text) }

func (d *doctor) line(mark, text string) {
	fmt.Fprintf(d.w, "  %s  %s\n", mark, strings.ReplaceAll(text, "\n", "\n      "))
}
