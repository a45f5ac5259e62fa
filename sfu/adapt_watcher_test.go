package sfu

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"madang/sfu/codec"
	"madang/sfu/nack"
	"madang/sfu/rtpout"
	"madang/sfu/rtpview"
)

// How a watcher behaves.
const (
	watcherTransport = 5
	watcherFeedback  = 100 * time.Millisecond // Chromium: 50 to 250 ms
	lateSound        = 150 * time.Millisecond // that sound may come later than the earliest
	darkness         = time.Second            // without a picture before it asks for a keyframe
)

// watcher is a subscriber as a browser is one: it sends transport-wide
// feedback, receiver reports, NACKs and PLIs, and decodes.
type watcher struct {
	show         *show
	endpoint     *endpoint
	video, audio *Slot
	down, up     *road

	record             *twcc.Recorder
	missing            *nack.Tracker
	reception, hearing *nack.Reception
	feedbackAt, askAt  time.Time
	reportAt, wishedAt time.Time
	givenUp            uint64
	blind              bool // it knows no round trip, as a Chromium that publishes nothing

	decoder  decoder
	sent     map[uint16]int  // video packets that left the server, by number
	got      map[piece]bool  // that came, in any way
	heard    map[uint32]bool // timestamps of sound that came in time
	said     []saying        // sound that left the server
	earliest time.Duration   // that sound took
	sights   []sight
	left     [3]int // bytes that left the server: picture, repairs and probes, sound
}

// piece is a packet of the camera: the height of its layer, and its number there.
type piece struct{ height, number uint16 }

// saying is a packet of sound as it left the server.
type saying struct {
	at    time.Duration
	stamp uint32
	came  bool
}

// watch adds a subscriber whose tile has so many lines.
func (s *show) watch(height int) *watcher {
	return s.watchOn(s.world, height, s.stage.camera, s.stage.mic)
}

// watchAway adds one whose peer is on another worker than the publisher.
func (s *show) watchAway(height int) *watcher {
	if s.away == nil {
		s.away = newWorld()
		s.away.now, s.away.worker.now, s.away.worker.epoch = s.now, s.now, s.worker.epoch
	}
	var sources []*Source
	for _, of := range []*Source{s.stage.camera, s.stage.mic} {
		m := s.away.worker.mirror(of)
		m.source.wing = s.away.wing
		m.use(s.away.wing, true)
		sources = append(sources, m.source)
	}
	return s.watchOn(s.away, height, sources[0], sources[1])
}

func (s *show) watchOn(on *world, height int, camera, mic *Source) *watcher {
	n := uint32(len(s.watchers))
	w := &watcher{
		show: s, record: twcc.NewRecorder(1), missing: nack.NewTracker(),
		reception: nack.NewReception(90_000), hearing: nack.NewReception(48_000),
		decoder: newDecoder(s), sent: map[uint16]int{}, heard: map[uint32]bool{}, got: map[piece]bool{}, earliest: time.Hour,
	}
	w.down, w.up = s.road(20*time.Millisecond), s.road(20*time.Millisecond)
	w.endpoint, _ = on.peer()
	w.endpoint.path = w
	w.endpoint.down.transport = watcherTransport
	w.video, w.audio = on.slot(w.endpoint, "v", Video, 1000+10*n), on.slot(w.endpoint, "a", Audio, 1005+10*n)
	w.video.transportID, w.audio.transportID = watcherTransport, watcherTransport
	w.audio.formats[codec.RED] = format{63, 0}
	w.feedbackAt = s.now.Add(time.Duration(s.random.Int64N(int64(watcherFeedback))))
	w.video.look(Ask{Height: height})
	w.video.assign(Feed{Source: camera}, s.now)
	w.audio.assign(Feed{Source: mic}, s.now)
	s.watchers = append(s.watchers, w)
	return w
}

// WriteRTP puts a packet on the road.
func (w *watcher) WriteRTP(packet *rtpout.Packet) {
	h, payload, size := copied(packet).Header, packet.Payload, packet.Size()
	body := payload
	if h.SSRC != w.audio.ssrc {
		body = body[:min(len(body), 26)]
	}
	body = slices.Clone(body)
	sent := w.show.passed()
	said := -1
	switch h.SSRC {
	case w.video.ssrc:
		w.sent[h.SequenceNumber]++
		w.left[0] += len(payload)
	case w.audio.ssrc:
		said = len(w.said)
		w.left[2] += len(payload)
		w.said = append(w.said, saying{at: sent, stamp: h.Timestamp})
	}
	if h.SSRC == w.video.rtxSSRC {
		w.left[1] += len(payload)
	}
	w.down.carry(size+sealed, func() {
		if number, ok := rtpview.TransportSequence(h.GetExtension(watcherTransport)); ok {
			w.record.Record(h.SSRC, number, w.show.now.UnixMicro())
		}
		if said >= 0 {
			w.said[said].came = true
			w.hear(&h, body, w.show.passed()-sent)
			return
		}
		w.see(&h, body)
	})
}

// hear takes sound.
func (w *watcher) hear(h *rtp.Header, body []byte, took time.Duration) {
	w.hearing.Received(h.SequenceNumber, h.Timestamp, w.show.now)
	w.earliest = min(w.earliest, took)
	if took > w.earliest+lateSound {
		return
	}
	w.heard[h.Timestamp] = true
	if h.PayloadType != 63 {
		return
	}
	blocks, _ := codec.AppendREDBlocks(nil, body)
	for _, b := range blocks {
		if took+time.Duration(b.TimestampOffset)*time.Second/48000 <= w.earliest+lateSound {
			w.heard[h.Timestamp-uint32(b.TimestampOffset)] = true
		}
	}
}

// see takes a packet of the picture.
func (w *watcher) see(h *rtp.Header, body []byte) {
	now := w.show.now
	var sequence int64
	var arrival nack.Arrival
	if len(body) == 0 {
		return // nothing but padding
	}
	if h.SSRC == w.video.rtxSSRC {
		sequence, arrival = w.missing.ReceivedRTX(binary.BigEndian.Uint16(body), now)
		body = body[2:]
	} else {
		w.reception.Received(h.SequenceNumber, h.Timestamp, now)
		sequence, arrival = w.missing.Received(h.SequenceNumber, now)
	}
	if arrival != nack.Old && len(body) >= 24 {
		w.got[piece{binary.BigEndian.Uint16(body[20:]), binary.BigEndian.Uint16(body[22:])}] = true
		w.decoder.take(sequence, h, body)
	}
}

// WriteRTCP puts reports on the road.
func (w *watcher) WriteRTCP(packets []rtcp.Packet) {
	for _, p := range asRead(packets) {
		if report, ok := p.(*rtcp.SenderReport); ok {
			w.down.carry(80, func() {
				figures := w.reception
				if report.SSRC == w.audio.ssrc {
					figures = w.hearing
				}
				figures.SenderReport(report.NTPTime, w.show.now)
			})
		}
	}
}

// step says what is due.
func (w *watcher) step() {
	now := w.show.now
	if !now.Before(w.feedbackAt) {
		w.feedbackAt = now.Add(watcherFeedback)
		w.say(w.record.BuildFeedbackPacket()...)
	}
	if !now.Before(w.askAt) {
		w.askAt = now.Add(tickEvery)
		w.ask()
	}
	if !now.Before(w.reportAt) {
		w.reportAt = now.Add(time.Second)
		w.report()
	}
	if w.show.passed()%(100*time.Millisecond) == 0 {
		w.look()
	}
}

// ask asks for what is missing, and for a keyframe when nothing else helps.
func (w *watcher) ask() {
	now := w.show.now
	trip := w.down.delay + w.up.delay
	if w.blind {
		trip = 100 * time.Millisecond
	}
	w.missing.SetRTT(trip)
	lost := w.missing.Due(now, nil)
	lost = slices.DeleteFunc(lost, func(n uint16) bool { // what was decoded needs nothing before it
		return w.decoder.any && int16(n-uint16(w.decoder.at)) < 0
	})
	if len(lost) > 0 {
		w.say(&rtcp.TransportLayerNack{MediaSSRC: w.video.ssrc, Nacks: nack.AppendPairs(nil, lost)})
	}
	given := w.missing.Stats().GivenUp
	dark := w.decoder.any && now.Sub(w.decoder.newest) > darkness
	if (given > w.givenUp || dark) && now.Sub(w.wishedAt) > darkness {
		w.wishedAt, w.givenUp = now, given
		w.say(&rtcp.PictureLossIndication{MediaSSRC: w.video.ssrc})
	}
}

func (w *watcher) report() {
	var blocks []rtcp.ReceptionReport
	if b, ok := w.reception.Report(w.video.ssrc, w.show.now); ok {
		blocks = append(blocks, b)
	}
	if b, ok := w.hearing.Report(w.audio.ssrc, w.show.now); ok {
		blocks = append(blocks, b)
	}
	w.say(&rtcp.ReceiverReport{SSRC: 1, Reports: blocks})
}

func (w *watcher) say(packets ...rtcp.Packet) {
	for _, p := range packets {
		raw, err := p.Marshal()
		if err != nil {
			panic(err)
		}
		w.up.carry(len(raw)+sealed, func() { w.endpoint.receiveRTCP(raw, w.show.now) })
	}
}
