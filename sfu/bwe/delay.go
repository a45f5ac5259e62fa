package bwe

import "time"

const (
	// groupSpan is how long packets are sent to count as one group. A group's
	// delay is that of its luckiest packet: neither what the burst itself waits
	// for, nor a packet that came late by reordering, is a queue.
	groupSpan = 20 * time.Millisecond
	// baseSpan is how long the least delay is remembered, at least; twice at most.
	// Clocks drift and routes change.
	baseSpan = 15 * time.Second
	// clockJump is a change of delay that no network makes.
	clockJump = 3 * time.Second
)

// delays turns (sent, arrived) pairs into the delay that a standing queue adds.
// Both clocks may be anyone's; only differences count.
type delays struct {
	started bool
	last    time.Duration // one-way delay of the newest packet

	begun  time.Duration // when the group's first packet was sent; of the group in progress
	least  time.Duration // least delay in it
	came   time.Duration // arrival of the packet with the least delay
	before time.Duration // least delay of the group before

	base, next time.Duration // least delay of this span and the one before, of this span alone
	turned     time.Duration // when the span began

	queued time.Duration // delay over the base of the newest group
	busy   time.Duration // arrival of the first group since there is a standing queue, 0 while none is
	full   time.Duration // arrival of the newest group that stood in it
	trend  trend

	// Of single packets, whose own burst they may have waited for.
	arrived time.Duration // of the newest packet
	late    time.Duration // arrival of the first since which every packet waited, 0 if the newest did not
}

// add takes a packet by when it was sent and when it arrived. slack is the
// delay that is no queue yet.
func (d *delays) add(sent, arrived, slack time.Duration) {
	delay := arrived - sent
	if jump := delay - d.last; !d.started || jump > clockJump || jump < -clockJump {
		*d = delays{
			started: true, last: delay, begun: sent, least: delay, came: arrived, before: delay,
			base: delay, next: delay, turned: sent,
		}
		return
	}
	d.last, d.arrived = delay, arrived
	switch {
	case d.waited() <= slack:
		d.late = 0
	case d.late == 0:
		d.late = max(arrived, 1)
	}
	switch since := sent - d.begun; {
	case since < 0: // told late; its group is over
	case since < groupSpan:
		if delay < d.least {
			d.least, d.came = delay, arrived
		}
	default:
		d.close(slack)
		d.begun, d.least, d.came = sent, delay, arrived
	}
}

// waited is what the newest packet's delay was over the base.
func (d *delays) waited() time.Duration { return d.last - d.base }

// close ends the group in progress.
func (d *delays) close(slack time.Duration) {
	if d.begun-d.turned >= baseSpan {
		d.base, d.next, d.turned = d.next, d.least, d.begun
	}
	d.base, d.next = min(d.base, d.least), min(d.next, d.least)
	// Where a group is one packet, it may be a late one: the better of two.
	d.queued = min(d.least, d.before) - d.base
	d.before = d.least
	d.trend.add(d.begun, d.queued)
	switch {
	case d.queued <= slack:
		d.busy = 0
	case d.busy == 0:
		d.busy = max(d.came, 1)
	}
	d.full = d.came
}

// rebase takes the delay as it is for the base: nothing that we do shortens it.
func (d *delays) rebase() {
	least := d.trend.least()
	d.base += least
	d.next = d.base
	d.turned = d.begun
	d.queued, d.busy = max(d.queued-least, 0), 0
	d.trend.lower(least)
}
