package sfu

import (
	"time"

	"madang/sfu/alloc"
)

// menu is what a subscriber's slots can have: of each picture the layers that
// are to be had, and what they cost.
type menu struct {
	options []alloc.Option
	layers  []*Layer // of each option
	first   []int    // of each ask, its first option
}

// of lists the pictures that are to be carried, in the order of the slots.
func (m *menu) of(slots []*Slot, asks []alloc.Ask[*Slot], now time.Time) []alloc.Ask[*Slot] {
	m.options, m.layers, m.first = m.options[:0], m.layers[:0], m.first[:0]
	for _, s := range slots {
		source := s.carries()
		if s.Media == Audio || !s.open || source == nil {
			continue
		}
		asks = append(asks, alloc.Ask[*Slot]{
			Key: s, Screen: source.Kind == Screen, Pinned: s.ask.Pinned, Height: s.ask.Height,
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

func (m *menu) add(s *Slot, source *Source, now time.Time) {
	for _, l := range source.layers {
		if !s.takes(l.codec) || !source.has(l, now) {
			continue
		}
		m.layers = append(m.layers, l)
		m.options = append(m.options, alloc.Option{
			Point: alloc.Point{Layer: uint8(l.rank)}, Bits: l.cost(now), Height: l.height,
		})
	}
}

// layer is the layer behind an ask's option, nil for none.
func (m *menu) layer(ask, option int) *Layer {
	if option < 0 {
		return nil
	}
	return m.layers[m.first[ask]+option]
}
