package main

import (
	"fmt"
	"sync"
	"time"
)

const (
	// frameEvery is that of a camera at 25 frames a second, voiceEvery of Opus.
	frameEvery, voiceEvery = 40 * time.Millisecond, 20 * time.Millisecond
	// beat is how often the clock of a run looks what is due.
	beat = time.Millisecond
	// reportEvery is that of receiver reports.
	reportEvery = time.Second
)

// run has all members do what they do for a while, and returns how many packets,
// or lines of chat, were published.
func (m *meeting) run(length time.Duration) (sent int) {
	var listeners sync.WaitGroup
	stop := make(chan struct{})
	listeners.Go(func() { m.listen(stop) })
	end := length / beat
	for began, at := time.Now(), time.Duration(0); at < end; at++ {
		time.Sleep(time.Until(began.Add(at * beat)))
		sent += m.publish(at * beat)
	}
	close(stop)
	listeners.Wait()
	return sent
}

// publish sends what is due at an instant of the run. The publishers do not send
// at the same time.
func (m *meeting) publish(at time.Duration) (sent int) {
	for i, w := range m.writers {
		every := time.Second / time.Duration(m.scenario.Rate)
		if at%every == 0 && w.Say(fmt.Sprintf(`{"t":"msg","cid":"%d-%d","text":"what one says to the others in a line"}`, i, at)) == nil {
			sent++
		}
	}
	every := m.scenario.frameEvery()
	packets := max(1, int(m.share*float64(m.scenario.perFrame())))
	for i, s := range m.streams {
		if (at+time.Duration(i)*7*beat)%every != 0 {
			continue
		}
		s.Frame(every)
		for k := range packets {
			if s.Send(k, packets) {
				sent++
			}
		}
	}
	return sent
}

// listen has all members say what they received, each at its own time.
func (m *meeting) listen(stop <-chan struct{}) {
	began := time.Now()
	for at := time.Duration(0); ; at++ {
		select {
		case <-stop:
			return
		case <-time.After(time.Until(began.Add(at * beat))):
		}
		for i, c := range m.clients {
			if turn(at, i, feedbackEvery) {
				c.Feedback()
			}
			if turn(at, i, reportEvery) {
				c.Report()
			}
		}
	}
}

// turn tells whether it is one member's turn to do what each does once in a while.
func turn(at time.Duration, member int, every time.Duration) bool {
	period := every / beat
	return at%period == time.Duration(member)*13%period
}
