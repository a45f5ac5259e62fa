package sfu

import (
	"bytes"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"madang/sfu/rtpout"
)

func TestWorkerRunsCommandsUntilItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorker(newQuiet(), DefaultMediaConfig().Bitrates, slog.New(slog.DiscardHandler))
		go w.run()
		var ran int // the worker's: no lock
		var asking sync.WaitGroup
		for range 100 {
			asking.Go(func() {
				if !w.do(func(time.Time) { ran++ }) {
					t.Error("refused")
				}
			})
		}
		asking.Wait()
		w.do(func(time.Time) {
			if ran != 100 {
				t.Errorf("%d commands ran", ran)
			}
		})
		w.stop()
		if w.do(func(time.Time) { t.Error("a stopped worker works") }) {
			t.Error("a stopped worker took a command")
		}
		if w.inbox.post(&endpoint{}, []byte{1}, false) {
			t.Error("a stopped worker took a packet")
		}
	})
}

func TestWorkerRunsWhatItTookBeforeItStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorker(newQuiet(), DefaultMediaConfig().Bitrates, slog.New(slog.DiscardHandler))
		ran := false
		w.inbox.command(func() { ran = true })
		go w.run()
		w.stop()
		if !ran {
			t.Error("a command that was taken did not run")
		}
	})
}

func TestWorkerTicksWithoutPackets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorker(newQuiet(), DefaultMediaConfig().Bitrates, slog.New(slog.DiscardHandler))
		e, path := newEndpoint(w, 1, func() {}, w.clock()), &fakePath{}
		go w.run()
		cam := &camera{ssrc: 10, size: 1}
		s := &Source{Kind: Camera, Mid: "1", from: e, slots: map[*Slot]struct{}{}, incoming: incoming{codecs: testFormats}}
		w.do(func(now time.Time) {
			w.endpoints[e] = struct{}{}
			e.connected(path, now)
			e.attach([]*Source{s}, nil, labels{declared: map[uint32]declaration{10: {source: s}}})
			e.receiveRTP(cam.frame(true)[0], now)
		})
		time.Sleep(3500 * time.Millisecond)
		w.stop()
		if len(path.rtcp) < 3 {
			t.Errorf("%d reports in 3.5 s", len(path.rtcp))
		}
	})
}

// faulty is a path with a bug of ours in it.
type faulty struct{ fakePath }

func (*faulty) WriteRTP(*rtpout.Packet) { panic("a fault") }

func TestPanicEndsThePeerThatCausedItAndNobodyElse(t *testing.T) {
	w := newWorld()
	var log bytes.Buffer
	w.worker.log = slog.New(slog.NewTextHandler(&log, nil))
	bad, _ := w.peer()
	good, _ := w.peer()
	failed := 0
	bad.failed = func() { failed++ }
	c, path := w.peer()
	broken, _ := w.peer()
	broken.path = &faulty{}
	sources := []*Source{w.source(bad, Camera, 10), w.source(good, Camera, 20)}
	w.slot(broken, "1", Video, 900).assign(Feed{Source: sources[0]}, w.now)
	w.slot(c, "1", Video, 910).assign(Feed{Source: sources[1]}, w.now)
	post := func() {
		for i, e := range []*endpoint{bad, good} {
			cam := &camera{from: e, ssrc: uint32(10 + 10*i), size: 1}
			w.worker.inbox.post(e, cam.frame(true)[0], false)
		}
		b, _ := w.worker.inbox.take(&batch{})
		w.worker.turn(b, true, w.now)
	}
	post()
	post()
	if _, here := w.worker.endpoints[bad]; here || failed != 1 || w.worker.counts.panics.Load() != 1 {
		t.Errorf("here %v, told %d times, counted %d", here, failed, w.worker.counts.panics.Load())
	}
	if len(path.media(910)) == 0 {
		t.Error("the other peer was not heard")
	}
	if !bytes.Contains(log.Bytes(), []byte("a fault")) || !bytes.Contains(log.Bytes(), []byte("worker_test.go")) {
		t.Error("the log does not say what and where")
	}
}

func TestWorkersClockGoesOnEvenly(t *testing.T) {
	w := newWorker(newQuiet(), DefaultMediaConfig().Bitrates, slog.New(slog.DiscardHandler))
	w.epoch = w.epoch.Add(-time.Hour) // an hour ago by the monotonic clock
	a := w.clock()
	if since := a.Sub(w.epoch); since < time.Hour || since > time.Hour+time.Minute {
		t.Errorf("%v since it began", since)
	}
	// What it says without its monotonic part moves as that does.
	b := w.clock()
	if b.Sub(a) != b.Round(0).Sub(a.Round(0)) {
		t.Error("two clocks in one")
	}
}
