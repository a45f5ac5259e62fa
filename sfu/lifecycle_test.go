package sfu

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// awaitState waits until a peer is told to be in a state.
func (r *recorder) awaitState(t *testing.T, want PeerState) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case got := <-r.state:
			if got == want {
				return
			}
		case <-deadline:
			t.Fatalf("not in state %d after 20 s", want)
		}
	}
}

// publish sends audio, and video with keyframes as they are asked for, until
// the test is over.
func (b *browser) publish() {
	stop := make(chan struct{})
	var sending sync.WaitGroup
	sending.Go(func() {
		for i := uint16(0); ; i++ {
			key := i == 0
			select {
			case <-stop:
				return
			case <-b.plis:
				key = true
			case <-time.After(20 * time.Millisecond):
			}
			_ = b.mic.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: i, Timestamp: uint32(i) * 960}, Payload: []byte{0xfc, 1, 2}})
			_ = b.camera.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, SequenceNumber: 65500 + i, Timestamp: uint32(i) * 1800}, Payload: vp8(key, i)})
		}
	})
	b.t.Cleanup(func() { close(stop); sending.Wait() })
}

// hears waits until the browser received so many packets of so many tracks.
func (b *browser) hears(tracks, packets int) {
	b.t.Helper()
	count := map[uint32]int{}
	deadline := time.After(30 * time.Second)
	for {
		full := 0
		for _, n := range count {
			if n >= packets {
				full++
			}
		}
		if full >= tracks {
			return
		}
		select {
		case p := <-b.got:
			count[p.SSRC]++
		case <-deadline:
			b.t.Fatalf("%d packets each of %d tracks are wanted, received %v", packets, tracks, count)
		}
	}
}

// forget drops what was received so far.
func (b *browser) forget() {
	for {
		select {
		case <-b.got:
		default:
			return
		}
	}
}

// receive adds receive lines to the next offer.
func (b *browser) receive(pairs, voices int) {
	b.t.Helper()
	for i := range pairs*2 + voices {
		kind := webrtc.RTPCodecTypeAudio
		if i%2 == 1 && i < pairs*2 {
			kind = webrtc.RTPCodecTypeVideo
		}
		if _, err := b.pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			b.t.Fatal(err)
		}
	}
}

// showAll routes a publisher's two sources to all of a subscriber's pairs.
func showAll(from, to *Negotiated) *Routing {
	v := View{Voices: to.Voices}
	for _, p := range to.Pairs {
		p.AudioFrom, p.VideoFrom = Feed{Source: from.Sources[0]}, Feed{Source: from.Sources[1]}
		v.Pairs = append(v.Pairs, p)
	}
	return &Routing{Views: []View{v}, Mics: from.Sources[:1], Pictures: from.Sources[1:]}
}

func TestMorePairsComeInStepsWhileMediaRunsOn(t *testing.T) {
	t.Parallel()
	onAnyWorkers(t, testMorePairsComeInStepsWhileMediaRunsOn)
}

func testMorePairsComeInStepsWhileMediaRunsOn(t *testing.T, s *SFU) {
	alice, bob := newBrowser(t, 0, 0), newBrowser(t, 1, 1)
	pa, ea := newTestPeer(t, s)
	pb, eb := newTestPeer(t, s)
	na, nb := alice.join(pa), bob.join(pb)
	ea.awaitState(t, PeerConnected)
	eb.awaitState(t, PeerConnected)
	r := s.NewRouter(newRecorder())
	defer r.Close()
	alice.publish()
	r.Route(showAll(na, nb))
	bob.hears(2, 10) // a voice is on one line only
	for _, pairs := range []int{9, 16, 25} {
		before := nb
		bob.receive(pairs-len(nb.Pairs), 0)
		nb = bob.join(pb)
		if len(nb.Pairs) != pairs || len(nb.Voices) != 1 {
			t.Fatalf("%d pairs and %d voices", len(nb.Pairs), len(nb.Voices))
		}
		for i, p := range before.Pairs {
			if nb.Pairs[i] != p {
				t.Fatalf("pair %d is another one now", i)
			}
		}
		bob.forget()
		r.Route(showAll(na, nb))
		bob.hears(pairs+1, 5)
	}
	bob.receive(1, 0)
	if _, err := bob.offer(pb); codeOf(err) != "too_big" {
		t.Errorf("a 26th pair: %v", err)
	}
	bob.forget()
	bob.hears(26, 5)
}

func codeOf(err error) string {
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return ""
}

func TestPublisherWhoAsksForSlotsLaterIsSentThem(t *testing.T) {
	t.Parallel()
	onAnyWorkers(t, testPublisherWhoAsksForSlotsLaterIsSentThem)
}

func testPublisherWhoAsksForSlotsLaterIsSentThem(t *testing.T, s *SFU) {
	alice, bob := newBrowser(t, 0, 0), newBrowser(t, 0, 0)
	pa, _ := newTestPeer(t, s)
	pb, eb := newTestPeer(t, s)
	na := alice.join(pa)
	bob.join(pb)
	eb.awaitState(t, PeerConnected)
	bob.receive(1, 0)
	nb := bob.join(pb)
	r := s.NewRouter(newRecorder())
	defer r.Close()
	alice.publish()
	r.Route(showAll(na, nb))
	bob.hears(2, 10)
}

func TestICERestartKeepsMediaRunning(t *testing.T) {
	t.Parallel()
	onAnyWorkers(t, testICERestartKeepsMediaRunning)
}

func testICERestartKeepsMediaRunning(t *testing.T, s *SFU) {
	alice, bob := newBrowser(t, 1, 0), newBrowser(t, 1, 0)
	pa, _ := newTestPeer(t, s)
	pb, eb := newTestPeer(t, s)
	na, nb := alice.join(pa), bob.join(pb)
	eb.awaitState(t, PeerConnected)
	r := s.NewRouter(newRecorder())
	defer r.Close()
	alice.publish()
	r.Route(showAll(na, nb))
	bob.hears(2, 5)
	for i := range DefaultLimitsConfig().Candidates {
		if err := pb.AddCandidate("candidate:1 1 udp 2122260223 127.0.0.1 9 typ host"); err != nil {
			t.Fatalf("candidate %d: %v", i, err)
		}
	}
	if err := pb.AddCandidate("candidate:1 1 udp 2122260223 127.0.0.1 9 typ host"); codeOf(err) != "too_big" {
		t.Errorf("one candidate too many: %v", err)
	}
	for range 2 {
		bob.restart = true
		if got := bob.join(pb); len(got.Pairs) != 1 || got.Pairs[0] != nb.Pairs[0] || got.Sources[0] != nb.Sources[0] {
			t.Fatal("a restart changed the lines")
		}
		bob.forget()
		bob.hears(2, 50)
		if err := pb.AddCandidate("candidate:1 1 udp 2122260223 127.0.0.1 9 typ host"); err != nil {
			t.Errorf("a candidate after the restart: %v", err)
		}
	}
}

func TestPeerMayBeClosedInEveryState(t *testing.T) {
	for name, reach := range map[string]func(t *testing.T, s *SFU, p *Peer, e *recorder, b *browser){
		"new": func(*testing.T, *SFU, *Peer, *recorder, *browser) {},
		"answered, not connected": func(t *testing.T, _ *SFU, p *Peer, _ *recorder, b *browser) {
			if _, err := b.offer(p); err != nil {
				t.Fatal(err)
			}
		},
		"connecting": func(_ *testing.T, _ *SFU, p *Peer, _ *recorder, b *browser) { b.join(p) },
		"connected": func(t *testing.T, _ *SFU, p *Peer, e *recorder, b *browser) {
			b.join(p)
			e.awaitState(t, PeerConnected)
		},
		"client gone": func(t *testing.T, _ *SFU, p *Peer, e *recorder, b *browser) {
			b.join(p)
			e.awaitState(t, PeerConnected)
			_ = b.pc.GracefulClose()
		},
		"refused": func(_ *testing.T, _ *SFU, p *Peer, _ *recorder, _ *browser) {
			_, _ = p.Answer(context.Background(), "v=0\r\n", nil)
		},
		"amid an offer": func(t *testing.T, _ *SFU, p *Peer, _ *recorder, b *browser) {
			begun := make(chan struct{})
			var answering sync.WaitGroup
			answering.Go(func() {
				close(begun)
				_, _ = b.offer(p)
			})
			t.Cleanup(answering.Wait)
			<-begun
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestSFU(t)
			events := newRecorder()
			p, err := s.NewPeer("room", events)
			if err != nil {
				t.Fatal(err)
			}
			b := newBrowser(t, 2, 1)
			reach(t, s, p, events, b)
			var closing sync.WaitGroup
			for range 2 {
				closing.Go(p.Close)
			}
			closing.Wait()
			p.Ready()
			if err := p.SendChat([]byte("x")); !errors.Is(err, ErrChatClosed) {
				t.Errorf("chat after close: %v", err)
			}
			if _, err := newBrowser(t, 1, 0).offer(p); err == nil {
				t.Error("a closed peer answered")
			}
			if n := s.Stats().Peers; n != 0 {
				t.Errorf("%d peers", n)
			}
			s.workers[0].do(func(time.Time) {
				if n := len(s.workers[0].endpoints); n != 0 {
					t.Errorf("the worker has %d peers", n)
				}
				if p.endpoint.path != nil || len(p.endpoint.streams) != 0 {
					t.Error("the peer's media is alive")
				}
			})
		})
	}
}

func TestClosingPeersHearNothingMore(t *testing.T) {
	s := newTestSFU(t)
	events := newRecorder()
	p, err := s.NewPeer("room", events)
	if err != nil {
		t.Fatal(err)
	}
	newBrowser(t, 1, 0).join(p)
	events.awaitState(t, PeerConnected)
	p.Close()
	time.Sleep(50 * time.Millisecond) // for what Pion would tell on goroutines of its own
	for len(events.state) > 0 {
		if got := <-events.state; got == PeerClosed || got == PeerFailed || got == PeerBroken {
			t.Errorf("told state %d by its own close", got)
		}
	}
}

func TestPeersLeaveNothingBehind(t *testing.T) { onAnyWorkers(t, testPeersLeaveNothingBehind) }

func testPeersLeaveNothingBehind(t *testing.T, s *SFU) {
	r := s.NewRouter(newRecorder())
	stay, _ := newTestPeer(t, s)
	alice := newBrowser(t, 1, 1)
	na := alice.join(stay)
	alice.publish()
	cycle := func() { // three come, see and go
		peers, browsers, views := make([]*Peer, 3), make([]*browser, 3), make([]View, 3)
		var joining, leaving sync.WaitGroup
		for i := range peers {
			p, err := s.NewPeer("room", newRecorder())
			if err != nil {
				t.Fatal(err)
			}
			b := newBrowser(t, 2, 1)
			peers[i], browsers[i] = p, b
			joining.Go(func() { views[i] = showAll(na, b.join(p)).Views[0] })
		}
		joining.Wait()
		r.Route(&Routing{Views: views, Mics: na.Sources[:1], Pictures: na.Sources[1:]})
		for _, b := range browsers {
			b.hears(3, 1)
		}
		for i, p := range peers {
			leaving.Go(p.Close)
			leaving.Go(func() { _ = browsers[i].pc.GracefulClose() })
		}
		leaving.Wait()
		r.Route(&Routing{})
	}
	cycle()
	before := settled()
	for range 9 {
		cycle()
	}
	if after := settled(); after > before+5 {
		var stacks [1 << 20]byte
		t.Errorf("%d goroutines, %d before\n%s", after, before, stacks[:runtime.Stack(stacks[:], true)])
	}
	home := stay.worker
	time.Sleep(100 * time.Millisecond) // for mirrors to notice that nobody uses them
	for _, w := range s.workers {
		w.do(func(time.Time) {
			want := 0
			if w == home {
				want = 1
			}
			if len(w.endpoints) != want || len(w.mirrors)+len(w.stands) != 0 {
				t.Errorf("a worker has %d peers and %d mirrors", len(w.endpoints), len(w.mirrors))
			}
		})
	}
	home.do(func(time.Time) {
		for _, source := range stay.endpoint.sources {
			if len(source.slots)+len(source.exports) != 0 {
				t.Errorf("%s knows %d slots and %d workers", source.Kind, len(source.slots), len(source.exports))
			}
			for _, l := range source.layers {
				if len(l.sinks) != 0 {
					t.Errorf("%s feeds %d slots", source.Kind, len(l.sinks))
				}
			}
		}
	})
	if n := s.Stats().Peers; n != 1 {
		t.Errorf("%d peers are counted", n)
	}
}

// settled is the number of goroutines once it stays the same for a while.
func settled() int {
	last, same := runtime.NumGoroutine(), 0
	for range 100 {
		time.Sleep(50 * time.Millisecond)
		if now := runtime.NumGoroutine(); now == last {
			if same++; same == 10 {
				break
			}
		} else {
			last, same = now, 0
		}
	}
	return last
}
