// Package descriptor reads and rewrites the dependency descriptor, the RTP
// header extension that tells which frames a frame needs and which decode
// targets it serves, whatever the codec (RTP Payload Format for AV1, appendix
// A). No I/O, no goroutines. Reading allocates only for a new structure, which
// comes with a keyframe; rewriting does not allocate.
package descriptor

import "errors"

// URI is the extension's name in SDP.
const URI = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"

// MaxOneByteForm is the longest value, in bytes, that the one-byte form of
// header extensions carries (RFC 8285 §4.2). A descriptor with a structure is
// longer: its packet needs the two-byte form, which carries 255 bytes and which
// a peer takes beside the other one if its SDP says extmap-allow-mixed.
const MaxOneByteForm = 16

// MaxReferences is how many frames one frame may need. AV1 has seven references.
const MaxReferences = 8

// Bounds of the format (appendix A.8).
const (
	maxTargets   = 32
	maxTemplates = 64
	maxSpatial   = 4
	maxTemporal  = 8
	maxLength    = 255
)

// What makes a descriptor unreadable.
var (
	ErrTruncated = errors.New("descriptor: ends within its own fields")
	ErrMalformed = errors.New("descriptor: breaks the rules of its format")
	// ErrNoStructure: the structure that it refers to was not received yet, or
	// is long forgotten. Its packet can be understood once the keyframe came.
	ErrNoStructure = errors.New("descriptor: of a structure that is not known")
)

// Indication is what a frame is to a decode target (appendix A.2, "DTI").
type Indication uint8

// The indications, as they stand in a descriptor.
const (
	NotPresent  Indication = iota // the frame is no part of the target
	Discardable                   // no other frame of the target needs it
	Switch                        // who decodes it can decode all of the target from here on
	Required                      // other frames of the target need it
)

// Indications holds one [Indication] per decode target, in two bits each.
type Indications uint64

// Of is the indication for a decode target, 0 to 31.
func (i Indications) Of(target int) Indication { return Indication(i >> (2 * target) & 3) }

func (i *Indications) set(target int, to Indication) { *i |= Indications(to) << (2 * target) }

// Descriptor is what one packet says of its frame. A frame is the picture of
// one spatial layer. It may be read into again and again.
type Descriptor struct {
	// Start and End: the first and the last packet of the frame.
	Start, End bool
	// Number is the frame number, unwrapped: its low 16 bits are as sent. It
	// rises by one with every frame in coding order, over all layers.
	Number int64

	SpatialID  uint8 // 0 to 3
	TemporalID uint8 // 0 to 7
	// Width and Height in pixels; 0 if the structure does not say.
	Width, Height uint16

	// Indications for each of the structure's targets.
	Indications Indications
	// References are the frames that this one needs: how far their numbers lie
	// before this frame's, 1 to 4,096. Read them with [Descriptor.Needs].
	References     [MaxReferences]uint16
	ReferenceCount uint8
	// Chains: per chain of the structure, how far before this frame the chain's
	// newest frame lies; 0 if the chain begins anew with this frame.
	Chains [maxTargets]uint8

	// Structure is what the descriptor is to be read by; never nil, immutable.
	Structure *Structure
	// Attached: the packet carries that structure itself, so a keyframe of the
	// lowest layer begins here.
	Attached bool
	// Active is the decode targets that the sender produces at this time, a bit
	// each, the lowest for target 0.
	Active uint32

	// Place is what [Rewrite] needs to know.
	Place Place
}

// Needs are the distances to the frames that this one needs.
func (d *Descriptor) Needs() []uint16 { return d.References[:d.ReferenceCount] }

// Keyframe tells whether the frame needs no other.
func (d *Descriptor) Keyframe() bool { return d.ReferenceCount == 0 }

// EntersAll tells whether who has nothing can decode every target from this
// frame on.
func (d *Descriptor) EntersAll() bool {
	const switches = ^Indications(0) / 3 * Indications(Switch)
	unused := 64 - 2*len(d.Structure.Targets)
	return d.Keyframe() && d.Indications == switches<<unused>>unused
}
