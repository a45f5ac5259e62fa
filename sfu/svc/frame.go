// Package svc chooses which frames of one layered RTP stream a subscriber gets:
// up to a spatial and a temporal layer, and never one that cannot be decoded.
// No I/O, no goroutines, no allocation.
//
// A [Reader] says once per packet which frame it belongs to; the [Filter] of
// each subscriber decides from that.
package svc

import (
	"madang/sfu/codec"
	"madang/sfu/descriptor"
	"madang/sfu/rtpview"
)

// Frame is what one packet says of its frame: the picture of one spatial layer.
type Frame struct {
	// Number rises in coding order, with gaps; all packets of a frame have it.
	Number int64
	// Picture is the unwrapped RTP timestamp, the same on all spatial layers.
	Picture int64
	// SpatialID is 0 to 7, TemporalID too.
	SpatialID, TemporalID uint8
	// Key: a frame of the lowest spatial layer from which on all layers may be
	// taken.
	Key bool
	// End: the frame's last packet.
	End bool
	// Marker is the packet's own: the last packet of the picture.
	Marker bool

	kind       kind
	perPicture int64 // distance of numbers from picture to picture, if all have it; else 1
	// Of frames whose needs are told: how far before this one they lie.
	references [descriptor.MaxReferences]uint16
	count      uint8
	// Of the others: what the flags of the payload descriptor promise.
	stands bool // needs nothing above the lowest temporal layer (VP8 Y)
	opens  bool // nothing later needs what is above it and older (VP9 U)
	bottom bool // needs only the spatial layer below (VP9: D and not P)
}

// kind is how much a stream tells of its layers.
type kind uint8

const (
	flat    kind = iota // nothing: it has one layer for all we know
	unknown             // the packet of a stream that does tell, but not here
	flagged             // in flags: VP8, and VP9 in non-flexible mode
	told                // every reference: a dependency descriptor, or VP9 in flexible mode
)

// spatialPerPicture is the distance of frame numbers from picture to picture
// where frames are numbered by picture id.
const spatialPerPicture = 8

// Reader reads the frames of one RTP stream. The zero value is ready. One
// goroutine owns it.
type Reader struct {
	pictures  rtpview.TimestampUnwrapper
	ids       rtpview.Unwrapper
	described bool // by dependency descriptors
}

// Read says which frame a packet belongs to. d is its dependency descriptor,
// nil if it has none that can be read; f its payload's facts.
func (r *Reader) Read(c codec.Codec, f *codec.Facts, d *descriptor.Descriptor, timestamp uint32, marker bool) Frame {
	frame := Frame{Picture: r.pictures.Unwrap(timestamp), Marker: marker, perPicture: 1}
	if d == nil && f.KeyframeStart {
		r.described = false
	}
	switch {
	case d != nil:
		r.described = true
		frame.describe(d)
	case r.described:
		frame.kind = unknown
	case f.PictureIDBits == 0:
	case c == codec.VP8:
		frame.kind = flagged
		frame.Number = r.id(f)
		frame.TemporalID = f.TemporalID
		frame.stands = f.SwitchingUp
		frame.Key, frame.End = f.KeyframeStart, f.FrameEnd
	case c == codec.VP9:
		frame.Number = r.id(f)*spatialPerPicture + int64(f.SpatialID)
		frame.readVP9(f)
	}
	return frame
}

// id is the unwrapped picture id.
func (r *Reader) id(f *codec.Facts) int64 {
	unused := 16 - f.PictureIDBits
	return r.ids.Unwrap(f.PictureID<<unused) >> unused
}

// Known tells whether the packet could be placed. If not, it may be read again
// when the stream's next keyframe has come.
func (f *Frame) Known() bool { return f.kind != unknown }

// Follows tells whether nothing was sent between a frame and g but the rest of
// g's picture: its own packets, and higher spatial layers where frames are
// numbered by picture.
func (f *Frame) Follows(g *Frame) bool {
	if f.kind < flagged || g.kind < flagged {
		return false
	}
	return f.Number%f.perPicture == 0 && f.Number/f.perPicture == g.Number/f.perPicture+1
}

// describe takes a frame from a dependency descriptor.
func (f *Frame) describe(d *descriptor.Descriptor) {
	f.kind = told
	f.Number = d.Number
	f.SpatialID, f.TemporalID = d.SpatialID, d.TemporalID
	f.references, f.count = d.References, d.ReferenceCount
	f.Key, f.End = d.Attached || d.EntersAll(), d.End
}

// readVP9 takes a frame from a VP9 payload descriptor (RFC 9628 §4.2).
func (f *Frame) readVP9(facts *codec.Facts) {
	f.SpatialID, f.TemporalID, f.perPicture = facts.SpatialID, facts.TemporalID, spatialPerPicture
	f.Key = !facts.Predicted && facts.SpatialID == 0
	f.End = facts.FrameEnd
	if !facts.Flexible {
		f.kind = flagged
		f.opens = facts.SwitchingUp
		f.bottom = facts.InterLayer && !facts.Predicted
		return
	}
	f.kind = told
	for _, pictures := range facts.PictureDiffs {
		if pictures != 0 {
			f.needs(uint16(pictures) * spatialPerPicture)
		}
	}
	if facts.InterLayer {
		f.needs(1)
	}
}

func (f *Frame) needs(distance uint16) {
	f.references[f.count] = distance
	f.count++
}
