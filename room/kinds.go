package room

import "madang/sfu"

// Kinds is a set of kinds of source. The zero value is empty.
type Kinds uint8

// Has tells whether a kind is in the set.
func (k Kinds) Has(kind sfu.SourceKind) bool { return k&(1<<kind) != 0 }

// List is the kinds in the set, in their order; nil if there are none.
func (k Kinds) List() []sfu.SourceKind {
	var all []sfu.SourceKind
	for kind := range sfu.SourceKind(sourceKinds) {
		if k.Has(kind) {
			all = append(all, kind)
		}
	}
	return all
}

func (k *Kinds) add(kind sfu.SourceKind) { *k |= 1 << kind }

func (k *Kinds) remove(kind sfu.SourceKind) { *k &^= 1 << kind }
