package load

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

const (
	// joinTimeout is how long one member may take to come in.
	joinTimeout = 20 * time.Second
	// turn is how long one voice speaks.
	turn = 2 * time.Second
)

// member is one synthetic member of a run.
type member struct {
	number  int // among all of the run, from 0
	room, i int // which room, and which of its members
	role    role
	config  *Config
	meter   *meter
	began   time.Time // of the run
	started time.Time // of this join

	bot       *bot.Bot
	listening sync.WaitGroup

	heard atomic.Bool // any media
	mu    sync.Mutex
	seen  map[source]bool
}

// source is one thing that somebody sends, as its stamp names it.
type source struct {
	sender uint32
	kind   uint8
}

// Kinds of sources in stamps.
const (
	kindVoice  = 0
	kindCamera = 1
)

// join brings the member in and lets it send.
func (m *member) join(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	m.started = time.Now()
	b, err := bot.Join(ctx, m.options())
	if err != nil {
		return err
	}
	m.bot = b
	m.meter.join.add(m.number, time.Since(m.started))
	m.listening.Go(m.listen)
	return m.publish()
}

// publish makes live what the member's role sends.
func (m *member) publish() error {
	if !m.role.sends {
		return nil
	}
	if m.config.Audio {
		if _, err := m.bot.Publish(protocol.Mic); err != nil {
			return err
		}
	}
	if m.config.Video.Bitrate > 0 {
		if _, err := m.bot.Publish(protocol.Camera); err != nil {
			return err
		}
	}
	return nil
}

// options says how the member joins and what it sends.
func (m *member) options() bot.Options {
	name := m.config.Room
	if m.config.Rooms > 1 {
		name = fmt.Sprintf("%s-%d", name, m.room+1)
	}
	o := bot.Options{
		Client: client.Options{
			URL: m.config.URL, Room: name, Name: fmt.Sprintf("Bot %d", m.i+1), Password: m.config.Password,
			Pairs: m.config.pairs(m.role), Voices: -1, OnRTP: m.receive,
		},
		Began: m.began,
		Late:  func(late time.Duration) { m.meter.late.add(m.number, late) },
	}
	if o.Client.Pairs == 0 {
		o.Client.Pairs = -1
	}
	if !m.role.sends {
		o.Client.Sources = []protocol.Source{}
		return o
	}
	o.Client.Sources = []protocol.Source{protocol.Mic, protocol.Camera}
	o.Voice = &synthetic.VoiceConfig{
		Seed: uint64(m.number), Stamp: synthetic.Stamp{Sender: uint32(m.number), Kind: kindVoice},
		Turn: synthetic.Turn{Of: m.config.Publishers + m.config.Members, Index: m.i, Each: turn},
	}
	m.addCamera(&o)
	return o
}

// addCamera sets what the camera sends.
func (m *member) addCamera(o *bot.Options) {
	v := m.config.Video
	layers := []string{""}
	if v.Simulcast {
		layers = []string{"q", "h", "f"}
		o.Client.Layers = layers
	}
	for i := range layers {
		scale, share := 1<<(len(layers)-1-i), 1
		for range len(layers) - 1 - i {
			share *= 3
		}
		o.Camera = append(o.Camera, synthetic.VideoConfig{
			Width: v.Width / scale, Height: v.Height / scale, FPS: v.FPS, Bitrate: v.Bitrate / share,
			KeyframeEvery: v.KeyframeEvery, TemporalLayers: 1, Seed: uint64(m.number),
			Stamp: synthetic.Stamp{Sender: uint32(m.number), Kind: kindCamera, Layer: uint8(i)},
		})
	}
}

// receive takes one packet, on the goroutine of its slot.
func (m *member) receive(_ *client.Slot, packet *rtp.Packet, arrived time.Time) {
	m.meter.packets.Add(1)
	m.meter.bytes.Add(uint64(len(packet.Payload)))
	stamp, ok := synthetic.ReadStamp(packet.Payload)
	if !ok {
		return
	}
	m.meter.delay.add(m.number, time.Duration(arrived.UnixNano()-stamp.At))
	if !m.heard.Swap(true) {
		m.meter.firstMedia.add(m.number, arrived.Sub(m.started))
	}
	from := source{stamp.Sender, stamp.Kind}
	m.mu.Lock()
	known := m.seen[from]
	m.seen[from] = true
	m.mu.Unlock()
	if !known {
		m.meter.tracks.Add(1)
	}
}

// listen reads the member's events until its end.
func (m *member) listen() {
	for {
		select {
		case e := <-m.bot.Events():
			switch e := e.(type) {
			case *protocol.ChatLine:
				if e.From == m.bot.You() {
					m.chatReturned(e.CID)
				}
			case *protocol.Error:
				if e.CID != "" {
					m.meter.linesRefused.Add(1)
				}
			}
		case <-m.bot.Done():
			return
		}
	}
}

// chat sends one line; its cid says when.
func (m *member) chat(now time.Time) {
	m.meter.linesSent.Add(1)
	cid := strconv.FormatInt(now.UnixNano(), 36)
	if err := m.bot.Chat(&protocol.ChatMsg{CID: cid, Text: "Line of Bot " + strconv.Itoa(m.i+1)}); err != nil {
		m.meter.linesRefused.Add(1)
	}
}

func (m *member) chatReturned(cid string) {
	sent, err := strconv.ParseInt(cid, 36, 64)
	if err != nil {
		return
	}
	m.meter.linesBack.Add(1)
	m.meter.chat.add(m.number, time.Duration(time.Now().UnixNano()-sent))
}

// in tells whether the member came in and is still there.
func (m *member) in() bool { return m.bot != nil && m.bot.Err() == nil }

// leave takes the member out.
func (m *member) leave() {
	if m.bot == nil {
		return
	}
	m.bot.Leave()
	m.listening.Wait()
}
