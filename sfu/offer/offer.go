// Package offer reads a client's SDP offer before Pion does. It bounds what the
// offer may cost, refuses what cannot be meant, and tells the media plane what
// each line carries. It reads lines itself (RFC 8866, RFC 8829) and not with
// pion/sdp: an error names its line, and an offer that is too big is refused
// before anything is built from it. No goroutines, no I/O.
package offer

// Offer is a client's offer, read and checked. Its strings are copies: keeping
// one does not keep the text of the offer.
type Offer struct {
	// ICEUfrag is the client's part of the ICE user name, of the bundled transport.
	ICEUfrag string
	// ICEPassword goes with it (RFC 8839 section 5.4). It signs what the client
	// answers: not to be logged.
	ICEPassword string
	// Lines are the m-lines in their order, rejected ones included.
	Lines []Line
}

// Media kinds of a line.
const (
	Audio       = "audio"
	Video       = "video"
	Application = "application" // the data channels
)

// Directions of a line, seen from the client.
const (
	SendRecv = "sendrecv"
	SendOnly = "sendonly"
	RecvOnly = "recvonly"
	Inactive = "inactive"
)

// Line is one m-line.
type Line struct {
	// Mid is the line's own name (RFC 5888): a token of 1 to 16 bytes, unique.
	Mid string
	// Media is Audio, Video or Application.
	Media string
	// Direction is of the client; SendRecv if the offer names none.
	Direction string
	// Rejected: the client has given up the line (port 0, not bundle-only).
	Rejected bool
	// RIDs of the client's simulcast layers in the order of a=simulcast (a
	// browser's sendEncodings), or of the a=rid lines if there is none; those
	// that start paused included. Alphanumeric, 1 to 16 bytes (RFC 8852).
	RIDs []string
	// SSRCs that the client names for its media, in order; those of repairs are
	// not among them. A browser that sends by rid need not name any. On a
	// RecvOnly line they are what its receiver reports come from.
	SSRCs []uint32
	// RTX maps an SSRC of media to that of its retransmissions (ssrc-group FID).
	RTX map[uint32]uint32
	// PayloadTypes in the client's order of preference.
	PayloadTypes []PayloadType
	// Extensions are the header extensions that the client offers.
	Extensions []Extension
	// HasRED: an audio line that offers redundant audio (RFC 2198).
	HasRED bool
}

// PayloadType is what one payload type number of a line means.
type PayloadType struct {
	Number uint8 // 0 to 127
	// Codec is the encoding name in lower case; empty for a static payload
	// type without a=rtpmap.
	Codec     string
	ClockRate uint32 // Hz
	// Parameters is the text of a=fmtp.
	Parameters string
	// APT is the payload type that this one retransmits, if Codec is rtx.
	APT    uint8
	HasAPT bool
}

// Extension is one RTP header extension (RFC 8285 §5).
type Extension struct {
	ID  uint8 // 1 to 255, but for 15
	URI string
	// Direction is of the client; SendRecv if the offer names none.
	Direction string
}

// Sends tells whether the client offers to send on the line.
func (l *Line) Sends() bool {
	return !l.Rejected && (l.Direction == SendRecv || l.Direction == SendOnly)
}

// Receives tells whether the client offers to receive on the line.
func (l *Line) Receives() bool {
	return !l.Rejected && (l.Direction == SendRecv || l.Direction == RecvOnly)
}

// ExtensionID returns the id that the client gave to a header extension, 0 if
// it does not offer it.
func (l *Line) ExtensionID(uri string) uint8 {
	for _, e := range l.Extensions {
		if e.URI == uri {
			return e.ID
		}
	}
	return 0
}

// PayloadType returns what a payload type number means on the line.
func (l *Line) PayloadType(number uint8) (PayloadType, bool) {
	for _, pt := range l.PayloadTypes {
		if pt.Number == number {
			return pt, true
		}
	}
	return PayloadType{}, false
}

// RTXFor returns the payload type that retransmits another one.
func (l *Line) RTXFor(number uint8) (rtx uint8, ok bool) {
	for _, pt := range l.PayloadTypes {
		if pt.HasAPT && pt.APT == number {
			return pt.Number, true
		}
	}
	return 0, false
}

// CodecNames lists the line's codecs in the client's order of preference, in
// lower case, each once.
func (l *Line) CodecNames() []string {
	names := make([]string, 0, 8)
next:
	for _, pt := range l.PayloadTypes {
		if pt.Codec == "" {
			continue
		}
		for _, name := range names {
			if name == pt.Codec {
				continue next
			}
		}
		names = append(names, pt.Codec)
	}
	return names
}

// Line returns the line with this mid, nil if there is none.
func (o *Offer) Line(mid string) *Line {
	for i := range o.Lines {
		if o.Lines[i].Mid == mid {
			return &o.Lines[i]
		}
	}
	return nil
}
