package signaling

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime/debug"
	"time"

	"madang/room"
	"madang/signaling/protocol"
)

// greeting is a WebSocket that belongs to no session yet: it may do nothing but
// say hello. Its goroutine reads and writes.
type greeting struct {
	server *Server
	socket *socket
	from   netip.Prefix
	pace   *pace
}

// attend serves a WebSocket until its connection has ended. It counts among the
// visits that Shutdown waits for.
func (s *Server) attend(socket *socket, from netip.Prefix) {
	defer socket.drain()
	if !s.receive() {
		socket.close(protocol.CloseGoingAway, endGoingAway.why)
		return
	}
	defer s.visits.Done()
	g := &greeting{server: s, socket: socket, from: from, pace: newPace(s.config().Limits)}
	if session := g.run(); session != nil {
		known(socket.conn.NetConn())
		session.listen(socket)
	}
}

// run reads until a hello is good, and returns the session that has taken the
// WebSocket over; nil: it is closed.
func (g *greeting) run() (taken *session) {
	defer func() {
		if problem := recover(); problem != nil {
			g.server.metrics.panics.Add(1)
			g.server.log.Error("panic in a greeting", "panic", problem, "stack", string(debug.Stack()))
			g.end(endPanicked())
		}
	}()
	leaving := context.AfterFunc(g.server.open, g.socket.cut)
	defer leaving()
	g.socket.conn.SetReadDeadline(time.Now().Add(g.server.config().Limits.HelloTimeout))
	for {
		data, err := g.socket.read()
		if err != nil {
			g.end(endOfGreeting(err))
			return nil
		}
		if warning, abused := g.pace.message(); abused {
			g.end(endTooFast())
			return nil
		} else if warning != nil {
			g.tell(warning)
			continue
		}
		g.server.metrics.heard.Inc()
		taken, ended := g.handle(data)
		if taken != nil {
			return taken
		}
		if ended != nil {
			g.end(*ended)
			return nil
		}
	}
}

// endOfGreeting says what an error of the WebSocket means before hello.
func endOfGreeting(err error) ending {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return endBadMessage(&protocol.Error{Code: protocol.BadMessage, Message: "no hello came in time"})
	}
	if saidGoodbye(err) {
		return endLeft
	}
	return endOfReading(err)
}

// handle handles one message; taken is the session that a hello led to.
func (g *greeting) handle(data []byte) (taken *session, ended *ending) {
	m, err := protocol.Decode(data)
	if err != nil {
		wrong := misread(err)
		switch {
		case wrong.Close != 0:
			how := endBadMessage(wrong.Reply())
			return nil, &how
		case wrong.Unknown && wrong.Re == "":
			g.server.metrics.ignored.Inc()
		default:
			g.tell(wrong.Reply())
		}
		return nil, nil
	}
	switch m := m.(type) {
	case *protocol.Hello:
		return g.hello(m)
	case *protocol.Ping:
		g.write(&protocol.Pong{TS: m.TS})
	case *protocol.Pong:
	case *protocol.Bye:
		return nil, &endLeft
	default:
		g.tell(answerFor(g.server.log, requestID(m), errHelloFirst))
	}
	return nil, nil
}

// hello leads to a session: the one that the client had, or a new one.
func (g *greeting) hello(m *protocol.Hello) (taken *session, ended *ending) {
	if !m.Test && !validRoomName(m.Room) {
		g.tell(answerFor(g.server.log, m.ID, errNoSuchRoom))
		return nil, nil
	}
	var err error
	if m.Resume != nil {
		taken, err = g.resume(m)
	} else {
		taken, ended, err = g.open(m)
	}
	if err != nil {
		answer := answerFor(g.server.log, m.ID, err)
		if how, final := endOfHello(answer); final {
			return nil, &how
		}
		g.tell(answer)
	}
	return taken, ended
}

// open makes a session for whoever may come in, or only tests the ways here.
func (g *greeting) open(m *protocol.Hello) (*session, *ending, error) {
	if g.server.fares.descriptors.short() {
		how := endShort(m.ID)
		return nil, &how, nil
	}
	name, granted := "", new(pass)
	if !m.Test {
		if _, err := room.CleanName(m.Name); err != nil && m.Token == "" {
			return nil, nil, err // before the password is looked at, which costs
		}
		var err error
		if granted, err = g.authorise(m); err != nil {
			return nil, nil, err
		}
		if name, err = granted.nameOf(m.Name); err != nil {
			return nil, nil, err
		}
	}
	if err := g.server.mayJoin(g.from, granted.grant.Identity, time.Now()); err != nil {
		return nil, nil, err
	}
	visitor, err := g.seat(newSession(g, m.Room, name, granted), m.ID)
	return visitor, nil, err
}

// seat begins a session, if there is a place for it.
func (g *greeting) seat(visitor *session, re string) (*session, error) {
	if err := g.server.admit(visitor); err != nil {
		return nil, err
	}
	g.server.heedRevocations(visitor, time.Now())
	begun := false
	defer func() {
		if !begun { // a panic, which ends the greeting
			g.server.dismiss(visitor)
		}
	}()
	visitor.begin(g.socket, re)
	begun = true
	return visitor, nil
}

// end says why, and closes.
func (g *greeting) end(how ending) {
	g.server.metrics.endings.WithLabelValues(how.why).Inc()
	if e, ok := how.last.(*protocol.Error); ok {
		g.tell(e)
	}
	g.socket.close(how.close, how.why)
}

func (g *greeting) tell(e *protocol.Error) {
	g.server.metrics.refused(e.Code)
	g.write(e)
}

func (g *greeting) write(m protocol.Message) {
	g.server.metrics.told.Inc()
	if g.socket.write(protocol.Encode(m), nil) != nil {
		g.socket.cut() // which shows in the next read
	}
}
