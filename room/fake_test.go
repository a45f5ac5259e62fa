package room

import (
	"cmp"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"madang/sfu"
)

// fakeConn remembers what a member heard.
type fakeConn struct {
	mu     sync.Mutex
	events []Event
	closed string
}

func (c *fakeConn) Send(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, e)
}

func (c *fakeConn) Close(code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = code
}

// heard returns all events so far.
func (c *fakeConn) heard() []Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Event(nil), c.events...)
}

// of returns the events of one type.
func of[T Event](c *fakeConn) []T {
	var some []T
	for _, e := range c.heard() {
		if e, ok := e.(T); ok {
			some = append(some, e)
		}
	}
	return some
}

// only returns the one event of a type.
func only[T Event](t *testing.T, c *fakeConn) T {
	t.Helper()
	all := of[T](c)
	if len(all) != 1 {
		t.Fatalf("heard %d events of type %T, want 1 (in all: %v)", len(all), *new(T), c.heard())
	}
	return all[0]
}

// fakeRouter remembers routings.
type fakeRouter struct {
	mu       sync.Mutex
	observer sfu.Observer
	routings []*sfu.Routing
	closed   bool
}

func (r *fakeRouter) Route(routing *sfu.Routing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.routings = append(r.routings, routing)
}

func (r *fakeRouter) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
}

func (r *fakeRouter) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.routings)
}

func (r *fakeRouter) newest() *sfu.Routing {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.routings) == 0 {
		return &sfu.Routing{}
	}
	return r.routings[len(r.routings)-1]
}

// newRooms makes a registry whose routers are remembered by room, in order.
func newRooms(t testing.TB, cfg Config) (rooms *Rooms, routers *[]*fakeRouter) {
	t.Helper()
	routers = &[]*fakeRouter{}
	rooms, err := NewRooms(cfg, func(o sfu.Observer) Router {
		r := &fakeRouter{observer: o}
		*routers = append(*routers, r)
		return r
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return rooms, routers
}

// guest is a member with its lines, as a peer would have them.
type guest struct {
	Joining
	conn *fakeConn
}

func newGuest(name string, pairs, voices int) *guest {
	conn := &fakeConn{}
	g := &guest{conn: conn, Joining: Joining{ID: MemberID(name), Name: name, Conn: conn}}
	for kind := range sourceKinds {
		kind := sfu.SourceKind(kind)
		g.Sources = append(g.Sources, &sfu.Source{ID: name + "/" + kind.String(), Kind: kind, Mid: fmt.Sprint(int(kind))})
	}
	for i := range pairs {
		g.Pairs = append(g.Pairs, sfu.Pair{
			Video: &sfu.Slot{Mid: fmt.Sprintf("v%d", i), Media: sfu.Video},
			Audio: &sfu.Slot{Mid: fmt.Sprintf("a%d", i), Media: sfu.Audio},
		})
	}
	for i := range voices {
		g.Voices = append(g.Voices, &sfu.Slot{Mid: fmt.Sprintf("x%d", i), Media: sfu.Audio})
	}
	return g
}

func (g *guest) source(kind sfu.SourceKind) *sfu.Source { return g.Sources[kind] }

// hall is a state with a clock of its own and no goroutine.
type hall struct {
	*state
	router *fakeRouter
	now    time.Time
	after  func() // called after each settling, if set
}

func (h *hall) settle(now time.Time) time.Time {
	next := h.state.settle(now)
	if h.after != nil {
		h.after()
	}
	return next
}

func newHall(policy Policy, chat ChatConfig) *hall {
	router := &fakeRouter{}
	return &hall{
		state:  newState("hall", hallConfig(policy, chat), router, &bans{}, &counters{}),
		router: router,
		now:    time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC),
	}
}

// hallConfig is a configuration with one policy, in which who comes is a member.
func hallConfig(policy Policy, chat ChatConfig) Config {
	cfg := DefaultConfig()
	policy.Role = cmp.Or(policy.Role, Member.String())
	cfg.Rooms.Policy, cfg.Chat = policy, chat
	return cfg
}

func defaultHall() *hall { return newHall(Policy{MaxMembers: 10000}, DefaultChatConfig()) }

// do applies messages as one batch and settles.
func (h *hall) do(messages ...message) {
	for _, m := range messages {
		h.take(m, h.now)
	}
	h.settle(h.now)
}

// pass lets time go by, settling whenever the state asks for it.
func (h *hall) pass(d time.Duration) {
	end := h.now.Add(d)
	for {
		next := h.settle(h.now)
		if next.IsZero() || next.After(end) {
			break
		}
		h.now = next
	}
	h.now = end
	h.settle(h.now)
}

// say lets the media plane report who speaks.
func (h *hall) say(guests ...*guest) {
	speakers := []sfu.Speaker{}
	for _, g := range guests {
		speakers = append(speakers, sfu.Speaker{Mic: g.source(sfu.Mic), Level: 80})
	}
	h.observe(reports{speakers: speakers}, h.now)
	h.settle(h.now)
}

// comes lets guests in, one batch.
func (h *hall) comes(guests ...*guest) {
	var batch []message
	for _, g := range guests {
		batch = append(batch, &enter{g.Joining})
	}
	h.do(batch...)
}

// publishes lets a guest's sources be in a state, one batch.
func (h *hall) publishes(g *guest, state SourceState, kinds ...sfu.SourceKind) {
	var batch []message
	for _, kind := range kinds {
		batch = append(batch, &publish{question{g.ID, ""}, kind, state})
	}
	h.do(batch...)
}

// onScreen says which tiles a guest's pairs show: "name/kind", "" for none, by
// the room's own seats.
func (h *hall) onScreen(g *guest) []string {
	var names []string
	for _, t := range h.members[g.ID].seats {
		name := ""
		if t.who != nil {
			name = string(t.who.id)
			if t.kind == sfu.Screen {
				name += "/screen"
			}
		}
		names = append(names, name)
	}
	return names
}

// viewOf returns a guest's view in the newest routing.
func (h *hall) viewOf(g *guest) *sfu.View {
	routing := h.router.newest()
	for i := range routing.Views {
		if routing.Views[i].Key == string(g.ID) {
			return &routing.Views[i]
		}
	}
	return nil
}

func code(err *Error) string {
	if err == nil {
		return ""
	}
	return err.Code()
}
