package descriptor

import "madang/sfu/bitstream"

// Structure is what the descriptors of a stream have in common, sent with each
// keyframe. It never changes once it was read, and may be shared.
type Structure struct {
	// Targets are the ways to decode the stream, 1 to 32.
	Targets []Target
	// Chains is how many chains protect the targets, 0 to 32.
	Chains int
	// MaxSpatialID is the highest spatial layer, 0 to 3.
	MaxSpatialID uint8

	offset      uint8 // template id of the first template
	templates   []template
	resolutions []resolution // by spatial layer; nil if they are not said
}

// Target is one way to decode a stream: up to these layers.
type Target struct {
	SpatialID, TemporalID uint8
	// Chain protects the target; 0 where there are no chains.
	Chain uint8
}

// template is what most frames of a kind have in common.
type template struct {
	spatialID, temporalID uint8
	indications           Indications
	references            [MaxReferences]uint16
	referenceCount        uint8
	chains                [maxTargets]uint8
}

type resolution struct{ width, height uint16 }

// All is the mask in which every target is active.
func (s *Structure) All() uint32 { return uint32(1<<len(s.Targets) - 1) }

// Within is the mask of the targets that need no layers above these.
func (s *Structure) Within(spatial, temporal uint8) uint32 {
	var mask uint32
	for i, t := range s.Targets {
		if t.SpatialID <= spatial && t.TemporalID <= temporal {
			mask |= 1 << i
		}
	}
	return mask
}

// template finds the template that a descriptor names; nil if there is none.
func (s *Structure) template(id uint8) *template {
	if s == nil {
		return nil
	}
	if i := int(id-s.offset) & (maxTemplates - 1); i < len(s.templates) {
		return &s.templates[i]
	}
	return nil
}

// readStructure reads template_dependency_structure (appendix A.8.2).
func readStructure(r *bitstream.Reader) (*Structure, error) {
	s := &Structure{offset: uint8(r.Bits(6))}
	s.Targets = make([]Target, r.Bits(5)+1)
	if err := s.readLayers(r); err != nil {
		return nil, err
	}
	for i := range s.templates {
		for target := range s.Targets {
			s.templates[i].indications.set(target, Indication(r.Bits(2)))
		}
	}
	if err := s.readReferences(r); err != nil {
		return nil, err
	}
	s.readChains(r)
	s.findTargets()
	if r.Flag() { // resolutions_present_flag
		s.resolutions = make([]resolution, s.MaxSpatialID+1)
		for i := range s.resolutions {
			// A side of 65,536 pixels is nobody's: it wraps to 0, "not said".
			s.resolutions[i] = resolution{uint16(r.Bits(16) + 1), uint16(r.Bits(16) + 1)}
		}
	}
	if r.Overrun {
		return nil, ErrTruncated
	}
	return s, nil
}

// readLayers reads template_layers: how many templates there are, and of which
// layer each is.
func (s *Structure) readLayers(r *bitstream.Reader) error {
	const nextTemporal, nextSpatial, last = 1, 2, 3
	var spatial, temporal uint8
	for {
		if len(s.templates) == maxTemplates {
			return ErrMalformed
		}
		s.templates = append(s.templates, template{spatialID: spatial, temporalID: temporal})
		s.MaxSpatialID = spatial
		switch r.Bits(2) {
		case nextTemporal:
			temporal++
		case nextSpatial:
			temporal = 0
			spatial++
		case last:
			return nil
		}
		if spatial == maxSpatial || temporal == maxTemporal {
			return ErrMalformed
		}
		if r.Overrun {
			return ErrTruncated
		}
	}
}

// readReferences reads template_fdiffs.
func (s *Structure) readReferences(r *bitstream.Reader) error {
	for i := range s.templates {
		t := &s.templates[i]
		for r.Flag() {
			if t.referenceCount == MaxReferences {
				return ErrMalformed
			}
			t.references[t.referenceCount] = uint16(r.Bits(4) + 1)
			t.referenceCount++
		}
	}
	return nil
}

// readChains reads template_chains.
func (s *Structure) readChains(r *bitstream.Reader) {
	s.Chains = r.NonSymmetric(len(s.Targets) + 1)
	if s.Chains == 0 {
		return
	}
	for i := range s.Targets {
		s.Targets[i].Chain = uint8(r.NonSymmetric(s.Chains))
	}
	for i := range s.templates {
		for chain := range s.Chains {
			s.templates[i].chains[chain] = uint8(r.Bits(4))
		}
	}
}

// findTargets works out the layers of each target (decode_target_layers): the
// highest of the templates that are present in it.
func (s *Structure) findTargets() {
	for i := range s.Targets {
		target := &s.Targets[i]
		for _, t := range s.templates {
			if t.indications.Of(i) != NotPresent {
				target.SpatialID = max(target.SpatialID, t.spatialID)
				target.TemporalID = max(target.TemporalID, t.temporalID)
			}
		}
	}
}
