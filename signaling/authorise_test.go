package signaling

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"madang/room"
	"madang/room/password"
	"madang/signaling/protocol"
	"madang/signaling/token"
)

func TestWhatPasswordsOpen(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.rooms.Rooms.FirstRole = "none"
		s.rooms.Rooms.Overrides = []room.Override{
			{Name: "hashed", Policy: room.Policy{Password: room.Secret(password.Hash("open sesame")), OwnerPassword: "mine"}},
			{Name: "owned", Policy: room.Policy{OwnerPassword: room.Secret(password.Hash("mine"))}},
			{Name: "tokens", Policy: room.Policy{Access: "token", Password: "open sesame", OwnerPassword: "mine"}},
		}
	})
	for _, c := range []struct {
		room, given string
		role        protocol.Role // empty: it is refused
		refuse      string
	}{
		{"open", "", "member", ""},
		{"open", "open sesame", "", errWrongPassword.message},
		{"hashed", "", "", errPasswordFirst.message},
		{"hashed", "open", "", errWrongPassword.message},
		{"hashed", "open sesame", "member", ""},
		{"hashed", "mine", "owner", ""},
		{"owned", "", "member", ""},
		{"owned", "yours", "", errWrongPassword.message},
		{"owned", "mine", "owner", ""},
		{"tokens", "", "", errTokenFirst.message},
		{"tokens", "open", "", errWrongPassword.message},
		{"tokens", "open sesame", "", errTokenFirst.message},
		{"tokens", "mine", "owner", ""},
	} {
		t.Run(c.room+" "+c.given, func(t *testing.T) {
			guest := h.dial(t)
			guest.say(&protocol.Hello{ID: "hello", V: 1, Room: c.room, Name: "Mina", Password: c.given})
			if c.role == "" {
				guest.isTurnedAway(c.refuse)
				return
			}
			hear[*protocol.Lobby](guest)
			guest.say(&protocol.Join{ID: "join", SDP: "offer"})
			hear[*protocol.Joined](guest)
			guest.say(&protocol.Enter{ID: "enter"})
			if welcome := hear[*protocol.Welcome](guest); welcome.Role != c.role {
				t.Errorf("welcome = %+v", *welcome)
			}
		})
	}
}

func TestRightPasswordsAreNotCounted(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withPasswords, func(s *settings) { s.doors.Limits.PasswordsPerMinute = 2 })
	for range 5 {
		c := h.dial(t)
		c.say(&protocol.Hello{ID: "hello", V: 1, Room: "r", Name: "Mina", Password: "open sesame"})
		hear[*protocol.Lobby](c)
	}
}

func TestNoPasswordIsLookedAtOfWhoHasNoName(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withPasswords, func(s *settings) { s.doors.Limits.PasswordsPerMinute = 1 })
	c := h.dial(t)
	for range 3 {
		c.say(&protocol.Hello{ID: "hello", V: 1, Room: "r", Name: "\u200b", Password: "open"})
		c.hearError(protocol.BadMessage)
	}
	c.say(&protocol.Hello{ID: "hello", V: 1, Room: "r", Name: "Mina", Password: "open sesame"})
	hear[*protocol.Lobby](c)
}

func TestGuessesOfOnePasswordAreBoundedWhereverTheyComeFrom(t *testing.T) {
	limits := DefaultLimitsConfig()
	limits.RoomPasswordsPerMinute = 3
	p := newPasswords(limits)
	guess := func(from byte, of room.Secret) protocol.Code {
		address := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, from}), 32)
		err := p.try(t.Context(), address, target{member: of}, func() bool { return false })
		if refused, ok := err.(*refusal); ok {
			return refused.code
		}
		return ""
	}
	for i := range byte(3) {
		if code := guess(i, "word"); code != "" {
			t.Errorf("guess %d: %s", i, code)
		}
	}
	if code := guess(3, "word"); code != protocol.Unavailable {
		t.Errorf("one too many: %q", code)
	}
	if code := guess(3, "another"); code != "" {
		t.Errorf("another password: %s", code)
	}
}

func TestComparisonsWaitForASlotAndAreBounded(t *testing.T) {
	p := newPasswords(DefaultLimitsConfig())
	p.slots = make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	going, goOn := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if right, err := p.run(ctx, func() bool { close(going); <-goOn; return true }); !right || err != nil {
			t.Errorf("%t, %v", right, err)
		}
	})
	<-going
	for range maxComparisons - 1 {
		all.Go(func() {
			if _, err := p.run(ctx, func() bool { t.Error("two at a time"); return true }); err != errClosing {
				t.Error(err)
			}
		})
	}
	for p.waiting.Load() < maxComparisons {
		time.Sleep(time.Millisecond)
	}
	if _, err := p.run(ctx, nil); err != errBusy {
		t.Errorf("one too many: %v", err)
	}
	cancel()
	for p.waiting.Load() > 1 {
		time.Sleep(time.Millisecond)
	}
	close(goOn)
	all.Wait()
}

func TestWhatRoomsNeedSaysNothingOfWhetherTheyExist(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), func(s *settings) {
		s.rooms.Rooms.Overrides = []room.Override{
			{Name: "class-*", Policy: room.Policy{Password: "x"}},
			{Name: "token-*", Policy: room.Policy{Access: "token"}},
		}
	})
	h.dial(t).inside("yard", "Mina", "offer")
	for name, want := range map[string]string{
		"yard": `{"needs":[]}`, "nowhere": `{"needs":[]}`,
		"class-1": `{"needs":["password"]}`, "token-1": `{"needs":["token"]}`,
	} {
		if _, body := get(t, "http://"+h.Addr().String()+"/api/rooms/"+name, nil); strings.TrimSpace(body) != want {
			t.Errorf("%s needs %s, want %s", name, body, want)
		}
	}
}

// By text and by time: each answer is compared with that for a room where nobody is.
func TestARoomThatOneMayNotEnterAnswersAsOneThatDoesNotExist(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens, func(s *settings) {
		s.doors.Limits.PasswordsPerMinute, s.doors.Limits.RoomPasswordsPerMinute = 1000, 1000
		s.rooms.Rooms.OwnerPassword = room.Secret(password.Hash("mine"))
	})
	h.dial(t).enters(tokenFor(t))
	elsewhere := tokenFor(t, func(g *token.Grant) { g.Room = "vip" })
	for name, hello := range map[string]protocol.Hello{
		"nothing":          {},
		"a wrong password": {Password: "guess"},
		"a foreign token":  {Token: elsewhere},
		"a bad token":      {Token: "guess"},
		"a lost session":   {Resume: &protocol.Resume{Session: randomSecret()}},
	} {
		t.Run(name, func(t *testing.T) {
			told, took := map[string]protocol.Error{}, map[string]time.Duration{}
			for range 5 {
				for _, roomName := range []string{"r", "nowhere"} {
					c, m := h.dial(t), hello
					m.ID, m.V, m.Room, m.Name = "hello", 1, roomName, "Eve"
					began := time.Now()
					c.say(&m)
					told[roomName] = *hear[*protocol.Error](c)
					if d := time.Since(began); took[roomName] == 0 || d < took[roomName] {
						took[roomName] = d // the least: what else the machine does is not counted
					}
				}
			}
			if told["r"] != told["nowhere"] {
				t.Errorf("told %+v, and %+v of one that does not exist", told["r"], told["nowhere"])
			}
			if gap := (took["r"] - took["nowhere"]).Abs(); gap > max(took["r"], 20*time.Millisecond)/2 {
				t.Errorf("answered after %v, and after %v of one that does not exist", took["r"], took["nowhere"])
			}
		})
	}
}
