package room

import (
	"fmt"
	"sync"
	"testing"

	"madang/sfu"
)

// deafConn hears nothing, so that only the room's own work is measured.
type deafConn struct{}

func (deafConn) Send(Event)   {}
func (deafConn) Close(string) {}

// deafRouter is a media plane that does nothing.
type deafRouter struct{}

func (deafRouter) Route(*sfu.Routing) {}
func (deafRouter) Close()             {}

// BenchmarkJoinStorm lets a thousand members enter and publish at once, each
// from its own goroutine, and then leave. The figure is time per member.
func BenchmarkJoinStorm(b *testing.B) {
	const size = 1000
	guests := make([]*guest, size)
	for i := range guests {
		guests[i] = newGuest(fmt.Sprint("m", i), 4, 3)
		guests[i].Conn = deafConn{}
	}
	for b.Loop() {
		h := newState("storm", hallConfig(Policy{MaxMembers: size}, DefaultChatConfig()), deafRouter{}, &bans{}, &counters{})
		r := &Room{mail: newMailbox(newBell()), ended: make(chan struct{}), router: deafRouter{}}
		a := &actor{room: r, wake: r.mail.bell, reports: newInbox(r.mail.bell), state: h, count: h.count}
		var all sync.WaitGroup
		all.Go(a.run)
		var members sync.WaitGroup
		for _, g := range guests {
			members.Go(func() {
				r.Enter(g.Joining)
				r.Publish(g.ID, "", sfu.Mic, SourceLive)
				r.Publish(g.ID, "", sfu.Camera, SourceLive)
			})
		}
		members.Wait()
		for _, g := range guests {
			members.Go(func() { r.Leave(g.ID) })
		}
		members.Wait()
		r.mail.close()
		all.Wait()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/size, "ns/member")
}

// BenchmarkJoinAlone is one more join in a room of a thousand, settled by itself.
func BenchmarkJoinAlone(b *testing.B) {
	h := defaultHall()
	h.routes.router = deafRouter{}
	for i := range 1000 {
		g := newGuest(fmt.Sprint("m", i), 4, 3)
		g.Conn = deafConn{}
		h.enter(g.Joining, h.now)
		h.publish(h.members[g.ID], sfu.Camera, SourceLive)
	}
	g := newGuest("one", 4, 3)
	g.Conn = deafConn{}
	for b.Loop() {
		h.do(&enter{g.Joining})
		h.do(&leave{sender: sender{"one"}})
	}
}
