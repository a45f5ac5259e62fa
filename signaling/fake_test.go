package signaling

import (
	"context"
	"fmt"
	"sync"
	"time"

	"madang/sfu"
)

// fakeMedia is a media plane that a test plays by hand.
type fakeMedia struct {
	peers chan *fakePeer // as they are made
}

func newFakeMedia() *fakeMedia { return &fakeMedia{peers: make(chan *fakePeer, 100)} }

func (m *fakeMedia) NewPeer(placement string, events sfu.PeerEvents) (Peer, error) {
	p := &fakePeer{placement: placement, events: events, closed: make(chan struct{})}
	m.peers <- p
	return p, nil
}

func (m *fakeMedia) Config() sfu.MediaConfig { return sfu.DefaultMediaConfig() }

func (m *fakeMedia) ICEServers(user, host string) []sfu.ICEServer {
	if host == "" {
		return nil
	}
	return []sfu.ICEServer{{URLs: []string{"turn:" + host}, Username: user, Credential: "word"}}
}

func (m *fakeMedia) Stats() sfu.Stats {
	return sfu.Stats{Peers: 1, PacketsIn: 7, PacketsOut: 21, Busy: []float64{0.25}, Drops: map[string]uint64{"malformed": 3}}
}

// fakePeer answers any offer with one pair, a microphone and no voices.
type fakePeer struct {
	placement string
	events    sfu.PeerEvents
	closed    chan struct{}

	mu       sync.Mutex
	offers   int
	ready    int
	gate     chan struct{} // that answers wait for
	heard    time.Time
	chat     []string // what was sent
	chatFull bool
	chatDeaf bool // what is sent is not acknowledged
	greeted  int  // how often nothing was said
}

// The offers that fakePeer knows.
const (
	offerPanics = "panic"
	offerStalls = "stall" // until the session ends
)

func (p *fakePeer) Answer(ctx context.Context, offer string, _ map[string]sfu.SourceKind) (*sfu.Negotiated, error) {
	switch offer {
	case offerPanics:
		panic("an offer that nobody thought of")
	case offerStalls:
		<-ctx.Done()
		return nil, fmt.Errorf("answering: %w", ctx.Err())
	}
	p.mu.Lock()
	p.offers++
	gate := p.gate
	p.mu.Unlock()
	if gate != nil {
		<-gate
	}
	return &sfu.Negotiated{
		SDP:     "answer to " + offer,
		Sources: []*sfu.Source{{ID: fmt.Sprintf("%p", p), Kind: sfu.Mic, Mid: "0"}},
		Pairs:   []sfu.Pair{{Video: &sfu.Slot{Mid: "1", Media: sfu.Video}, Audio: &sfu.Slot{Mid: "2", Media: sfu.Audio}}},
	}, nil
}

func (p *fakePeer) Ready() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready++
}

func (p *fakePeer) AddCandidate(string) error { return nil }

func (p *fakePeer) SendChat(data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.chatFull {
		return sfu.ErrChatFull
	}
	if string(data) == nothing {
		p.greeted++
		return nil
	}
	p.chat = append(p.chat, string(data))
	return nil
}

func (p *fakePeer) ChatBuffered() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.chatDeaf {
		return 1
	}
	return 0
}

// deafen has the other side of the chat channel acknowledge nothing, or all.
func (p *fakePeer) deafen(deaf bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.chatDeaf = deaf
}

func (p *fakePeer) Heard() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard
}

// speak has the peer be heard now.
func (p *fakePeer) speak() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = time.Now()
}

func (p *fakePeer) Stats() (sfu.PeerStats, bool) { return sfu.PeerStats{Over: "udp"}, true }

func (p *fakePeer) Close() { close(p.closed) }

// fill makes the chat channel full, or empty again.
func (p *fakePeer) fill(full bool) {
	p.mu.Lock()
	p.chatFull = full
	p.mu.Unlock()
	if !full {
		p.events.ChatWritable()
	}
}

func (p *fakePeer) sent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.chat...)
}

// hold has the peer answer no more before the gate is closed.
func (p *fakePeer) hold() (gate chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gate = make(chan struct{})
	return p.gate
}

// asked is how many offers came.
func (p *fakePeer) asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.offers
}
