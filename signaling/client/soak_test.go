package client_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// The rooms of a soak, and who is in each: as many as a member has pairs for.
const (
	soakRooms   = 3
	soakMembers = 5
	soakAct     = 15 * time.Second // before all is held against what it should be
)

// TestSoakDayOfChurn has people come, go, crash, lose packets and connections, mute,
// look at others and talk, round after round: more in ten minutes than in a day of a
// school. After each round everybody who is there must be heard and seen, and when
// all have left, no more be held than after the rounds before: of the heap, by the
// medians of the first third of the rounds and of the last, as what pools keep is by
// their bounds what was lent most, which comes by chance.
func TestSoakDayOfChurn(t *testing.T) {
	long := soaking(t)
	config := clienttest.DefaultConfig()
	config.Signaling.Limits.ResumeWindow = 2 * time.Second
	url := clienttest.Serve(t, config)
	day := &day{t: t, url: url}
	const warm = 6 // rounds that fill pools and caches
	for i := range warm {
		day.round(uint64(i))
	}
	before := rested(holdings{})
	began := time.Now()
	var after holdings
	var heaps []uint64
	for seed := uint64(warm); time.Since(began) < long || len(heaps) < 3; seed++ {
		day.round(seed)
		if t.Failed() {
			return
		}
		after = rested(before)
		t.Logf("round %d: %+v", seed, after)
		heaps = append(heaps, after.heap)
	}
	third := len(heaps) / 3
	before.heap, after.heap = middle(heaps[:third]), middle(heaps[len(heaps)-third:])
	t.Logf("before %+v, after %v %+v: %+v", before, time.Since(began).Round(time.Second), after, day.deeds)
	if !after.like(before, soakSlack) {
		t.Error("more is held than before")
	}
}

// middle is the median.
func middle(of []uint64) uint64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// soakSlack is by how much the heap may differ, in bytes.
const soakSlack = 3 << 20

// rested is what is held once it is like before, or 20 s later.
func rested(before holdings) (h holdings) {
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Second) {
		if h = measureHoldings(); h.like(before, soakSlack) || time.Now().After(end) {
			return h
		}
	}
}

// day is what a soak does, and how often it did.
type day struct {
	t   *testing.T
	url string

	mu    sync.Mutex
	deeds map[string]int
}

func (d *day) did(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.deeds == nil {
		d.deeds = map[string]int{}
	}
	d.deeds[what]++
}

// round has all rooms fill, live and empty.
func (d *day) round(seed uint64) {
	var rooms sync.WaitGroup
	for i := range soakRooms {
		r := &soakRoom{day: d, name: fmt.Sprint("soak", i), members: make([]*soaked, soakMembers)}
		rooms.Go(func() { r.live(seed*soakRooms + uint64(i)) })
	}
	rooms.Wait()
}

// soakRoom is one room of a round.
type soakRoom struct {
	*day
	name    string
	members []*soaked
}

// soaked is one member.
type soaked struct {
	*bot.Bot
	road  *road
	mic   *client.Publication
	muted bool
}

func (r *soakRoom) live(seed uint64) {
	defer func() {
		for _, m := range r.members {
			if m != nil {
				m.Leave()
			}
		}
	}()
	var acting sync.WaitGroup
	failed := make([]error, soakMembers)
	for i := range r.members {
		acting.Go(func() { failed[i] = r.act(i, rand.New(rand.NewPCG(seed, uint64(i)))) })
	}
	acting.Wait()
	for i, err := range failed {
		if err != nil {
			r.t.Errorf("%s, member %d: %v", r.name, i, err)
			return
		}
	}
	for _, problem := range r.unheard() {
		r.t.Error(problem)
	}
}

// act is what one does in a round. It ends as a member who is not muted.
func (r *soakRoom) act(i int, random *rand.Rand) error {
	if err := r.enter(i, random); err != nil {
		return err
	}
	for end := time.Now().Add(soakAct); time.Now().Before(end); time.Sleep(200*time.Millisecond + rand.N(time.Second)) {
		m := r.members[i]
		var err error
		switch random.IntN(8) {
		case 0:
			r.did("join")
			if random.IntN(3) == 0 {
				m.Close()
				r.did("crash")
			} else {
				m.Leave()
			}
			err = r.enter(i, random)
		case 1:
			m.road.cut()
			r.did("cut")
		case 2:
			m.road.block()
			time.Sleep(rand.N(time.Second))
			m.road.unblock()
			r.did("outage")
		case 3:
			r.did("mute")
			err = m.mute(!m.muted)
		case 4, 5:
			r.did("view")
			err = m.look(random)
		default:
			r.did("line")
			err = m.Chat(&protocol.ChatMsg{CID: fmt.Sprint(random.Uint64()), Text: "Hello"})
		}
		if err != nil && m.Err() != nil {
			return err
		}
	}
	m := r.members[i]
	for end := time.Now().Add(within); m.muted; time.Sleep(100 * time.Millisecond) {
		if err := m.mute(false); err != nil && time.Now().After(end) {
			return err
		}
	}
	return nil
}

// enter brings a member in, over a network that loses some packets.
func (r *soakRoom) enter(i int, random *rand.Rand) error {
	ways := newRoad()
	options := bot.Options{
		Client: client.Options{URL: r.url, Room: r.name, Name: fmt.Sprint("Member ", i), Layers: []string{"q", "h"}},
		Camera: []synthetic.VideoConfig{
			{Bitrate: 60_000, FPS: 10, Width: 320, Height: 180}, {Bitrate: 200_000, FPS: 10, Width: 640, Height: 360},
		},
		Voice: &synthetic.VoiceConfig{},
		Began: time.Now(),
	}
	ways.over(&options.Client)
	if random.IntN(2) == 0 {
		lossy, cut := faulty(random.Uint64(), 0.01, 0.01), options.Client.WrapSocket
		options.Client.WrapSocket = func(c net.PacketConn) net.PacketConn { return lossy(cut(c)) }
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), within)
	defer cancel()
	b, err := bot.Join(ctx, options)
	if err != nil {
		return err
	}
	m := &soaked{Bot: b, road: ways}
	r.members[i] = m
	if m.mic, err = b.Publish(protocol.Mic); err != nil {
		return err
	}
	_, err = b.Publish(protocol.Camera)
	return err
}

func (m *soaked) mute(muted bool) (err error) {
	if muted {
		err = m.mic.Mute()
	} else {
		err = m.mic.Unmute()
	}
	if err == nil {
		m.muted = muted
	}
	return err
}

// look has one large picture and the others small, or the other way round.
func (m *soaked) look(random *rand.Rand) error {
	var tiles []protocol.Tile
	large := random.IntN(soakMembers)
	for id := range m.People() {
		if id == m.You() {
			continue
		}
		tile := protocol.Tile{Member: id, Source: protocol.Camera, W: 160, H: 90}
		if len(tiles) == large {
			tile.W, tile.H = 1280, 720
		}
		tiles = append(tiles, tile)
	}
	return m.View(tiles)
}

// unheard says who is not heard or seen by whom, after all has had time to come.
func (r *soakRoom) unheard() (problems []string) {
	for end := time.Now().Add(2 * within); ; time.Sleep(200 * time.Millisecond) {
		if problems = r.missing(time.Second); len(problems) == 0 || time.Now().After(end) {
			return problems
		}
	}
}

// missing looks for so long at what comes to whom: all see all, and each slot that
// is said to carry something does.
func (r *soakRoom) missing(long time.Duration) (problems []string) {
	type line struct {
		to   *soaked
		slot *client.Slot
	}
	before := map[line]uint64{}
	for _, m := range r.members {
		var tiles []protocol.Tile
		for _, o := range r.members {
			if o != m {
				tiles = append(tiles, protocol.Tile{Member: o.You(), Source: protocol.Camera, W: 320, H: 180})
			}
		}
		_ = m.View(tiles) // one that is coming back says it then
	}
	time.Sleep(long)
	for _, m := range r.members {
		for _, slot := range m.Slots() {
			before[line{m, slot}] = uint64(slot.Stats().Packets)
		}
	}
	time.Sleep(long)
	for _, m := range r.members {
		comes := map[string]bool{}
		for _, slot := range m.Slots() {
			is := slot.Carries()
			if is.Member == "" || is.Why != "" {
				continue
			}
			if uint64(slot.Stats().Packets) > before[line{m, slot}] {
				comes[fmt.Sprint(is.Member, slot.Video)] = true
			} else {
				problems = append(problems, fmt.Sprintf("%s: slot %s of %s is stuck: %+v", r.name, slot.Mid, m.You(), is))
			}
		}
		if n := len(m.People()); n != soakMembers {
			problems = append(problems, fmt.Sprintf("%s: %s knows %d people", r.name, m.You(), n))
		}
		for _, o := range r.members {
			for _, video := range []bool{false, true} {
				if o != m && !comes[fmt.Sprint(o.You(), video)] {
					problems = append(problems, fmt.Sprintf("%s: %s has nothing of %s, video %t", r.name, m.You(), o.You(), video))
				}
			}
		}
	}
	return problems
}
