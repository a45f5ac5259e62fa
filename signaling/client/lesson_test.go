package client_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"madang/signaling/protocol"
)

func TestALesson(t *testing.T) {
	t.Parallel()
	l := newLesson(t)
	_, joined := l.comes("Teacher")
	l.teacher = l.in(joined)
	if l.teacher.Role() != protocol.Owner || !l.teacher.May(protocol.MayAdmin) {
		t.Fatalf("the teacher is %s and may %v", l.teacher.Role(), l.teacher.Welcome().May)
	}
	for _, step := range []struct {
		name string
		take func(*lesson)
	}{
		{"who waits is admitted one by one, denied, or admitted with all others", (*lesson).lobby},
		{"hands stand in the order in which they were raised", (*lesson).hands},
		{"all see a reaction, but not many", (*lesson).reactions},
		{"mute all silences also who goes on sending and says that it is live", (*lesson).muteAll},
		{"who is asked to unmute may, and nobody else", (*lesson).askToUnmute},
		{"a moderator acts on those below, and gives no role above its own", (*lesson).ranks},
		{"who is kicked is gone for good", (*lesson).kick},
		{"who comes to a locked room is refused", (*lesson).lock},
		{"slow mode holds for who does not moderate", (*lesson).slowMode},
		{"what is cleared is gone", (*lesson).clear},
		{"the end is for all", (*lesson).end},
	} {
		if !t.Run(step.name, func(t *testing.T) {
			l.T = t
			step.take(l)
		}) {
			return
		}
	}
}

func (l *lesson) lobby() {
	waits, first := l.comes("Ada")
	if is := <-waits; is.State != protocol.StateWaiting {
		l.Fatalf("the lobby is %s", is.State)
	}
	l.do(l.teacher.Admit(l.Context(), l.waiter(l.teacher, "Ada")))
	l.ada = l.in(first)
	_, denied := l.comes("Eve")
	l.do(l.teacher.Deny(l.Context(), l.waiter(l.teacher, "Eve")))
	l.refused((<-denied).err, protocol.Forbidden)
	_, second := l.comes("Bo")
	_, third := l.comes("Cy")
	l.waiter(l.teacher, "Bo")
	l.waiter(l.teacher, "Cy")
	l.refused(l.ada.Admit(l.Context(), ""), protocol.Forbidden)
	l.do(l.teacher.Admit(l.Context(), ""))
	l.bo, l.cy = l.in(second), l.in(third)
	eventually(l.T, "nobody waits", func() bool { return len(l.teacher.Waiting()) == 0 })
	if waiting := l.ada.Waiting(); len(waiting) > 0 || l.ada.Role() != protocol.Member {
		l.Errorf("a %s is told that %v wait", l.ada.Role(), waiting)
	}
}

func (l *lesson) hands() {
	l.do(l.bo.Hand(l.Context(), true))
	l.do(l.ada.Hand(l.Context(), true))
	eventually(l.T, "Bo's hand is up before Ada's", func() bool {
		first, second := l.teacher.sees(l.bo).Hand, l.teacher.sees(l.ada).Hand
		return first > 0 && first < second
	})
	l.refused(l.ada.LowerHand(l.Context(), l.bo.You()), protocol.Forbidden)
	l.do(l.teacher.LowerHand(l.Context(), l.bo.You()))
	l.do(l.ada.Hand(l.Context(), false))
	eventually(l.T, "hands are down", func() bool { return l.cy.sees(l.bo).Hand == 0 && l.cy.sees(l.ada).Hand == 0 })
}

func (l *lesson) reactions() {
	l.do(l.ada.React(l.Context(), "👏"))
	if is := await[*protocol.React](l.T, l.cy.Bot); is.Member != l.ada.You() || is.Emoji != "👏" {
		l.Errorf("Cy sees %+v", *is)
	}
	var err error
	for range 5 {
		err = errors.Join(err, l.ada.React(l.Context(), "🎉"))
	}
	l.refused(err, protocol.TooFast)
}

func (l *lesson) muteAll() {
	for _, p := range []*pupil{l.ada, l.bo} {
		publish(l.T, p.Bot, protocol.Mic)
		eventually(l.T, "all hear "+p.sees(p).Name, func() bool { return l.teacher.hears(p, time.Time{}) && l.cy.hears(p, time.Time{}) })
	}
	l.refused(l.ada.Mute(l.Context(), "", protocol.Mic, true), protocol.Forbidden)
	l.do(l.teacher.Mute(l.Context(), "", protocol.Mic, true))
	for _, p := range []*pupil{l.ada, l.bo} {
		if is := await[*protocol.Mute](l.T, p.Bot); is.Source != protocol.Mic || !is.Hold || is.By != l.teacher.You() {
			l.Errorf("%s is told %+v", p.sees(p).Name, *is)
		}
		eventually(l.T, "it is seen", func() bool {
			is := l.cy.sees(p)
			return is.Sources[protocol.Mic] == protocol.Muted && slices.Equal(is.Held, []protocol.Source{protocol.Mic})
		})
	}
	for range 3 {
		_, err := l.ada.Client.Publish(protocol.Mic)
		l.do(err)
		if is := l.complaint(l.ada); is.Code != protocol.Forbidden {
			l.Errorf("live is answered %+v", *is)
		}
	}
	l.silent(l.ada, l.teacher, l.bo, l.cy)
}

func (l *lesson) askToUnmute() {
	l.refused(l.bo.Unmute(l.Context(), l.bo.You(), protocol.Mic), protocol.Forbidden)
	l.do(l.teacher.Unmute(l.Context(), l.ada.You(), protocol.Mic))
	if is := await[*protocol.Unmute](l.T, l.ada.Bot); is.Source != protocol.Mic || is.By != l.teacher.You() {
		l.Errorf("Ada is asked %+v", *is)
	}
	l.silent(l.ada, l.teacher, l.bo, l.cy) // before she agrees
	now := time.Now()
	_, err := l.ada.Client.Publish(protocol.Mic)
	l.do(err)
	eventually(l.T, "Ada is heard again", func() bool { return l.teacher.hears(l.ada, now) && l.bo.hears(l.ada, now) })
	l.silent(l.bo, l.teacher, l.ada, l.cy)
}

func (l *lesson) ranks() {
	l.refused(l.ada.SetRole(l.Context(), l.ada.You(), protocol.Owner), protocol.Forbidden)
	l.do(l.teacher.SetRole(l.Context(), l.ada.You(), protocol.Moderator))
	eventually(l.T, "Ada moderates", func() bool {
		return l.ada.May(protocol.MayModerate) && l.cy.sees(l.ada).Role == protocol.Moderator
	})
	l.refused(l.ada.SetRole(l.Context(), l.bo.You(), protocol.Owner), protocol.Forbidden)
	l.refused(l.ada.Kick(l.Context(), l.teacher.You(), 0), protocol.Forbidden)
	l.refused(l.ada.Mute(l.Context(), l.teacher.You(), protocol.Mic, false), protocol.Forbidden)
	l.refused(l.ada.End(l.Context()), protocol.Forbidden)
	l.refused(l.ada.Kick(l.Context(), "NOBODY", 0), protocol.NotFound)
	l.do(l.ada.SetRole(l.Context(), l.bo.You(), protocol.Guest))
	eventually(l.T, "Bo is a guest", func() bool { return l.bo.Role() == protocol.Guest && !l.bo.May(protocol.MayMic) })
	l.do(l.teacher.SetRole(l.Context(), l.ada.You(), protocol.Member))
	eventually(l.T, "Ada does not moderate", func() bool { return !l.ada.May(protocol.MayModerate) })
	l.refused(l.ada.Kick(l.Context(), l.bo.You(), 0), protocol.Forbidden)
}

func (l *lesson) kick() {
	l.do(l.teacher.Kick(l.Context(), l.bo.You(), time.Hour))
	<-l.bo.Done()
	if !closedWith(l.bo.Err(), protocol.CloseKicked) {
		l.Errorf("Bo ends with %v", l.bo.Err())
	}
	eventually(l.T, "Bo is gone", func() bool { _, there := l.ada.People()[l.bo.You()]; return !there })
}

func (l *lesson) lock() {
	l.do(l.teacher.Lock(l.Context(), true))
	eventually(l.T, "all know", func() bool { return l.cy.Room().Locked && l.ada.Room().Locked })
	_, joined := l.comes("Late")
	l.refused((<-joined).err, protocol.RoomLocked)
	l.do(l.teacher.Lock(l.Context(), false))
	l.admitted(l.teacher, "Later")
}

func (l *lesson) slowMode() {
	l.do(l.teacher.Slow(l.Context(), time.Hour))
	eventually(l.T, "all know", func() bool { return l.cy.Room().SlowS == 3600 })
	for _, text := range []string{"one", "two"} {
		l.do(l.cy.Chat(&protocol.ChatMsg{Text: text}))
	}
	if is := l.complaint(l.cy); is.Code != protocol.TooFast || is.CID == "" || is.RetryMS < 3500_000 {
		l.Errorf("the second line is answered %+v", *is)
	}
	for _, text := range []string{"one", "two"} {
		l.do(l.teacher.Chat(&protocol.ChatMsg{Text: text}))
	}
	lines(l.T, l.teacher.Bot, 3)
	l.do(l.teacher.Slow(l.Context(), 0))
	l.do(l.cy.Chat(&protocol.ChatMsg{Text: "three"}))
	lines(l.T, l.teacher.Bot, 1)
}

func (l *lesson) clear() {
	l.refused(l.cy.ClearChat(l.Context()), protocol.Forbidden)
	l.do(l.teacher.ClearChat(l.Context()))
	cleared := await[*protocol.Cleared](l.T, l.cy.Bot)
	late := l.admitted(l.teacher, "Late")
	l.do(late.Chat(&protocol.Since{}))
	for {
		switch m := await[protocol.Message](l.T, late.Bot).(type) {
		case *protocol.ChatLine:
			l.Errorf("%+v is still there after %+v", *m, *cleared)
		case *protocol.CaughtUp:
			return
		}
	}
}

func (l *lesson) end() {
	l.refused(l.cy.End(l.Context()), protocol.Forbidden)
	l.do(l.teacher.End(l.Context()))
	for _, p := range []*pupil{l.teacher, l.ada, l.cy} {
		<-p.Done()
		if !closedWith(p.Err(), protocol.CloseRoomGone) {
			l.Errorf("it ends with %v", p.Err())
		}
	}
}
