package sfu

import (
	"time"

	"madang/sfu/codec"
	"madang/sfu/history"
	"madang/sfu/svc"
)

// Sink takes the packets of layers. A [Slot] is the kind that rewrites them for
// one subscriber. Only the worker calls it.
type Sink interface {
	// forward takes one packet of a layer, in order of arrival. The packet is
	// shared with the other sinks: a sink may patch its payload but restores it
	// before it returns.
	forward(layer *Layer, p *packet, now time.Time)
	// restarted says that the layer's numbering began anew: nothing that comes
	// has to do with what came.
	restarted(layer *Layer, now time.Time)
	// lost says that the layer is no more.
	lost(layer *Layer, now time.Time)
}

// packet is one media packet, stored once in its layer's history, parsed once.
type packet = history.Packet[facts]

// facts is what was read of a packet when it came.
type facts struct {
	codec.Facts
	codec     codec.Codec
	marker    bool
	padding   bool // nothing but padding: no payload, no Facts
	timestamp uint32
	frame     svc.Frame
	from, to  uint16 // the payload's place in the packet's bytes
	short     uint8  // bytes of padding that make it as long as others of its frame
	described described
}

// payload is the packet's payload without padding.
func payload(p *packet) []byte { return p.Bytes[p.Meta.from:p.Meta.to] }
