package sfu

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

const (
	partyMembers = 20
	partyTiles   = 4
	partyLasts   = 1500 * time.Millisecond
)

// party is a room in which all publish, look at others all the time, mute
// themselves, and come and go.
type party struct {
	t      *testing.T
	sfu    *SFU
	rng    *rand.Rand
	router *Router

	members []*guest
}

// guest is a member of a party.
type guest struct {
	peer    *Peer
	browser *browser
	lines   *Negotiated
	muted   bool
	ear     *ear
}

// invite has so many more members come at once.
func (m *party) invite(count int) {
	m.t.Helper()
	came := make([]*guest, count)
	var joining sync.WaitGroup
	for i := range came {
		a := &guest{browser: newBrowserWith(m.t, settings(), partyTiles, 2)}
		var events *recorder
		a.peer, events = newTestPeer(m.t, m.sfu)
		a.ear = newEar(a.browser)
		joining.Go(func() {
			a.lines = a.browser.join(a.peer)
			events.awaitState(m.t, PeerConnected)
			a.browser.publish()
		})
		came[i] = a
	}
	joining.Wait()
	m.members = append(m.members, came...)
}

// dismiss has so many leave at once, while others are routed to them.
func (m *party) dismiss(count int) {
	m.rng.Shuffle(len(m.members), func(i, j int) { m.members[i], m.members[j] = m.members[j], m.members[i] })
	gone := m.members[:count]
	m.members = slices.Clone(m.members[count:])
	var leaving sync.WaitGroup
	for _, a := range gone {
		leaving.Go(a.peer.Close)
		leaving.Go(func() { _ = a.browser.pc.GracefulClose() })
	}
	leaving.Wait()
}

// route gives everybody others to look at, in tiles of some size; one in so many
// has muted itself.
func (m *party) route(mutes int) {
	r := &Routing{}
	for _, a := range m.members {
		if a.muted = m.rng.IntN(mutes) == 0; !a.muted {
			r.Mics, r.Pictures = append(r.Mics, a.lines.Sources[0]), append(r.Pictures, a.lines.Sources[1])
		}
	}
	for _, a := range m.members {
		v := View{Key: a.lines.Sources[0].ID, Voices: a.lines.Voices, Self: a.lines.Sources}
		for i, p := range a.lines.Pairs {
			other := m.members[m.rng.IntN(len(m.members))]
			p.AudioFrom, p.VideoFrom = Feed{Source: other.lines.Sources[0]}, Feed{Source: other.lines.Sources[1]}
			if other.muted {
				p.AudioFrom.Why, p.VideoFrom.Why = WhyMuted, WhyMuted
			}
			p.Ask = Ask{Width: 160 << m.rng.IntN(4), Height: 90 << m.rng.IntN(4), Order: i, Pinned: m.rng.IntN(8) == 0}
			v.Pairs = append(v.Pairs, p)
		}
		r.Views = append(r.Views, v)
	}
	m.router.Route(r)
}

// hold is the party from the first who comes to the last who leaves.
func hold(t *testing.T, s *SFU, seed uint64) {
	m := &party{t: t, sfu: s, rng: rand.New(rand.NewPCG(seed, 5)), router: s.NewRouter(newRecorder())}
	defer m.router.Close()
	m.invite(partyMembers)
	began := time.Now()
	for n := 0; time.Since(began) < partyLasts; n++ {
		m.route(10)
		time.Sleep(40 * time.Millisecond)
		if n%15 == 14 {
			m.dismiss(1)
			m.invite(1)
		}
	}
	m.route(1 << 20)
	for i, a := range m.members {
		before := a.ear.least()
		for deadline := time.Now().Add(20 * time.Second); a.ear.least() < before+5; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("member %d has %d packets, and no more come", i, before)
			}
		}
	}
	m.dismiss(len(m.members))
	stats := s.Stats()
	t.Logf("%d packets in, %d out, %d crossed", stats.PacketsIn, stats.PacketsOut, stats.Crossed)
	if stats.Panics > 0 || stats.Portable > 0 || stats.Drops["forged"] > 0 {
		t.Errorf("%+v", stats)
	}
}

// liveHeap is what is alive, in bytes.
func liveHeap() int64 {
	var m runtime.MemStats
	for range 3 { // finalizers free more
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Under the race detector this is the test of all goroutines of the media plane
// at once.
func TestBusyMeetingLeavesNothingBehind(t *testing.T) {
	onAnyWorkers(t, func(t *testing.T, s *SFU) {
		t.Run("warm up", func(t *testing.T) { hold(t, s, 1) })
		goroutines, alive := settled(), liveHeap()
		t.Run("again", func(t *testing.T) { hold(t, s, 2) })
		moreGoroutines, more := settled()-goroutines, liveHeap()-alive
		t.Logf("%d goroutines and %d KB more", moreGoroutines, more>>10)
		if moreGoroutines > 3 {
			t.Errorf("%d goroutines more", moreGoroutines)
		}
		if more > 4<<20 { // what the pools keep varies; one meeting's connections are 10 MB
			t.Errorf("%d KB more", more>>10)
		}
		for _, w := range s.workers {
			w.do(func(time.Time) {
				if len(w.endpoints)+len(w.wings)+len(w.mirrors)+len(w.stands) > 0 {
					t.Errorf("a worker has %d peers, %d rooms, %d mirrors", len(w.endpoints), len(w.wings), len(w.mirrors))
				}
			})
		}
		if n := s.Stats().Peers; n != 0 {
			t.Errorf("%d peers are counted", n)
		}
	})
}
