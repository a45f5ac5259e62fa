package room

import "time"

// peopleEvery is the shortest time between two People events.
const peopleEvery = 100 * time.Millisecond

// news is what changed among the members since the last People event. Whoever
// joins and leaves between two events is not mentioned, unless somebody was
// welcomed in between and so knows of it.
type news struct {
	about    map[MemberID]*change
	order    []*change
	welcomes int // how many joined so far
	pace     throttle
}

// change is what is new about one member.
type change struct {
	what     changeKind
	id       MemberID
	member   *member // nil once it left
	unknown  bool    // nobody heard of it before this change
	welcomes int     // news.welcomes when it joined
}

type changeKind uint8

const (
	changeNone changeKind = iota
	changeAdd
	changeSet
	changeDel
)

func newNews() news { return news{about: map[MemberID]*change{}} }

// joined is called after the member's own Welcome.
func (n *news) joined(m *member) {
	n.welcomes++
	c := n.on(m.id)
	c.unknown = c.what == changeNone
	c.what, c.member, c.welcomes = changeAdd, m, n.welcomes
}

// set is called when the others are to see the member differently.
func (n *news) set(m *member) {
	if c := n.on(m.id); c.what != changeAdd {
		c.what, c.member = changeSet, m
	}
}

func (n *news) left(m *member) {
	c := n.on(m.id)
	c.member = nil
	if c.what == changeAdd && c.unknown && c.welcomes == n.welcomes {
		c.what = changeNone
		delete(n.about, m.id) // its place in order says nothing
		return
	}
	c.what = changeDel
}

// on returns the change about a member, made if need be.
func (n *news) on(id MemberID) *change {
	c := n.about[id]
	if c == nil {
		c = &change{id: id}
		n.about[id] = c
		n.order = append(n.order, c)
	}
	return c
}

// settle returns what everyone is to be told, nil for nothing, or when it is
// time for that.
func (n *news) settle(now time.Time) (*People, time.Time) {
	if len(n.about) == 0 {
		n.order = nil
		return nil, time.Time{}
	}
	if ok, again := n.pace.ready(now, peopleEvery); !ok {
		return nil, again
	}
	e := &People{}
	for _, c := range n.order {
		switch c.what {
		case changeAdd:
			e.Add = append(e.Add, c.member.person)
		case changeSet:
			e.Set = append(e.Set, c.member.person)
		case changeDel:
			e.Del = append(e.Del, c.id)
		}
	}
	clear(n.about)
	n.order = nil
	return e, time.Time{}
}
