package signaling

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/protocol"
)

// sessionIndex finds sessions by their secrets. It holds hashes: how long a search
// takes says nothing about a secret.
type sessionIndex struct {
	mu     sync.Mutex
	byHash map[[sha256.Size]byte]*session
}

func newSessionIndex() *sessionIndex {
	return &sessionIndex{byHash: map[[sha256.Size]byte]*session{}}
}

func (x *sessionIndex) add(s *session) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.byHash[sha256.Sum256([]byte(s.secret))] = s
}

func (x *sessionIndex) remove(s *session) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.byHash, sha256.Sum256([]byte(s.secret)))
}

// find returns the session with a secret; nil: there is none.
func (x *sessionIndex) find(secret string) *session {
	hash := sha256.Sum256([]byte(secret))
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.byHash[hash]
}

// returning is a client on its way back into its session.
type returning struct {
	socket  *socket
	re      string // the hello's id
	seq     uint64 // the last that it has taken
	claimed atomic.Bool
	done    chan struct{} // closed when the session has taken the WebSocket
}

// claim says who answers the hello, the session or the greeting: the first to call.
func (r *returning) claim() bool { return r.claimed.CompareAndSwap(false, true) }

// resume hands the WebSocket to the session that a hello names.
func (g *greeting) resume(m *protocol.Hello) (*session, error) {
	visitor := g.server.index.find(m.Resume.Session)
	if visitor == nil || visitor.roomName != m.Room {
		g.server.metrics.resumes.WithLabelValues("not_found").Inc()
		return nil, errNoSession
	}
	back := &returning{socket: g.socket, re: m.ID, seq: m.Resume.Seq, done: make(chan struct{})}
	visitor.post(inbound{back: back})
	select {
	case <-back.done:
	case <-visitor.ctx.Done():
		if back.claim() {
			g.server.metrics.resumes.WithLabelValues("not_found").Inc()
			return nil, errNoSession
		}
	}
	return visitor, nil
}

// resume takes a WebSocket in the place of the one before. The client hears what
// it missed; if that is forgotten, how all is now; and nothing by itself if it
// says that it knows nothing.
func (s *session) resume(back *returning) {
	if !back.claim() {
		return
	}
	defer close(back.done)
	before := s.socket
	s.socket, s.warned = back.socket, nil
	how := "resumed"
	switch replays := s.out.attach(back.socket, s.lobbyFor(back.re, true), back.seq); {
	case replays:
	case back.seq == 0:
		how = "anew"
		s.mayRejoin = true
		s.phase.Store(int32(lobby))
	case s.room != nil:
		how = "renewed"
		s.enterID.Store(new(string))
		s.phase.Store(int32(entering))
		s.room.Renew(s.id)
	}
	s.sayGoaway()
	if before != nil {
		before.close(protocol.CloseReplaced, "replaced by a newer connection")
	}
	s.server.metrics.resumes.WithLabelValues(how).Inc()
	s.log.Info("session resumed", "how", how, "away", s.absence.back(time.Now()).Round(time.Millisecond), "seq", back.seq)
	s.look()
}

// lose notes that a WebSocket of the session has ended: by a goodbye the member
// leaves, by a mistake it is sent away, else it may come back.
func (s *session) lose(socket *socket, err error) {
	if socket != s.socket {
		return // it was replaced
	}
	if saidGoodbye(err) {
		s.end(endLeft)
		return
	}
	if websocket.IsCloseError(err, websocket.CloseGoingAway) {
		s.hold(pageHold) // Firefox closes before the page can say so itself
		return
	}
	if how := endOfReading(err); how.close == protocol.CloseBadMessage {
		s.end(how)
		return
	}
	s.detach("connection lost")
}

// detach goes on without a WebSocket.
func (s *session) detach(why string) {
	s.lastHeard() // over the socket
	s.out.detach(s.socket)
	s.socket = nil
	s.absence.lose(time.Now())
	s.server.metrics.away.Inc()
	s.log.Info("session without a connection", "why", why)
	s.look()
}

// pageHold is how long a page that went without a bye may take to come back as the
// same member, loaded anew.
const pageHold = 600 * time.Millisecond

// hold takes a bye that a reload of the page may take back.
func (s *session) hold(most time.Duration) {
	socket := s.socket
	s.absence.hold(time.Now().Add(most))
	s.detach("left, unless it comes back at once")
	socket.close(protocol.CloseNormal, endLeft.why)
}
