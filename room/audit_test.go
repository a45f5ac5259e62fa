package room

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"madang/sfu"
)

// fakeAudit remembers what it was told.
type fakeAudit struct{ acts []Act }

func (a *fakeAudit) Note(act Act) { a.acts = append(a.acts, act) }

func TestAuditHearsWhoDidWhatToWhom(t *testing.T) {
	h, _, moderator, person, _ := staffed(Policy{Lobby: "on"})
	audit := &fakeAudit{}
	h.audit = audit
	known := newGuest("known", 0, 0)
	known.Grant.Identity, known.From = "ada", netip.MustParsePrefix("203.0.113.7/32")
	h.comes(known)
	h.do(
		&admit{by(moderator), "known"}, &mute{by(moderator), "known", sfu.Mic, true}, &kick{by(moderator), "known", time.Hour},
		&kick{by(person), "owner", 0}, &kick{by(person), "owner", 0}, // the second goes without saying
		&hand{by(person), "", true}, &react{by(person), "👏"}, post("member", "1", "", "no text of anybody"),
		&lock{request{}, true}, &chatClear{by(moderator)},
	)
	ada := "known ada 203.0.113.7/32"
	want := []string{
		"admit by moderator of " + ada + " (): ok",
		"mute by moderator of " + ada + " (mic, held): ok",
		"kick by moderator of " + ada + " (banned for 1h0m0s): ok",
		"kick by member of owner  invalid Prefix (): forbidden",
		"lock by  of   invalid Prefix (true): ok",
		"clear by moderator of   invalid Prefix (): ok",
	}
	var got []string
	for _, a := range audit.acts {
		if a.Room != "hall" || !a.At.Equal(h.now) {
			t.Errorf("noted %+v", a)
		}
		got = append(got, fmt.Sprintf("%s by %s of %s %s %s (%s): %s", a.What, a.By.Member, a.Of.Member, a.Of.Identity, a.Of.From, a.Detail, a.Outcome))
	}
	if !slices.Equal(got, want) {
		t.Errorf("noted\n%q\nwant\n%q", got, want)
	}
}

func TestTheServerItselfOnlyModerates(t *testing.T) {
	h, owner, _, person, _ := staffed(Policy{})
	h.do(
		post("", "1", "", "from nobody"), &react{request{}, "👏"}, &hand{request{}, "", true}, &renew{}, &view{},
		&mute{request{}, "owner", sfu.Mic, true}, &kick{request{}, "member", 0}, &setRole{request{}, "owner", Guest},
	)
	h.pass(time.Second)
	if n := len(of[*ChatLine](owner.conn)) + len(of[*Reaction](owner.conn)); n != 0 {
		t.Errorf("nobody said something %d times", n)
	}
	if h.members["owner"].role != Guest || !h.members["owner"].held.Has(sfu.Mic) || person.conn.closed != codeForbidden {
		t.Error("the server does not act on all")
	}
}

func TestARoomIsSeenFromOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultConfig()
		cfg.Rooms.Lobby = "on"
		rooms, routers := newRooms(t, cfg)
		yard, hall := open(t, rooms, "yard"), open(t, rooms, "hall")
		host, waiting := newGuest("host", 1, 0), newGuest("waiting", 0, 0)
		yard.Enter(host.Joining)
		yard.Enter(waiting.Joining)
		yard.Publish("host", "", sfu.Camera, SourceLive)
		synctest.Wait()
		(*routers)[0].observer.SlotsChanged([]sfu.SlotState{{Slot: host.Pairs[0].Video, Source: host.source(sfu.Camera), Timestamp: 7}})
		synctest.Wait()

		all := rooms.List(context.Background())
		if len(all) != 2 || all[0].Name != "hall" || len(all[0].Members) != 0 {
			t.Fatalf("rooms: %+v", all)
		}
		is := all[1]
		if len(is.Members) != 1 || len(is.Waiting) != 1 || is.Waiting[0].ID != "waiting" {
			t.Fatalf("the yard: %+v", is)
		}
		m := is.Members[0]
		if m.Role != Owner || m.Since.IsZero() || len(m.Sources) != sourceKinds || m.Sources[sfu.Camera].State != SourceLive {
			t.Errorf("the host: %+v", m)
		}
		if slot := m.Slots[0]; slot.Mid != "v0" || slot.Media != sfu.Video || slot.Member != "host" || slot.Timestamp != 7 {
			t.Errorf("its slot: %+v", slot)
		}
		found, ok := rooms.Find("yard")
		if !ok || found != yard {
			t.Error("the yard is not found")
		}
		found.End("", "")
		synctest.Wait()
		if host.conn.closed != codeNotFound {
			t.Error("the server could not end a room")
		}
		yard.Release()
		hall.Release()
		synctest.Wait()
		if _, ok := yard.Info(context.Background()); ok || len(rooms.List(context.Background())) != 0 {
			t.Error("a room that has ended is seen")
		}
		if _, ok := rooms.Find("yard"); ok {
			t.Error("a room that has ended is found")
		}
		rooms.Close()
	})
}
