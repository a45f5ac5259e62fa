package main

import (
	"context"
	"log/slog"
	"sync"

	"madang/sfu"
)

// madang is the media plane with everything on that it always has on.
type madang struct {
	media  *sfu.SFU
	router *sfu.Router

	mu     sync.Mutex
	source *sfu.Source
	views  []sfu.View
}

func newMadang() (*madang, error) {
	cfg := sfu.DefaultConfig()
	cfg.ICE.UDPPort = 0
	media, err := sfu.New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return &madang{media: media, router: media.NewRouter(deaf{})}, nil
}

func (m *madang) publish(offer, mid string) (string, error) {
	n, err := m.answer(offer, map[string]sfu.SourceKind{mid: sfu.Camera})
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.source = n.Sources[0]
	return n.SDP, nil
}

func (m *madang) subscribe(offer string) (string, error) {
	n, err := m.answer(offer, nil)
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	pair := n.Pairs[0]
	pair.VideoFrom = sfu.Feed{Source: m.source}
	m.views = append(m.views[:len(m.views):len(m.views)], sfu.View{Pairs: []sfu.Pair{pair}})
	m.router.Route(&sfu.Routing{Views: m.views})
	return n.SDP, nil
}

func (m *madang) answer(offer string, kinds map[string]sfu.SourceKind) (*sfu.Negotiated, error) {
	p, err := m.media.NewPeer("bench", deaf{})
	if err != nil {
		return nil, err
	}
	n, err := p.Answer(context.Background(), offer, kinds)
	if err != nil {
		return nil, err
	}
	p.Ready()
	return n, nil
}

// deaf is told everything and does nothing.
type deaf struct{}

func (deaf) SlotsChanged([]sfu.SlotState)   {}
func (deaf) SpeakersChanged([]sfu.Speaker)  {}
func (deaf) WantsChanged([]sfu.Want)        {}
func (deaf) QualityChanged([]sfu.Quality)   {}
func (deaf) PeerStateChanged(sfu.PeerState) {}
func (deaf) ChatOpened()                    {}
func (deaf) ChatReceived([]byte, bool)      {}
func (deaf) ChatWritable()                  {}
