package sfu

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"

	"madang/sfu/pacer"
	"madang/sfu/rtpout"
)

// desk is a screen that somebody shares, and two who watch it, one of them late.
type desk struct {
	*world
	screen    *camera
	publisher *fakePath
	source    *Source
	viewer    *endpoint
	path      *fakePath
	slot      *Slot
}

func newDesk() *desk {
	d := &desk{world: newWorld()}
	e, publisher := d.peer()
	d.publisher, d.source = publisher, d.world.source(e, Screen, 10)
	d.screen = &camera{from: e, ssrc: 10, sequence: 65500, stamp: 0xffff0000, picture: 0x7ff0}
	first, _ := d.peer()
	d.world.slot(first, "0", Video, 800).assign(Feed{Source: d.source}, d.now)
	d.viewer, d.path = d.peer()
	d.slot = d.world.slot(d.viewer, "1", Video, 900)
	return d
}

// shoot sends a frame of some packets, and lets time pass.
func (d *desk) shoot(key bool, packets int, then time.Duration) {
	d.screen.size = packets
	d.screen.stamp -= frameTicks // those that it adds by itself
	for _, raw := range d.screen.frame(key) {
		d.screen.from.receiveRTP(raw, d.now)
	}
	d.screen.stamp += uint32(then.Milliseconds()) * 90
	d.tick(then)
}

// share shows a picture that hardly changes for a while.
func (d *desk) share(frames int) {
	d.shoot(true, 60, time.Second/5)
	for range frames {
		d.shoot(false, 1, time.Second/5)
	}
	d.publisher.rtcp = nil
}

func TestALateComerSeesAScreenWithoutANewKeyframe(t *testing.T) {
	for _, frames := range []int{0, 1, 10, 190} {
		d := newDesk()
		d.share(frames)
		d.slot.assign(Feed{Source: d.source}, d.now)
		d.look()
		if packets := d.path.media(900); len(packets) < 60 || !isKeyframe(packets[0]) {
			t.Fatalf("%d frames: %d packets at once", frames, len(packets))
		}
		d.tick(400 * time.Millisecond) // the rest as fast as the link is thought to carry it
		d.screen.stamp += 400 * 90
		packets := d.path.media(900)
		if len(packets) != 60+frames || d.slot.runs.count > 1+frames {
			t.Fatalf("%d frames: %d packets in %d runs", frames, len(packets), d.slot.runs.count)
		}
		if span := packets[len(packets)-1].Timestamp - packets[0].Timestamp; span > 400*90 {
			t.Errorf("%d frames: they lie %d ticks apart", frames, span)
		}
		for i := range 30 {
			due := d.slot.line.At(d.now)
			d.shoot(false, 3, time.Duration(20+10*i)*time.Millisecond)
			packets = d.path.media(900)
			off := time.Duration(int32(packets[len(packets)-1].Timestamp-due)) * time.Second / 90_000
			if off.Abs() > 50*time.Millisecond {
				t.Errorf("%d frames: live frame %d is %v off the line", frames, i, off)
			}
		}
		if asks := asked(d.publisher); len(asks) > 0 {
			t.Errorf("%d frames: the publisher is asked %v", frames, asks)
		}
		checkContinuous(t, packets)
	}
}

func isKeyframe(p rtp.Packet) bool { return p.Payload[0]&0x10 != 0 && p.Payload[6]&1 == 0 }

func TestAScreenThatIsNotKeptWholeIsAskedFor(t *testing.T) {
	for name, prepare := range map[string]func(d *desk){
		"a packet is missing": func(d *desk) {
			d.share(3)
			d.screen.sequence++
			d.shoot(false, 1, time.Second/5)
		},
		"too much followed": func(d *desk) { d.share(followAtMost + 1) },
		"it is too large": func(d *desk) {
			d.shoot(true, 5000, 10*time.Second)
		},
		"the link is full": func(d *desk) {
			d.share(3)
			d.viewer.down.pacer.SetRate(100_000, 0, d.now)
			p := rtpout.Packet{Payload: make([]byte, 1000)}
			p.Label(rtpout.Header{SSRC: 901}, nil, 0)
			d.viewer.down.pacer.Queue(pacer.Repair, &p, d.now)
		},
		"it is a camera": func(d *desk) {
			d.source.Kind = Camera
			d.share(3)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			prepare(d)
			d.publisher.rtcp, d.path.rtp = nil, nil
			d.slot.assign(Feed{Source: d.source}, d.now)
			d.tick(time.Second) // others may have asked just now
			if len(asked(d.publisher)) == 0 || len(d.path.media(900)) > 0 {
				t.Errorf("%d packets are served, the publisher hears %v; %v", len(d.path.media(900)), d.publisher.rtcp, d.slot.state)
			}
		})
	}
}

func TestAKeptScreenIsPacedAndLeavesRoomForSound(t *testing.T) {
	d := newDesk()
	d.share(20)
	d.viewer.down.pacer.SetRate(300_000, 0, d.now)
	mic := d.world.source(d.screen.from, Mic, 77)
	voice := d.world.slot(d.viewer, "2", Audio, 950)
	voice.assign(Feed{Source: mic}, d.now)
	d.slot.assign(Feed{Source: d.source}, d.now)
	bytes, most := 0, 0
	for n := range uint16(30) {
		before := len(d.path.rtp)
		p := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 111, SSRC: 77, SequenceNumber: n, Timestamp: uint32(n) * 960}, Payload: make([]byte, 80)}
		raw, _ := p.Marshal()
		d.screen.from.receiveRTP(raw, d.now)
		if last := d.path.rtp[len(d.path.rtp)-1]; last.SSRC != 950 {
			t.Fatalf("sound waits for the screen")
		}
		d.tick(2 * tickEvery)
		step := 0
		for _, p := range d.path.rtp[before:] {
			if p.SSRC == 900 {
				step += p.MarshalSize()
			}
		}
		bytes, most = bytes+step, max(most, step)
	}
	if got := len(d.path.media(900)); got != 80 || most > bytes/2 {
		t.Errorf("%d packets, %d bytes of %d at once", got, most, bytes)
	}
}

func TestASwitchFromACameraToAKeptScreenIsContinuous(t *testing.T) {
	d := newDesk()
	e, _ := d.peer()
	source := d.world.source(e, Camera, 20)
	cam := &camera{from: e, ssrc: 20, sequence: 17, stamp: 999, size: 2}
	d.share(50)
	for i := range 400 {
		switch {
		case i%100 == 0:
			d.slot.assign(Feed{Source: source}, d.now)
		case i%100 == 50:
			d.slot.assign(Feed{Source: d.source}, d.now)
		}
		for _, raw := range cam.frame(i%100 == 1) {
			cam.from.receiveRTP(raw, d.now)
		}
		if i%7 == 0 {
			d.screen.size = 1
			d.screen.stamp += 6 * frameTicks
			for _, raw := range d.screen.frame(false) {
				d.screen.from.receiveRTP(raw, d.now)
			}
		}
		d.tick(frameEvery)
	}
	packets := d.path.media(900)
	checkContinuous(t, packets)
	if d.slot.runs.count < 5 || len(packets) < 4*(100+110) {
		t.Errorf("%d packets in %d runs", len(packets), d.slot.runs.count)
	}
}

func TestALateComerSeesAScreenOverTheNetwork(t *testing.T) {
	t.Parallel()
	onAnyWorkers(t, testALateComerSeesAScreenOverTheNetwork)
}

func testALateComerSeesAScreenOverTheNetwork(t *testing.T, s *SFU) {
	alice, bob, carol := newBrowser(t, 0, 0), newBrowser(t, 1, 0), newBrowser(t, 1, 0)
	for tr, kind := range alice.kinds {
		if kind == Camera {
			alice.kinds[tr] = Screen
		}
	}
	r := s.NewRouter(newRecorder())
	defer r.Close()
	pa, _ := newTestPeer(t, s)
	pb, _ := newTestPeer(t, s)
	pc, ec := newTestPeer(t, s)
	na, nb := alice.join(pa), bob.join(pb)

	var keyframes atomic.Int32
	stop := make(chan struct{})
	var sending sync.WaitGroup
	sending.Go(func() {
		for i := uint16(0); ; i++ {
			key := i == 0
			select {
			case <-stop:
				return
			case <-alice.plis:
				key = true
			case <-time.After(100 * time.Millisecond):
			}
			if key {
				keyframes.Add(1)
			}
			_ = alice.camera.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, SequenceNumber: i, Timestamp: uint32(i) * 9000}, Payload: vp8(key, i)})
		}
	})
	defer sending.Wait()
	defer close(stop)

	r.Route(showAll(na, nb))
	bob.hears(1, 10)
	before := keyframes.Load()
	nc := carol.join(pc)
	ec.awaitState(t, PeerConnected)
	both := showAll(na, nb)
	both.Views = append(both.Views, showAll(na, nc).Views...)
	r.Route(both)
	first := <-carol.got
	if !isKeyframe(*first) || keyframes.Load() != before {
		t.Errorf("her first packet is %x, and %d keyframes were made for her", first.Payload[:7], keyframes.Load()-before)
	}
	carol.hears(1, 20)
	if made := keyframes.Load() - before; made != 0 {
		t.Errorf("%d keyframes were made for her", made)
	}
}
