package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"madang/sfu/bench/client"
)

// meeting is one variant in one scenario: a server process and its members.
type meeting struct {
	variant  variant
	scenario scenario
	process  *process
	clients  []*client.Client
	streams  []*client.Stream
	writers  []*client.Client // of chat
	share    float64          // of a frame's packets that are published
	perHead  perHead
}

// perHead is what one member costs a server while media flows.
type perHead struct {
	Heap       float64 `json:"heap_bytes"`
	Goroutines float64 `json:"goroutines"`
}

// startMeeting starts the server and has everybody join.
func startMeeting(v variant, s scenario, cores int, certificate tls.Certificate) (*meeting, error) {
	p, err := startProcess(v.Server, s, cores)
	if err != nil {
		return nil, err
	}
	m := &meeting{variant: v, scenario: s, process: p}
	if err := m.gather(certificate); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// gather has all members join, the publishers of a room first.
func (m *meeting) gather(certificate tls.Certificate) error {
	empty, err := m.process.ask(request{Do: "memory"})
	if err != nil {
		return err
	}
	options := client.Options{Feedback: m.variant.Feedback, Suites: suites(), Certificate: certificate}
	for room := range m.scenario.Rooms {
		for member := range m.scenario.members() {
			if err := m.join(room, member, options); err != nil {
				return fmt.Errorf("member %d of room %d: %w", member, room, err)
			}
		}
	}
	// Without feedback an estimate grows only by what arrives.
	for _, m.share = range []float64{0.5, 1} {
		if err := m.flow(); err != nil {
			return err
		}
	}
	full, err := m.process.ask(request{Do: "memory"})
	heads := float64(len(m.clients))
	m.perHead = perHead{
		Heap:       (float64(full.Heap) - float64(empty.Heap)) / heads,
		Goroutines: float64(full.Goroutines-empty.Goroutines) / heads,
	}
	return err
}

func (m *meeting) join(room, member int, options client.Options) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	s := m.scenario
	lines := s.lines(member)
	c, err := client.Join(ctx, lines, func(offer string) (string, error) {
		r, err := m.process.ask(request{Do: "join", Room: room, Member: member, Offer: offer})
		return r.Answer, err
	}, options)
	if err != nil {
		return err
	}
	m.clients = append(m.clients, c)
	switch {
	case member >= s.Publishers:
	case s.Media == chat:
		m.writers = append(m.writers, c)
	default:
		// Of ten who have a microphone three speak.
		m.streams = append(m.streams, c.Publish(lines[0], s.Size, member%10 < 3))
	}
	return nil
}

// flow lets media flow until everybody receives all that it is to receive. Who
// still does not is left to the rounds, which say what is lost, if most comes.
func (m *meeting) flow() error {
	const patience = 30 * time.Second
	if err := m.process.pin(true); err != nil {
		return err
	}
	defer func() { _ = m.process.pin(false) }()
	got := m.settle(patience)
	if got < 0.5 {
		return fmt.Errorf("after %v somebody receives %.0f %% of what was sent", patience, 100*got)
	}
	return nil
}

// settle runs the meeting until for a second nobody missed anything, but no longer
// than patience. It returns how much of what it was to receive the worst one got.
func (m *meeting) settle(patience time.Duration) (worst float64) {
	const step = time.Second // of whole frames
	for began := time.Now(); worst < 1-mostOff && time.Since(began) < patience; {
		before := m.received()
		sent := m.run(step)
		time.Sleep(trail)
		each := float64(sent) / float64(m.scenario.Rooms*m.scenario.Publishers)
		worst = 1
		for i, now := range m.received() {
			if due := each * float64(m.scenario.due(i%m.scenario.members())); due > 0 {
				worst = min(worst, float64(now-before[i])/due)
			}
		}
	}
	return worst
}

// received is how many packets, or lines of chat, have come to each member so far.
func (m *meeting) received() (all []uint64) {
	for _, c := range m.clients {
		n, _ := c.Received()
		if m.scenario.Media == chat {
			n = c.Messages()
		}
		all = append(all, n)
	}
	return all
}

// forwarded is what has come to all members so far.
func (m *meeting) forwarded() (sum uint64) {
	for _, n := range m.received() {
		sum += n
	}
	return sum
}

// extra is how many repairs and packets of probes have come so far.
func (m *meeting) extra() (sum uint64) {
	for _, c := range m.clients {
		_, n := c.Received()
		sum += n
	}
	return sum
}

// delays are those of the packets that were opened since the last call.
func (m *meeting) delays() (all []time.Duration) {
	for _, c := range m.clients {
		all = append(all, c.Delays()...)
	}
	return all
}

// close ends the server and the clients.
func (m *meeting) close() {
	for _, c := range m.clients {
		c.Close()
	}
	m.process.close()
}
