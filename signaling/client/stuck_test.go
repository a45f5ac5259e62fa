package client_test

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/protocol"
)

// perStuck is what a client may cost that does not read, in bytes: of this process,
// where the client lives too, and of the kernel for the server's sockets.
const perStuck = 1 << 20

// A client that does not read costs the server little, then its own connection, and
// the others nothing.
func TestPacedAClientThatNeverReadsHarmsItselfOnly(t *testing.T) {
	if os.Getenv("PACED") == "" {
		t.Skip("PACED is not set: this test needs the machine for itself")
	}
	for _, tt := range []struct {
		what  string
		count int
		join  func(g *guest)
		close []int // of the WebSocket, where that is read: any of these
	}{
		{"its WebSocket", 16, func(g *guest) {
			g.join(way{networks: udpAlone})
			g.enter()
		}, nil},
		{"its data channel", 16, func(g *guest) {
			g.join(way{networks: udpAlone, chat: true})
			g.enter()
			go g.readWebSocket()
		}, []int{int(protocol.CloseTooSlow)}},
		{"its TCP candidate", 16, func(g *guest) {
			p := newPlug(g.t)
			g.join(way{networks: tcpAlone, chat: true, stand: p.stand})
			g.enter()
			go g.readWebSocket()
			p.stick() // before the chat goes by the channel it is the media that fail
		}, []int{int(protocol.CloseTooSlow), int(protocol.CloseFailed)}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			config := clienttest.DefaultConfig()
			s := newStuckStage(t, config)
			s.measure(time.Minute, func() bool { return s.lines > config.Rooms.Chat.History }) // what a room keeps is kept
			calm := s.slowest()
			var guests []*guest
			for i := range tt.count {
				g := newGuest(t, s.url, stuckRoom, fmt.Sprint("Guest ", i))
				tt.join(g)
				guests = append(guests, g)
			}
			before := held()
			gone := func() bool { return s.gone(guests) }
			most := s.measure(time.Minute, gone)
			if !gone() {
				t.Error("some are still connected")
			}
			each := (most - before) / int64(tt.count)
			t.Logf("at most %d KB for each; chat p99 %v, before %v; media at most %v apart", each>>10, s.slowest(), calm, s.gaps.most())
			if each > perStuck {
				t.Errorf("%d KB for each", each>>10)
			}
			if s.slowest() > calm+time.Second {
				t.Errorf("chat took %v, %v before", s.slowest(), calm)
			}
			if g := s.gaps.most(); g > 2*time.Second {
				t.Errorf("no media came for %v", g)
			}
			if loss := s.loss(); loss > 0 {
				t.Errorf("%d packets are lost", loss)
			}
			for _, g := range guests {
				if tt.close != nil {
					eventually(t, "the WebSocket is closed for that", func() bool { return slices.Contains(tt.close, g.closedWith()) })
				}
			}
		})
	}
}

const stuckRoom = "stuck"

// stuckStage is two who chat and see each other, fast enough to fill what anybody
// keeps for those who do not read.
type stuckStage struct {
	t       *testing.T
	url     string
	ada, bo *bot.Bot
	gaps    gaps

	took  []time.Duration // of what was said lately
	lines int             // that were said
}

func newStuckStage(t *testing.T, config clienttest.Config) *stuckStage {
	config.Signaling.Limits.MessagesPerSecond, config.Signaling.Limits.ChatPerSecond = 1000, 1000
	config.Signaling.Limits.ResumeWindow = time.Second
	s := &stuckStage{t: t, url: clienttest.Serve(t, config)}
	s.ada = join(t, s.url, stuckRoom, "Ada")
	s.bo = join(t, s.url, stuckRoom, "Bo", travels(nil, &gaps{}, &s.gaps))
	publish(t, s.ada, protocol.Mic, protocol.Camera)
	eventually(t, "Bo hears and sees Ada", func() bool { return len(carrying(s.bo, s.ada.You())) == 2 })
	for _, b := range []*bot.Bot{s.ada, s.bo} {
		if err := b.AwaitChat(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// measure has Ada talk to Bo for some time, or until enough, and tells the most
// that was held.
func (s *stuckStage) measure(long time.Duration, enough func() bool) (most int64) {
	s.took = nil
	s.gaps.reset()
	talk, look := time.NewTicker(5*time.Millisecond), time.NewTicker(500*time.Millisecond)
	defer talk.Stop()
	defer look.Stop()
	end := time.After(long)
	padding := strings.Repeat("a", 4000)
	for {
		select {
		case now := <-talk.C:
			s.lines++
			cid := strconv.FormatInt(now.UnixNano(), 36)
			if err := s.ada.Chat(&protocol.ChatMsg{CID: cid, Text: padding}); err != nil {
				s.t.Fatal(err)
			}
		case <-s.ada.Events():
		case m := <-s.bo.Events():
			if line, ok := m.(*protocol.ChatLine); ok {
				s.note(line.CID)
			}
		case <-look.C:
			most = max(most, held())
			if enough() {
				return most
			}
		case <-end:
			return most
		}
	}
}

func (s *stuckStage) note(cid string) {
	if sent, err := strconv.ParseInt(cid, 36, 64); err == nil {
		s.took = append(s.took, time.Duration(time.Now().UnixNano()-sent))
	}
}

// slowest is the 99th percentile of what a line took.
func (s *stuckStage) slowest() time.Duration {
	if len(s.took) == 0 {
		s.t.Fatal("no line came")
	}
	slices.Sort(s.took)
	return s.took[len(s.took)*99/100]
}

// loss is how many packets Bo gave up.
func (s *stuckStage) loss() (lost uint64) {
	for _, slot := range carrying(s.bo, s.ada.You()) {
		lost += uint64(slot.Stats().Loss.GivenUp)
	}
	return lost
}

// gone tells whether none of the guests is in the room any more.
func (s *stuckStage) gone(guests []*guest) bool {
	people := s.bo.People()
	return !slices.ContainsFunc(guests, func(g *guest) bool { _, here := people[g.lobby.You]; return here })
}

// held is what this process holds and the kernel for it, in bytes: the heap that is
// in use, and what waits in its TCP sockets.
func held() (bytes int64) {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc) + waiting()
}

// waiting is what waits in the TCP sockets of this network namespace, as Linux
// tells it.
func waiting() (bytes int64) {
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		file, err := os.Open(name)
		if err != nil {
			continue
		}
		defer file.Close()
		for in := bufio.NewScanner(file); in.Scan(); {
			fields := strings.Fields(in.Text())
			if len(fields) < 5 {
				continue
			}
			out, _, _ := strings.Cut(fields[4], ":")
			n, _ := strconv.ParseInt(out, 16, 64) // the heading is no number
			bytes += n
		}
	}
	return bytes
}

// closedWith is the code that the guest's WebSocket was closed with; 0: none came.
func (g *guest) closedWith() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if closed, ok := g.ended.(*websocket.CloseError); ok {
		return closed.Code
	}
	return 0
}
