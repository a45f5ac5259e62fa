package client_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/rtp"

	"madang/signaling/client"
	"madang/signaling/client/bot"
	"madang/signaling/client/clienttest"
	"madang/signaling/client/synthetic"
	"madang/signaling/protocol"
)

// lesson is a room with a lobby, of who comes first, and those who are in it.
type lesson struct {
	*testing.T // of the step
	whole      *testing.T
	url        string
	numbers    uint32 // that were given out

	teacher, ada, bo, cy *pupil
}

// pupil is a bot whose packets say who sent them, and that knows whose it heard.
type pupil struct {
	*bot.Bot
	number uint32

	mu    sync.Mutex
	heard map[sent]time.Time // when the newest packet that came was made
}

// sent is what one pupil sends of one kind.
type sent struct {
	number uint32
	kind   uint8
}

// stampKind is how stamps name a source.
func stampKind(of protocol.Source) uint8 {
	return uint8(slices.Index([]protocol.Source{protocol.Mic, protocol.Camera, protocol.Screen}, of))
}

// outcome is how a join ended.
type outcome struct {
	*pupil
	err error
}

func newLesson(t *testing.T) *lesson {
	config := clienttest.DefaultConfig()
	config.Rooms.Rooms.Lobby = "on"
	return &lesson{T: t, whole: t, url: clienttest.Serve(t, config)}
}

// comes begins to bring somebody in; waits hears that it stands in the lobby.
func (l *lesson) comes(name string, change ...func(*bot.Options)) (waits <-chan protocol.Lobby, in <-chan outcome) {
	l.Helper()
	l.numbers++
	p := &pupil{number: l.numbers, heard: map[sent]time.Time{}}
	lobby, done := make(chan protocol.Lobby, 1), make(chan outcome, 1)
	options := bot.Options{
		Client: client.Options{
			URL: l.url, Room: "class", Name: name, Pairs: 2, Voices: 3,
			OnLobby: func(is protocol.Lobby) { lobby <- is }, OnRTP: p.hear,
		},
		Voice:  &synthetic.VoiceConfig{Stamp: p.stamp(protocol.Mic), Turn: synthetic.Turn{Of: 1, Each: time.Hour}},
		Camera: []synthetic.VideoConfig{{Bitrate: 100_000, FPS: 10, Stamp: p.stamp(protocol.Camera)}},
		Screen: []synthetic.VideoConfig{{Bitrate: 100_000, FPS: 10, Stamp: p.stamp(protocol.Screen)}},
		Began:  time.Now(), IgnoreWants: true,
	}
	for _, c := range change {
		c(&options)
	}
	ctx, cancel := context.WithTimeout(l.whole.Context(), 2*within)
	l.whole.Cleanup(cancel)
	go func() {
		b, err := bot.Join(ctx, options)
		p.Bot = b
		done <- outcome{p, err}
	}()
	return lobby, done
}

// in is somebody who has come in.
func (l *lesson) in(joined <-chan outcome) *pupil {
	l.Helper()
	o := <-joined
	if o.err != nil {
		l.Fatal(o.err)
	}
	l.whole.Cleanup(o.Leave)
	return o.pupil
}

// admitted brings somebody in whom host admits.
func (l *lesson) admitted(host *pupil, name string, change ...func(*bot.Options)) *pupil {
	l.Helper()
	_, joined := l.comes(name, change...)
	l.do(host.Admit(l.Context(), l.waiter(host, name)))
	return l.in(joined)
}

// waiter is who waits in the lobby by a name.
func (l *lesson) waiter(host *pupil, name string) (id string) {
	l.Helper()
	eventually(l.T, name+" waits", func() bool {
		for _, w := range host.Waiting() {
			if w.Name == name {
				id = w.Member
			}
		}
		return id != ""
	})
	return id
}

// do fails the test on an error.
func (l *lesson) do(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// refused wants an error to be the server's, with a code.
func (l *lesson) refused(err error, code protocol.Code) {
	l.Helper()
	wantCode(l.T, err, code)
}

// wantCode wants an error to be the server's, with a code.
func wantCode(t *testing.T, err error, code protocol.Code) {
	t.Helper()
	var refusal *client.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// complaint is what the server says next of what a pupil did, in no answer.
func (l *lesson) complaint(p *pupil) *protocol.Error {
	l.Helper()
	for {
		if is := await[*protocol.Error](l.T, p.Bot); is.Re == "" {
			return is
		}
	}
}

// stamp is what the packets of one of the pupil's sources say.
func (p *pupil) stamp(of protocol.Source) synthetic.Stamp {
	return synthetic.Stamp{Sender: p.number, Kind: stampKind(of)}
}

func (p *pupil) hear(_ *client.Slot, packet *rtp.Packet, _ time.Time) {
	stamp, ok := synthetic.ReadStamp(packet.Payload)
	if !ok {
		return
	}
	made := time.Unix(0, stamp.At)
	p.mu.Lock()
	defer p.mu.Unlock()
	if of := (sent{stamp.Sender, stamp.Kind}); made.After(p.heard[of]) {
		p.heard[of] = made
	}
}

// gets tells whether anything of a source came that another made after a time.
func (p *pupil) gets(of protocol.Source, other *pupil, after time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard[sent{other.number, stampKind(of)}].After(after)
}

// hears tells whether any sound came that another made after a time.
func (p *pupil) hears(other *pupil, after time.Time) bool { return p.gets(protocol.Mic, other, after) }

// sees is how p sees another.
func (p *pupil) sees(other *pupil) protocol.Person { return p.People()[other.You()] }

// closedWith tells whether an error is the end of a WebSocket with a code.
func closedWith(err error, code protocol.CloseCode) bool {
	var closed *websocket.CloseError
	return errors.As(err, &closed) && closed.Code == int(code)
}

// silent checks that no sound which a pupil makes from now on reaches any of others,
// though it goes on sending.
func (l *lesson) silent(p *pupil, others ...*pupil) { l.stopped(protocol.Mic, p, others...) }

// stopped is silent for any source. What is under way may still come.
func (l *lesson) stopped(of protocol.Source, p *pupil, others ...*pupil) {
	l.Helper()
	time.Sleep(500 * time.Millisecond)
	from := time.Now()
	time.Sleep(time.Second)
	for _, other := range others {
		if other.gets(of, p, from) {
			l.Errorf("the %s of %s reaches %s", of, p.sees(p).Name, other.sees(other).Name)
		}
	}
}
