package alloc

import (
	"math/bits"
	"time"
)

// linger is how long a layer stays on after nobody needs it: through a glance at
// another tile. Its publisher has to stop within two seconds, the way there
// and a slow encoder included.
const linger = time.Second

// Wants is which layers of one source its publisher has to send: those that
// anybody needs, on at once and off after a second. Not a need of the moment but
// the view decides: a layer that a thin link cannot have stays on, so that it
// can be measured and had at once when the link recovers; a publisher whose own
// link is thin stops its largest layers by itself.
//
// The smallest layer stays on while anything is wanted, because whoever loses
// bandwidth needs it within a round trip. What lies between the smallest and the
// wanted layer stays on for whoever has to make do with it or may have to: for
// all subscribers but those that are comfortable with the wanted one (see [Result]).
//
// One goroutine owns it: [Wants.Add] for each subscriber's need, then
// [Wants.Decide].
type Wants struct {
	all    uint8        // the layers that there are
	needed uint8        // those that were added since the last decision
	before uint8        // those that were needed then
	on     uint8        // those that are on
	told   bool         // a decision was made
	last   [8]time.Time // when each was last needed
}

// NewWants makes the wants of a source with 1 to 8 layers. A publisher begins
// with all of them, so that they count as needed until now.
func NewWants(layers int, now time.Time) *Wants {
	w := &Wants{all: uint8(1<<min(max(layers, 1), 8) - 1)}
	for i := range w.last {
		w.last[i] = now
	}
	w.on = w.all
	return w
}

// Add takes one subscriber's need: the index of the layer that its view wants
// of all that the publisher could send (see [Enough]), of the one that feeds it
// now, -1 for none, and whether it is comfortable. A subscriber whose view does
// not have the source is not added.
func (w *Wants) Add(wanted, fed int, comfortable bool) {
	if wanted < 0 {
		return
	}
	upTo := uint8(1<<(min(wanted, 7)+1)-1) & w.all
	if comfortable && fed >= wanted {
		upTo &= 1 | 1<<(bits.Len8(upTo)-1)
	}
	w.needed |= upTo
}

// Join takes what others need together, as Take says.
func (w *Wants) Join(layers uint8) { w.needed |= layers & w.all }

// Take is which layers are needed by those who were added, layer i as bit i, for
// somebody else to decide. They are forgotten.
func (w *Wants) Take() uint8 {
	needed := w.needed
	w.needed = 0
	return needed
}

// Decide says which layers are on from now on, layer i as bit i, and whether
// the publisher has to be told. What was added stands until the next decision,
// for which it has to be added again. Call it a few times a second.
func (w *Wants) Decide(now time.Time) (on uint8, changed bool) {
	on = w.needed
	for i := range w.last {
		switch layer := uint8(1 << i); {
		case (w.needed|w.before)&layer != 0:
			w.last[i] = now
			on |= layer
		case w.on&layer != 0 && now.Sub(w.last[i]) < linger:
			on |= layer
		}
	}
	changed = on != w.on || !w.told
	w.on, w.before, w.needed, w.told = on, w.needed, 0, true
	return on, changed
}
