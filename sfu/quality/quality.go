// Package quality says in a number and a word how well a member is connected:
// from the facts of its links, smoothed so that it does not flap. It reads no
// clock: time is an argument.
package quality

import "time"

// Grade is how well something works: 1 is bad, 5 is very good. From [Good] on
// nobody notices anything.
type Grade uint8

// The ends of the scale, and the least grade that needs no reason.
const (
	Bad  Grade = 1
	Good Grade = 4
	Best Grade = 5
)

// Why names what is to blame. The values stand on the wire.
type Why string

// What may be to blame.
const (
	None     Why = "none"     // nothing: both directions are good
	Uplink   Why = "uplink"   // the member's link to the server
	Server   Why = "server"   // the server itself
	Downlink Why = "downlink" // the link from the server to the member
)

// Facts are what is known of one member over the last second or so. What is not
// known is zero, and counts as very good.
type Facts struct {
	Up     Up
	Down   Down
	Server Load
	RTT    time.Duration // of both directions together
}

// Up is what the server sees of what the member sends.
type Up struct {
	Loss   float64       // 0 to 1, on the link, before any repair
	Jitter time.Duration // RFC 3550 section 6.4.1
	// Wanted is how many of its video layers the member was told to send, long
	// enough ago for it to have begun, and that its picture is large enough for;
	// Sent is how many of those come.
	Wanted, Sent int
}

// Down is what the member has of what the server sends.
type Down struct {
	Loss  float64       // 0 to 1, what is still missing after repair
	Queue time.Duration // that packets wait at the server and in the network
	// Estimate is what the link carries and Wanted what the member's view would
	// use of it, in bits per second. Estimate stays zero until it has settled.
	Estimate, Wanted int
	// Tiles is how many pictures the member's view has, Paused how many of those
	// are dark because the link does not carry them.
	Tiles, Paused int
}

// Load is how the server itself copes with the member's packets.
type Load struct {
	Dropped  float64 // 0 to 1, of the packets that the member's worker should have handled
	Overload bool    // the worker is behind with its work
}

// limits are the most that a figure may be for the grades from Best down to 2.
type limits [4]float64

var (
	lossUp    = limits{.02, .05, .1, .2}      // is repaired, at a price
	lossDown  = limits{.002, .01, .03, .08}   // is seen and heard
	roundTrip = limits{.2, .35, .6, 1}        // seconds; people begin to talk at the same time
	jitter    = limits{.03, .06, .12, .25}    // seconds; the receiver's buffer grows by as much
	queue     = limits{.1, .2, .4, .8}        // seconds
	short     = limits{0, .3, .6, .85}        // of what is wanted
	dark      = limits{0, .2, .5, .8}         // of the tiles: a quarter dark is not good any more
	unsent    = limits{0, 0, .5, .99}         // of the layers: one missing is not good any more
	dropped   = limits{.0002, .001, .01, .05} // by the server
)

// grade is the grade of a figure that is better when it is less.
func (l limits) grade(figure float64) Grade {
	for i, most := range l {
		if figure <= most {
			return Best - Grade(i)
		}
	}
	return Bad
}

// distance is the grade of the round trip. What packets wait on the way down is
// not its fault: it is Down's.
func (f *Facts) distance() Grade {
	return roundTrip.grade((f.RTT - f.Down.Queue).Seconds())
}

// grade is that of the worst fact.
func (u *Up) grade() Grade {
	return min(lossUp.grade(u.Loss), jitter.grade(u.Jitter.Seconds()),
		unsent.grade(part(u.Wanted-u.Sent, u.Wanted)))
}

// grade is that of the worst fact.
func (d *Down) grade() Grade {
	g := min(lossDown.grade(d.Loss), queue.grade(d.Queue.Seconds()),
		dark.grade(part(d.Paused, d.Tiles)))
	if d.Estimate > 0 {
		g = min(g, short.grade(part(d.Wanted-d.Estimate, d.Wanted)))
	}
	return g
}

// grade is that of the worst fact.
func (l *Load) grade() Grade {
	g := dropped.grade(l.Dropped)
	if l.Overload {
		g = min(g, 2)
	}
	return g
}

// part is how much of a whole something is, 0 to 1; 0 of nothing.
func part(of, whole int) float64 {
	if whole <= 0 || of <= 0 {
		return 0
	}
	return min(float64(of)/float64(whole), 1)
}
