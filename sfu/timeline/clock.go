package timeline

import "time"

// window is how long a delay counts towards the smallest one. Clocks that
// drift 100 ppm apart move 3 ms in it.
const window = 30 * time.Second

// Clock guesses one publisher's clock: how far server time is ahead of the NTP
// time that the publisher writes into its sender reports. The report that came
// with the smallest delay says it best, so the guess is the smallest difference
// in the last half minute. The zero value has heard nothing.
type Clock struct {
	known            bool
	offset           time.Duration // server time − publisher's NTP time
	current, earlier time.Duration // smallest difference in this window and the one before
	began            time.Time     // of this window
}

// Report takes the NTP time of a sender report and when it arrived.
func (c *Clock) Report(ntp uint64, arrived time.Time) {
	difference := arrived.Sub(FromNTP(ntp))
	switch {
	case !c.known:
		*c = Clock{known: true, current: difference, earlier: difference, began: arrived}
	case arrived.Sub(c.began) > window:
		c.earlier, c.current, c.began = c.current, difference, arrived
	case difference < c.current:
		c.current = difference
	}
	c.offset = min(c.current, c.earlier)
	// A publisher that sets its clock is far from both windows: begin anew.
	if far := difference - c.offset; far > 5*time.Second {
		*c = Clock{known: true, offset: difference, current: difference, earlier: difference, began: arrived}
	}
}

// server is the server time of a publisher's NTP time.
func (c *Clock) server(ntp time.Time) time.Time { return ntp.Add(c.offset) }
