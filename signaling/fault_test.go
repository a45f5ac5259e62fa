package signaling

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// faultyMedia is a media plane that panics where a test says, in the handling of one
// member: the next who calls.
type faultyMedia struct {
	Media
	fault atomic.Pointer[string]
}

// arm has the next call of a kind panic.
func (m *faultyMedia) arm(call string) { m.fault.Store(&call) }

func (m *faultyMedia) reach(call string) {
	if armed := m.fault.Load(); armed != nil && *armed == call && m.fault.CompareAndSwap(armed, nil) {
		panic("a fault that a test put there")
	}
}

func (m *faultyMedia) NewPeer(placement string, events sfu.PeerEvents) (Peer, error) {
	m.reach("new peer")
	p, err := m.Media.NewPeer(placement, events)
	return &faultyPeer{p, m}, err
}

func (m *faultyMedia) ICEServers(user, host string) []sfu.ICEServer {
	m.reach("ice servers")
	return m.Media.ICEServers(user, host)
}

type faultyPeer struct {
	Peer
	media *faultyMedia
}

func (p *faultyPeer) Answer(ctx context.Context, offer string, kinds map[string]sfu.SourceKind) (*sfu.Negotiated, error) {
	p.media.reach("answer")
	return p.Peer.Answer(ctx, offer, kinds)
}

func (p *faultyPeer) AddCandidate(candidate string) error {
	p.media.reach("candidate")
	return p.Peer.AddCandidate(candidate)
}

func (p *faultyPeer) Ready() {
	p.media.reach("ready")
	p.Peer.Ready()
}

func (p *faultyPeer) SendChat(data []byte) error {
	p.media.reach("chat")
	return p.Peer.SendChat(data)
}

func TestAPanicEndsTheMemberWhomItIsAboutAndNobodyElse(t *testing.T) {
	ways := map[string]struct {
		fault string
		meet  func(h *house, t *testing.T) *caller // who is to end
	}{
		"a hello":     {"ice servers", func(h *house, t *testing.T) *caller { return h.greets(t) }},
		"a join":      {"new peer", func(h *house, t *testing.T) *caller { return h.joins(t) }},
		"an offer":    {"answer", func(h *house, t *testing.T) *caller { return h.joins(t) }},
		"a candidate": {"candidate", func(h *house, t *testing.T) *caller { return h.says(t, &protocol.ICE{Candidate: "x"}) }},
		"a ready":     {"ready", func(h *house, t *testing.T) *caller { return h.says(t, &protocol.Ready{Re: "join"}) }},
		"its chat":    {"chat", func(h *house, t *testing.T) *caller { return h.connects(t, "r", "Goes").caller }},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			media := &faultyMedia{}
			h := newHouse(t, func(s *settings) {
				s.wrap = func(m Media) Media { media.Media = m; return media }
				s.doors.Limits.ResumeWindow = time.Minute
			})
			stays := h.newMember(t, "r", "Stays")
			media.arm(way.fault)
			goes := way.meet(h, t)
			goes.hearError(protocol.Internal)
			goes.hearClose(protocol.CloseFailed)
			eventually(t, "one is left", func() bool { return h.rooms.Stats().Members == 1 && h.seats.count() == 1 })
			stays.undisturbed()
			h.newMember(t, "r", "Comes").undisturbed()
			if _, body := get(t, "http://"+h.AdminAddr().String()+"/metrics", http.Header{}); !strings.Contains(body, "\nmadang_panics_total 1\n") {
				t.Error("/metrics does not count the panic")
			}
		})
	}
}

// faultyRouter is the media of a room that panics when a test says so.
type faultyRouter struct {
	room.Router
	fault atomic.Bool
}

func (r *faultyRouter) Route(routing *sfu.Routing) {
	if r.fault.Swap(false) {
		panic("a fault that a test put there")
	}
	r.Router.Route(routing)
}

func TestAPanicOfARoomEndsThatRoomAndItsMembersMayJoinAgain(t *testing.T) {
	var media []*faultyRouter // of the rooms, as they are opened
	h := newHouse(t, func(s *settings) {
		s.media = newFakeMedia()
		s.route = func(r room.Router) room.Router {
			media = append(media, &faultyRouter{Router: r})
			return media[len(media)-1]
		}
		s.doors.Limits.ResumeWindow = time.Minute
	})
	a, b, other := h.dial(t), h.dial(t), h.dial(t)
	a.inside("yard", "Ada", "offer")
	b.inside("yard", "Bo", "offer")
	other.inside("hall", "Cy", "offer")
	media[0].fault.Store(true)
	a.say(&protocol.Publish{Source: protocol.Mic, State: protocol.Live})
	for _, c := range []*caller{a, b} {
		c.hearError(protocol.Internal)
		c.hearClose(protocol.CloseFailed)
		h.dial(t).inside("yard", "Again", "offer")
	}
	other.works()
	eventually(t, "those who came again are in", func() bool {
		s := h.rooms.Stats()
		return s.Members == 3 && s.Rooms == 2 && s.Panics == 1
	})
}

// greets says hello.
func (h *house) greets(t *testing.T) *caller {
	c := h.dial(t)
	c.say(&protocol.Hello{ID: "hello", V: protocol.Version, Room: "r", Name: "Goes"})
	return c
}

// joins says hello and asks to join.
func (h *house) joins(t *testing.T) *caller {
	c := h.dial(t)
	c.inLobby("r", "Goes")
	c.say(&protocol.Join{ID: "join", SDP: offerOf(t)})
	return c
}

// says is joins and one message more, from inside the room.
func (h *house) says(t *testing.T, m protocol.Message) *caller {
	c := h.joins(t)
	hear[*protocol.Joined](c)
	c.say(&protocol.Enter{ID: "enter"})
	hear[*protocol.Welcome](c)
	c.say(m)
	return c
}
