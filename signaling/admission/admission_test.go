package admission

import (
	"math"
	"testing"
	"time"
)

// machine is what a controller sees of a computer on which each join costs a while.
type machine struct {
	*Controller
	now   time.Time
	cores int
	cost  time.Duration // of a join
	media float64       // cores
	long  time.Duration // goroutines wait
	waits bool          // joins have media wait for processors, and seem to take more
	other float64       // cores that other processes take
	cpu   time.Duration
	owed  time.Duration // of joins that were taken
}

func newMachine(cores int, cost time.Duration) *machine {
	now := time.Unix(1000, 0)
	return &machine{Controller: New(cores, now), now: now, cores: cores, cost: cost, cpu: time.Second}
}

// offer has so many ask in each second, evenly, and returns who was taken.
func (m *machine) offer(perSecond int, lasting time.Duration) (taken, refused int) {
	const step = 10 * time.Millisecond
	due := 0.0
	for i := range int(lasting / step) {
		m.now = m.now.Add(step)
		for due += float64(perSecond) * step.Seconds(); due >= 1; due-- {
			if _, ok := m.Join(m.now); ok {
				taken++
				m.owed += m.cost
			} else {
				refused++
			}
		}
		media := time.Duration(m.media * float64(step))
		spent := min(m.owed, time.Duration((float64(m.cores)-m.other)*float64(step))-media)
		m.owed -= spent
		m.cpu += spent + media
		if i%25 == 0 {
			seems := m.media
			if m.waits && m.owed > 0 {
				seems += 0.8 * (float64(m.cores) - m.media)
			}
			m.Sample(Load{CPU: m.cpu, Media: seems, Waits: m.long}, m.now)
		}
	}
	return taken, refused
}

func TestJoinsAreTakenAsFastAsTheMachineCan(t *testing.T) {
	cases := map[string]struct {
		cores     int
		cost      time.Duration
		media     float64
		long      time.Duration // goroutines wait
		offered   float64       // times the capacity
		low, high float64       // share of the capacity that is taken
	}{
		"half of what it can":         {4, 20 * time.Millisecond, 0, 0, 0.5, 0.49, 0.51},
		"twice what it can":           {4, 20 * time.Millisecond, 0, 0, 2, 0.8, 1},
		"ten times":                   {4, 20 * time.Millisecond, 0, 0, 10, 0.8, 1},
		"joins cheaper than guessed":  {4, 8 * time.Millisecond, 0, 0, 2, 0.8, 1},
		"joins dearer than guessed":   {4, 60 * time.Millisecond, 0, 0, 2, 0.8, 1},
		"one core":                    {1, 20 * time.Millisecond, 0, 0, 2, 0.8, 1},
		"many cores":                  {32, 20 * time.Millisecond, 0, 0, 2, 0.8, 1},
		"media on a quarter":          {4, 20 * time.Millisecond, 1, 0, 2, 0.55, 0.75},
		"media everywhere":            {4, 20 * time.Millisecond, 4, 0, 2, 0.02, 0.15},
		"goroutines wait nonetheless": {4, 20 * time.Millisecond, 0, 200 * time.Millisecond, 2, 0.2, 0.4},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m := newMachine(c.cores, c.cost)
			m.media, m.long = c.media, c.long
			capacity := float64(c.cores) / c.cost.Seconds()
			offered := int(c.offered * capacity)
			m.offer(offered, 10*time.Second) // to learn
			taken, _ := m.offer(offered, 20*time.Second)
			if share := float64(taken) / 20 / capacity; share < c.low || share > c.high {
				t.Errorf("%.2f of the capacity is taken, want %.2f to %.2f", share, c.low, c.high)
			}
		})
	}
}

func TestMediaThatWaitsForProcessorsRefusesNobody(t *testing.T) {
	for _, c := range []struct {
		cores int
		other float64
	}{{1, 0}, {1, 0.35}, {4, 0}, {4, 1}} {
		m := newMachine(c.cores, 8*time.Millisecond)
		m.waits, m.media, m.other = true, 0.02, c.other
		capacity := (float64(c.cores) - c.other) / m.cost.Seconds()
		m.offer(int(capacity/5), 5*time.Second)
		taken, _ := m.offer(int(2*capacity), 6*time.Second)
		if share := float64(taken) / 6 / capacity; share < 0.8 || share > 1.3 {
			t.Errorf("%d cores, %.2f of them taken by others: %.2f of the capacity is taken", c.cores, c.other, share)
		}
	}
}

func TestAPartyThatComesAtOnceIsTaken(t *testing.T) {
	c := New(1, time.Unix(0, 0))
	for i := range burst {
		if _, ok := c.Join(time.Unix(60, 0)); !ok {
			t.Fatalf("number %d is refused by a server at rest", i)
		}
	}
}

func TestWhoIsRefusedIsToldATimeOfItsOwn(t *testing.T) {
	now := time.Unix(0, 0)
	c := New(4, now)
	var told []time.Duration
	for range 5000 {
		if retry, ok := c.Join(now); !ok {
			told = append(told, retry)
		}
	}
	for i, retry := range told {
		if retry < soonest || retry > latest || i > 0 && retry < told[i-1] {
			t.Fatalf("number %d is told %v", i, retry)
		}
	}
	within := func(d time.Duration) (n int) {
		for _, retry := range told {
			if retry <= d {
				n++
			}
		}
		return n
	}
	perSecond := float64(within(5*time.Second)-within(2*time.Second)) / 3
	if math.Abs(perSecond-c.Rate()) > 0.1*c.Rate() {
		t.Errorf("%.0f are to come in a second, and %.0f may", perSecond, c.Rate())
	}
}

func TestWorkOfOthersDoesNotMakeJoinsDear(t *testing.T) {
	m := newMachine(4, 20*time.Millisecond)
	for range 100 { // a busy chat, and nobody joins
		m.now = m.now.Add(250 * time.Millisecond)
		m.cpu += 500 * time.Millisecond
		m.Sample(Load{CPU: m.cpu}, m.now)
	}
	if want := usable * 4 / firstGuess.Seconds(); math.Abs(m.Rate()-want) > 1 {
		t.Errorf("%.0f may join in a second, want %.0f", m.Rate(), want)
	}
}

func TestWhereTheTimeOfTheProcessIsUnknownTheGuessHolds(t *testing.T) {
	now := time.Unix(0, 0)
	c := New(4, now)
	for range 100 {
		now = now.Add(250 * time.Millisecond)
		c.Join(now)
		c.Sample(Load{}, now)
	}
	if want := usable * 4 / firstGuess.Seconds(); math.Abs(c.Rate()-want) > 1 {
		t.Errorf("%.0f may join in a second, want %.0f", c.Rate(), want)
	}
}

func TestClocksThatStandStillDoNoHarm(t *testing.T) {
	now := time.Unix(0, 0)
	c := New(1, now)
	for range 1000 {
		c.Sample(Load{CPU: time.Second}, now)
		if retry, ok := c.Join(now); !ok && retry < soonest {
			t.Fatalf("told %v", retry)
		}
	}
	if r := c.Rate(); math.IsNaN(r) || r <= 0 {
		t.Errorf("rate %v", r)
	}
}
