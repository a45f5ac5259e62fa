// Command publisher is a member for browser tests whose clock may be wrong: it
// sends synthetic video and sound until its standard input closes.
//
//	publisher -url URL -room NAME -name NAME [-ahead 1h]
//
// It prints its member id once it is in.
package main

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"time"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

func main() {
	var o client.Options
	flag.StringVar(&o.URL, "url", "", "address of the server")
	flag.StringVar(&o.Room, "room", "", "room to join")
	flag.StringVar(&o.Name, "name", "", "name to join with")
	flag.DurationVar(&o.ClockOffset, "ahead", 0, "how far ahead the clock is")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "publisher:", err)
		os.Exit(1)
	}
}

func run(o client.Options) error {
	o.Pairs, o.Voices = -1, -1
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	seed := fnv.New64a()
	io.WriteString(seed, o.Name)
	b, err := bot.Join(ctx, bot.Options{
		Client: o,
		Camera: []synthetic.VideoConfig{{Width: 640, Height: 360, Seed: seed.Sum64()}},
		Voice:  &synthetic.VoiceConfig{Seed: seed.Sum64()},
	})
	if err != nil {
		return err
	}
	defer b.Leave()
	for _, source := range []protocol.Source{protocol.Camera, protocol.Mic} {
		if _, err := b.Publish(source); err != nil {
			return err
		}
	}
	fmt.Println(b.You())
	io.Copy(io.Discard, os.Stdin)
	return b.Err()
}
