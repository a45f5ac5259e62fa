package client_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/protocol"
)

// newClass is a lesson that has a teacher and a pupil.
func newClass(t *testing.T, change ...func(*bot.Options)) *lesson {
	t.Helper()
	l := newLesson(t)
	_, joined := l.comes("Teacher")
	l.teacher = l.in(joined)
	l.ada = l.admitted(l.teacher, "Ada", change...)
	return l
}

// says has a pupil say how one of its sources is.
func (l *lesson) says(p *pupil, source protocol.Source) {
	l.Helper()
	_, err := p.Client.Publish(source)
	l.do(err)
}

func TestWhatAModeratorStopsReachesNobody(t *testing.T) {
	for source, is := range map[protocol.Source]protocol.SourceState{
		protocol.Mic: protocol.Muted, protocol.Camera: protocol.Muted, protocol.Screen: "", // which has ended
	} {
		t.Run(string(source), func(t *testing.T) {
			t.Parallel()
			l := newClass(t)
			publish(t, l.ada.Bot, source)
			eventually(t, "it comes", func() bool { return l.teacher.gets(source, l.ada, time.Time{}) })

			l.do(l.teacher.Mute(t.Context(), l.ada.You(), source, false))
			eventually(t, "all know", func() bool { return l.teacher.sees(l.ada).Sources[source] == is })
			l.stopped(source, l.ada, l.teacher)
			now := time.Now()
			l.says(l.ada, source)
			eventually(t, "it comes again, as nothing holds it", func() bool { return l.teacher.gets(source, l.ada, now) })

			l.do(l.teacher.Mute(t.Context(), l.ada.You(), source, true))
			l.says(l.ada, source)
			if e := l.complaint(l.ada); e.Code != protocol.Forbidden {
				t.Errorf("live is answered %+v", *e)
			}
			l.stopped(source, l.ada, l.teacher)
		})
	}
}

func TestWhoMayNotPublishIsNotHeard(t *testing.T) {
	t.Parallel()
	l := newClass(t)
	publish(t, l.ada.Bot, protocol.Mic)
	eventually(t, "Ada is heard", func() bool { return l.teacher.hears(l.ada, time.Time{}) })
	l.do(l.teacher.SetRole(t.Context(), l.ada.You(), protocol.Guest))
	eventually(t, "Ada is a guest", func() bool { return l.ada.Role() == protocol.Guest && len(l.teacher.sees(l.ada).Sources) == 0 })
	l.says(l.ada, protocol.Mic)
	if e := l.complaint(l.ada); e.Code != protocol.Forbidden {
		t.Errorf("live is answered %+v", *e)
	}
	l.silent(l.ada, l.teacher)
	l.do(l.teacher.SetRole(t.Context(), l.ada.You(), protocol.Member))
	eventually(t, "Ada is a member", func() bool { return l.ada.May(protocol.MayMic) })
	now := time.Now()
	l.says(l.ada, protocol.Mic)
	eventually(t, "Ada is heard", func() bool { return l.teacher.hears(l.ada, now) })
}

// A client says again how its sources are when it comes back, and what a moderator has
// muted is not what it said last.
func TestWhoWasMutedComesBackMuted(t *testing.T) {
	t.Parallel()
	ways := newRoad()
	l := newClass(t, func(o *bot.Options) { ways.over(&o.Client) })
	publish(t, l.ada.Bot, protocol.Mic)
	eventually(t, "Ada is heard", func() bool { return l.teacher.hears(l.ada, time.Time{}) })
	l.do(l.teacher.Mute(t.Context(), l.ada.You(), protocol.Mic, false))
	await[*protocol.Mute](t, l.ada.Bot)
	ways.cut()
	await[*client.Resumed](t, l.ada.Bot)
	l.do(l.ada.Hand(t.Context(), true)) // behind what it said again
	eventually(t, "the hand is seen", func() bool { return l.teacher.sees(l.ada).Hand > 0 })
	if is := l.teacher.sees(l.ada).Sources[protocol.Mic]; is != protocol.Muted {
		t.Errorf("the microphone is %s", is)
	}
	l.silent(l.ada, l.teacher)
}

func TestWhoGivesUpWaitingWaitsNoMore(t *testing.T) {
	t.Parallel()
	l := newLesson(t)
	_, joined := l.comes("Teacher")
	l.teacher = l.in(joined)
	ctx, giveUp := context.WithCancel(t.Context())
	gaveUp := make(chan error, 1)
	go func() {
		_, err := client.Join(ctx, client.Options{URL: l.url, Room: "class", Name: "Hasty"})
		gaveUp <- err
	}()
	l.waiter(l.teacher, "Hasty")
	giveUp()
	if err := <-gaveUp; !errors.Is(err, context.Canceled) {
		t.Errorf("Join says %v", err)
	}
	eventually(t, "nobody waits", func() bool { return len(l.teacher.Waiting()) == 0 })
}

func TestWhoAsksAfterTheEndIsToldOfTheEnd(t *testing.T) {
	t.Parallel()
	l := newClass(t)
	l.do(l.teacher.Kick(t.Context(), l.ada.You(), 0))
	<-l.ada.Done()
	if err := l.ada.Hand(t.Context(), true); !closedWith(err, protocol.CloseKicked) {
		t.Errorf("a hand after the end: %v", err)
	}
}
