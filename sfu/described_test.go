package sfu

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"madang/sfu/codec"
	"madang/sfu/descriptor"
)

const (
	heardDescriptor = 7 // extension id on the way in
	saidDescriptor  = 9 // and on the way out
)

// svcCamera sends AV1 with the dependency descriptors that Chromium sent, over
// and over: how one capture ends, the next may begin.
type svcCamera struct {
	camera
	lines []svcLine
	at    int
	first uint16 // frame number that the capture is moved to
	more  int    // bytes of each packet
	every uint32 // ticks from picture to picture
}

// svcLine is one packet of a capture.
type svcLine struct {
	stamp  uint32
	marker bool
	value  []byte
}

func newSVCCamera(t *testing.T, file string, c camera, first uint16) *svcCamera {
	t.Helper()
	f, err := os.Open("descriptor/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := &svcCamera{camera: c, first: first, every: frameTicks}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if fields[0] == "#" {
			continue
		}
		stamp, _ := strconv.ParseUint(fields[0], 10, 32)
		value, _ := hex.DecodeString(fields[2])
		s.lines = append(s.lines, svcLine{uint32(stamp), fields[1] == "1", value})
	}
	return s
}

// picture makes the packets of the next picture, all of its spatial layers.
func (s *svcCamera) picture() (packets [][]byte) {
	if s.at == len(s.lines) {
		s.first += binary.BigEndian.Uint16(s.lines[s.at-1].value[1:]) + 1
		s.at = 0
	}
	s.stamp += s.every
	stamp := s.lines[s.at].stamp
	for ; s.at < len(s.lines) && s.lines[s.at].stamp == stamp; s.at++ {
		packets = append(packets, s.packet(&s.lines[s.at]))
	}
	return packets
}

func (s *svcCamera) packet(line *svcLine) []byte {
	value := slices.Clone(line.value)
	number := binary.BigEndian.Uint16(value[1:]) + s.first
	binary.BigEndian.PutUint16(value[1:], number)
	text := "10303030c040fdf801"
	if len(value) > descriptor.MaxOneByteForm {
		text = "680b0800000004477e1a00d0043010617b0092"
	} else if value[0]&0x80 == 0 {
		text = "908bac6a961f497c4d"
	}
	payload, _ := hex.DecodeString(text)
	p := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: testAV1, SSRC: s.ssrc, SequenceNumber: s.sequence, Timestamp: s.stamp, Marker: line.marker}}
	_ = p.SetExtension(heardDescriptor, value)
	payload = append(payload, make([]byte, s.more)...)
	p.Payload = append(payload, byte(s.ssrc), byte(number>>8), byte(number), byte(s.sequence)) // what it is, for the tests
	s.sequence++
	raw, _ := p.Marshal()
	return raw
}

// svcWorld is two publishers of AV1 and one who watches.
type svcWorld struct {
	*world
	cameras []*svcCamera
	sources []*Source
	slot    *Slot
	viewer  *endpoint
	path    *fakePath
}

func newSVCWorld(t *testing.T, files ...string) *svcWorld {
	w := &svcWorld{world: newWorld()}
	w.viewer, w.path = w.peer()
	w.slot = w.world.slot(w.viewer, "1", Video, 900)
	w.slot.formats[codec.AV1] = format{testAV1, testAV1 + 1}
	w.slot.descriptorID = saidDescriptor
	for i, file := range files {
		e, _ := w.peer()
		e.extensions.descriptor = heardDescriptor
		ssrc := uint32(10 + i)
		s := w.source(e, Camera, ssrc)
		s.codecs = map[uint8]codec.Codec{testAV1: codec.AV1}
		w.sources = append(w.sources, s)
		w.cameras = append(w.cameras, newSVCCamera(t, file, camera{from: e, ssrc: ssrc, sequence: uint16(40000*i + 100)}, uint16(65000-9000*i)))
	}
	return w
}

// spoken is a frame as its receiver knows it: by what its descriptor says.
type spoken struct {
	key      bool
	needs    []uint16
	spatial  uint8
	temporal uint8
	active   uint32
}

// readAll reads the descriptors of packets in order of their numbers, as a
// browser does, and fails where one cannot be read or decoded.
func readAll(t *testing.T, packets []rtp.Packet) (frames []spoken) {
	t.Helper()
	packets = slices.Clone(packets)
	slices.SortStableFunc(packets, func(a, b rtp.Packet) int { return int(int16(a.SequenceNumber - b.SequenceNumber)) })
	var reader descriptor.Reader
	var d descriptor.Descriptor
	known, newest := map[int64]bool{}, int64(-1)
	for i, p := range packets {
		if i > 0 && p.SequenceNumber == packets[i-1].SequenceNumber {
			continue
		}
		if len(p.Payload) == 0 {
			continue
		}
		value := p.GetExtension(saidDescriptor)
		if value == nil {
			t.Fatalf("packet %d has no descriptor", i)
		}
		if err := reader.Read(value, &d); err != nil {
			t.Fatalf("packet %d, %x: %v", i, value, err)
		}
		if !d.Start {
			continue
		}
		if d.Attached {
			known = map[int64]bool{}
		}
		if newest >= 0 && d.Number <= newest {
			t.Fatalf("packet %d: frame %d behind %d", i, d.Number, newest)
		}
		newest = d.Number
		for _, distance := range d.Needs() {
			if !known[d.Number-int64(distance)] {
				t.Fatalf("packet %d: frame %d (S%dT%d) needs %d, which was not sent", i, d.Number, d.SpatialID, d.TemporalID, d.Number-int64(distance))
			}
		}
		known[d.Number] = true
		frames = append(frames, spoken{d.Attached, slices.Clone(d.Needs()), d.SpatialID, d.TemporalID, d.Active})
	}
	return frames
}

func TestDescriptorsGoOnThroughFilteringAndSwitches(t *testing.T) {
	w := newSVCWorld(t, "av1_l3t3_key.txt", "av1_l1t3.txt", "av1_l3t3.txt")
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 2000 {
		if i%120 == 0 {
			w.slot.assign(Feed{Source: w.sources[i/120%3]}, w.now)
		}
		if i%20 == 0 {
			w.slot.wish(uint8(rng.IntN(3)), uint8(rng.IntN(3)))
		}
		for _, c := range w.cameras {
			for _, raw := range c.picture() {
				c.from.receiveRTP(raw, w.now)
			}
		}
		w.now = w.now.Add(frameEvery)
		w.worker.turn(&batch{}, false, w.now)
	}
	packets := w.path.media(900)
	frames := readAll(t, packets)
	keys, spatial, temporal := 0, [3]int{}, [3]int{}
	for _, f := range frames {
		if f.key {
			keys++
		}
		spatial[f.spatial]++
		temporal[f.temporal]++
	}
	if keys < 10 || spatial[1] < 100 || temporal[2] < 100 {
		t.Errorf("%d keyframes, frames by spatial layer %v, by temporal %v", keys, spatial, temporal)
	}
	for i := 1; i < len(packets); i++ {
		a, b := packets[i-1], packets[i]
		if b.SequenceNumber != a.SequenceNumber+1 {
			t.Fatalf("sequence number %d after %d", b.SequenceNumber, a.SequenceNumber)
		}
		if a.Timestamp != b.Timestamp && !a.Marker {
			t.Fatalf("packet %d: a picture ends without its marker", i)
		}
	}
}

func TestADescriptorSaysWhichTargetsAreSent(t *testing.T) {
	w := newSVCWorld(t, "av1_l3t3_key.txt")
	w.slot.assign(Feed{Source: w.sources[0]}, w.now)
	for i := range 200 {
		spatial, temporal := uint8(2-i/40%3), uint8(2-i/20%3)
		w.slot.wish(spatial, temporal)
		before := len(w.path.rtp)
		for _, raw := range w.cameras[0].picture() {
			w.cameras[0].from.receiveRTP(raw, w.now)
		}
		for _, f := range readLate(t, w.path.media(900), len(w.path.rtp)-before) {
			for target, layers := range w.worker.descriptor.Structure.Targets {
				on := f.active>>target&1 != 0
				if on && (layers.SpatialID > spatial || layers.TemporalID > temporal) || f.spatial > spatial || f.temporal > temporal {
					t.Fatalf("picture %d, wished S%dT%d: S%dT%d with targets %b", i, spatial, temporal, f.spatial, f.temporal, f.active)
				}
			}
			if f.active == 0 {
				t.Fatalf("picture %d: no target", i)
			}
		}
		w.now = w.now.Add(frameEvery)
	}
}

// readLate reads all, and returns what the last packets said.
func readLate(t *testing.T, packets []rtp.Packet, last int) []spoken {
	t.Helper()
	if last == 0 {
		return nil
	}
	before := readAll(t, packets[:len(packets)-last])
	return readAll(t, packets)[len(before):]
}

func TestDescribedPacketsComeAgainAsTheyWere(t *testing.T) {
	for seed := range uint64(10) {
		w := newSVCWorld(t, "av1_l3t3_key.txt", "av1_l1t3.txt")
		rng := rand.New(rand.NewPCG(seed, 8))
		net := &lossy{rng: rng}
		for i := range 40 {
			if i%15 == 0 {
				w.slot.assign(Feed{Source: w.sources[i/15%2]}, w.now)
			}
			w.slot.wish(uint8(rng.IntN(3)), uint8(rng.IntN(3)))
			for _, c := range w.cameras {
				if packets := c.picture(); i == 0 {
					for _, raw := range packets {
						c.from.receiveRTP(raw, w.now)
					}
				} else {
					net.pass(packets, func(raw []byte) {
						for _, c := range w.cameras {
							if raw[11] == byte(c.ssrc) {
								c.from.receiveRTP(raw, w.now)
							}
						}
					})
				}
			}
			w.now = w.now.Add(frameEvery)
			w.worker.turn(&batch{}, false, w.now)
		}
		sent := w.path.media(900)
		for _, p := range sent {
			if len(p.Payload) == 0 {
				continue
			}
			w.path.rtp = nil
			w.viewer.nacked(&rtcp.TransportLayerNack{MediaSSRC: 900, Nacks: []rtcp.NackPair{{PacketID: p.SequenceNumber}}}, w.now)
			if len(w.path.rtp) == 0 {
				t.Fatalf("seed %d: packet %d is not to be had", seed, p.SequenceNumber-sent[0].SequenceNumber)
			}
			again := w.path.rtp[0]
			again.Payload = again.Payload[2:]
			if string(again.Payload) != string(p.Payload) || again.Marker != p.Marker || again.Timestamp != p.Timestamp ||
				string(again.GetExtension(saidDescriptor)) != string(p.GetExtension(saidDescriptor)) {
				t.Fatalf("seed %d: packet %d came back as another one", seed, p.SequenceNumber-sent[0].SequenceNumber)
			}
		}
	}
}

// describedBrowser is a Pion client that sends AV1, and takes its descriptors.
func describedBrowser(t *testing.T, pairs int) *browser {
	t.Helper()
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	if err := engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: descriptor.URI}, webrtc.RTPCodecTypeVideo); err != nil {
		t.Fatal(err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	return newBrowserOn(t, pc, webrtc.MimeTypeAV1, pairs, 0)
}

// idOf is the number of the extension among those of a line.
func idOf(t *testing.T, extensions []webrtc.RTPHeaderExtensionParameter) uint8 {
	t.Helper()
	for _, x := range extensions {
		if x.URI == descriptor.URI {
			return uint8(x.ID)
		}
	}
	t.Fatal("the dependency descriptor is not negotiated")
	return 0
}

func TestDescriptorsTravelOverTheNetwork(t *testing.T) {
	cfg := DefaultConfig()
	cfg.ICE.UDPPort, cfg.Media.Codecs = 0, []string{"av1", "vp8"}
	s, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	alice, bob := describedBrowser(t, 0), describedBrowser(t, 1)
	pa, ea := newTestPeer(t, s)
	pb, eb := newTestPeer(t, s)
	na, nb := alice.join(pa), bob.join(pb)
	ea.awaitState(t, PeerConnected)
	eb.awaitState(t, PeerConnected)
	r := s.NewRouter(newRecorder())
	defer r.Close()
	r.Route(showAll(na, nb))

	var sent, heard uint8
	for _, tr := range alice.pc.GetTransceivers() {
		if tr.Kind() == webrtc.RTPCodecTypeVideo {
			sent = idOf(t, tr.Sender().GetParameters().HeaderExtensions)
		}
	}
	for _, tr := range bob.pc.GetTransceivers() {
		if tr.Kind() == webrtc.RTPCodecTypeVideo && tr.Direction() == webrtc.RTPTransceiverDirectionRecvonly {
			heard = idOf(t, tr.Receiver().GetParameters().HeaderExtensions)
		}
	}
	cam := newSVCCamera(t, "av1_l3t3_key.txt", camera{ssrc: 1, sequence: 100}, 65000)
	var packets []rtp.Packet
	deadline := time.After(20 * time.Second)
	for len(packets) < 300 {
		select {
		case p := <-bob.got:
			value := p.GetExtension(heard)
			p.Header.Extension, p.Header.Extensions = false, nil
			_ = p.SetExtension(saidDescriptor, value)
			packets = append(packets, *p)
		case <-deadline:
			t.Fatalf("%d packets", len(packets))
		case <-time.After(2 * time.Millisecond):
			for _, raw := range cam.picture() {
				var p rtp.Packet
				_ = p.Unmarshal(raw)
				value := p.GetExtension(heardDescriptor)
				p.Header.Extension, p.Header.Extensions = false, nil
				_ = p.SetExtension(sent, value)
				_ = alice.camera.WriteRTP(&p)
			}
		}
	}
	if frames := readAll(t, packets); len(frames) < 100 || !frames[0].key {
		t.Errorf("%d frames", len(frames))
	}
}
