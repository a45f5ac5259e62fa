package signaling

import (
	"net/http"
	"net/netip"
	"time"

	"madang/room"
	"madang/sfu"
)

// What the admin listener shows. Sessions' secrets, passwords, tokens and what people
// write are not among it.

// roomView is a room.
type roomView struct {
	Room     string       `json:"room"`
	Locked   bool         `json:"locked"`
	SlowS    int          `json:"slow_s"`
	ChatLast uint64       `json:"chat_last"`
	Members  []personView `json:"members"`
	Waiting  []waiterView `json:"waiting"`
}

// personView is a member of a room.
type personView struct {
	Member   room.MemberID `json:"member"`
	Name     string        `json:"name"`
	Identity string        `json:"identity,omitempty"`
	Role     string        `json:"role"`
	May      []string      `json:"may"`
	State    string        `json:"state"`
	Hand     uint32        `json:"hand,omitempty"`
	From     netip.Prefix  `json:"from"`
	Since    time.Time     `json:"since"`
	Sources  []sourceView  `json:"sources"`
	Slots    []slotView    `json:"slots"`
}

// sourceView is a source that was negotiated.
type sourceView struct {
	Source string           `json:"source"`
	State  room.SourceState `json:"state"` // empty while it was never published
	Held   bool             `json:"held,omitempty"`
}

// slotView is a slot and what it carries.
type slotView struct {
	Mid    string        `json:"mid"`
	Media  string        `json:"media"`
	Member room.MemberID `json:"member,omitempty"`
	Source string        `json:"source,omitempty"`
	Why    sfu.Why       `json:"why,omitempty"`
}

// waiterView is somebody in the lobby.
type waiterView struct {
	Member   room.MemberID `json:"member"`
	Name     string        `json:"name"`
	Identity string        `json:"identity,omitempty"`
	From     netip.Prefix  `json:"from"`
}

// memberView is all of one member that helps to help it.
type memberView struct {
	personView
	Room string `json:"room"`
	// Heard is how long ago anything came from it.
	HeardMS int64 `json:"heard_ms"`
	// Away: it has no WebSocket now.
	Away      bool           `json:"away"`
	Expires   *time.Time     `json:"expires,omitempty"`
	Transport *transportView `json:"transport,omitempty"`
}

// transportView is a member's media connection.
type transportView struct {
	Connected time.Time      `json:"connected"`
	At        netip.AddrPort `json:"at"`
	Over      string         `json:"over"`
	Writer    string         `json:"writer"`
	Worker    int            `json:"worker"`
	RTTMS     float64        `json:"rtt_ms"`
	Estimate  int            `json:"estimate_bps"`
	Wanted    int            `json:"wanted_bps"`
	QueueMS   float64        `json:"queue_ms"`
	ChatBytes int            `json:"chat_buffered"`
	Layers    []layerView    `json:"layers"`
}

// layerView is one layer that the member publishes.
type layerView struct {
	Source string  `json:"source"`
	RID    string  `json:"rid,omitempty"`
	Live   bool    `json:"live"`
	Loss   float64 `json:"loss"`
}

// showRooms is all rooms by name.
func (s *Server) showRooms(r *http.Request) (any, error) {
	all := []roomView{}
	for _, info := range s.rooms.List(r.Context()) {
		all = append(all, viewOf(info))
	}
	return map[string]any{"rooms": all, "draining": s.draining()}, nil
}

// showRoom is one room.
func (s *Server) showRoom(r *http.Request) (any, error) {
	where, ok := s.rooms.Find(r.PathValue("room"))
	if !ok {
		return nil, errNobodyThere
	}
	info, ok := where.Info(r.Context())
	if !ok {
		return nil, errNobodyThere
	}
	return viewOf(info), nil
}

// showMember is one member, from its session, its room and its transport.
func (s *Server) showMember(r *http.Request) (any, error) {
	visitor := s.sessionOf(room.MemberID(r.PathValue("member")))
	if visitor == nil {
		return nil, errNoMember
	}
	looked := make(chan memberView, 1)
	select {
	case visitor.inbox <- inbound{look: func() { looked <- visitor.facts() }}:
	case <-visitor.ctx.Done():
	case <-r.Context().Done():
	}
	select {
	case is := <-looked:
		return s.inItsRoom(r, is), nil
	case <-visitor.ctx.Done():
		return nil, errNoMember
	case <-r.Context().Done():
		return nil, errBusyMember
	}
}

// inItsRoom adds what the room knows of a member.
func (s *Server) inItsRoom(r *http.Request, is memberView) memberView {
	where, ok := s.rooms.Find(is.Room)
	if !ok {
		return is
	}
	info, _ := where.Info(r.Context()) // without it, it is still something
	for _, m := range info.Members {
		if m.ID == is.Member {
			is.personView = personOf(m)
		}
	}
	return is
}

// facts is what the session itself knows of its member. On run's goroutine.
func (s *session) facts() memberView {
	is := memberView{
		personView: personView{Member: s.id, Name: s.name, From: s.from, May: []string{}, Sources: []sourceView{}, Slots: []slotView{}},
		Room:       s.roomName, Away: s.socket == nil, HeardMS: time.Since(s.lastHeard()).Milliseconds(),
	}
	if p := s.pass.Load(); p != nil {
		is.Identity = p.grant.Identity
		if !p.expires.IsZero() {
			is.Expires = &p.expires
		}
	}
	if s.peer == nil {
		return is
	}
	stats, ok := s.peer.Stats()
	if !ok {
		return is
	}
	is.Transport = &transportView{
		Connected: stats.Connected, At: stats.At, Over: stats.Over, Writer: stats.Writer, Worker: stats.Worker,
		RTTMS: milliseconds(stats.RTT), Estimate: stats.Estimate, Wanted: stats.Wanted, QueueMS: milliseconds(stats.Queue),
		ChatBytes: s.peer.ChatBuffered(), Layers: []layerView{},
	}
	for _, l := range stats.Layers {
		is.Transport.Layers = append(is.Transport.Layers, layerView{l.Kind.String(), l.RID, l.Live, l.Loss})
	}
	return is
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func viewOf(info room.Info) roomView {
	is := roomView{
		Room: info.Name, Locked: info.Locked, SlowS: int(info.Slow / time.Second), ChatLast: info.ChatLast,
		Members: []personView{}, Waiting: []waiterView{},
	}
	for _, m := range info.Members {
		is.Members = append(is.Members, personOf(m))
	}
	for _, w := range info.Waiting {
		is.Waiting = append(is.Waiting, waiterView{w.ID, w.Name, w.Identity, w.From})
	}
	return is
}

func personOf(m room.MemberInfo) personView {
	is := personView{
		Member: m.ID, Name: m.Name, Identity: m.Identity, Role: m.Role.String(), May: m.May.Names(), State: string(m.State),
		Hand: m.Hand, From: m.From, Since: m.Since, Sources: []sourceView{}, Slots: []slotView{},
	}
	for _, source := range m.Sources {
		is.Sources = append(is.Sources, sourceView{source.Kind.String(), source.State, source.Held})
	}
	for _, slot := range m.Slots {
		view := slotView{Mid: slot.Mid, Media: slot.Media.String(), Member: slot.SlotCarries.Member, Why: slot.Why}
		if slot.SlotCarries.Member != "" {
			view.Source = slot.Source.String()
		}
		is.Slots = append(is.Slots, view)
	}
	return is
}
