// Command publisher is a member for browser tests whose clock may be wrong: it
// sends synthetic video and sound until its standard input closes.
//
//	publisher -url URL -room NAME -name NAME [-ahead 1h] [-simulcast]
//
// It prints its member id once it is in, and then a line for each change of what
// anybody needs of its camera: want, and the RIDs.
package main

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"strings"
	"sync"
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
	simulcast := flag.Bool("simulcast", false, "send the camera in three layers, up to 1280x720")
	flag.Parse()
	if err := run(o, *simulcast); err != nil {
		fmt.Fprintln(os.Stderr, "publisher:", err)
		os.Exit(1)
	}
}

func run(o client.Options, simulcast bool) error {
	o.Pairs, o.Voices = -1, -1
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	named := fnv.New64a()
	io.WriteString(named, o.Name)
	seed := named.Sum64()
	camera := []synthetic.VideoConfig{{Width: 640, Height: 360, Seed: seed}}
	if simulcast {
		o.Layers = []string{"q", "h", "f"}
		camera = []synthetic.VideoConfig{
			{Width: 320, Height: 180, Bitrate: 100_000, Seed: seed},
			{Width: 640, Height: 360, Bitrate: 250_000, Seed: seed},
			{Width: 1280, Height: 720, Bitrate: 500_000, Seed: seed},
		}
	}
	b, err := bot.Join(ctx, bot.Options{Client: o, Camera: camera, Voice: &synthetic.VoiceConfig{Seed: seed}})
	if err != nil {
		return err
	}
	var printing sync.WaitGroup
	defer printing.Wait()
	defer b.Leave()
	for _, source := range []protocol.Source{protocol.Camera, protocol.Mic} {
		if _, err := b.Publish(source); err != nil {
			return err
		}
	}
	fmt.Println(b.You())
	printing.Go(func() { printWants(b) })
	io.Copy(io.Discard, os.Stdin)
	return b.Err()
}

// printWants prints what anybody needs of the camera, until the end.
func printWants(b *bot.Bot) {
	for {
		select {
		case m := <-b.Events():
			if want, ok := m.(*protocol.Want); ok && want.Source == protocol.Camera {
				fmt.Println(strings.Join(append([]string{"want"}, want.Layers...), " "))
			}
		case <-b.Done():
			return
		}
	}
}
