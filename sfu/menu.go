package sfu

import (
	"time"

	"madang/sfu/alloc"
	"madang/sfu/codec"
	"madang/sfu/svc"
)

// menu is what a subscriber's slots can have: of each picture the layers that
// are to be had, and what they cost.
type menu struct {
	options []alloc.Option
	layers  []*Layer // of each option
	first   []int    // of each ask, its first option
}

// picture is a source on a slot.
type picture struct {
	slot   *Slot
	source *Source
}

// of lists the pictures that are to be carried, in the order of the slots.
func (m *menu) of(slots []*Slot, asks []alloc.Ask[picture], now time.Time) []alloc.Ask[picture] {
	m.options, m.layers, m.first = m.options[:0], m.layers[:0], m.first[:0]
	for _, s := range slots {
		source := s.carries()
		if s.Media == Audio || !s.open || source == nil {
			continue
		}
		asks = append(asks, alloc.Ask[picture]{
			Key: picture{s, source}, Screen: source.Kind == Screen, Pinned: s.ask.Pinned, Height: s.ask.Height,
		})
		m.first = append(m.first, len(m.options))
		m.add(s, source, now)
	}
	for i := range asks {
		end := len(m.options)
		if i+1 < len(asks) {
			end = m.first[i+1]
		}
		asks[i].Options = m.options[m.first[i]:end]
	}
	return asks
}

// add lists what a slot can have of its source: of each stream that comes its
// spatial and temporal layers, of the others the whole.
func (m *menu) add(s *Slot, source *Source, now time.Time) {
	for _, l := range source.layers {
		if !s.takes(l.codec) || !source.has(l, now) {
			continue
		}
		if !l.live || l.all(now) == 0 {
			m.offer(l, alloc.Option{
				Point: alloc.Point{Layer: uint8(l.rank), Spatial: svc.Highest, Temporal: svc.Highest},
				Bits:  l.cost(now), Height: l.height,
			})
			continue
		}
		cost := l.costs
		if fed := s.fedRank(); fed >= 0 && fed < l.rank {
			cost = l.awaited
		}
		for spatial := s.narrowest(l); spatial <= l.highest; spatial++ {
			for temporal := range l.spatial[spatial].temporal + 1 {
				m.offer(l, alloc.Option{
					Point: alloc.Point{Layer: uint8(l.rank), Spatial: spatial, Temporal: temporal},
					Bits:  cost(spatial, temporal, now), Height: l.heightOf(spatial), FPS: l.rateOf(spatial, temporal),
				})
			}
		}
	}
}

// narrowest is the lowest spatial layer that the slot can have of a stream alone:
// without dependency descriptors a decoder of AV1 waits for the highest.
func (s *Slot) narrowest(l *Layer) uint8 {
	if l.codec == codec.AV1 && s.descriptorID == 0 {
		return l.highest
	}
	return 0
}

func (m *menu) offer(l *Layer, option alloc.Option) {
	m.layers = append(m.layers, l)
	m.options = append(m.options, option)
}

// layer is the layer behind an ask's option, nil for none.
func (m *menu) layer(ask, option int) *Layer {
	if option < 0 {
		return nil
	}
	return m.layers[m.first[ask]+option]
}
