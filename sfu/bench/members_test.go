package main

import (
	"context"
	"testing"
	"time"

	"madang/sfu/bench/client"
)

// TestMembersReceiveWhatIsPublished: what is measured does flow, through both
// servers, and its delay is seen.
func TestMembersReceiveWhatIsPublished(t *testing.T) {
	certificate, err := client.NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	for _, media := range []media{video, audio} {
		for _, v := range variants() {
			t.Run(v.Name+" "+string(media), func(t *testing.T) {
				s := scenario{Name: "test", Rooms: 1, Publishers: 1, Listeners: 2, Hears: 1, Media: media, Rate: 50, Size: 100}
				served, err := newServer(v.Server, s)
				if err != nil {
					t.Fatal(err)
				}
				options := client.Options{Feedback: v.Feedback, Suites: suites(), Certificate: certificate}
				var members []*client.Client
				for member := range s.members() {
					c, err := client.Join(t.Context(), s.lines(member), func(offer string) (string, error) { return served.join(0, member, offer) }, options)
					if err != nil {
						t.Fatal(err)
					}
					defer c.Close()
					members = append(members, c)
				}
				flows(t, members[0].Publish(s.lines(0)[0], s.Size, true), members[1:])
			})
		}
	}
}

// flows publishes until all have received a second's worth.
func flows(t *testing.T, stream *client.Stream, listeners []*client.Client) {
	t.Helper()
	const enough = 50
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for received := 0; received < len(listeners); {
		if ctx.Err() != nil {
			t.Fatalf("only %d of %d receive", received, len(listeners))
		}
		stream.Frame(voiceEvery)
		stream.Send(0, 1)
		time.Sleep(voiceEvery)
		received = 0
		for _, c := range listeners {
			c.Feedback()
			if n, _ := c.Received(); n > enough {
				received++
			}
		}
	}
	for i, c := range listeners {
		if delays := c.Delays(); len(delays) == 0 || delays[0] <= 0 || delays[0] > 20*time.Second {
			t.Errorf("listener %d saw delays of %v", i, delays)
		}
	}
}

func TestEveryPublisherSendsAtItsRate(t *testing.T) {
	for _, e := range experiments() {
		for _, s := range e.Scenarios {
			if s.Media == chat || s.Publishers == 0 {
				continue
			}
			if rate := float64(s.perFrame()) / s.frameEvery().Seconds(); rate != float64(s.Rate) {
				t.Errorf("%s: %v packets a second", s.Name, rate)
			}
		}
	}
}

func TestMembersTakeTurns(t *testing.T) {
	const every = 50 * time.Millisecond
	for member := range 200 {
		times := 0
		for at := range time.Second / beat {
			if turn(at, member, every) {
				times++
			}
		}
		if times != 20 {
			t.Errorf("member %d had %d turns", member, times)
		}
	}
}
