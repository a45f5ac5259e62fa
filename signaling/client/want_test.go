package client

import (
	"testing"

	"madang/signaling/protocol"
)

func TestLayersAreWantedUntilTheServerSaysOtherwise(t *testing.T) {
	c := &Client{wants: map[protocol.Source][]string{}, events: make(chan protocol.Message, 10)}
	camera, screen := &Publication{Source: protocol.Camera, client: c}, &Publication{Source: protocol.Screen, client: c}
	want := func(source protocol.Source, layers ...string) {
		c.handle(&protocol.Want{Source: source, Layers: layers})
	}
	expect := func(when string, p *Publication, layer string, wanted bool) {
		t.Helper()
		if p.Wanted(layer) != wanted {
			t.Errorf("%s: %s %q wanted: %v", when, p.Source, layer, !wanted)
		}
	}
	expect("at first", camera, "f", true)
	want(protocol.Camera, "q", "h")
	expect("small tiles", camera, "q", true)
	expect("small tiles", camera, "f", false)
	expect("of the camera", screen, "", true)
	want(protocol.Screen)
	expect("nobody looks", screen, "", false)
	want(protocol.Screen, "")
	expect("somebody looks", screen, "", true)
	if len(c.events) != 3 {
		t.Errorf("%d events", len(c.events))
	}
}

func TestQualityIsKeptAsLongAsItsMember(t *testing.T) {
	c := &Client{people: map[string]protocol.Person{}, quality: map[string]protocol.Link{}, events: make(chan protocol.Message, 10)}
	c.handle(&protocol.Quality{Members: map[string]protocol.Link{"a": {Up: 5, Down: 5, Why: "none"}, "b": {Up: 1, Why: "uplink"}}})
	c.handle(&protocol.Quality{Members: map[string]protocol.Link{"a": {Up: 5, Down: 2, Why: "downlink"}}})
	c.handle(&protocol.People{Del: []string{"b"}})
	if got := c.Quality(); len(got) != 1 || got["a"].Down != 2 {
		t.Errorf("quality: %+v", got)
	}
}
