package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"madang/sfu"
)

// madang is the media plane with everything on that it always has on, and one of
// its writers.
type madang struct {
	scenario scenario
	media    *sfu.SFU
	parts    int // into which each room is cut, for a worker each

	mu    sync.Mutex
	rooms map[int]*madangRoom
}

// madangRoom is what a room has of its members so far.
type madangRoom struct {
	router  *sfu.Router
	sources map[int]*sfu.Source // by member
	members map[int]*sfu.Negotiated
	peers   map[int]*sfu.Peer
}

func newMadang(s scenario, writer string, workers, parts int) (*madang, error) {
	cfg := sfu.DefaultConfig()
	cfg.ICE.UDPPort, cfg.ICE.Workers, cfg.Media.Writer = 0, workers, writer
	cfg.ICE.PublicIPs = []string{"127.0.0.1"}
	media, err := sfu.New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return &madang{scenario: s, media: media, parts: parts, rooms: map[int]*madangRoom{}}, nil
}

func (m *madang) join(room, member int, offer string) (string, error) {
	kinds := map[string]sfu.SourceKind{}
	if member < m.scenario.Publishers && m.scenario.Media != chat {
		kinds["0"] = sfu.Camera
		if m.scenario.Media == audio {
			kinds["0"] = sfu.Mic
		}
	}
	if m.scenario.Muted && member >= m.scenario.Publishers {
		kinds["0"], kinds["1"] = sfu.Mic, sfu.Camera
	}
	events := &chatter{server: m, room: room, from: member}
	p, err := m.media.NewPeer(fmt.Sprintf("%d on %d", room, member%m.parts), events)
	if err != nil {
		return "", err
	}
	n, err := p.Answer(context.Background(), offer, kinds)
	if err != nil {
		return "", err
	}
	p.Ready()
	sdp := n.SDP
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rooms[room]
	if r == nil {
		r = &madangRoom{router: m.media.NewRouter(deaf{}), sources: map[int]*sfu.Source{}, members: map[int]*sfu.Negotiated{}, peers: map[int]*sfu.Peer{}}
		m.rooms[room] = r
	}
	r.members[member], r.peers[member] = n, p
	n.SDP = "" // who has joined keeps it no longer
	if len(n.Sources) > 0 && !m.scenario.Muted {
		r.sources[member] = n.Sources[0]
	}
	r.router.Route(r.routing(m.scenario))
	return sdp, nil
}

// routing shows every member all the others, or lets it hear the loudest.
func (r *madangRoom) routing(s scenario) *sfu.Routing {
	next := &sfu.Routing{}
	for _, source := range r.sources {
		if source.Kind == sfu.Mic {
			next.Mics = append(next.Mics, source)
		} else {
			next.Pictures = append(next.Pictures, source)
		}
	}
	for member, n := range r.members {
		v := sfu.View{Key: fmt.Sprint(member), Voices: n.Voices, Self: n.Sources}
		pairs := n.Pairs
		for other := range s.Publishers {
			if source := r.sources[other]; other != member && len(pairs) > 0 {
				pair := pairs[0]
				pair.VideoFrom, pair.Ask.Order = sfu.Feed{Source: source}, len(v.Pairs)
				v.Pairs, pairs = append(v.Pairs, pair), pairs[1:]
			}
		}
		next.Views = append(next.Views, v)
	}
	return next
}

// chatter fans a member's lines of chat out.
type chatter struct {
	deaf
	server *madang
	room   int
	from   int
}

// ChatReceived sends a line to all others.
func (c *chatter) ChatReceived(data []byte, _ bool) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	for member, p := range c.server.rooms[c.room].peers {
		if member != c.from {
			_ = p.SendChat(data)
		}
	}
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
