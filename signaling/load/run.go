package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"time"
)

const (
	// probeTimeout is how long a server may take to say that it is there.
	probeTimeout = 3 * time.Second
	// tracksTimeout is how long tracks may take to come when all have joined.
	tracksTimeout = 10 * time.Second
	// repairTime is how long the last packets may take to be repaired.
	repairTime = 1200 * time.Millisecond
)

// ErrNoServer says that nobody answers at the URL.
var ErrNoServer = errors.New("no server answers")

// run is one load on one server.
type run struct {
	config   Config
	meter    *meter
	live     *live
	members  []*member
	expected int // tracks
}

// Run loads a server as config says, shows on out how it goes, and reports. An
// error means that it could not be done: [ErrNoServer] at once where there is
// none. Cancelling ctx ends the load early, with a report if everybody had come in.
func Run(ctx context.Context, config Config, out io.Writer) (Report, error) {
	var problems []error
	config.Validate(func(field, problem string) { problems = append(problems, fmt.Errorf("load: %s %s", field, problem)) })
	if len(problems) > 0 {
		return Report{}, errors.Join(problems...)
	}
	if err := probe(ctx, config.URL); err != nil {
		return Report{}, err
	}
	r := &run{config: config, meter: newMeter(config.Rooms * config.size()), live: newLive(out)}
	began := time.Now()
	for room := range config.Rooms {
		for i := range config.size() {
			is := config.role(i)
			r.members = append(r.members, &member{
				number: len(r.members), room: room, i: i, role: is,
				config: &r.config, meter: r.meter, began: began, seen: map[source]bool{},
			})
			r.expected += config.expected(is)
		}
	}
	return r.do(ctx)
}

// probe asks the server whether it is alive.
func probe(ctx context.Context, server string) error {
	target, err := url.JoinPath(server, "healthz")
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		var refused *net.OpError
		if errors.As(err, &refused) {
			err = refused
		}
		return fmt.Errorf("%w at %s: %w", ErrNoServer, server, err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%w at %s: it says %s", ErrNoServer, server, response.Status)
	}
	return nil
}

// do joins everybody, lets the load stand, and takes everybody out.
func (r *run) do(ctx context.Context) (Report, error) {
	defer r.leave()
	earlier := countDrops()
	if err := r.phase(ctx, "joining", r.join); err != nil {
		return Report{}, fmt.Errorf("load: while joining: %w", err)
	}
	if r.meter.connected.Load() == 0 {
		report := r.report()
		return report, fmt.Errorf("load: nobody came in: %v", report.Errors)
	}
	if err := r.phase(ctx, "settling", r.awaitTracks); err != nil {
		return Report{}, fmt.Errorf("load: while waiting for tracks: %w", err)
	}
	from, start := measureUsage(), r.now()
	_ = r.phase(ctx, "running", r.stand) // cut short is measured too
	to, end := measureUsage(), r.now()
	r.live.clear()
	report := r.report()
	report.Generator.CPU, report.Generator.Machine = compare(from, to, runtime.GOMAXPROCS(0))
	report.Kernel = countDrops().since(earlier)
	seconds := max(end.at.Sub(start.at).Seconds(), 1e-3)
	report.Media.PacketRate = float64(end.packets-start.packets) / seconds
	report.Media.BitRate = 8 * float64(end.bytes-start.bytes) / seconds
	report.judge(r.config.Thresholds)
	return report, nil
}

func (r *run) now() moment {
	return moment{at: time.Now(), packets: r.meter.packets.Load(), bytes: r.meter.bytes.Load()}
}

// phase shows how things are while work is under way.
func (r *run) phase(ctx context.Context, what string, work func(context.Context) error) error {
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	ticker := time.NewTicker(r.live.every())
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			return err
		case now := <-ticker.C:
			r.live.show(what, r.meter, r.expected, now)
		}
	}
}

// join brings everybody in at the join rate. Whoever fails is counted.
func (r *run) join(ctx context.Context) error {
	var joining sync.WaitGroup
	start := time.Now()
	for i, m := range r.members {
		if r.config.JoinRate > 0 {
			due := start.Add(time.Duration(float64(i) / r.config.JoinRate * float64(time.Second)))
			if !sleep(ctx, time.Until(due)) {
				break
			}
		}
		joining.Go(func() {
			if err := m.join(ctx); err != nil {
				r.meter.failed.Add(1)
				r.meter.fail(err)
				return
			}
			r.meter.connected.Add(1)
		})
	}
	joining.Wait()
	return ctx.Err()
}

// awaitTracks waits until all expected tracks have come, or it takes too long.
func (r *run) awaitTracks(ctx context.Context) error {
	for end := time.Now().Add(tracksTimeout); time.Now().Before(end) && int(r.meter.tracks.Load()) < r.expected; {
		if !sleep(ctx, 10*time.Millisecond) {
			return ctx.Err()
		}
	}
	return nil
}

// stand lets the load stand for its duration, with chat, and then a little
// longer without.
func (r *run) stand(ctx context.Context) error {
	defer sleep(ctx, repairTime)
	end := time.Now().Add(r.config.Duration)
	if r.config.ChatRate == 0 {
		sleep(ctx, r.config.Duration)
		return ctx.Err()
	}
	every := time.Duration(float64(time.Second) / r.config.ChatRate)
	size := r.config.size()
	for line := 0; time.Now().Before(end); line++ {
		for room := range r.config.Rooms {
			if m := r.members[room*size+line%size]; m.in() {
				m.chat(time.Now())
			}
		}
		if !sleep(ctx, min(every, time.Until(end))) {
			break
		}
	}
	return ctx.Err()
}

// leave takes everybody out.
func (r *run) leave() {
	var leaving sync.WaitGroup
	for _, m := range r.members {
		leaving.Go(m.leave)
	}
	leaving.Wait()
}

// report sums up what was measured so far.
func (r *run) report() Report {
	m := r.meter
	report := Report{
		Members: MemberCounts{Wanted: m.wanted, Connected: int(m.connected.Load()), Failed: int(m.failed.Load())},
		Tracks:  TrackCounts{Expected: r.expected, Received: int(m.tracks.Load())},
		Media:   MediaCounts{Packets: m.packets.Load(), Bytes: m.bytes.Load()},
		Chat:    ChatCounts{Sent: m.linesSent.Load(), Back: m.linesBack.Load(), Refused: m.linesRefused.Load()},
		Join:    m.join.percentiles(), FirstMedia: m.firstMedia.percentiles(),
		Delay: m.delay.percentiles(), ChatTrip: m.chat.percentiles(),
		Generator: Generator{Machine: -1, Late: m.late.percentiles()},
		Missed:    []string{}, Invalid: []string{},
	}
	for _, member := range r.members {
		report.add(member, m)
	}
	m.mu.Lock()
	report.Errors = m.errors
	m.mu.Unlock()
	return report
}

// add counts what one member's slots received.
func (r *Report) add(of *member, m *meter) {
	if of.bot == nil {
		return
	}
	if err := of.bot.Err(); err != nil {
		r.Members.Lost++
		m.fail(err)
	}
	for _, slot := range of.bot.Slots() {
		stats := slot.Stats()
		r.Media.Missing += stats.Loss.Missing
		r.Media.Late += stats.Loss.Reordered
		r.Media.Repaired += stats.Loss.Repaired
		r.Media.Unrepaired += stats.Loss.GivenUp
		r.Media.Duplicates += stats.Duplicates
		r.Media.Breaks += stats.Jumps + stats.Backwards
	}
}

// sleep waits and tells whether ctx still holds.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
