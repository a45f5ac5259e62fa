package client_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/protocol"
)

// await reads b's events up to the next of a type.
func await[T protocol.Message](t *testing.T, b *bot.Bot) T {
	t.Helper()
	timeout := time.After(2 * within)
	for {
		select {
		case m := <-b.Events():
			if wanted, ok := m.(T); ok {
				return wanted
			}
		case <-timeout:
			t.Fatalf("no %T came", *new(T))
		}
	}
}

// hears reads b's events until one of a type and n lines have come, before or after
// it, and returns these in the order of the chat.
func hears[T protocol.Message](t *testing.T, b *bot.Bot, n int) (heard []*protocol.ChatLine) {
	t.Helper()
	timeout := time.After(2 * within)
	for came := false; !came || len(heard) < n; {
		select {
		case m := <-b.Events():
			if _, ok := m.(T); ok {
				came = true
			} else if line, ok := m.(*protocol.ChatLine); ok {
				heard = append(heard, line)
			}
		case <-timeout:
			t.Fatalf("a %T: %v, and %d lines of %d came", *new(T), came, len(heard), n)
		}
	}
	slices.SortFunc(heard, func(a, b *protocol.ChatLine) int { return cmp.Compare(a.Seq, b.Seq) })
	return heard
}

// travels has a client take a road, and note when what it hears and sees comes.
func travels(r *road, sound, picture *gaps) func(*bot.Options) {
	return func(o *bot.Options) {
		if r != nil {
			r.over(&o.Client)
		}
		o.Client.OnRTP = func(slot *client.Slot, packet *rtp.Packet, now time.Time) {
			switch {
			case len(packet.Payload) == 0: // padding that probes the link
			case slot.Video:
				picture.note(now)
			default:
				sound.note(now)
			}
		}
	}
}

// watched collects how a member appeared to b: the states that it had, and whether
// it left.
func watched(b *bot.Bot, id string) (states []string) {
	note := func(people []protocol.Person) {
		for _, p := range people {
			if p.ID == id && (len(states) == 0 || states[len(states)-1] != p.State) {
				states = append(states, p.State)
			}
		}
	}
	for {
		select {
		case m := <-b.Events():
			if people, ok := m.(*protocol.People); ok {
				note(people.Add)
				note(people.Set)
				for _, gone := range people.Del {
					if gone == id {
						states = append(states, "gone")
					}
				}
			}
		default:
			return states
		}
	}
}

func TestMediaFlowsOnUnderACutWebSocket(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	var sound, picture, undisturbed gaps
	ways := newRoad()
	watcher := join(t, url, "r", "Watcher", travels(nil, &undisturbed, &gaps{}))
	ada := join(t, url, "r", "Ada", travels(ways, &gaps{}, &gaps{}))
	bo := join(t, url, "r", "Bo", travels(ways, &sound, &picture))
	publish(t, ada, protocol.Mic, protocol.Camera)
	eventually(t, "Bo hears and sees Ada", func() bool { return len(carrying(bo, ada.You())) == 2 })
	if err := watcher.AwaitChat(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := bo.You()
	for round := range 3 {
		for _, g := range []*gaps{&sound, &picture, &undisturbed} {
			g.reset()
		}
		ways.cut()
		cut := time.Now()
		for i := range 3 {
			line := &protocol.ChatMsg{CID: fmt.Sprint(round, i), Text: fmt.Sprint("line ", round, i)}
			if err := watcher.Chat(line); err != nil {
				t.Fatal(err)
			}
		}
		guest := join(t, url, "r", fmt.Sprint("Guest ", round))
		guest.Leave()
		await[*client.Resumed](t, ada)
		heard := hears[*client.Resumed](t, bo, 3)
		if took := time.Since(cut); took > 10*time.Second { // 2 s, on a machine that has the time
			t.Errorf("back after %v", took)
		}
		for i, line := range heard {
			if want := fmt.Sprint("line ", round, i); line.Text != want {
				t.Errorf("line %q, want %q", line.Text, want)
			}
		}
		if g := max(sound.most(), picture.most()); g > time.Second+undisturbed.most() {
			t.Errorf("nothing came for %v", g)
		}
	}
	if bo.You() != id || bo.Err() != nil {
		t.Errorf("Bo is %s, was %s: %v", bo.You(), id, bo.Err())
	}
	if states := watched(watcher, id); strings.Contains(strings.Join(states, " "), "gone") {
		t.Errorf("Bo was seen %v", states)
	}
}

func TestNetworkOutageOfAPublisher(t *testing.T) {
	for _, tt := range []struct {
		gone, back time.Duration
		seen       string
	}{
		{5 * time.Second, 4 * time.Second, "in"}, // 1 s for sound and 1.5 s for pictures, on a machine that has the time
		{20 * time.Second, 10 * time.Second, "in reconnecting in"},
	} {
		t.Run(tt.gone.String(), func(t *testing.T) {
			t.Parallel()
			url := clienttest.Serve(t, clienttest.DefaultConfig())
			var sound, picture gaps
			ways := newRoad()
			watcher := join(t, url, "r", "Watcher", travels(nil, &sound, &picture))
			ada := join(t, url, "r", "Ada", travels(ways, &gaps{}, &gaps{}))
			publish(t, ada, protocol.Mic, protocol.Camera)
			eventually(t, "the watcher hears and sees Ada", func() bool { return len(carrying(watcher, ada.You())) == 2 })
			id, slots := ada.You(), carrying(watcher, ada.You())

			if err := ada.AwaitChat(t.Context()); err != nil {
				t.Fatal(err)
			}
			ways.block()
			time.Sleep(tt.gone / 2)
			said := []string{"from within", "from without"}
			for i, b := range []*bot.Bot{ada, watcher} {
				if err := b.Chat(&protocol.ChatMsg{CID: said[i], Text: said[i]}); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(tt.gone / 2)
			ways.unblock()
			back := time.Now()
			var heard, seen time.Duration
			eventually(t, "sound and picture are back", func() (both bool) {
				var hears, sees bool
				if heard, hears = sound.since(back); !hears {
					return false
				}
				seen, sees = picture.since(back)
				return sees
			})
			t.Logf("sound came %v after the return, a picture %v", heard, seen)
			if max(heard, seen) > tt.back {
				t.Errorf("sound came %v after the return, a picture %v", heard, seen)
			}
			for _, line := range lines(t, ada, 2) {
				said = slices.DeleteFunc(said, func(cid string) bool { return cid == line.CID })
			}
			if len(said) > 0 {
				t.Errorf("Ada did not hear the line %v", said)
			}
			t.Logf("the chat is back %v after the return", time.Since(back))
			eventually(t, "Ada is in", func() bool { return watcher.People()[id].State == "in" })
			if got := strings.Join(watched(watcher, id), " "); got != tt.seen {
				t.Errorf("Ada was seen %q, want %q", got, tt.seen)
			}
			for _, slot := range slots {
				if is := slot.Carries(); is.Member != id || slot.Stats().Jumps > 0 {
					t.Errorf("slot %s carries %+v, stats %+v", slot.Mid, is, slot.Stats())
				}
			}
		})
	}
}

func TestClientsComeBackToAServerThatStartedAnew(t *testing.T) {
	t.Parallel()
	config := clienttest.DefaultConfig()
	url, stop := clienttest.Start(t, config)
	ada, bo := join(t, url, "r", "Ada"), join(t, url, "r", "Bo")
	publish(t, ada, protocol.Mic, protocol.Camera)
	eventually(t, "Bo hears and sees Ada", func() bool { return len(carrying(bo, ada.You())) == 2 })
	before := ada.You()
	stop()
	await[*client.Reconnecting](t, ada)
	if err := ada.Chat(&protocol.ChatMsg{CID: "while it was down", Text: "Is anybody there?"}); err != nil {
		t.Fatal(err)
	}
	config.Signaling.Server.Listen = strings.TrimPrefix(url, "http://")
	clienttest.Serve(t, config)
	await[*client.Rejoined](t, ada)
	line := hears[*client.Rejoined](t, bo, 1)[0]
	if ada.You() == before || len(bo.Slots()) == 0 {
		t.Errorf("Ada is %s, was %s", ada.You(), before)
	}
	eventually(t, "Bo hears and sees Ada again", func() bool { return len(carrying(bo, ada.You())) == 2 })
	if line.CID != "while it was down" || line.From != ada.You() {
		t.Errorf("line %+v", *line)
	}
}

// UDP alone is gone for so long that both sides' ICE has given up.
func TestMediaThatFailedIsRestarted(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	var sound, picture gaps
	ways := newRoad()
	ways.streams = true
	watcher := join(t, url, "r", "Watcher", travels(nil, &sound, &picture))
	ada := join(t, url, "r", "Ada", travels(ways, &gaps{}, &gaps{}))
	publish(t, ada, protocol.Mic, protocol.Camera)
	eventually(t, "the watcher hears and sees Ada", func() bool { return len(carrying(watcher, ada.You())) == 2 })
	id := ada.You()
	ways.block()
	time.Sleep(25 * time.Second)
	ways.unblock()
	back := time.Now()
	eventually(t, "sound and picture are back", func() bool {
		_, hears := sound.since(back)
		_, sees := picture.since(back)
		return hears && sees
	})
	t.Logf("sound and picture came %v after the return", time.Since(back))
	if got := strings.Join(watched(watcher, id), " "); got != "in" || ada.You() != id {
		t.Errorf("Ada was seen %q", got)
	}
	if ways.dials.Load() > 1 {
		t.Errorf("the WebSocket was opened %d times", ways.dials.Load())
	}
}

func TestACrowdComesBackAtItsPace(t *testing.T) {
	t.Parallel()
	const crowd = 20
	config := clienttest.DefaultConfig()
	url, stop := clienttest.Start(t, config)
	var roads [crowd]*road
	var bots [crowd]*bot.Bot
	for i := range bots {
		roads[i] = newRoad()
		bots[i] = join(t, url, "r", fmt.Sprint("Bot ", i), travels(roads[i], &gaps{}, &gaps{}))
	}
	stop()
	for _, r := range roads {
		r.dials.Store(0)
	}
	down := time.Now()
	time.Sleep(3 * time.Second)
	config.Signaling.Server.Listen = strings.TrimPrefix(url, "http://")
	clienttest.Serve(t, config)
	for i, b := range bots {
		await[*client.Rejoined](t, b)
		most := int64(2*time.Since(down).Seconds()) + 2
		if dials := roads[i].dials.Load(); dials > most {
			t.Errorf("%d attempts in %v", dials, time.Since(down))
		}
	}
	t.Logf("all are back after %v", time.Since(down))
}

func TestLeavingWhileTheConnectionIsLost(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	watcher := join(t, url, "r", "Watcher")
	for name, comes := range map[string]bool{"and comes back": true, "for good": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stream, packets := newRoad(), newRoad()
			ada := join(t, url, "r", "Ada", func(o *bot.Options) {
				stream.over(&o.Client)
				dial := o.Client.Dial
				packets.over(&o.Client)
				o.Client.Dial = dial
			})
			id := ada.You()
			eventually(t, "Ada is seen", func() bool { return watcher.People()[id].ID == id })
			packets.block() // so that the media cannot say it
			stream.block()
			stream.cut()
			await[*client.Reconnecting](t, ada)
			left := make(chan struct{})
			go func() {
				ada.Leave()
				close(left)
			}()
			if comes {
				stream.unblock()
				eventually(t, "Ada's leave is seen", func() bool { _, here := watcher.People()[id]; return !here })
			}
			select {
			case <-left:
			case <-time.After(within):
				t.Error("Leave does not return")
			}
			if err := ada.Err(); !errors.Is(err, client.ErrClosed) {
				t.Errorf("the membership ended with %v", err)
			}
		})
	}
}
