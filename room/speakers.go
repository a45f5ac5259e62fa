package room

import (
	"slices"
	"time"
)

// speakersEvery is the shortest time between two Speakers events.
const speakersEvery = 200 * time.Millisecond

// speakers tells the members who speaks: only when it differs, and not too often.
type speakers struct {
	newest []SpeakerLevel
	told   *Speakers // the last event, nil before the first
	pace   throttle
}

// hear takes over who speaks now.
func (s *speakers) hear(levels []SpeakerLevel) { s.newest = levels }

// greet tells a newcomer who is speaking.
func (s *speakers) greet(m *member) {
	if s.told != nil && len(s.told.Levels) > 0 {
		m.conn.Send(s.told)
	}
}

// settle returns what everyone is to be told, nil for nothing, or when it is
// time for that.
func (s *speakers) settle(now time.Time) (*Speakers, time.Time) {
	var told []SpeakerLevel
	if s.told != nil {
		told = s.told.Levels
	}
	if slices.Equal(s.newest, told) {
		return nil, time.Time{}
	}
	if ok, again := s.pace.ready(now, speakersEvery); !ok {
		return nil, again
	}
	s.told = &Speakers{Levels: s.newest}
	return s.told, time.Time{}
}
