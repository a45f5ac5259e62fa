package signaling

import (
	"context"
	"strings"
	"time"

	"madang/sfu"
	"madang/signaling/protocol"
)

// answerWithin bounds the work on one offer.
const answerWithin = 15 * time.Second

// join makes the member's media transport from its first offer, in the place of
// the one that a page had before it was loaded anew.
func (s *session) join(m *protocol.Join) error {
	if s.peer != nil && !s.mayRejoin {
		return errJoinTwice
	}
	if s.room == nil && s.server.draining() {
		return errClosing
	}
	if err := s.server.fares.join(time.Now()); err != nil {
		return err
	}
	if s.peer != nil && s.room != nil {
		s.room.Rejoin(s.id, nil, nil, nil)
	}
	s.closePeer()
	s.joinedAt.Store(time.Now().UnixNano())
	peer, err := s.server.media.NewPeer(s.placement(), s)
	if err != nil {
		return err
	}
	s.peer = peer
	s.channel.Store(&chatChannel{peer: peer, closing: make(chan struct{})})
	if err := s.answer(m.ID, m.SDP, m.Lines); err != nil {
		s.closePeer() // so that it may join with a better offer
		return err
	}
	s.mayRejoin = false
	if s.room != nil {
		s.room.Rejoin(s.id, s.negotiated.Sources, s.negotiated.Pairs, s.negotiated.Voices)
	}
	limits := s.server.config().Limits
	s.send(&protocol.Joined{
		Re: m.ID, SDP: s.negotiated.SDP,
		Slots: emptySlots(s.negotiated),
		Limits: protocol.Limits{
			Messages: limits.MessagesPerSecond, Chat: limits.ChatPerSecond,
			Text: protocol.MaxText, Pairs: sfu.MaxPairs, Audio: sfu.MaxVoices,
		},
	})
	return nil
}

// offer negotiates again: more lines, or an ICE restart.
func (s *session) offer(m *protocol.Offer) error {
	if s.negotiated == nil {
		return errJoinFirst
	}
	if err := s.answer(m.ID, m.SDP, m.Lines); err != nil {
		return err
	}
	s.send(&protocol.Answer{Re: m.ID, SDP: s.negotiated.SDP}) // before any word about its slots
	if s.room != nil {
		s.room.Negotiated(s.id, s.negotiated.Sources, s.negotiated.Pairs, s.negotiated.Voices)
	}
	return nil
}

// answer hands an offer to the media plane.
func (s *session) answer(id, offer string, lines map[string]protocol.Source) error {
	if !s.pace.offers.Allow() {
		return errOfferTooFast
	}
	if hasReservedMid(offer) {
		return errReservedMid
	}
	kinds := make(map[string]sfu.SourceKind, len(lines))
	for mid, source := range lines {
		kinds[mid] = kindOf(source)
	}
	ctx, cancel := context.WithTimeout(s.ctx, answerWithin)
	defer cancel()
	negotiated, err := s.peer.Answer(ctx, offer, kinds)
	if err != nil {
		return err
	}
	s.negotiated, s.answered = negotiated, id
	return nil
}

// hasReservedMid looks for a mid that could not be a key of `slots`.
func hasReservedMid(sdp string) bool {
	for line := range strings.Lines(sdp) {
		mid, isMid := strings.CutPrefix(strings.TrimSpace(line), "a=mid:")
		if isMid && protocol.ReservedMid(mid) {
			return true
		}
	}
	return false
}

// ready lets the slots of the newest answer be fed.
func (s *session) ready(m *protocol.Ready) error {
	switch {
	case s.negotiated == nil:
		return errJoinFirst
	case m.Re != s.answered:
		return errOldAnswer
	}
	s.peer.Ready()
	return nil
}

// candidate takes a candidate of the client.
func (s *session) candidate(m *protocol.ICE) error {
	switch {
	case s.peer == nil:
		return errJoinFirst
	case m.Candidate == "": // no more will come
		return nil
	}
	return s.peer.AddCandidate(m.Candidate)
}

func emptySlots(n *sfu.Negotiated) map[string]*protocol.Slot {
	slots := make(map[string]*protocol.Slot, 2*len(n.Pairs)+len(n.Voices))
	for _, pair := range n.Pairs {
		slots[pair.Video.Mid], slots[pair.Audio.Mid] = nil, nil
	}
	for _, voice := range n.Voices {
		slots[voice.Mid] = nil
	}
	return slots
}
