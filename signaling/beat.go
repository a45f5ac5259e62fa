package signaling

import "time"

const (
	// chatEvery is the beat of chat while lines come fast. A message of a data
	// channel costs 100 to 140 µs of CPU for each receiver, one packet or two, most of
	// it in Pion and the scheduler: a room of 200 costs some 7 % of a core at 20
	// lines a second, and 250 ms would cost a fifth more.
	chatEvery = time.Second / 3
	// chatAtOnce is how many messages after a quiet time need not wait for it.
	chatAtOnce = 4
)

// beat says when the next message to one receiver may go: at once while few are
// sent, and then a steady beat, in which what is due together travels together
// (the generic cell rate algorithm of ITU-T I.371). The receivers of a room hear
// the same lines and so share their beat, which matters: many messages in
// a row cost half of as many that each wake an idle core. Not safe for
// several goroutines.
type beat struct {
	every time.Duration // 0: all at once
	due   time.Time     // of the next message, if none might go before its time
}

// wait is how long the next message must wait.
func (b *beat) wait(now time.Time) time.Duration {
	ahead := (chatAtOnce - 1) * b.every
	return max(0, b.due.Add(-ahead).Sub(now))
}

// sent counts a message.
func (b *beat) sent(now time.Time) {
	if b.due.Before(now) {
		b.due = now
	}
	b.due = b.due.Add(b.every)
}
