package room

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"madang/sfu"
)

// TestNobodyDoesWhatItMayNot has people of all roles, in the room, in its lobby and
// outside, send all that a client could make up, and checks after each message what
// must hold for ever.
func TestNobodyDoesWhatItMayNot(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			policy := Policy{MaxMembers: 9, Role: "guest", FirstRole: []string{"none", "owner"}[seed%2]}
			y := &yard{
				t: t, hall: newHall(policy, ChatConfig{History: 20, MaxAge: time.Minute}),
				rng: rand.New(rand.NewPCG(seed, 6)), all: map[MemberID]*guest{}, raised: map[MemberID]int{},
			}
			for i := range 12 {
				y.arrival(MemberID(fmt.Sprint("m", i)))
			}
			for range 400 {
				y.step()
			}
			y.pass(time.Second)
			y.checkWaiting()
		})
	}
}

// yard drives a hall at random.
type yard struct {
	*hall
	t      *testing.T
	rng    *rand.Rand
	all    map[MemberID]*guest // the newest visit under each id
	raised map[MemberID]int    // when a hand went up
	steps  int
}

// before is what was so before a message.
type before struct {
	likeness string
	from     *member
	members  map[MemberID]member
	heard    map[MemberID]int
	waiting  []MemberID
	routings int
}

func (y *yard) step() {
	y.steps++
	msg := y.random()
	was := before{
		likeness: y.likeness(), from: y.members[msg.from()], members: map[MemberID]member{},
		heard: map[MemberID]int{}, routings: y.router.count(),
	}
	for id, m := range y.members {
		was.members[id] = *m
	}
	for id, g := range y.all {
		was.heard[id] = len(g.conn.heard())
	}
	for _, w := range y.lobby.waiting {
		was.waiting = append(was.waiting, w.ID)
	}
	y.do(msg)
	y.checkPower(msg, was)
	y.checkRouting()
	y.checkHands()
	for _, w := range y.lobby.waiting {
		if slices.Contains(was.waiting, w.ID) && len(y.all[w.ID].conn.heard()) != was.heard[w.ID] {
			y.t.Fatalf("%s heard %T while it waits", w.ID, y.all[w.ID].conn.heard()[was.heard[w.ID]])
		}
	}
	if y.rng.IntN(4) == 0 {
		y.pass(time.Duration(y.rng.IntN(1500)) * time.Millisecond)
	}
}

// anyone is an id of somebody who is in, waits, or is neither.
func (y *yard) anyone() MemberID { return MemberID(fmt.Sprint("m", y.rng.IntN(12))) }

// arrival is a newcomer with any grant under this id.
func (y *yard) arrival(id MemberID) *guest {
	g := newGuest(string(id), 1+y.rng.IntN(3), y.rng.IntN(2))
	switch y.rng.IntN(4) {
	case 0:
		g.Grant.Role = Role(y.rng.IntN(int(server)))
	case 1:
		g.Grant = Grant{Role: Role(y.rng.IntN(int(server))), May: Permissions(y.rng.IntN(mayAll+1)) | MayJoin}
	case 2:
		g.Grant = Grant{Identity: string(id), Waits: y.rng.IntN(3) == 0, Role: Role(y.rng.IntN(int(server)))}
	}
	if y.members[id] == nil && y.lobby.find(id) == nil {
		y.all[id] = g
	}
	return g
}

func (y *yard) random() message {
	from, of := y.anyone(), y.anyone()
	r, q := asked(from, "r"), question{from, "r"}
	kind, yes := sfu.SourceKind(y.rng.IntN(sourceKinds)), y.rng.IntN(2) == 0
	if y.rng.IntN(8) == 0 {
		of = ""
	}
	acts := []func() message{
		func() message { return &enter{y.arrival(from).Joining} },
		func() message { return &enter{y.arrival(from).Joining} },
		func() message { return &enter{y.arrival(from).Joining} },
		func() message { return &leave{sender: sender{from}} },
		func() message { return &publish{q, kind, SourceLive} },
		func() message { return &publish{q, kind, SourceLive} },
		func() message { return &publish{q, kind, SourceLive} },
		func() message {
			return &publish{q, kind, []SourceState{SourceMuted, SourceEnded, SourceLive}[y.rng.IntN(3)]}
		},
		func() message { return &view{q, []Tile{{Member: of, Source: sfu.Camera}}} },
		func() message { return &renew{sender{from}} },
		func() message {
			return &chatPost{sender{from}, ChatPost{CID: fmt.Sprint(y.steps), To: of, Text: "line"}}
		},
		func() message { return &chatTyping{sender{from}, of} },
		func() message { return &chatSince{sender: sender{from}} },
		func() message { return &chatDelete{q, y.anyLine()} },
		func() message { return &hand{r, of, yes} },
		func() message { return &hand{r, "", true} },
		func() message { return &react{r, "👏"} },
		func() message { return &setRole{r, of, Role(y.rng.IntN(int(server) + 1))} },
		func() message { return &mute{r, of, kind, yes} },
		func() message { return &unmute{r, of, kind} },
		func() message { return &kick{r, of, time.Duration(y.rng.IntN(2)) * time.Second} },
		func() message { return &lock{r, y.rng.IntN(4) == 0} },
		func() message { return &admit{r, of} },
		func() message { return &admit{r, ""} },
		func() message { return &deny{r, of} },
		func() message { return &slow{r, time.Duration(y.rng.IntN(3)) * time.Second} },
		func() message { return &spotlight{r, Spot{of, sfu.Camera}} },
		func() message { return &chatClear{r} },
	}
	if y.rng.IntN(100) == 0 {
		return &end{r}
	}
	if y.rng.IntN(100) == 0 {
		y.policy.Lobby = []string{"off", "on"}[y.rng.IntN(2)]
	}
	return acts[y.rng.IntN(len(acts))]()
}

func (y *yard) anyLine() string {
	if lines := y.chat.log.lines; len(lines) > 0 {
		return lines[y.rng.IntN(len(lines))].ID
	}
	return ""
}

// checkPower: who may not, changes nothing and is heard by nobody else; and who may,
// changes none but those of lower roles.
func (y *yard) checkPower(msg message, was before) {
	y.t.Helper()
	if _, ok := msg.(outsider); ok {
		return
	}
	if m := was.from; m == nil || !m.may.Has(msg.needs()) && was.members[m.id].may == m.may {
		if y.likeness() != was.likeness {
			y.t.Fatalf("%T of %s, who may not:\n%s\nthen\n%s", msg, msg.from(), was.likeness, y.likeness())
		}
		if y.router.count() != was.routings && was.from != nil {
			y.t.Fatalf("%T of %s, who may not, changed the routing", msg, msg.from())
		}
	}
	from, in := was.members[msg.from()]
	for id, m := range was.members {
		is := y.members[id]
		same := is != nil && is.standing == m.standing && is.states == m.states && is.held == m.held && is.person.Hand == m.person.Hand
		if same || id == msg.from() || y.tookOver(is, m) {
			continue
		}
		_, ends := msg.(*end)
		if !in || !from.may.Has(msg.needs()) || m.role >= from.role && !ends {
			y.t.Fatalf("%T of %s, a %s, changed %s, a %s", msg, msg.from(), from.role, id, m.role)
		}
	}
	if !in {
		for id, n := range was.heard {
			for _, e := range y.all[id].conn.heard()[n:] {
				switch e.(type) {
				case *ChatLine, *Reaction, *ChatTyping, *ChatCleared, *ChatDeleted, *Locked, *SlowMode, *Spotlight, *Muted:
					y.t.Fatalf("%T of %s, who is not in, had %s hear a %T", msg, msg.from(), id, e)
				}
			}
		}
	}
}

// tookOver tells whether a member got the room from one who was kicked.
func (y *yard) tookOver(is *member, was member) bool {
	return is != nil && is.standing == y.as(y.policy.firstRole()) && was.grant.free()
}

// checkRouting: nobody is forwarded who is not in, not live, held, or not permitted;
// and nobody is sent anything who may not receive.
func (y *yard) checkRouting() {
	y.t.Helper()
	routing := y.router.newest()
	forwarded := slices.Concat(routing.Mics, routing.Pictures)
	if len(routing.Views) != len(y.arrived) {
		y.t.Fatalf("%d views for %d members", len(routing.Views), len(y.arrived))
	}
	for _, v := range routing.Views {
		m := y.members[MemberID(v.Key)]
		if m == nil || !m.may.Has(MaySubscribe) && len(v.Pairs)+len(v.Voices) > 0 {
			y.t.Fatalf("%s has %d pairs and %d voices", v.Key, len(v.Pairs), len(v.Voices))
		}
		for _, p := range v.Pairs {
			for _, feed := range []sfu.Feed{p.VideoFrom, p.AudioFrom} {
				if feed.Source != nil && feed.Why == sfu.WhyNone {
					forwarded = append(forwarded, feed.Source)
				}
			}
		}
	}
	for _, source := range forwarded {
		o := y.lines.sources[source]
		if m := o.member; m == nil || y.members[m.id] != m || m.states[o.kind] != SourceLive || m.held.Has(o.kind) || !m.may.Has(mayPublish(o.kind)) {
			y.t.Fatalf("%s is forwarded", source.ID)
		}
	}
}

// checkHands: who raised it first has the lowest number.
func (y *yard) checkHands() {
	y.t.Helper()
	for id := range y.raised {
		if m := y.members[id]; m == nil || m.person.Hand == 0 {
			delete(y.raised, id)
		}
	}
	for id, m := range y.members {
		if _, known := y.raised[id]; m.person.Hand != 0 && !known {
			y.raised[id] = y.steps
		}
	}
	for a, at := range y.raised {
		for b, bt := range y.raised {
			if at < bt && y.members[a].person.Hand >= y.members[b].person.Hand {
				y.t.Fatalf("%s raised its hand before %s", a, b)
			}
		}
	}
}

// checkWaiting: what moderators were told leads to who waits, and others were told
// nothing.
func (y *yard) checkWaiting() {
	y.t.Helper()
	for id, m := range y.members {
		known := map[MemberID]bool{}
		for _, e := range y.all[id].conn.heard() {
			switch e := e.(type) {
			case *Welcome:
				clear(known)
				for _, w := range e.Waiting {
					known[w.ID] = true
				}
			case *May:
				if !e.May.Has(MayModerate) {
					clear(known)
				}
			case *Waiting:
				for _, w := range e.Add {
					known[w.ID] = true
				}
				for _, gone := range e.Del {
					delete(known, gone)
				}
			}
		}
		waiting := 0
		if m.moderates() {
			waiting = len(y.lobby.waiting)
		}
		if len(known) != waiting {
			y.t.Fatalf("%s knows of %d who wait, want %d", id, len(known), waiting)
		}
	}
}
