package signaling

import (
	"fmt"
	"time"

	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// numbered tells whether the session's seq belongs to what waits for the WebSocket.
func numbered(item any) bool {
	_, plain := item.(protocol.Message)
	return !plain
}

// weight is about how many bytes there are in what is numbered.
func weight(item any) int {
	const each, person, slot = 100, 150, 80
	switch e := item.(type) {
	case welcome:
		return each + person*len(e.People)
	case *room.People:
		return each + person*(len(e.Add)+len(e.Set)+len(e.Del))
	case *room.Slots:
		return each + slot*len(e.Slots)
	case *room.Quality:
		return each + slot*len(e.Members)
	case *room.Waiting:
		return each + person*(len(e.Add)+len(e.Del))
	}
	return each
}

// encode writes what waits for the WebSocket. What goes to many is encoded once
// for all.
func encode(item any) []byte {
	switch e := item.(type) {
	case protocol.Message:
		return protocol.Encode(e)
	case welcome:
		return protocol.Encode(toWelcome(e))
	case *room.People:
		return e.Encoded(func() []byte { return protocol.Encode(toPeople(e)) })
	case *room.Speakers:
		return e.Encoded(func() []byte { return protocol.Encode(toSpeakers(e)) })
	case *room.Quality:
		return e.Encoded(func() []byte { return protocol.Encode(toQuality(e)) })
	case *room.Slots:
		return protocol.Encode(toSlots(e))
	case *room.Want:
		return protocol.Encode(toWant(e))
	}
	return encodeModeration(item)
}

// encodeModeration is encode for what comes of moderation.
func encodeModeration(item any) []byte {
	switch e := item.(type) {
	case *room.Reaction:
		return e.Encoded(func() []byte { return protocol.Encode(&protocol.React{Member: string(e.Member), Emoji: e.Emoji}) })
	case *room.Locked:
		return e.Encoded(func() []byte { return protocol.Encode(&protocol.Lock{Locked: e.Locked}) })
	case *room.SlowMode:
		return e.Encoded(func() []byte { return protocol.Encode(&protocol.Slow{Seconds: int(e.Every / time.Second)}) })
	case *room.Spotlight:
		return e.Encoded(func() []byte { return protocol.Encode(&protocol.Spotlight{Spot: toSpot(e.Spot)}) })
	case *room.Waiting:
		return e.Encoded(func() []byte { return protocol.Encode(&protocol.Waiting{Add: toWaiters(e.Add), Del: toIDs(e.Del)}) })
	case *room.May:
		return protocol.Encode(&protocol.May{Role: protocol.Role(e.Role.String()), May: toPermissions(e.May)})
	case *room.Muted:
		return protocol.Encode(&protocol.Mute{Source: toSource(e.Source), Hold: e.Hold, By: string(e.By)})
	case *room.UnmuteAsked:
		return protocol.Encode(&protocol.Unmute{Source: toSource(e.Source), By: string(e.By)})
	}
	panic(fmt.Sprintf("signaling: a %T has no encoding", item))
}

// appendChat writes what waits for the chat, behind what waits already.
func appendChat(waiting [][]byte, item any) [][]byte {
	switch e := item.(type) {
	case *room.ChatLine:
		return append(waiting, encodeLine(e))
	case *room.ChatPage:
		for _, line := range e.Lines {
			waiting = append(waiting, encodeLine(line))
		}
		return waiting
	case *room.ChatCaughtUp:
		return append(waiting, protocol.Encode(&protocol.CaughtUp{Seq: e.Seq}))
	case *room.ChatDeleted:
		return append(waiting, e.Encoded(func() []byte { return protocol.Encode(&protocol.Del{ID: e.ID}) }))
	case *room.ChatCleared:
		return append(waiting, e.Encoded(func() []byte { return protocol.Encode(&protocol.Cleared{Seq: e.Seq}) }))
	case *room.ChatTyping:
		return append(waiting, e.Encoded(func() []byte {
			return protocol.Encode(&protocol.Typing{From: string(e.From), To: string(e.To)})
		}))
	case *protocol.Error:
		return append(waiting, protocol.Encode(e))
	}
	panic(fmt.Sprintf("signaling: a %T has no encoding", item))
}

func encodeLine(line *room.ChatLine) []byte {
	return line.Encoded(func() []byte {
		return protocol.Encode(&protocol.ChatLine{
			Epoch: line.Epoch, Seq: line.Seq, ID: line.ID, CID: line.CID,
			From: string(line.From), Name: line.Name, To: string(line.To),
			Reply: line.Reply, Text: line.Text, At: line.At.UnixMilli(),
		})
	})
}

func toWelcome(e welcome) *protocol.Welcome {
	is := &protocol.Welcome{
		Re:      e.re,
		Room:    protocol.Room{Name: e.Room, Locked: e.Locked, SlowS: int(e.Slow / time.Second)},
		People:  toPersons(e.Welcome.People),
		Chat:    protocol.ChatMark{Last: e.ChatLast, Epoch: e.Epoch},
		Role:    protocol.Role(e.Role.String()),
		May:     toPermissions(e.May),
		Waiting: toWaiters(e.Waiting),
	}
	if spot := toSpot(e.Spot); spot.Member != "" {
		is.Room.Spotlight = &spot
	}
	return is
}

func toSpot(spot room.Spot) protocol.Spot {
	if spot.Member == "" {
		return protocol.Spot{}
	}
	return protocol.Spot{Member: string(spot.Member), Source: toSource(spot.Source)}
}

func toPeople(e *room.People) *protocol.People {
	return &protocol.People{Add: toPersons(e.Add), Set: toPersons(e.Set), Del: toIDs(e.Del)}
}

func toIDs(ids []room.MemberID) (all []string) {
	for _, id := range ids {
		all = append(all, string(id))
	}
	return all
}

func toSource(kind sfu.SourceKind) protocol.Source { return protocol.Source(kind.String()) }

func toSources(kinds []sfu.SourceKind) (all []protocol.Source) {
	for _, kind := range kinds {
		all = append(all, toSource(kind))
	}
	return all
}

func toPermissions(may room.Permissions) []protocol.Permission {
	all := []protocol.Permission{} // a list on the wire, be it empty
	for _, name := range may.Names() {
		all = append(all, protocol.Permission(name))
	}
	return all
}

func toWaiters(waiters []room.Waiter) (all []protocol.Waiter) {
	for _, w := range waiters {
		all = append(all, protocol.Waiter{Member: string(w.ID), Name: w.Name})
	}
	return all
}

func toPersons(people []room.Person) []protocol.Person {
	persons := make([]protocol.Person, len(people))
	for i, p := range people {
		sources := make(map[protocol.Source]protocol.SourceState, len(p.Sources))
		for kind, state := range p.Sources {
			sources[toSource(kind)] = protocol.SourceState(state)
		}
		persons[i] = protocol.Person{
			ID: string(p.ID), Name: p.Name, State: string(p.State), Role: protocol.Role(p.Role.String()), Hand: p.Hand,
			Sources: sources, Held: toSources(p.Held.List()),
		}
	}
	return persons
}

func toSpeakers(e *room.Speakers) *protocol.Speakers {
	levels := make([]protocol.Level, len(e.Levels))
	for i, l := range e.Levels {
		levels[i] = protocol.Level{Member: string(l.Member), Level: l.Level}
	}
	return &protocol.Speakers{Levels: levels}
}

func toSlots(e *room.Slots) *protocol.Slots {
	slots := make(map[string]protocol.Slot, len(e.Slots))
	for _, carried := range e.Slots {
		slot := protocol.Slot{Member: string(carried.Member), Why: string(carried.Why)}
		if carried.Member != "" {
			slot.Source = toSource(carried.Source)
		}
		if carried.Why == sfu.WhyNone {
			slot.TS = &carried.Timestamp
		}
		slots[carried.Mid] = slot
	}
	return &protocol.Slots{Slots: slots}
}

func toWant(e *room.Want) *protocol.Want {
	layers := e.Layers
	if layers == nil {
		layers = []string{} // a list on the wire, be it empty
	}
	return &protocol.Want{Source: toSource(e.Source), Layers: layers}
}

func toQuality(e *room.Quality) *protocol.Quality {
	members := make(map[string]protocol.Link, len(e.Members))
	for _, q := range e.Members {
		members[string(q.Member)] = protocol.Link{Up: int(q.Up), Down: int(q.Down), Why: string(q.Cause)}
	}
	return &protocol.Quality{Members: members}
}
