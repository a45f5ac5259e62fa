package sfu

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/sfu/offer"
)

// realOffer is what a browser really offered: mic, camera with three rids,
// screen, screen audio, one pair, one voice, and the data channel.
func realOffer(t testing.TB, browser string) string {
	t.Helper()
	text, err := os.ReadFile("offer/testdata/" + browser + ".sdp")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var allKinds = map[string]SourceKind{"0": Mic, "1": Camera, "2": Screen, "3": ScreenAudio}

func TestRealOffersAreAnswered(t *testing.T) {
	s := newTestSFU(t)
	for _, browser := range []string{"chromium", "firefox"} {
		t.Run(browser, func(t *testing.T) {
			p, _ := newTestPeer(t, s)
			n, err := p.Answer(context.Background(), realOffer(t, browser), allKinds)
			if err != nil {
				t.Fatal(err)
			}
			if len(n.Sources) != 4 || len(n.Pairs) != 1 || len(n.Voices) != 1 {
				t.Fatalf("%d sources, %d pairs, %d voices", len(n.Sources), len(n.Pairs), len(n.Voices))
			}
			for i, kind := range []SourceKind{Mic, Camera, Screen, ScreenAudio} {
				if n.Sources[i].Kind != kind || allKinds[n.Sources[i].Mid] != kind {
					t.Errorf("source %d is %s on line %q", i, n.Sources[i].Kind, n.Sources[i].Mid)
				}
			}
			for _, want := range []string{"a=setup:passive", "a=rid:q recv", "a=simulcast:recv q;h;", "sdes:mid", "transport-wide-cc"} {
				if !strings.Contains(n.SDP, want) {
					t.Errorf("the answer lacks %q", want)
				}
			}
			for _, slot := range []*Slot{n.Pairs[0].Video, n.Pairs[0].Audio, n.Voices[0]} {
				if slot.ssrc == 0 || slot.midID == 0 || (slot.rtxSSRC != 0) != (slot.Media == Video) {
					t.Errorf("slot %q: SSRC %d, RTX %d, mid extension %d", slot.Mid, slot.ssrc, slot.rtxSSRC, slot.midID)
				}
			}
			again, err := p.Answer(context.Background(), realOffer(t, browser), allKinds)
			if err != nil || again.Pairs[0] != n.Pairs[0] || !slices.Equal(again.Sources, n.Sources) || !slices.Equal(again.Voices, n.Voices) {
				t.Errorf("the same offer again: %v", err)
			}
		})
	}
}

func TestOffersAreRefusedWithACode(t *testing.T) {
	chromium := realOffer(t, "chromium")
	s := newTestSFU(t)
	for _, c := range []struct {
		name  string
		sdp   string
		kinds map[string]SourceKind
		code  string
	}{
		{"a kind on two lines", chromium, map[string]SourceKind{"1": Camera, "2": Camera}, "conflict"},
		{"a kind on a line that is not there", chromium, map[string]SourceKind{"77": Mic}, "bad_sdp"},
		{"a kind on a line of other media", chromium, map[string]SourceKind{"0": Camera}, "bad_sdp"},
		{"a kind on a receive line", chromium, map[string]SourceKind{"4": Camera}, "bad_sdp"},
		{"a receive line that sends too", strings.Replace(chromium, "a=sendonly", "a=sendrecv", 1), allKinds, "bad_sdp"},
		{"nothing", "", nil, "bad_sdp"},
		{"half of it", chromium[:len(chromium)/2], allKinds, "bad_sdp"},
		{"too much", chromium + strings.Repeat("a=x\r\n", 60_000), allKinds, "too_big"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := newTestPeer(t, s)
			if _, err := p.Answer(context.Background(), c.sdp, c.kinds); codeOf(err) != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
	t.Run("a source that moves", func(t *testing.T) {
		p, _ := newTestPeer(t, s)
		if _, err := p.Answer(context.Background(), chromium, map[string]SourceKind{"1": Camera}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Answer(context.Background(), chromium, map[string]SourceKind{"2": Camera}); codeOf(err) != "conflict" {
			t.Error(err)
		}
	})
	t.Run("a send line that comes to receive", func(t *testing.T) {
		p, _ := newTestPeer(t, s)
		if _, err := p.Answer(context.Background(), chromium, nil); err != nil {
			t.Fatal(err)
		}
		turned := strings.Replace(chromium, "a=sendonly", "a=recvonly", 1)
		if _, err := p.Answer(context.Background(), turned, nil); codeOf(err) != "bad_sdp" {
			t.Error(err)
		}
	})
}

// mutate changes an offer a little, as somebody would who wants to see what
// happens: lines go, come twice, change places, or have a number changed.
func mutate(sdp string, rng *rand.Rand) string {
	lines := strings.SplitAfter(sdp, "\r\n")
	for range 1 + rng.IntN(4) {
		i, j := 1+rng.IntN(len(lines)-2), 1+rng.IntN(len(lines)-2)
		switch rng.IntN(6) {
		case 0:
			lines = slices.Delete(lines, i, i+1)
		case 1:
			lines = slices.Insert(lines, i, lines[j])
		case 2:
			lines[i], lines[j] = lines[j], lines[i]
		case 3:
			if at := strings.IndexAny(lines[i], "0123456789"); at >= 0 {
				lines[i] = lines[i][:at] + []string{"", "0", "9", "127", "4294967295", "-1"}[rng.IntN(6)] + lines[i][at+1:]
			}
		case 4:
			if _, value, ok := strings.Cut(lines[i], ":"); ok && len(value) > 2 {
				lines[i] = strings.TrimSuffix(lines[i], value) + "\r\n"
			}
		case 5:
			words := []string{"sendonly", "recvonly", "sendrecv", "inactive"}
			lines[i] = strings.NewReplacer("sendonly", words[rng.IntN(4)], "recvonly", words[rng.IntN(4)]).Replace(lines[i])
		}
	}
	return strings.Join(lines, "")
}

// FuzzAnswer offers a peer what is nearly an offer, and then something else:
// it is answered or refused with a code, and nobody panics.
func FuzzAnswer(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	cfg := DefaultConfig()
	cfg.ICE.UDPPort = 0
	s, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(s.Close)
	real := []string{realOffer(f, "chromium"), realOffer(f, "firefox")}
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		p, err := s.NewPeer("room", newRecorder())
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		for range 3 {
			sdp := mutate(real[rng.IntN(2)], rng)
			n, err := p.Answer(ctx, sdp, allKinds)
			if err != nil && codeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			if err == nil && (len(n.Pairs) > MaxPairs || n.SDP == "") {
				t.Fatalf("%d pairs", len(n.Pairs))
			}
			p.Ready()
		}
	})
}

// chromium is a world with a peer that publishes as Chromium's offer says.
func chromium(t *testing.T) (*world, *endpoint, *Source) {
	w := newWorld()
	e, _ := w.peer()
	o, err := offer.Parse(realOffer(t, "chromium"), offer.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	source := newSource("camera", Camera, o.Line("1"), o.Line("1"))
	source.from = e
	mic := newSource("mic", Mic, o.Line("0"), o.Line("0"))
	mic.from = e
	e.attach([]*Source{mic, source}, nil, readLabels([]*Source{mic, source}, o, o))
	return w, e, source
}

func TestSimulcastOfChromiumIsBoundByRIDs(t *testing.T) {
	w, e, source := chromium(t)
	viewer, path := w.peer()
	slot := w.slot(viewer, "1", Video, 900)
	slot.assign(Feed{Source: source}, w.now)
	first := map[uint8]string{e.extensions.mid: "1"}
	for i, rid := range []string{"q", "h", "f"} { // it begins with padding over RTX
		first[e.extensions.repairedRID] = rid
		for n := range uint16(50) {
			raw := labelled(uint32(200+i), 97, n, nil, first)
			raw[0] |= 0x20
			e.receiveRTP(append(raw, make([]byte, 254)...), w.now)
			raw = append(append([]byte{}, raw...), 255)
			e.receiveRTP(raw, w.now)
		}
	}
	delete(first, e.extensions.repairedRID)
	if len(source.layers) != 0 {
		t.Fatal("padding made a layer")
	}
	e.receiveRTP(labelled(99, 96, 1, vp8(true, 1), map[uint8]string{e.extensions.mid: "1"}), w.now)
	if len(source.layers) != 0 {
		t.Fatal("a packet that does not say its rid made a layer")
	}
	for n := range uint16(60) {
		for i, rid := range []string{"q", "h", "f"} {
			first[e.extensions.rid] = rid
			labels := first
			if n > 20 {
				labels = nil // the receiver knows by now
			}
			if i == 2 && n == 30 { // lost, and repaired
				continue
			}
			raw := labelled(uint32(100+i), 96, n, vp8(n%10 == 0, n), labels)
			setStamp(raw, uint32(n)*frameTicks)
			e.receiveRTP(raw, w.now)
		}
		w.tick(frameEvery)
	}
	delete(first, e.extensions.rid)
	first[e.extensions.repairedRID] = "f"
	repair := labelled(202, 97, 900, append([]byte{0, 30}, vp8(true, 30)...), first)
	setStamp(repair, 30*frameTicks)
	e.receiveRTP(repair, w.now)
	if len(source.layers) != 3 || slot.current == nil || slot.current.rid != "f" {
		t.Fatalf("%d layers, fed by %+v", len(source.layers), slot.current)
	}
	if slot.current.missing.Waiting() {
		t.Error("the repaired packet is still missed")
	}
	packets := path.media(900)
	slices.SortFunc(packets, func(a, b rtp.Packet) int { return int(int16(a.SequenceNumber - b.SequenceNumber)) })
	checkContinuous(t, packets)
	// The tab reloads its camera: another SSRC under the same rid.
	first = map[uint8]string{e.extensions.mid: "1", e.extensions.rid: "f"}
	before := slot.current
	for n := range uint16(20) {
		raw := labelled(300, 96, 5000+n, vp8(n == 10, n), first)
		setStamp(raw, uint32(77+n)*frameTicks)
		e.receiveRTP(raw, w.now)
		w.tick(frameEvery)
	}
	if len(source.layers) != 3 || slot.current == before || slot.current.ssrc != 300 || len(before.sinks) != 0 {
		t.Error("the new SSRC does not feed the slot")
	}
	if _, there := e.streams[102]; there {
		t.Error("the old SSRC is still bound")
	}
}

func TestLaterOfferKeepsTheLabelsOfEarlierLines(t *testing.T) {
	s := newTestSFU(t)
	p, _ := newTestPeer(t, s)
	text := realOffer(t, "firefox")
	if _, err := p.Answer(context.Background(), text, map[string]SourceKind{"1": Camera}); err != nil {
		t.Fatal(err)
	}
	before := p.endpoint.labels
	if before.extensions.rid == 0 || before.extensions.mid == 0 || len(before.declared) != 6 {
		t.Fatalf("%+v", before)
	}
	rids := []string{}
	for _, ssrc := range []uint32{1534914951, 1638510969, 804982830} {
		rids = append(rids, before.declared[ssrc].rid)
	}
	if !slices.Equal(rids, []string{"q", "h", "f"}) {
		t.Errorf("SSRCs are of rids %v", rids)
	}
	if _, err := p.Answer(context.Background(), text, map[string]SourceKind{"0": Mic}); err != nil {
		t.Fatal(err)
	}
	after := p.endpoint.labels
	if after.extensions.rid != before.extensions.rid || after.extensions.level == 0 || len(after.declared) != 7 {
		t.Errorf("%+v", after)
	}
	for range 5 {
		if _, err := p.Answer(context.Background(), text, nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.endpoint.declared) != 7 {
		t.Errorf("%d SSRCs are declared after seven offers", len(p.endpoint.declared))
	}
}
