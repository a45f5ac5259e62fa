package main

import (
	"context"
	"encoding/json"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"madang/signaling/load"
)

func newLoad() *cobra.Command {
	config := load.DefaultConfig()
	asJSON := false
	command := &cobra.Command{
		Use:   "load [URL]",
		Short: "Fill rooms with synthetic members and measure what they get",
		Long: "Fills rooms of a running server with synthetic members that send valid video,\n" +
			"audio and chat, and measures what each of them gets. Exits 0 if everything that\n" +
			"was expected came, 1 if a threshold was missed, 2 if it could not run or the\n" +
			"generator itself was the bottleneck. The report goes to standard output, what\n" +
			"happens meanwhile to standard error.",
		Example: "  madang load --members 10 --rooms 10\n" +
			"  madang load --publishers 1 --subscribers 100 https://meet.example.org",
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 1 {
				config.URL = args[0]
			}
			if config.Publishers+config.Subscribers > 0 && !command.Flags().Changed("members") {
				config.Members = 0
			}
			return runLoad(command, config, asJSON)
		},
	}
	addLoadFlags(command, &config)
	command.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return command
}

func addLoadFlags(command *cobra.Command, config *load.Config) {
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringVar(&config.Room, "room", config.Room, "name of the room; of several, a number follows it")
	flags.StringVar(&config.Password, "password", "", "password of the rooms")
	flags.IntVar(&config.Rooms, "rooms", config.Rooms, "rooms to fill alike")
	flags.IntVar(&config.Members, "members", config.Members, "members in each room who send and receive; 0 beside --publishers or --subscribers")
	flags.IntVar(&config.Publishers, "publishers", 0, "members in each room who only send")
	flags.IntVar(&config.Subscribers, "subscribers", 0, "members in each room who only receive")
	flags.IntVar(&config.Video.Bitrate, "bitrate", config.Video.Bitrate, "of a camera, in bits per second; 0: no video")
	flags.IntVar(&config.Video.FPS, "fps", config.Video.FPS, "pictures of a camera in a second")
	flags.IntVar(&config.Video.Width, "width", config.Video.Width, "of a camera's picture, in pixels")
	flags.IntVar(&config.Video.Height, "height", config.Video.Height, "of a camera's picture, in pixels")
	flags.BoolVar(&config.Video.Simulcast, "simulcast", false, "send three layers of the picture")
	flags.BoolVar(&config.Audio, "audio", config.Audio, "send audio, speaking in turn")
	flags.Float64Var(&config.ChatRate, "chat", config.ChatRate, "lines of chat a second in each room")
	flags.IntVar(&config.Pairs, "pairs", 0, "tiles of each receiver; 0: one for each whom it can see, at most 25")
	flags.Float64Var(&config.JoinRate, "join-rate", config.JoinRate, "members who join in a second; 0: all at once")
	flags.DurationVar(&config.Duration, "duration", config.Duration, "how long the load stands when all have joined")
	need := &config.Thresholds
	flags.Float64Var(&need.Tracks, "need-tracks", need.Tracks, "share of the expected tracks that must come")
	flags.Uint64Var(&need.Unrepaired, "need-unrepaired", need.Unrepaired, "packets that may still be missing after a second")
	flags.DurationVar(&need.JoinP95, "need-join", 0, "longest join, p95; 0: any")
	flags.DurationVar(&need.FirstMediaP95, "need-first-media", 0, "longest time to the first media, p95; 0: any")
	flags.DurationVar(&need.DelayP99, "need-delay", 0, "longest one-way delay, p99; 0: any")
	flags.DurationVar(&need.ChatP99, "need-chat", 0, "longest chat round trip, p99; 0: any")
}

// runLoad runs a load until it ends or is interrupted, and prints its report.
func runLoad(command *cobra.Command, config load.Config, asJSON bool) error {
	ctx, release := signal.NotifyContext(command.Context(), os.Interrupt)
	defer release()
	context.AfterFunc(ctx, release) // a second signal ends the process at once
	report, err := load.Run(ctx, config, command.ErrOrStderr())
	if err != nil {
		return exitError{exitInvalid, err}
	}
	if asJSON {
		err = json.NewEncoder(command.OutOrStdout()).Encode(report)
	} else {
		err = report.Print(command.OutOrStdout())
	}
	if err != nil {
		return exitError{exitFailed, err}
	}
	if code := report.ExitCode(); code != 0 {
		return exitError{code: code}
	}
	return nil
}
