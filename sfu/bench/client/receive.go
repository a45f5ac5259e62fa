package client

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/srtp/v3"

	"madang/sfu/rtpview"
)

const (
	// openEvery: of so many packets one is opened, to see when it was sent.
	openEvery = 16
	// stampAt is where a payload says when it was sent, stampEnd where that ends.
	stampAt, stampEnd = 16, 24
	// mostMissing bounds what is asked for again.
	mostMissing = 256
	// NACKs are sent for a missing packet this often, and then no more.
	nackTries = 3
)

// receiver counts what comes to a client.
type receiver struct {
	media, repairs atomic.Uint64
	keyframe       atomic.Bool // the server asked for one

	mu      sync.Mutex // of what follows
	in      *srtp.Context
	view    rtpview.Packet
	opened  []byte
	sources map[uint32]*heard // by SSRC
	record  *twcc.Recorder
	missing []missing
	delays  []time.Duration
}

// heard is what a client knows of one SSRC.
type heard struct {
	base, highest  uint32 // sequence numbers, with their cycles
	got            uint32
	lastGot, lastN uint32 // at the last report
	report         uint32 // middle bits of the newest sender report's time
	reportAt       time.Time
}

type missing struct {
	ssrc     uint32
	sequence uint16
	tries    int
}

func (r *receiver) init() {
	r.sources = map[uint32]*heard{}
	r.record = twcc.NewRecorder(1)
}

func (r *receiver) opens(in *srtp.Context) {
	r.mu.Lock()
	r.in = in
	r.mu.Unlock()
}

// receive takes one sealed packet: RTCP if its second byte says so (RFC 5761
// section 4).
func (c *Client) receive(packet []byte) {
	r := &c.received
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.in == nil || len(packet) < 12 {
		return
	}
	if packet[1] >= 192 && packet[1] <= 223 {
		r.control(packet)
		return
	}
	first := packet[0]
	packet[0] &^= 0x20 // how much of it is padding is sealed
	err := rtpview.Parse(packet, &r.view)
	packet[0] = first
	if err != nil {
		return
	}
	now := time.Now()
	if number, ok := rtpview.TransportSequence(r.view.Extension(transportID)); ok && c.options.Feedback {
		r.record.Record(r.view.SSRC, number, now.UnixMicro())
	}
	r.number(r.view.SSRC, r.view.SequenceNumber, r.view.PayloadType != repairType)
	if r.view.PayloadType == repairType {
		r.repairs.Add(1)
		return
	}
	if r.media.Add(1)%openEvery == 0 {
		r.time(packet, now)
	}
}

// number counts a packet and notes those missing before it.
func (r *receiver) number(ssrc uint32, sequence uint16, ask bool) {
	s := r.sources[ssrc]
	if s == nil {
		s = &heard{base: uint32(sequence), highest: uint32(sequence) - 1}
		r.sources[ssrc] = s
	}
	s.got++
	ahead := int16(sequence - uint16(s.highest))
	if ahead <= 0 { // late: it is missing no more
		for i := range r.missing {
			if r.missing[i].ssrc == ssrc && r.missing[i].sequence == sequence {
				r.missing[i].tries = nackTries
			}
		}
		return
	}
	for n := int16(1); n < ahead && ask && len(r.missing) < mostMissing; n++ {
		r.missing = append(r.missing, missing{ssrc: ssrc, sequence: uint16(s.highest) + uint16(n)})
	}
	s.highest += uint32(ahead)
}

// time opens a packet to see how long it was under way.
func (r *receiver) time(packet []byte, now time.Time) {
	opened, err := r.in.DecryptRTP(r.opened[:0], packet, nil)
	if err != nil {
		return
	}
	r.opened = opened
	if payload := opened[r.view.HeaderLen:]; len(payload) >= stampEnd {
		sent := int64(binary.BigEndian.Uint64(payload[stampAt:stampEnd]))
		r.delays = append(r.delays, time.Duration(now.UnixNano()-sent))
	}
}

// control takes RTCP: sender reports, and wishes for a keyframe.
func (r *receiver) control(packet []byte) {
	opened, err := r.in.DecryptRTCP(nil, packet, nil)
	if err != nil {
		return
	}
	packets, err := rtcp.Unmarshal(opened)
	if err != nil {
		return
	}
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.SenderReport:
			if s := r.sources[p.SSRC]; s != nil {
				s.report, s.reportAt = uint32(p.NTPTime>>16), time.Now()
			}
		case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
			r.keyframe.Store(true)
		}
	}
}

// Received is how many packets of media, and how many of repairs and probes,
// have come so far.
func (c *Client) Received() (media, repairs uint64) {
	return c.received.media.Load(), c.received.repairs.Load()
}

// Delays returns how long the packets were under way that were opened since the
// last call.
func (c *Client) Delays() []time.Duration {
	r := &c.received
	r.mu.Lock()
	defer r.mu.Unlock()
	delays := r.delays
	r.delays = nil
	return delays
}
