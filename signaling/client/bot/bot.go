// Package bot is a member of a room that needs nobody: a client that sends
// synthetic media on time.
package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// Options says how a bot joins and what it sends.
type Options struct {
	Client client.Options
	// Camera has one entry for each of Client.Layers, or one if there are none;
	// Screen one at most. Empty: it cannot send that.
	Camera, Screen []synthetic.VideoConfig
	// Voice is its microphone's; nil: it has none.
	Voice *synthetic.VoiceConfig
	// IgnoreWants makes it send layers too that nobody needs, as no browser would.
	IgnoreWants bool
	// Began is when the conversation began in which Voice takes its turns.
	Began time.Time
	// Late hears how late each frame or packet was sent, on the bot's goroutine.
	Late func(time.Duration)
}

// Bot is a client that sends. Any goroutine may call its methods.
type Bot struct {
	*client.Client
	options Options
	player  *player
	stop    sync.Once

	mu      sync.Mutex
	sources map[protocol.Source]*source
}

// source is one thing that is sent.
type source struct {
	publication *client.Publication
	layers      map[string]*synthetic.Video // video, by RID
}

// Join enters the room. Nothing is sent before Publish.
func Join(ctx context.Context, options Options) (*Bot, error) {
	if options.Late == nil {
		options.Late = func(time.Duration) {}
	}
	b := &Bot{options: options, sources: map[protocol.Source]*source{}}
	wished := options.Client.OnKeyframeRequest
	options.Client.OnKeyframeRequest = func(of protocol.Source, layer string) {
		b.requestKeyframe(of, layer)
		if wished != nil {
			wished(of, layer)
		}
	}
	c, err := client.Join(ctx, options.Client)
	if err != nil {
		return nil, err
	}
	b.Client, b.player = c, newPlayer(options.Late)
	return b, nil
}

// Publish begins to send a source.
func (b *Bot) Publish(what protocol.Source) (*client.Publication, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.sources[what]; s != nil {
		return s.publication, errors.New("bot: it is sent already")
	}
	publication, err := b.Client.Publish(what)
	if err != nil {
		return nil, err
	}
	s := &source{publication: publication, layers: map[string]*synthetic.Video{}}
	switch what {
	case protocol.Camera:
		b.film(s, b.options.Camera, b.options.Client.Layers)
	case protocol.Screen:
		b.film(s, b.options.Screen, nil)
	case protocol.Mic:
		if b.options.Voice != nil {
			b.speak(s)
		}
	}
	b.sources[what] = s
	return publication, nil
}

// film plays the layers of a video.
func (b *Bot) film(s *source, configs []synthetic.VideoConfig, rids []string) {
	for i, config := range configs {
		rid := ""
		if i < len(rids) {
			rid = rids[i]
		}
		video := synthetic.NewVideo(config)
		s.layers[rid] = video
		sending := true
		b.player.play(video.FrameDuration(), config.Seed, func(now time.Time) {
			if !b.options.IgnoreWants && !s.publication.Wanted(rid) {
				sending = false
				return
			}
			if !sending {
				video.RequestKeyframe() // as an encoder that starts anew
				sending = true
			}
			// An error is the end of the connection, which shows in Done.
			_ = video.Frame(now, func(p *rtp.Packet) error { return s.publication.WriteRTP(rid, p) })
		})
	}
}

// speak plays the microphone.
func (b *Bot) speak(s *source) {
	voice := synthetic.NewVoice(*b.options.Voice, b.options.Began)
	b.player.play(synthetic.VoicePeriod, b.options.Voice.Seed, func(now time.Time) {
		packet, level := voice.Packet(now)
		_ = s.publication.WriteAudio(packet, level) // as above
	})
}

func (b *Bot) requestKeyframe(of protocol.Source, layer string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.sources[of]; s != nil && s.layers[layer] != nil {
		s.layers[layer].RequestKeyframe()
	}
}

// Leave stops sending and says goodbye.
func (b *Bot) Leave() {
	b.stop.Do(b.player.stop)
	b.Client.Leave()
}

// Close stops sending and drops the connections without a word.
func (b *Bot) Close() {
	b.stop.Do(b.player.stop)
	b.Client.Close()
}
