package sfu

import (
	"fmt"
	"time"

	"madang/sfu/offer"
	"madang/sfu/policer"
)

// LimitsConfig bounds what one peer may send to the media plane. The zero value is
// only for tests of what lies behind the limits: it bounds no packets.
type LimitsConfig struct {
	// How many times what it was asked to send a member may send, in packets and in
	// bits (2 to 20). What is over that is dropped.
	RTPHeadroom int `yaml:"rtp_headroom"`
	// RTCP packets a second of one member, beside a burst of twice as many. What
	// is over that is dropped.
	RTCPPerSecond int `yaml:"rtcp_per_second"`
	// Lines of text of one SDP offer.
	SDPLines int `yaml:"sdp_lines"`
	// ICE candidates of one offer, and those that may follow it.
	Candidates int `yaml:"candidates"`
}

// DefaultLimitsConfig is what no browser comes near to: Chromium's offer for 25
// tiles has 5,500 lines, and its NACKs for 25 pictures on a bad link are 1,250 a
// second.
func DefaultLimitsConfig() LimitsConfig {
	most := offer.DefaultLimits()
	return LimitsConfig{RTPHeadroom: 4, RTCPPerSecond: 2000, SDPLines: most.Lines, Candidates: most.Candidates}
}

// Validate reports every problem by the path of its field.
func (c LimitsConfig) Validate(report func(field, problem string)) {
	for field, n := range map[string]struct{ value, least, most int }{
		"rtp_headroom":    {c.RTPHeadroom, 2, 20},
		"rtcp_per_second": {c.RTCPPerSecond, 100, 100_000},
		"sdp_lines":       {c.SDPLines, 1000, 20_000},
		"candidates":      {c.Candidates, 10, 1000},
	} {
		if n.value < n.least || n.value > n.most {
			report(field, fmt.Sprintf("must be between %d and %d", n.least, n.most))
		}
	}
}

// offer is what an offer may hold.
func (c LimitsConfig) offer() offer.Limits {
	l := offer.DefaultLimits()
	l.Lines, l.Candidates = c.SDPLines, c.Candidates
	return l
}

// Limit has limits hold for the peers to come. Any goroutine.
func (s *SFU) Limit(limits LimitsConfig) { s.limits.Store(&limits) }

// What sources may be asked for at most.
const (
	audioBits    = 510_000 // of Opus, in bits per second (RFC 6716 section 2.1.1)
	audioPackets = 400     // a second: of 2.5 ms each (RFC 6716 section 2.1.4)
	videoBytes   = 200     // of a packet, on the average of the thinnest video
	videoPackets = 100     // a second, beside those
	rtcpBytes    = 1500    // of a packet, at most
)

// allowance is what an endpoint may send of each kind.
type allowance struct{ rtp, rtcp policer.Policer }

// set bounds what may come by what sources are asked for. What is left stays.
func (a *allowance) set(limits LimitsConfig, sources []*Source, bitrates Bitrates, now time.Time) {
	if limits == (LimitsConfig{}) {
		a.rtp.Set(policer.Unlimited(), now)
		a.rtcp.Set(policer.Unlimited(), now)
		return
	}
	var sum policer.Rate
	for _, s := range sources {
		one := s.asked(bitrates)
		sum.Packets += limits.RTPHeadroom * one.Packets
		sum.Bytes += limits.RTPHeadroom * one.Bytes
	}
	a.rtp.Set(sum, now)
	a.rtcp.Set(policer.Rate{Packets: limits.RTCPPerSecond, Bytes: limits.RTCPPerSecond * rtcpBytes}, now)
}

// asked is what a source is asked to send at most.
func (s *Source) asked(bitrates Bitrates) policer.Rate {
	if s.Kind.Media() == Audio {
		return policer.Rate{Packets: audioPackets, Bytes: audioBits / 8}
	}
	bits := 0
	for _, rid := range s.rids {
		bits += bitrates.of(s.Kind, rid)
	}
	bits = max(bits, bitrates.of(s.Kind, ""))
	return policer.Rate{Packets: videoPackets + bits/8/videoBytes, Bytes: bits / 8}
}
