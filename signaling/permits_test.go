package signaling

import (
	"fmt"
	"testing"

	"madang/room"
	"madang/signaling/protocol"
)

// permitRow is a message and what its sender needs.
type permitRow struct {
	m     protocol.Message
	needs room.Permissions
}

// permitRows are the messages that a client may send, about another member of a lower
// role: each type at least once. A request has the id "asks".
func permitRows(other string) []permitRow {
	const id = "asks"
	mic, camera, screen, sound := protocol.Mic, protocol.Camera, protocol.Screen, protocol.ScreenAudio
	return []permitRow{
		{&protocol.Hello{ID: id, V: protocol.Version, Room: "r", Name: "n"}, 0},
		{&protocol.Join{ID: id, SDP: "offer"}, room.MayJoin},
		{&protocol.Enter{ID: id}, room.MayJoin},
		{&protocol.Offer{ID: id, SDP: "more"}, room.MayJoin},
		{&protocol.Ready{Re: "join"}, 0},
		{&protocol.ICE{}, 0},
		{&protocol.Bye{}, 0},
		{&protocol.Ping{TS: 1}, 0},
		{&protocol.Pong{TS: 1}, 0},
		{&protocol.Token{ID: id, Token: "none"}, 0},
		{&protocol.Invite{ID: id, Role: protocol.Guest, TTLS: 60, Uses: 1}, room.MayModerate},
		{&protocol.Record{ID: id, On: true}, room.MayRecord},

		{&protocol.Publish{ID: id, Source: mic, State: protocol.Live}, room.MayMic},
		{&protocol.Publish{ID: id, Source: mic, State: protocol.Muted}, room.MayMic},
		{&protocol.Publish{ID: id, Source: mic, State: protocol.Ended}, 0},
		{&protocol.Publish{ID: id, Source: camera, State: protocol.Live}, room.MayCamera},
		{&protocol.Publish{ID: id, Source: screen, State: protocol.Live}, room.MayScreen},
		{&protocol.Publish{ID: id, Source: sound, State: protocol.Live}, room.MayScreen},
		{&protocol.View{ID: id}, room.MaySubscribe},

		{&protocol.ChatMsg{CID: id, Text: "hi"}, room.MayChat},
		{&protocol.ChatMsg{CID: id, Text: "hi", To: other}, room.MayPrivate},
		{&protocol.Typing{}, room.MayChat},
		{&protocol.Typing{To: other}, room.MayPrivate},
		{&protocol.Since{}, room.MayChat},
		{&protocol.Del{ID: id}, 0},

		{&protocol.Hand{ID: id, Up: true}, room.MayHand},
		{&protocol.Hand{ID: id}, 0},
		{&protocol.Hand{ID: id, Member: other}, room.MayModerate},
		{&protocol.React{ID: id, Emoji: "👏"}, room.MayReact},
		{&protocol.SetRole{ID: id, Member: other, Role: protocol.Guest}, room.MayModerate},
		{&protocol.SetRole{ID: id, Member: other, Role: protocol.Moderator}, room.MayAdmin},
		{&protocol.SetRole{ID: id, Member: other, Role: protocol.Owner}, room.MayAdmin},
		{&protocol.Mute{ID: id, Member: other, Source: mic}, room.MayModerate},
		{&protocol.Mute{ID: id, Source: mic, Hold: true}, room.MayModerate},
		{&protocol.Unmute{ID: id, Member: other, Source: mic}, room.MayModerate},
		{&protocol.Kick{ID: id, Member: other, BanS: 1}, room.MayModerate},
		{&protocol.Lock{ID: id, Locked: true}, room.MayModerate},
		{&protocol.Admit{ID: id}, room.MayModerate},
		{&protocol.Deny{ID: id, Member: other}, room.MayModerate},
		{&protocol.Slow{ID: id, Seconds: 1}, room.MayModerate},
		{&protocol.Spotlight{ID: id, Spot: protocol.Spot{Member: other, Source: camera}}, room.MayModerate},
		{&protocol.Clear{ID: id}, room.MayModerate},
		{&protocol.End{ID: id}, room.MayAdmin},
	}
}

func TestEveryMessageIsKnownToNeedSomethingOrNothing(t *testing.T) {
	rows := map[string]bool{}
	for _, row := range permitRows("other") {
		rows[row.m.Type()] = true
	}
	for _, m := range protocol.FromClient() {
		if !rows[m.Type()] {
			t.Errorf("%s has no row in this test", m.Type())
		}
		if _, known := needs(m); !known {
			t.Errorf("%s has no row in needs", m.Type())
		}
	}
	for _, m := range []protocol.Message{&protocol.Lobby{}, &protocol.Done{}, nil} {
		if _, known := needs(m); known {
			t.Errorf("a %T may be sent by clients", m)
		}
	}
}

// Each message is sent by one who may do everything but one thing, for each thing.
func TestEveryMessageNeedsItsPermissionAndNoOther(t *testing.T) {
	const everything = room.MayAdmin<<1 - 1
	for lacks := room.Permissions(1); lacks <= room.MayAdmin; lacks <<= 1 {
		t.Run("without "+lacks.String(), func(t *testing.T) {
			h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
				s.rooms.Roles.Owner = (everything &^ lacks).Names()
				s.doors.Limits.ConnectionsPerIP = 1000
			})
			for i := range permitRows("") {
				roomName := fmt.Sprint("row ", i)
				asks, other := h.dial(t), h.dial(t)
				asks.inside(roomName, "Asks", "offer")
				row := permitRows(other.arrives(roomName))[i]
				refused := row.m.Type() == "typing" && !other.seesTyping(asks, row.m) || row.m.Type() != "typing" && asks.isRefused(row.m)
				if refused != row.needs.Has(lacks) {
					t.Errorf("%s: refused: %v", protocol.Encode(row.m), refused)
				}
			}
		})
	}
}

// arrives enters a room and returns its id.
func (c *caller) arrives(roomName string) (id string) {
	c.t.Helper()
	id = c.inLobby(roomName, "Other").You
	c.say(&protocol.Join{ID: "join", SDP: "offer"})
	hear[*protocol.Joined](c)
	c.say(&protocol.Enter{ID: "enter"})
	hear[*protocol.Welcome](c)
	return id
}

// isRefused sends a message and tells whether the answer is that the caller may not.
func (c *caller) isRefused(m protocol.Message) (refused bool) {
	c.t.Helper()
	c.say(m)
	c.say(&protocol.Hand{ID: "then"}) // which goes behind it all the way
	for heard := range c.heard {
		switch heard := heard.(type) {
		case *protocol.Error:
			if heard.Code == protocol.Forbidden && heard.Message == errMayNot.message {
				return true
			}
			if heard.CID != "" {
				return false
			}
		case *protocol.ChatLine, *protocol.CaughtUp:
			return false
		case *protocol.Done:
			if _, chat := m.(*protocol.ChatMsg); heard.Re == "then" && !chat && m.Type() != "since" { // chat has its own queue
				return false
			}
		}
	}
	return false // closed, as it wished
}

// seesTyping tells whether the caller hears that another types, who does.
func (c *caller) seesTyping(other *caller, m protocol.Message) bool {
	c.t.Helper()
	if other.isRefused(m) {
		return false
	}
	c.say(&protocol.ChatMsg{CID: "then", Text: "now"})
	for {
		switch hear[protocol.Message](c).(type) {
		case *protocol.Typing:
			return true
		case *protocol.ChatLine:
			return false
		}
	}
}
