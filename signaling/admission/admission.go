// Package admission decides how many may join in a second, so that who is in goes on
// hearing the others while many come.
package admission

import "time"

const (
	// usable is the share of the machine that joins and media may take together.
	usable = 0.9
	// least is the share of the machine that joins get however much media there is:
	// shedding layers is for that.
	least = 0.1
	// firstGuess is what a join costs before any was measured; cheapest and dearest
	// bound what is believed of a measurement.
	firstGuess = 10 * time.Millisecond
	cheapest   = 2 * time.Millisecond
	dearest    = 100 * time.Millisecond
	// memory is for about how long a measurement counts.
	memory = 5 * time.Second
	// enough joins in memory make a measurement, while media takes at most quiet of the
	// machine: what media takes is known roughly.
	enough = 10
	quiet  = 0.5
	// grows is what media is believed to take more after a second, as a share of the
	// machine. How long its workers take is seen on a clock, and while many join they wait
	// for processors: that alone must not refuse anybody.
	grows = 0.05
	// full is the share of the machine from which on work is put off.
	full = 0.95
	// tooLong is how long one goroutine in a hundred may wait for a processor: those that
	// carry audio are among them.
	tooLong = 60 * time.Millisecond
	// yields is what is left of the pace when work is put off or goroutines waited too
	// long, each time, at least slowest of it; recovers is what comes back in a good second.
	yields   = 0.8
	slowest  = 0.3
	recovers = 0.5
	// ahead is how much work may be taken at once, and burst how many joins at least.
	ahead = 500 * time.Millisecond
	burst = 16
	// soonest and latest bound when somebody is told to come again.
	soonest = 500 * time.Millisecond
	latest  = 10 * time.Second
)

// Load is how much a machine has to do.
type Load struct {
	// CPU is the time that the process has used since it began; 0 where that is not
	// known, and then a join costs what it was guessed to.
	CPU time.Duration
	// Media is how many cores media keeps busy, of late, or seems to.
	Media float64
	// Waits is how long goroutines waited for a processor since the sample before, all but
	// one in a hundred at most.
	Waits time.Duration
}

// Controller lets as many join as the machine has time for: the cores that media
// leaves, divided by the CPU time of a join as it was measured. Where goroutines wait
// for processors nevertheless it takes fewer. Time is an argument; not safe for several
// goroutines.
type Controller struct {
	cores float64

	sampled time.Time
	cpu     time.Duration
	media   float64
	work    float64 // CPU time of joins in memory, in seconds
	joins   float64 // in memory
	joined  int     // since the last sample
	cost    float64 // of a join, in seconds
	pace    float64 // of what there would be time for, slowest to 1

	tokens float64 // joins that may come at once
	filled time.Time
	booked time.Time // up to when those were told to come who were refused
}

// New is for a machine of so many cores, at rest.
func New(cores int, now time.Time) *Controller {
	c := &Controller{cores: float64(cores), sampled: now, cost: firstGuess.Seconds(), pace: 1, filled: now}
	c.tokens = c.depth()
	return c
}

// Sample takes how much there is to do, several times a second.
func (c *Controller) Sample(load Load, now time.Time) {
	passed := now.Sub(c.sampled).Seconds()
	if passed <= 0 {
		return
	}
	c.fill(now)
	c.media = min(load.Media, c.media+grows*c.cores*passed)
	used := 0.0
	if c.cpu > 0 {
		used = (load.CPU - c.cpu).Seconds()
	}
	if c.cpu > 0 && load.Media <= quiet*c.cores {
		c.learn(used-c.media*passed, passed)
	}
	if load.Waits > tooLong || used > full*c.cores*passed {
		c.pace = max(slowest, c.pace*yields)
	} else {
		c.pace = min(1, c.pace+recovers*passed)
	}
	c.sampled, c.cpu, c.joined = now, load.CPU, 0
}

// learn takes the CPU time that was used beside media. A join is paid for over a while,
// so what counts is the sum of the last seconds.
func (c *Controller) learn(used, passed float64) {
	keep := max(0, 1-passed/memory.Seconds())
	c.work = c.work*keep + max(0, used)
	c.joins = c.joins*keep + float64(c.joined)
	if c.joins >= enough {
		c.cost = min(max(c.work/c.joins, cheapest.Seconds()), dearest.Seconds())
	}
}

// Rate is how many may join in a second.
func (c *Controller) Rate() float64 {
	return max(usable*c.cores-c.media, least*c.cores) / c.cost * c.pace
}

// Join tells whether one more may join now, and if not, after how long to ask again:
// those who were refused are told different times, as many in a second as may join.
func (c *Controller) Join(now time.Time) (retry time.Duration, ok bool) {
	c.fill(now)
	if c.tokens >= 1 {
		c.tokens--
		c.joined++
		return 0, true
	}
	if c.booked.Before(now) {
		c.booked = now
	}
	c.booked = c.booked.Add(time.Duration(float64(time.Second) / c.Rate()))
	if most := now.Add(latest); c.booked.After(most) {
		c.booked = most
	}
	return max(soonest, c.booked.Sub(now)), false
}

// fill adds what time has brought.
func (c *Controller) fill(now time.Time) {
	if passed := now.Sub(c.filled).Seconds(); passed > 0 {
		c.tokens = min(c.depth(), c.tokens+passed*c.Rate())
		c.filled = now
	}
}

// depth is how many may join at once after a rest.
func (c *Controller) depth() float64 { return max(burst, c.Rate()*ahead.Seconds()) }
