package demux

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
)

// Bounds of one peer. An agent has one generation at a time; what it had before
// makes room.
const (
	generationsMost = 4
	connsMost       = generationsMost * families
)

// Why a view refuses.
var (
	// ErrUfrag: another peer has this ufrag.
	ErrUfrag = errors.New("demux: the ufrag is taken")
	// ErrCrowded: the peer has more ufrags at a time than any agent needs.
	ErrCrowded = errors.New("demux: too many ufrags for one peer")
)

// View is the mux as the agent of one peer sees it: its ice.UDPMux. Its methods
// are for any goroutine.
type View[T any] struct {
	mux   *Mux[T]
	owner T

	// The mux's lock guards these.
	generations []*generation[T]
	conns       []*Conn[T] // also of former generations: where they were is still the peer's
	closed      bool
}

// generation is what goes with one local ufrag: an ICE restart starts another.
type generation[T any] struct {
	ufrag         string
	view          *View[T]
	local, remote *integrity // nil: not told
	conns         [families]*Conn[T]
}

// Credentials tells the passwords that go with a local ufrag, from the two
// descriptions. Until then STUN of that ufrag is dropped, so it is to be called
// before the client learns of the ufrag. An empty remote password is unknown.
func (v *View[T]) Credentials(ufrag, password, remotePassword string) error {
	local, remote := newIntegrity(password), newIntegrity(remotePassword)
	v.mux.mu.Lock()
	defer v.mux.mu.Unlock()
	g, err := v.generation(ufrag)
	if err != nil {
		return err
	}
	g.local, g.remote = local, remote
	return nil
}

// GetConn returns what the agent reads and writes with a local ufrag in the
// family of an address. Calls for the same share what they read; each is to be
// closed.
func (v *View[T]) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	udp, ok := addr.(*net.UDPAddr)
	if !ok {
		return nil, fmt.Errorf("demux: listen on %v: %w", addr, net.InvalidAddrError("not a UDP address"))
	}
	family := familyOf(udp.AddrPort().Addr())
	v.mux.mu.Lock()
	defer v.mux.mu.Unlock()
	g, err := v.generation(ufrag)
	if err != nil {
		return nil, err
	}
	if g.conns[family] == nil {
		v.makeRoom()
		g.conns[family] = newConn(g, family)
		v.conns = append(v.conns, g.conns[family])
	}
	g.conns[family].handles++
	return &handle[T]{Conn: g.conns[family]}, nil
}

// generation finds or makes one. The mux's lock is held.
func (v *View[T]) generation(ufrag string) (*generation[T], error) {
	g := v.mux.generations[ufrag]
	switch {
	case v.closed:
		return nil, io.ErrClosedPipe
	case g != nil && g.view != v:
		return nil, ErrUfrag
	case g != nil:
		return g, nil
	case len(v.generations) == generationsMost:
		return nil, ErrCrowded
	}
	g = &generation[T]{ufrag: ufrag, view: v}
	v.generations = append(v.generations, g)
	v.mux.generations[ufrag] = g
	return g, nil
}

// RemoveConnByUfrag ends a generation, before a restart. Its addresses stay the
// peer's until the next generation is at them, so that media keeps flowing.
func (v *View[T]) RemoveConnByUfrag(ufrag string) {
	v.mux.mu.Lock()
	defer v.mux.mu.Unlock()
	if g := v.mux.generations[ufrag]; g != nil && g.view == v {
		v.end(g)
	}
}

// end takes a generation out. The mux's lock is held.
func (v *View[T]) end(g *generation[T]) {
	delete(v.mux.generations, g.ufrag)
	v.generations = slices.DeleteFunc(v.generations, func(o *generation[T]) bool { return o == g })
	for _, c := range g.conns {
		if c != nil {
			c.retire()
		}
	}
}

// makeRoom has the oldest conn of a former generation go, if there are too
// many. The mux's lock is held.
func (v *View[T]) makeRoom() {
	if len(v.conns) < connsMost {
		return
	}
	if i := slices.IndexFunc(v.conns, func(c *Conn[T]) bool { return c.gone }); i >= 0 {
		v.forget(v.conns[i])
	}
}

// forget ends a conn and gives up where it was. The mux's lock is held.
func (v *View[T]) forget(c *Conn[T]) {
	c.retire()
	v.mux.release(c)
	c.close()
	v.conns = slices.DeleteFunc(v.conns, func(o *Conn[T]) bool { return o == c })
}

// GetListenAddresses says what the agent is to offer.
func (v *View[T]) GetListenAddresses() []net.Addr { return slices.Clone(v.mux.listen) }

// Close ends all conns of the peer and gives up its addresses. What reads them
// returns; GetConn refuses from now on.
func (v *View[T]) Close() error {
	v.mux.mu.Lock()
	defer v.mux.mu.Unlock()
	v.closed = true
	for len(v.generations) > 0 {
		v.end(v.generations[0])
	}
	for len(v.conns) > 0 {
		v.forget(v.conns[0])
	}
	return nil
}
