package signaling

import (
	"errors"
	"testing"
	"time"

	"madang/room"
	"madang/signaling/protocol"
	"madang/signaling/token"
)

func TestARevokedTokenEndsItsSessionsAndOpensNothing(t *testing.T) {
	for name, revoke := range map[string]func(h *house, you string) (int, error){
		"by its id":       func(h *house, _ string) (int, error) { return h.RevokeToken("7") },
		"by its identity": func(h *house, _ string) (int, error) { return h.RevokeIdentity("mina") },
		"by its member":   func(h *house, you string) (int, error) { return h.RevokeMember(room.MemberID(you)) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
			text := tokenFor(t, func(g *token.Grant) { g.ID = "7" })
			inside, waits, other := h.dial(t), h.dial(t), h.dial(t)
			inside.enters(text)
			waits.knocks(text)
			lobby := hear[*protocol.Lobby](waits)
			other.knocks(tokenFor(t, func(g *token.Grant) { g.Identity = "juno" }))
			hear[*protocol.Lobby](other)
			if ended, err := revoke(h, lobby.You); ended != 2 || err != nil {
				t.Errorf("%d sessions ended, %v", ended, err)
			}
			inside.isTurnedAway(errRevoked.message)
			waits.isTurnedAway(errRevoked.message)
			other.works()
			again := h.dial(t)
			again.knocks(text)
			again.isTurnedAway(errRevoked.message)
		})
	}
}

func TestTokensThatAreIssuedLaterAreGood(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()), withTokens)
	if ended, err := h.RevokeIdentity("mina"); ended != 0 || err != nil {
		t.Errorf("%d sessions ended, %v", ended, err)
	}
	later := h.dial(t)
	later.knocks(tokenFor(t, func(g *token.Grant) { g.Issued = time.Now().Add(2 * time.Second) })) // within the leeway
	hear[*protocol.Lobby](later)
	undated := h.dial(t)
	undated.knocks(tokenFor(t, func(g *token.Grant) { g.Issued = time.Time{} }))
	undated.isTurnedAway(errRevoked.message)
}

func TestWhoCameWithoutATokenHasNoneToRevoke(t *testing.T) {
	h := newHouse(t, withFakeMedia(newFakeMedia()))
	c := h.dial(t)
	lobby := c.inLobby("r", "Mina")
	for _, id := range []string{lobby.You, "nobody"} {
		if _, err := h.RevokeMember(room.MemberID(id)); !errors.Is(err, ErrNoToken) {
			t.Errorf("%s: %v", id, err)
		}
	}
	c.works()
}

func TestALedgerForgetsInTimeAndIsBounded(t *testing.T) {
	l := newLedger[int](2)
	now := time.Unix(1_761_912_000, 0)
	count := func(name string, until, at time.Time) bool {
		return l.change(name, until, at, func(n int) (int, bool) { return n + 1, n < 2 })
	}
	later, muchLater := now.Add(time.Minute), now.Add(time.Hour)
	for i, want := range []bool{true, true, false} {
		if got := count("a", later, now); got != want {
			t.Errorf("count %d: %t", i, got)
		}
	}
	if n, known := l.get("a", now); n != 2 || !known {
		t.Errorf("a = %d, %t", n, known)
	}
	if _, known := l.get("a", later); known {
		t.Error("a is known when its time has come")
	}
	if !count("b", muchLater, now) || count("c", muchLater, now) {
		t.Error("it takes more than it holds, or less")
	}
	if !count("c", muchLater, later) || len(l.entries) != 2 {
		t.Errorf("what its time has come for is not forgotten: %v", l.entries)
	}
	count("d", muchLater, muchLater)
	if n, _ := l.get("d", now); n != 1 {
		t.Errorf("d = %d", n)
	}
}
