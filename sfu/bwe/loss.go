package bwe

import (
	"math"
	"time"
)

const (
	// lossSpan and lossPackets are what one observation takes at least.
	lossSpan    = 250 * time.Millisecond
	lossPackets = 20
	// lossPatience ends an observation that has few packets.
	lossPatience = time.Second
	// lossExcess is how much more than the link's own loss means congestion.
	lossExcess = 0.10
	// trialPackets and trialSpan are what it takes to judge a lower rate.
	trialPackets = 50
	trialSpan    = 600 * time.Millisecond
	// trialPatience ends a trial whose rate never came down, and trialPause is how
	// long none follows it: what cannot send less learns nothing by it.
	trialPatience = 2 * time.Second
	trialPause    = 10 * time.Second
	// ownMost is the greatest loss that a link is believed to have by itself.
	ownMost = 0.35
	// outage is a loss that no rate explains: the link was away.
	outage = 0.9
)

// losses tells loss by congestion from the loss that a link has at any rate, in
// the spirit of libwebrtc's loss-based estimator v2: loss = own + what exceeds
// the capacity. What v2 fits over many windows is asked of the link here: if the
// loss stays when the rate comes down, it is the link's own.
type losses struct {
	got, lost int           // in the observation in progress
	begun     time.Duration // when it began

	recent   float64 // share lost, over about a second
	smoothed float64 // over about three
	own      float64 // of the link, at any rate
	known    bool    // there was a first guess of own
	weight   float64 // packets that recent stands for
	trial    trial
}

// trial is a lower rate on which loss is being watched.
type trial struct {
	on        bool
	began     time.Duration
	before    float64       // target before
	sent      float64       // rate before
	loss      float64       // before
	got, lost int           // since the rate came down
	lower     float64       // the rate since
	pause     time.Duration // no trial before this
}

// verdict is what loss asks of the rate.
type verdict uint8

const (
	bearable  verdict = iota
	excessive         // more than the link loses by itself: send what arrives
	innocent          // the cut did not help: take it back
)

// setting is under which circumstances packets were lost.
type setting struct {
	sent, target float64 // rates of now
	rtt          time.Duration
	calm         bool // the delay control is not at work, which sees more than loss
	early        bool // no probe raised the target yet
}

// add counts packets whose fate is known and says what follows from it.
func (l *losses) add(got, lost int, s setting, now time.Duration) verdict {
	l.got += got
	l.lost += lost
	l.trial.count(got, lost, s, now)
	n, span := l.got+l.lost, now-l.begun
	if n == 0 || span < lossSpan || n < lossPackets && span < lossPatience {
		return bearable
	}
	share := float64(l.lost) / float64(n)
	l.got, l.lost, l.begun = 0, 0, now
	l.smoothed += 0.1 * (share - l.smoothed)
	if share > outage {
		return bearable
	}
	if !s.calm && !l.trial.on {
		l.recent = l.own // the delay control has answered it
		return bearable
	}
	if !l.known && n >= lossPackets {
		l.guess(share, s)
	}
	l.recent += 0.3 * (share - l.recent)
	l.weight += 0.3 * (float64(n)*3 - l.weight)
	if l.trial.on {
		if l.trial.got+l.trial.lost == 0 { // still of the rate before
			l.trial.loss = max(l.trial.loss, share)
		}
		return l.judge(now)
	}
	l.learn(share)
	// Twice the standard error: chance is not congestion.
	chance := 2 * math.Sqrt(l.recent*(1-l.recent)/max(l.weight, 1))
	if !s.calm || now < l.trial.pause || l.recent-l.own < lossExcess+chance {
		return bearable
	}
	l.trial = trial{on: true, began: now, sent: s.sent, before: s.target, loss: l.recent}
	return excessive
}

// suspect tells whether the present rate may be too much already.
func (l *losses) suspect() bool { return l.trial.on || l.recent-l.own > lossExcess }

// guess takes the loss of the first packets for the link's own: they are few
// and slow, and nothing else is known.
func (l *losses) guess(share float64, s setting) {
	l.known = true
	if s.calm && s.early {
		l.own, l.recent = min(share, ownMost), share
	}
}

// learn follows the link's own loss: down at once, up slowly.
func (l *losses) learn(share float64) {
	if share < l.own {
		l.own += 0.3 * (share - l.own)
	} else {
		l.own += 0.01 * (min(share, ownMost) - l.own)
	}
}

// count takes what was sent after the rate came down, if it did.
func (t *trial) count(got, lost int, s setting, now time.Duration) {
	// Fates are known a round trip and the lateness after a packet was sent.
	if !t.on || now-t.began < s.rtt+lateness+rateWindow/2 {
		return
	}
	if s.sent < (1-t.loss/2)*t.sent || t.got+t.lost > 0 {
		t.lower = s.sent
		t.got += got
		t.lost += lost
	}
}

// judge ends the trial when enough was seen: were the rate the cause, at the
// lower rate only what exceeds the capacity would be lost.
func (l *losses) judge(now time.Duration) verdict {
	t := &l.trial
	n := t.got + t.lost
	if n < trialPackets || now-t.began < trialSpan {
		if now-t.began > trialPatience && n == 0 {
			t.on, t.pause = false, now+trialPause
		}
		return bearable
	}
	t.on = false
	share := float64(t.lost) / float64(n)
	capacity := (1 - t.loss) * t.sent
	blamed := max(1-capacity/max(t.lower, 1), 0)
	if share < (blamed+t.loss)/2 || share > ownMost {
		return bearable
	}
	l.own, l.recent = share, share
	return innocent
}
