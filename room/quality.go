package room

import (
	"time"

	"madang/sfu"
)

// qualityEvery is the shortest time between two Quality events.
const qualityEvery = time.Second

// qualities tells the members how everyone's media fares: only what differs,
// and not too often. The zero value is ready.
type qualities struct {
	newest latest[MemberID, MemberQuality] // not told yet
	told   map[MemberID]MemberQuality
	all    *Quality // what was told, for newcomers; nil when it must be made anew
	pace   throttle
}

// hear takes over what the media plane says.
func (q *qualities) hear(heard []sfu.Quality) {
	for _, h := range heard {
		id := MemberID(h.Key)
		q.newest.put(id, MemberQuality{Member: id, Up: h.Up, Down: h.Down, Cause: h.Cause})
	}
}

// greet tells a newcomer how the others fare.
func (q *qualities) greet(m *member) {
	if len(q.told) == 0 {
		return
	}
	if q.all == nil {
		q.all = &Quality{Members: make([]MemberQuality, 0, len(q.told))}
		for _, quality := range q.told {
			q.all.Members = append(q.all.Members, quality)
		}
	}
	m.conn.Send(q.all)
}

// left forgets a member.
func (q *qualities) left(m *member) {
	delete(q.told, m.id)
	q.all = nil
}

// settle returns what everyone is to be told, nil for nothing, or when it is
// time for that.
func (q *qualities) settle(members map[MemberID]*member, now time.Time) (*Quality, time.Time) {
	var changed []MemberQuality
	for _, quality := range q.newest.values {
		if members[quality.Member] != nil && q.told[quality.Member] != quality {
			changed = append(changed, quality)
		}
	}
	if len(changed) > 0 {
		if ok, again := q.pace.ready(now, qualityEvery); !ok {
			return nil, again
		}
	}
	q.newest.take()
	if len(changed) == 0 {
		return nil, time.Time{}
	}
	if q.told == nil {
		q.told = map[MemberID]MemberQuality{}
	}
	for _, quality := range changed {
		q.told[quality.Member] = quality
	}
	q.all = nil
	return &Quality{Members: changed}, time.Time{}
}
