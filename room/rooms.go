package room

import (
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"madang/room/journal"
	"madang/sfu"
)

// Rooms is all rooms of this server. Safe for any goroutine.
type Rooms struct {
	cfg       atomic.Pointer[Config] // of now; replaced, never changed
	newRouter func(sfu.Observer) Router
	log       *slog.Logger
	count     counters
	bans      bans
	actors    sync.WaitGroup
	journals  *journal.Store // nil: the chat is not kept

	mu      sync.Mutex
	byName  map[string]*Room
	closing bool
}

// counters are what all rooms count together.
type counters struct {
	rooms, members    atomic.Int64
	chatLines, panics atomic.Uint64
}

// Stats is how much goes on in all rooms.
type Stats struct {
	Rooms   int
	Members int
	// ChatLines taken since the start.
	ChatLines uint64
	// Panics that ended a member or a room since the start.
	Panics uint64
}

// NewRooms makes the registry. newRouter makes a room's media plane; it is
// called with the registry locked and must not call back into it. An error is that of
// the folder for the chat.
func NewRooms(cfg Config, newRouter func(sfu.Observer) Router, log *slog.Logger) (*Rooms, error) {
	r := &Rooms{newRouter: newRouter, log: log, byName: map[string]*Room{}}
	r.cfg.Store(&cfg)
	if cfg.Chat.LogDir == "" {
		return r, nil
	}
	var err error
	r.journals, err = journal.NewStore(cfg.Chat.LogDir, cfg.Chat.MaxAge, log)
	return r, err
}

// Reconfigure has a valid configuration hold from now on, in the rooms that are open
// too; these keep who is in, and remember their chat as before. It waits for rooms whose
// mailbox is full.
func (r *Rooms) Reconfigure(cfg Config) {
	cfg.Audit = r.cfg.Load().Audit
	r.cfg.Store(&cfg)
	r.mu.Lock()
	open := slices.Collect(maps.Values(r.byName))
	r.mu.Unlock()
	for _, room := range open {
		room.mail.post(&reconfigure{config: cfg})
	}
}

// Policy is what the room with this name asks, whether it exists or not.
func (r *Rooms) Policy(name string) Policy { return r.cfg.Load().Rooms.For(name) }

// Permits is what a role may do, as the configuration says.
func (r *Rooms) Permits(role Role) Permissions { return r.cfg.Load().Roles.table()[role] }

// Banned tells whether somebody is banned from a room. By its identity it does not come
// in; by its address, which counts for who has no identity, it waits in the lobby.
func (r *Rooms) Banned(name, identity string, from netip.Prefix) bool {
	if identity != "" {
		return r.bans.identity(name, identity, time.Now())
	}
	return r.bans.address(name, from, time.Now())
}

// Open returns the room with this name, made if need be, and keeps it alive
// until Release. unavailable once the registry is closing.
func (r *Rooms) Open(name string) (*Room, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing {
		return nil, refuse(codeUnavailable, "the server is shutting down")
	}
	room := r.byName[name]
	if room == nil {
		room = r.start(name)
		r.byName[name] = room
	}
	room.holders++
	return room, nil
}

// start makes a room and its goroutine. Called with the lock held.
func (r *Rooms) start(name string) *Room {
	wake := newBell()
	room := &Room{name: name, rooms: r, mail: newMailbox(wake), ended: make(chan struct{})}
	reports := newInbox(wake)
	room.router = r.newRouter(reports)
	a := &actor{
		room: room, wake: wake, reports: reports, log: r.log.With("room", name), count: &r.count, journals: r.journals,
		state: newState(name, *r.cfg.Load(), room.router, &r.bans, &r.count),
	}
	room.reign = a.state.reign
	r.count.rooms.Add(1)
	r.actors.Go(a.run)
	return room
}

// release gives back one hold of a room and ends the room with the last.
func (r *Rooms) release(room *Room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if room.holders--; room.holders == 0 {
		r.retire(room)
	}
}

// forsake has who opens the name of a room that failed get another.
func (r *Rooms) forsake(room *Room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retire(room)
}

// retire takes a room's name from it, and closes its mailbox. Called with the lock
// held.
func (r *Rooms) retire(room *Room) {
	// A newer room of the same name may have taken the place already.
	if r.byName[room.name] == room {
		delete(r.byName, room.name)
	}
	room.mail.close()
}

// Close ends all rooms and waits for their goroutines. Members that are still
// in hear unavailable.
func (r *Rooms) Close() {
	r.mu.Lock()
	r.closing = true
	for _, room := range r.byName {
		room.mail.close()
	}
	r.mu.Unlock()
	r.actors.Wait()
	if r.journals != nil {
		r.journals.Close()
	}
}

// Stats counts what goes on now.
func (r *Rooms) Stats() Stats {
	return Stats{
		Rooms: int(r.count.rooms.Load()), Members: int(r.count.members.Load()),
		ChatLines: r.count.chatLines.Load(), Panics: r.count.panics.Load(),
	}
}
