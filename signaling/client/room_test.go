package client_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"madang/room"
	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/protocol"
)

// lines reads n lines of chat from b's events, and puts them in order: while the chat
// channel opens they come by two ways.
func lines(t *testing.T, b *bot.Bot, n int) (got []*protocol.ChatLine) {
	t.Helper()
	timeout := time.After(within)
	for len(got) < n {
		select {
		case m := <-b.Events():
			if line, ok := m.(*protocol.ChatLine); ok {
				got = append(got, line)
			}
		case <-timeout:
			t.Fatalf("%d lines of %d came", len(got), n)
		}
	}
	slices.SortFunc(got, func(a, b *protocol.ChatLine) int { return cmp.Compare(a.Seq, b.Seq) })
	return got
}

func TestChatComesToAllInOrderAndToTheLate(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	ada, bo := join(t, url, "chat", "Ada"), join(t, url, "chat", "Bo")
	if err := ada.AwaitChat(t.Context()); err != nil {
		t.Fatal(err)
	}
	const n = 5
	for i := range n {
		for _, b := range []*bot.Bot{ada, bo} {
			if err := b.Chat(&protocol.ChatMsg{CID: fmt.Sprint(i), Text: fmt.Sprintf("Line %d", i)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	first := lines(t, ada, 2*n)
	late := join(t, url, "chat", "Late")
	if err := late.Chat(&protocol.Since{}); err != nil {
		t.Fatal(err)
	}
	for who, got := range map[string][]*protocol.ChatLine{"Ada": first, "Bo": lines(t, bo, 2*n), "Late": lines(t, late, 2*n)} {
		for i, line := range got {
			if *line != *first[i] || line.Seq != first[0].Seq+uint64(i) {
				t.Errorf("%s: line %d is %+v, Ada has %+v", who, i, line, first[i])
			}
		}
	}
}

func TestAnotherOfferAddsSlotsAndMediaRunsOn(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	viewer := join(t, url, "grow", "Viewer", func(o *bot.Options) { o.Client.Pairs, o.Client.Voices = 1, -1 })
	var shown []*bot.Bot
	for i := range 3 {
		b := join(t, url, "grow", fmt.Sprint(i))
		publish(t, b, protocol.Mic, protocol.Camera)
		shown = append(shown, b)
	}
	one := viewer.Slots()
	flowing := func() (n int) {
		for _, b := range shown {
			n += len(carrying(viewer, b.You()))
		}
		return n
	}
	eventually(t, "one tile flows", func() bool { return flowing() == 2 })
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	if err := viewer.Grow(ctx, 2, 0); err != nil {
		t.Fatal(err)
	}
	eventually(t, "three tiles flow", func() bool { return flowing() == 6 })
	for _, slot := range one {
		if stats := slot.Stats(); stats.Jumps > 0 || stats.Backwards > 0 || stats.Loss.GivenUp > 0 {
			t.Errorf("the first tile's %s broke: %+v", slot.Mid, stats)
		}
	}
}

func TestJoinSaysWhyItWasRefused(t *testing.T) {
	t.Parallel()
	config := clienttest.DefaultConfig()
	config.Rooms.Rooms.MaxMembers = 1
	config.Rooms.Rooms.Overrides = []room.Override{{Name: "secret", Policy: room.Policy{Password: "open sesame"}}}
	url := clienttest.Serve(t, config)
	join(t, url, "full", "First")
	for name, c := range map[string]struct {
		room, password string
		want           protocol.Code // empty: it may come in
	}{
		"full":           {"full", "", protocol.RoomFull},
		"no password":    {"secret", "", protocol.Unauthorized},
		"wrong password": {"secret", "close sesame", protocol.Unauthorized},
		"right password": {"secret", "open sesame", ""},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			got, err := client.Join(ctx, client.Options{URL: url, Room: c.room, Password: c.password, Name: "Next"})
			if err == nil {
				got.Leave()
			}
			var refusal *client.Error
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (!errors.As(err, &refusal) || refusal.Code != c.want):
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestJoinWithoutServerFails(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"http://127.0.0.1:1", "ftp://127.0.0.1", "://"} {
		if c, err := client.Join(t.Context(), client.Options{URL: url, Room: "r", Name: "n"}); err == nil {
			c.Close()
			t.Errorf("%s: joined", url)
		}
	}
}

func TestJoinGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if c, err := client.Join(ctx, client.Options{URL: url, Room: "r", Name: "n"}); err == nil {
		c.Close()
		t.Error("joined")
	}
}

func TestACrashShowsToTheOthers(t *testing.T) {
	t.Parallel()
	url := clienttest.Serve(t, clienttest.DefaultConfig())
	stays, crashes := join(t, url, "crash", "Stays"), join(t, url, "crash", "Crashes")
	eventually(t, "both are there", func() bool { return len(stays.People()) == 2 })
	crashes.Close()
	if err := crashes.Err(); !errors.Is(err, client.ErrClosed) {
		t.Errorf("the one that closed says %v", err)
	}
	eventually(t, "the crash shows", func() bool {
		person, there := stays.People()[crashes.You()]
		return !there || person.State != "in"
	})
}
