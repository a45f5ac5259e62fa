package signaling

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// phase is how far a session has come.
type phase int32

const (
	lobby    phase = iota // authorised
	entering              // the room has been asked
	inside                // the room has said welcome
)

// inboxSize bounds the messages that wait while the session is busy with SDP.
// Full: the WebSocket and the chat channel are not read on.
const inboxSize = 128

// inbound is what happens to a session from outside: a message, the end of a
// WebSocket, or a new one.
type inbound struct {
	data   []byte
	socket *socket    // that it came over; nil: the chat channel
	text   bool       // of what the chat channel brought
	err    error      // why the socket ended
	back   *returning // a client that comes back
	look   func()     // of who runs the server, on run's goroutine
}

// session is one member's visit: what stays when its WebSocket does not. Its own
// goroutine (run) handles messages in order and does what takes time, another
// (write) tells the client what there is to tell; the WebSocket of now is read on
// a goroutine of its own (listen). The room (room.Conn) and the media plane
// (sfu.PeerEvents) call into it from their goroutines; those methods stand in
// events.go and never wait.
//
//	          lobby          entering            inside
//	enter     → entering     conflict            conflict
//	welcome   passed over    → inside            passed over
//	refused   passed over    → lobby             passed over
//	resume    seq 0: → lobby, which join and enter leave as for somebody new;
//	          seq is kept: the phase stays, and what was missed is told;
//	          seq is forgotten: → entering, and the room is asked to welcome anew
//	lost      the phase stays; the member is away until a resume, for the window
//	bye       the end, at once or when it is no longer held
type session struct {
	server   *Server
	log      *slog.Logger
	from     netip.Prefix
	secret   string
	id       room.MemberID
	name     string
	roomName string // empty: it only tests the ways here, and may enter no room
	out      *outbox
	inbox    chan inbound
	wake     chan struct{} // holds one token while run is to look
	pace     *pace

	ctx    context.Context // ends with the session
	cancel context.CancelFunc
	once   sync.Once
	ended  ending // set before ctx ends

	pass        atomic.Pointer[pass]     // what let it in; see [session.mayGoOn]
	returns     atomic.Pointer[string]   // id of the token that it was handed for coming back; nil: none
	stands      atomic.Pointer[room.May] // what it is and may do, as the room said last
	phase       atomic.Int32
	enterID     atomic.Pointer[string] // of what the room was asked last
	mediaFailed atomic.Bool
	chatOpen    atomic.Bool
	joinedAt    atomic.Int64 // UnixNano of the join, 0 once its media is up
	channel     atomic.Pointer[chatChannel]

	// What follows belongs to run's goroutine.
	socket     *socket   // nil while the member is away
	heard      time.Time // when the client was, last
	absence    absence
	clock      *time.Timer // when to look at the absence, and at the pass
	warned     *pass       // of which the client was told that it will expire
	peer       Peer
	negotiated *sfu.Negotiated
	answered   string // the newest answered offer that is not ready
	mayRejoin  bool   // a join replaces the peer
	room       *room.Room
}

func newSession(g *greeting, roomName, name string, granted *pass) *session {
	limits := g.server.config().Limits
	s := &session{
		server: g.server, from: g.from, pace: g.pace,
		secret: randomSecret(), id: room.MemberID(randomID()), name: name, roomName: roomName,
		out:     newOutbox(limits.SendQueue),
		inbox:   make(chan inbound, inboxSize),
		wake:    make(chan struct{}, 1),
		absence: absence{window: limits.ResumeWindow},
	}
	s.pass.Store(granted)
	s.stands.Store(&room.May{May: cmp.Or(granted.grant.May, room.MayJoin)}) // until the room says more
	s.log = g.server.log.With("member", string(s.id), "room", roomName)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// begin answers the hello and starts the session, which ends by itself.
func (s *session) begin(socket *socket, re string) {
	s.socket, s.heard = socket, time.Now()
	if s.tests() {
		s.absence.hold(s.heard.Add(testFor))
	}
	s.out.attach(socket, s.lobbyFor(re, false), 0)
	s.log.Info("session opened")
	go s.run()
}

// end ends the session; the first of several holds. Any goroutine; never waits.
func (s *session) end(how ending) {
	s.once.Do(func() {
		s.ended = how
		if e, ok := how.last.(*protocol.Error); ok {
			s.server.metrics.refused(e.Code)
		}
		s.out.hurry()
		s.cancel()
	})
}

// run is the visit: it returns when nothing of the session is left but the reader
// of its WebSocket, which is closed.
func (s *session) run() {
	defer s.server.dismiss(s)
	s.clock = time.NewTimer(0) // the pass may be short
	defer s.clock.Stop()
	var io sync.WaitGroup
	io.Go(func() {
		defer s.contain()
		s.write()
	})
	for s.ctx.Err() == nil {
		select {
		case <-s.ctx.Done():
		case message := <-s.inbox:
			if s.mayGoOn(time.Now()) {
				s.handle(message)
			}
		case <-s.wake:
			s.look()
		case <-s.clock.C:
			s.look()
		}
	}
	s.server.metrics.endings.WithLabelValues(s.ended.why).Inc()
	if s.socket == nil {
		s.server.metrics.away.Dec()
	}
	s.log.Info("session ended", "why", s.ended.why)
	s.teardown()
	io.Wait()
}

// teardown takes the member out of the room first, so that nobody is shown a
// picture whose transport is going, and then ends its media.
func (s *session) teardown() {
	if s.ended.why == endGoingAway.why {
		<-s.server.open.Done() // all have ended: nobody is told that the others leave
	}
	if s.room != nil {
		s.room.Leave(s.id)
		s.room.Release()
	}
	s.closePeer()
}

// closePeer ends the media transport, if there is one, and waits for it.
func (s *session) closePeer() {
	if s.peer == nil {
		return
	}
	s.chatOpen.Store(false)
	if channel := s.channel.Swap(nil); channel != nil {
		close(channel.closing)
	}
	s.peer.Close()
	s.peer = nil
	s.negotiated = nil
	s.mediaFailed.Store(false)
}

// contain is deferred by each of the session's goroutines: a panic in one
// member's handling ends that member only.
func (s *session) contain() {
	if problem := recover(); problem != nil {
		s.server.metrics.panics.Add(1)
		s.log.Error("panic in a session", "panic", problem, "stack", string(debug.Stack()))
		s.end(endPanicked())
	}
}

// rouse has run look at what happened. Any goroutine; never waits.
func (s *session) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// look does what a member's silence and its pass ask for, and says when to look again.
func (s *session) look() {
	if s.out.overflowed() && s.socket != nil {
		slow := s.socket
		s.detach(endTooSlow.why)
		slow.close(endTooSlow.close, endTooSlow.why)
	}
	now := time.Now()
	if !s.mayGoOn(now) {
		return
	}
	s.absence.media(s.mediaFailed.Load(), now)
	v := s.absence.look(s.lastHeard(), now)
	if v.leave != nil {
		s.end(*v.leave)
		return
	}
	if v.ask {
		s.socket.ping()
	}
	if silent := v.seen == room.PersonReconnecting; silent != s.absence.silent {
		s.absence.silent = silent
		if s.room != nil {
			s.room.Presence(s.id, v.seen)
		}
	}
	if again := s.warn(now); !again.IsZero() && again.Before(v.again) {
		v.again = again
	}
	s.clock.Reset(v.again.Sub(now))
}

// lastHeard is when the client was last heard, over whichever way.
func (s *session) lastHeard() time.Time {
	if s.socket != nil {
		s.heard = latest(s.heard, s.socket.lastHeard())
	}
	if s.peer != nil {
		s.heard = latest(s.heard, s.peer.Heard())
	}
	return s.heard
}

// latest is the later of two times.
func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
