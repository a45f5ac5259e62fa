package sfu

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// recorder is an Observer and PeerEvents that remembers.
type recorder struct {
	mu       sync.Mutex
	slots    map[*Slot]SlotState
	states   int // that were told
	speakers []Speaker
	times    int // that speakers were told
	wants    map[*Source]Want
	quality  map[string]Quality
	state    chan PeerState
	chat     chan string
}

func newRecorder() *recorder {
	return &recorder{
		slots: map[*Slot]SlotState{}, wants: map[*Source]Want{}, quality: map[string]Quality{},
		state: make(chan PeerState, 16), chat: make(chan string, 16),
	}
}

func (r *recorder) SlotsChanged(states []SlotState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range states {
		r.slots[s.Slot] = s
	}
	r.states += len(states)
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.states
}

func (r *recorder) SpeakersChanged(s []Speaker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.speakers = s
	r.times++
}

func (r *recorder) WantsChanged(wants []Want) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range wants {
		r.wants[w.Source] = w
	}
}

func (r *recorder) QualityChanged(quality []Quality) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range quality {
		r.quality[q.Key] = q
	}
}

func (r *recorder) PeerStateChanged(s PeerState) {
	select {
	case r.state <- s:
	default: // nobody looks
	}
}
func (r *recorder) ChatOpened()                         { r.chat <- "open" }
func (r *recorder) ChatReceived(data []byte, text bool) { r.chat <- string(data) }
func (r *recorder) ChatWritable()                       {}

// browser is a Pion client that offers as browsers do: what it sends, then
// pairs, then voices, and the chat channel.
type browser struct {
	t      *testing.T
	pc     *webrtc.PeerConnection
	mic    *webrtc.TrackLocalStaticRTP
	camera *webrtc.TrackLocalStaticRTP
	kinds  map[*webrtc.RTPTransceiver]SourceKind
	got    chan *rtp.Packet
	plis   chan uint32
	chat   *webrtc.DataChannel
	// restart makes the next offer one that restarts ICE.
	restart bool
	nat     *nat // that it is behind, nil for none
}

func newBrowser(t *testing.T, pairs, voices int) *browser {
	t.Helper()
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	return newBrowserOn(t, pc, webrtc.MimeTypeVP8, pairs, voices)
}

// newBrowserOn is one whose camera has another codec.
func newBrowserOn(t *testing.T, pc *webrtc.PeerConnection, mime string, pairs, voices int) *browser {
	t.Helper()
	t.Cleanup(func() { _ = pc.GracefulClose() })
	b := &browser{t: t, pc: pc, kinds: map[*webrtc.RTPTransceiver]SourceKind{}, got: make(chan *rtp.Packet, 4096), plis: make(chan uint32, 64)}
	b.mic, _ = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "mic", "me")
	b.camera, _ = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime}, "camera", "me")
	for kind, track := range map[SourceKind]webrtc.TrackLocal{Mic: b.mic, Camera: b.camera} {
		tr, err := pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			t.Fatal(err)
		}
		b.kinds[tr] = kind
		go func() {
			for {
				packets, _, err := tr.Sender().ReadRTCP()
				if err != nil {
					return
				}
				for _, p := range packets {
					if pli, ok := p.(*rtcp.PictureLossIndication); ok {
						select {
						case b.plis <- pli.MediaSSRC:
						default: // nobody publishes
						}
					}
				}
			}
		}()
	}
	b.receive(pairs, voices)
	negotiated, id := true, uint16(0)
	var err error
	b.chat, err = pc.CreateDataChannel("chat", &webrtc.DataChannelInit{Negotiated: &negotiated, ID: &id})
	if err != nil {
		t.Fatal(err)
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			select {
			case b.got <- p:
			default: // nobody looks
			}
		}
	})
	return b
}

// offer makes an offer and has a peer answer it.
func (b *browser) offer(p *Peer) (*Negotiated, error) {
	offer, err := b.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: b.restart})
	if err != nil {
		return nil, err
	}
	b.restart = false
	gathered := webrtc.GatheringCompletePromise(b.pc)
	if err := b.pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	<-gathered
	kinds := map[string]SourceKind{}
	for tr, kind := range b.kinds {
		kinds[tr.Mid()] = kind
	}
	return p.Answer(context.Background(), b.nat.hide(b.pc.LocalDescription().SDP), kinds)
}

func (b *browser) join(p *Peer) *Negotiated {
	b.t.Helper()
	n, err := b.offer(p)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: b.nat.stand(n.SDP)}); err != nil {
		b.t.Fatal(err)
	}
	p.Ready()
	return n
}

func newTestSFU(t *testing.T) *SFU {
	t.Helper()
	cfg := DefaultConfig()
	cfg.ICE.UDPPort = 0
	s, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// onAnyWorkers runs a test with all peers of a room on one worker, and with a room
// that has spilled.
func onAnyWorkers(t *testing.T, test func(*testing.T, *SFU)) {
	t.Run("on one worker", func(t *testing.T) { test(t, newTestSFU(t)) })
	t.Run("spilled", func(t *testing.T) { test(t, newSpilledSFU(t)) })
}

// newSpilledSFU has two workers, both of which are taken to be full: the peers of a
// room alternate.
func newSpilledSFU(t *testing.T) *SFU {
	t.Helper()
	cfg := DefaultConfig()
	cfg.ICE.UDPPort, cfg.ICE.Workers = 0, 2
	s, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	crowded := func() float64 { return full }
	s.placement = newPlacement([]func() float64{crowded, crowded})
	return s
}

func newTestPeer(t *testing.T, s *SFU) (*Peer, *recorder) {
	t.Helper()
	events := newRecorder()
	p, err := s.NewPeer("room", events)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p, events
}

// vp8 is a packet's payload: a descriptor with a 15-bit picture id and the
// start of a frame.
func vp8(key bool, picture uint16) []byte {
	payload := []byte{0x90, 0xc0, 0x80 | byte(picture>>8), byte(picture), byte(picture), 0x01, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00, 1, 2, 3}
	if key {
		payload[5] = 0x10
	}
	return payload
}

func TestMediaAndChatTravelFromOnePeerToAnother(t *testing.T) {
	onAnyWorkers(t, testMediaAndChatTravelFromOnePeerToAnother)
}

func testMediaAndChatTravelFromOnePeerToAnother(t *testing.T, s *SFU) {
	alice, bob := newBrowser(t, 1, 1), newBrowser(t, 1, 1)
	pa, ea := newTestPeer(t, s)
	pb, eb := newTestPeer(t, s)
	na, nb := alice.join(pa), bob.join(pb)
	for _, e := range []*recorder{ea, eb} {
		for state := range e.state {
			if state == PeerConnected {
				break
			}
		}
	}
	if len(na.Sources) != 2 || len(nb.Pairs) != 1 || len(nb.Voices) != 1 {
		t.Fatalf("%d sources, %d pairs, %d voices", len(na.Sources), len(nb.Pairs), len(nb.Voices))
	}
	watch := newRecorder()
	r := s.NewRouter(watch)
	defer r.Close()
	pair := nb.Pairs[0]
	pair.AudioFrom, pair.VideoFrom = Feed{Source: na.Sources[0]}, Feed{Source: na.Sources[1]}
	r.Route(&Routing{Views: []View{{Pairs: []Pair{pair}, Voices: nb.Voices, Self: nb.Sources}}, Mics: na.Sources[:1]})

	stop := make(chan struct{})
	var sending sync.WaitGroup
	sending.Go(func() {
		for i := uint16(0); ; i++ {
			key := i == 0
			select {
			case <-stop:
				return
			case <-alice.plis:
				key = true
			case <-time.After(20 * time.Millisecond):
			}
			_ = alice.mic.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: i, Timestamp: uint32(i) * 960}, Payload: []byte{0xfc, 1, 2}})
			_ = alice.camera.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, SequenceNumber: 65500 + i, Timestamp: uint32(i) * 1800}, Payload: vp8(key, i)})
		}
	})
	defer sending.Wait()
	defer close(stop)

	count := map[uint8]int{}
	deadline := time.After(20 * time.Second)
	for count[111] < 50 || count[96] < 50 {
		select {
		case p := <-bob.got:
			count[p.PayloadType]++
		case <-deadline:
			t.Fatalf("received %v; stats %+v", count, s.Stats())
		}
	}
	if state := watch.state; len(state) != 0 {
		t.Error("a router's observer hears of no peer")
	}
	for e, from := range map[*recorder]*browser{ea: alice, eb: bob} {
		if got := <-e.chat; got != "open" {
			t.Fatalf("chat: %q", got)
		}
		_ = from.chat.SendText("hello")
		if got := <-e.chat; got != "hello" {
			t.Fatalf("chat: %q", got)
		}
	}
}

// Pion closes with a lock held that the answer needs, until it has been heard out.
func TestPionIsHeardOutWhateverItIsAsked(t *testing.T) {
	s := newTestSFU(t)
	p, err := s.NewPeer("room", newRecorder())
	if err != nil {
		t.Fatal(err)
	}
	p.aiming.Lock() // as one that waits for the answer
	p.moved(nil)
	p.aiming.Unlock()
	p.Close()
}
