package descriptor

import (
	"madang/sfu/bitstream"
	"madang/sfu/rtpview"
)

// Reader reads the descriptors of one RTP stream, in order of arrival. It keeps
// the structure that came with the newest keyframe, and the one before it for
// packets that come late. The zero value is ready. One goroutine owns it.
type Reader struct {
	numbers  rtpview.Unwrapper
	newest   epoch
	previous epoch
	active   uint32 // in force since the newest frame that said so
	activeAt int64
}

// epoch is the time of one structure.
type epoch struct {
	structure *Structure
	since     int64 // number of the first frame
}

// Read reads the value of a packet's header extension into d. After an error
// neither d nor what the Reader knows is changed in any way that matters: d may
// not be used, and the next descriptor is read as if this one had not come.
func (r *Reader) Read(ext []byte, d *Descriptor) error {
	if len(ext) < 3 {
		return ErrTruncated
	}
	if len(ext) > maxLength {
		return ErrMalformed
	}
	b := bitstream.Reader{Data: ext}
	*d = Descriptor{Start: b.Flag(), End: b.Flag()}
	templateID := uint8(b.Bits(6))
	numbers := r.numbers
	d.Number = numbers.Unwrap(uint16(b.Bits(16)))

	var own extended
	if len(ext) > 3 {
		if err := own.read(&b, d); err != nil {
			return err
		}
	}
	if !d.Attached {
		d.Structure = r.structureOf(d.Number)
	}
	t := d.Structure.template(templateID)
	if t == nil {
		return ErrNoStructure
	}
	d.Active = d.Structure.All()
	d.Place = Place{mask: uint16(max(b.At, afterFlags)), targets: uint8(len(d.Structure.Targets))}
	if own.active {
		d.Active = b.Bits(len(d.Structure.Targets))
	}
	if err := own.readFrame(&b, d, t); err != nil {
		return err
	}
	r.numbers = numbers
	r.keep(d, own.active)
	return nil
}

// structureOf is the structure in whose time a frame falls, nil if it is not known.
func (r *Reader) structureOf(number int64) *Structure {
	if number < r.newest.since {
		return r.previous.structure
	}
	return r.newest.structure
}

// keep takes over what a descriptor says about those that follow.
func (r *Reader) keep(d *Descriptor, said bool) {
	if d.Attached && (r.newest.structure == nil || d.Number > r.newest.since) {
		r.previous, r.newest = r.newest, epoch{d.Structure, d.Number}
	}
	switch {
	case d.Structure != r.newest.structure && !d.Attached: // of the structure before
	case d.Number < r.activeAt: // late
	case said || d.Attached:
		r.active, r.activeAt = d.Active, d.Number
	default:
		d.Active = r.active
	}
}

// extended are the flags of extended_descriptor_fields (appendix A.8.1).
type extended struct{ active, indications, references, chains bool }

// read reads the flags and the structure, which stand before the mask.
func (x *extended) read(b *bitstream.Reader, d *Descriptor) (err error) {
	d.Attached = b.Flag()
	x.active, x.indications, x.references, x.chains = b.Flag(), b.Flag(), b.Flag(), b.Flag()
	if !d.Attached {
		return nil
	}
	if !d.Start {
		return ErrMalformed // only the first packet of a frame may have one
	}
	d.Structure, err = readStructure(b)
	return err
}

// readFrame reads frame_dependency_definition: what differs from the template.
func (x *extended) readFrame(b *bitstream.Reader, d *Descriptor, t *template) error {
	d.SpatialID, d.TemporalID = t.spatialID, t.temporalID
	d.Indications, d.References, d.ReferenceCount, d.Chains = t.indications, t.references, t.referenceCount, t.chains
	if sizes := d.Structure.resolutions; sizes != nil {
		d.Width, d.Height = sizes[t.spatialID].width, sizes[t.spatialID].height
	}
	if x.indications {
		d.Indications = 0
		for target := range d.Structure.Targets {
			d.Indications.set(target, Indication(b.Bits(2)))
		}
	}
	if x.references {
		if err := readReferences(b, d); err != nil {
			return err
		}
	}
	if x.chains {
		for chain := range d.Structure.Chains {
			d.Chains[chain] = uint8(b.Bits(8))
		}
	}
	if b.Overrun {
		return ErrTruncated
	}
	return nil
}

// readReferences reads frame_fdiffs: each in 4, 8 or 12 bits.
func readReferences(b *bitstream.Reader, d *Descriptor) error {
	d.References, d.ReferenceCount = [MaxReferences]uint16{}, 0
	for size := b.Bits(2); size != 0; size = b.Bits(2) {
		if d.ReferenceCount == MaxReferences {
			return ErrMalformed
		}
		d.References[d.ReferenceCount] = uint16(b.Bits(4*int(size)) + 1)
		d.ReferenceCount++
	}
	return nil
}
