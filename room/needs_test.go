package room

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"testing"
	"time"

	"madang/sfu"
)

// need is a message and what its sender must be allowed to do.
type need struct {
	message func(from MemberID) message
	needs   Permissions
}

// everyNeed has each message a room takes, as often as it needs different things.
func everyNeed() []need {
	r := func(from MemberID) request { return asked(from, "r") }
	q := func(from MemberID) question { return question{from, "r"} }
	return []need{
		{func(from MemberID) message { return &enter{newGuest(string(from), 0, 0).Joining} }, MayJoin},
		{func(from MemberID) message { return &leave{sender: sender{from}} }, 0},
		{func(from MemberID) message { return &negotiated{sender: sender{from}} }, 0},
		{func(from MemberID) message { return &rejoin{negotiated{sender: sender{from}}} }, 0},
		{func(from MemberID) message { return &renew{sender{from}} }, 0},
		{func(from MemberID) message { return &presence{sender{from}, PersonIn} }, 0},
		{func(from MemberID) message { return &regrant{sender: sender{from}} }, 0},
		{func(from MemberID) message { return &reconfigure{config: DefaultConfig()} }, 0},
		{func(from MemberID) message { return &look{reply: make(chan Info, 1)} }, 0},
		{func(from MemberID) message { return &publish{q(from), sfu.Mic, SourceLive} }, MayMic},
		{func(from MemberID) message { return &publish{q(from), sfu.Mic, SourceMuted} }, MayMic},
		{func(from MemberID) message { return &publish{q(from), sfu.Mic, SourceEnded} }, 0},
		{func(from MemberID) message { return &publish{q(from), sfu.Camera, SourceLive} }, MayCamera},
		{func(from MemberID) message { return &publish{q(from), sfu.Screen, SourceLive} }, MayScreen},
		{func(from MemberID) message { return &publish{q(from), sfu.ScreenAudio, SourceLive} }, MayScreen},
		{func(from MemberID) message { return &view{question: q(from)} }, MaySubscribe},
		{func(from MemberID) message { return &chatPost{sender{from}, ChatPost{CID: "c", Text: "text"}} }, MayChat},
		{func(from MemberID) message {
			return &chatPost{sender{from}, ChatPost{CID: "c", To: "other", Text: "text"}}
		}, MayPrivate},
		{func(from MemberID) message { return &chatTyping{sender{from}, ""} }, MayChat},
		{func(from MemberID) message { return &chatTyping{sender{from}, "other"} }, MayPrivate},
		{func(from MemberID) message { return &chatSince{sender: sender{from}} }, MayChat},
		{func(from MemberID) message { return &chatDelete{q(from), "own"} }, 0},
		{func(from MemberID) message { return &hand{r(from), "", true} }, MayHand},
		{func(from MemberID) message { return &hand{r(from), from, true} }, MayHand},
		{func(from MemberID) message { return &hand{r(from), "", false} }, 0},
		{func(from MemberID) message { return &hand{r(from), "other", false} }, MayModerate},
		{func(from MemberID) message { return &react{r(from), "👏"} }, MayReact},
		{func(from MemberID) message { return &setRole{r(from), "other", Guest} }, MayModerate},
		{func(from MemberID) message { return &setRole{r(from), "other", Member} }, MayModerate},
		{func(from MemberID) message { return &setRole{r(from), "other", Moderator} }, MayAdmin},
		{func(from MemberID) message { return &setRole{r(from), "other", Owner} }, MayAdmin},
		{func(from MemberID) message { return &mute{r(from), "other", sfu.Mic, true} }, MayModerate},
		{func(from MemberID) message { return &mute{r(from), "", sfu.Mic, false} }, MayModerate},
		{func(from MemberID) message { return &unmute{r(from), "other", sfu.Mic} }, MayModerate},
		{func(from MemberID) message { return &kick{r(from), "other", time.Hour} }, MayModerate},
		{func(from MemberID) message { return &lock{r(from), true} }, MayModerate},
		{func(from MemberID) message { return &admit{r(from), "waits"} }, MayModerate},
		{func(from MemberID) message { return &deny{r(from), "waits"} }, MayModerate},
		{func(from MemberID) message { return &slow{r(from), time.Minute} }, MayModerate},
		{func(from MemberID) message { return &spotlight{r(from), Spot{"other", sfu.Camera}} }, MayModerate},
		{func(from MemberID) message { return &chatClear{r(from)} }, MayModerate},
		{func(from MemberID) message { return &end{r(from)} }, MayAdmin},
	}
}

// TestEveryMessageNeedsItsPermission tries each message with all permissions but one,
// and with that one alone.
func TestEveryMessageNeedsItsPermission(t *testing.T) {
	for _, n := range everyNeed() {
		name := reflect.TypeOf(n.message("")).Elem().Name()
		if _, ok := n.message("").(outsider); ok && n.needs == 0 {
			continue // from the session, not from the client
		}
		for bit := range Permissions(12) {
			one := Permissions(1) << bit
			without := refusedTo(n, mayAll&^one)
			with := refusedTo(n, one|MayJoin)
			if needed := n.needs == one; without != needed || with != (n.needs != 0 && !needed && n.needs != MayJoin) {
				t.Errorf("%s, which needs %q: refused without %q: %v, refused with that alone: %v", name, n.needs, one, without, with)
			}
		}
	}
}

// refusedTo tells whether a message of one who is allowed something is forbidden, or
// dropped, and that then it changes nothing.
func refusedTo(n need, may Permissions) bool {
	h := newHall(Policy{MaxMembers: 9}, DefaultChatConfig())
	other, waits, g := newGuest("other", 0, 0).as(Guest), newGuest("waits", 0, 0), newGuest("g", 1, 0)
	other.Grant.May = mayAll
	waits.Grant.Waits = true
	g.Grant = Grant{Role: Owner, May: may}
	msg := n.message(g.ID)
	if e, ok := msg.(*enter); ok {
		e.Grant = g.Grant
		h.comes(other, waits)
		h.do(e)
		return h.members[g.ID] == nil
	}
	g.Grant.May |= MayJoin
	h.comes(other, waits, g)
	h.pass(time.Second)
	before, heard := h.likeness(), len(other.conn.heard())
	h.members[g.ID].may = may
	h.do(msg)
	told := false
	for _, e := range g.conn.heard() {
		switch e := e.(type) {
		case *Failed:
			told = told || e.Err.Code() == codeForbidden
		case *ChatRefused:
			told = told || e.Err.Code() == codeForbidden
		}
	}
	if _, silent := msg.(*chatTyping); silent {
		told = len(other.conn.heard()) == heard
	}
	if told && (h.likeness() != before || len(other.conn.heard()) != heard) {
		panic("refused and done all the same")
	}
	return told
}

// TestEveryMessageIsInTheTable reads the sources: what has needs has a row.
func TestEveryMessageIsInTheTable(t *testing.T) {
	rows := map[string]bool{}
	for _, n := range everyNeed() {
		rows[reflect.TypeOf(n.message("")).Elem().Name()] = true
		if got := n.message("g").needs(); got != n.needs {
			t.Errorf("%T needs %q, want %q", n.message("g"), got, n.needs)
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "needs.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		method, ok := d.(*ast.FuncDecl)
		if !ok || method.Recv == nil {
			continue
		}
		if name := method.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name; !rows[name] {
			t.Errorf("%s has no row", name)
		}
	}
}

func TestPermissionsHaveTheirNames(t *testing.T) {
	all := Permissions(mayAll)
	if got := all.String(); got != permissionNames {
		t.Errorf("all are %q", got)
	}
	for bit, name := range all.Names() {
		if p, err := ParsePermissions([]string{name}); err != nil || p != 1<<bit || p.String() != name {
			t.Errorf("%s is %v, %v", name, p, err)
		}
	}
	if _, err := ParsePermissions([]string{"join", "fly"}); err == nil {
		t.Error("fly is a permission")
	}
	for role := Guest; role <= Owner; role++ {
		if got, ok := ParseRole(role.String()); !ok || got != role {
			t.Errorf("%s is %s", role, got)
		}
	}
	for _, name := range []string{"", "server", "Owner"} {
		if _, ok := ParseRole(name); ok {
			t.Errorf("%q is a role", name)
		}
	}
}

// likeness is all of a room that a message can change.
func (h *hall) likeness() string {
	is := fmt.Sprint(h.locked, h.slow, h.chat.stamped, len(h.chat.log.lines), len(h.bans.until), len(h.lobby.waiting), len(h.lobby.denied), "\n")
	for _, m := range h.arrived {
		is += fmt.Sprint(m.id, m.standing, m.states, m.held, m.person.Hand, m.person.State, m.tiles, m.conn.(*fakeConn).closed, "\n")
	}
	return is
}
