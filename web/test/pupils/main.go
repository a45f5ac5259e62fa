// Command pupils is a class for browser tests: members that talk without a pause,
// whatever they are told, until its standard input closes.
//
//	pupils -url URL -room NAME < orders
//
// Each line of its input is an order, a JSON object: {"do": "come", "name": NAME,
// "camera": true} (or without a camera), {"do": "hand", "name": NAME} or {"do": "say", "name": NAME, "text": TEXT}. Each
// line of its output tells what became of somebody: {"name": NAME, "what": WHAT,
// "id": MEMBER, "code": CODE}, where what is waits, in, asked, done, or gone.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// order is what somebody is to do.
type order struct {
	Do   string `json:"do"`
	Name string `json:"name"`
	Text string `json:"text"`
	// Camera has who comes be seen too.
	Camera bool `json:"camera"`
}

// news is what became of somebody.
type news struct {
	Name string `json:"name"`
	What string `json:"what"`
	ID   string `json:"id,omitempty"`
	Code string `json:"code,omitempty"`
}

func main() {
	url := flag.String("url", "", "address of the server")
	room := flag.String("room", "", "room to join")
	flag.Parse()
	c := &class{options: client.Options{URL: *url, Room: *room, Pairs: -1, Voices: -1}, pupils: map[string]*bot.Bot{}}
	if err := c.run(); err != nil {
		fmt.Fprintln(os.Stderr, "pupils:", err)
		os.Exit(1)
	}
}

// class is all of them, by name.
type class struct {
	options client.Options
	running sync.WaitGroup

	mu     sync.Mutex
	pupils map[string]*bot.Bot
}

func (c *class) run() error {
	ctx, stop := context.WithCancel(context.Background())
	defer c.running.Wait()
	defer stop()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return err
		}
		c.running.Go(func() { c.follow(ctx, o) })
	}
	return lines.Err()
}

func (c *class) follow(ctx context.Context, o order) {
	if o.Do == "come" {
		c.attend(ctx, o)
		return
	}
	p := c.pupil(o.Name)
	if p == nil {
		return
	}
	var err error
	switch o.Do {
	case "hand":
		err = p.Hand(ctx, true)
	case "say":
		err = p.Chat(&protocol.ChatMsg{CID: fmt.Sprintf("pupil-%d", time.Now().UnixNano()), Text: o.Text})
	default:
		err = fmt.Errorf("nobody knows how to %q", o.Do)
	}
	c.tell(news{Name: o.Name, What: "done", Code: code(err)})
}

// attend brings somebody in, as soon as they are let in, and stays until the end.
func (c *class) attend(ctx context.Context, o order) {
	options, name := c.options, o.Name
	options.Name = name
	options.OnLobby = func(l protocol.Lobby) {
		if l.State == protocol.StateWaiting {
			c.tell(news{Name: name, What: "waits", ID: l.You})
		}
	}
	seed := rand.Uint64()
	voice := &synthetic.VoiceConfig{Seed: seed, Turn: synthetic.Turn{Of: 1, Each: time.Hour}}
	var camera []synthetic.VideoConfig
	if o.Camera {
		camera = append(camera, synthetic.VideoConfig{Seed: seed})
	}
	p, err := bot.Join(ctx, bot.Options{Client: options, Voice: voice, Camera: camera, Began: time.Now()})
	if err == nil {
		_, err = p.Publish(protocol.Mic)
	}
	if err == nil && o.Camera {
		_, err = p.Publish(protocol.Camera)
	}
	if err != nil {
		c.tell(news{Name: name, What: "gone", Code: code(err)})
		return
	}
	defer p.Leave()
	c.mu.Lock()
	c.pupils[name] = p
	c.mu.Unlock()
	c.tell(news{Name: name, What: "in", ID: p.You()})
	for {
		select {
		case m := <-p.Events():
			if _, asked := m.(*protocol.Unmute); asked {
				c.tell(news{Name: name, What: "asked"})
			}
		case <-p.Done():
			c.tell(news{Name: name, What: "gone", Code: code(p.Err())})
			return
		case <-ctx.Done():
			return
		}
	}
}

func (c *class) pupil(name string) *bot.Bot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pupils[name]
}

func (c *class) tell(n news) {
	line, err := json.Marshal(n)
	if err != nil {
		panic(err) // strings only
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Println(string(line))
}

// code is the server's for an error, or its text.
func code(err error) string {
	var refused *client.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return string(refused.Code)
	}
	return err.Error()
}
