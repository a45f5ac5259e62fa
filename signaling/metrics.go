package signaling

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"madang/sfu"
	"madang/signaling/protocol"
)

// metrics is what /metrics shows of one server.
type metrics struct {
	registry   *prometheus.Registry
	join       prometheus.Histogram
	heard      prometheus.Counter     // messages from clients
	told       prometheus.Counter     // messages to clients
	errors     *prometheus.CounterVec // by code
	endings    *prometheus.CounterVec // by why
	resumes    *prometheus.CounterVec // by how
	away       prometheus.Gauge
	ignored    prometheus.Counter
	turnedAway prometheus.Counter // connections
	panics     atomic.Uint64      // that ended a session
}

func newMetrics(s *Server) *metrics {
	vec := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		join: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "madang_join_seconds", Help: "Time from a join to its media connection being up.",
			Buckets: []float64{.05, .1, .2, .3, .5, .75, 1, 1.5, 2, 3, 5, 10, 20},
		}),
		errors:  vec("madang_errors_total", "Errors told to clients.", "code"),
		endings: vec("madang_sessions_ended_total", "Sessions that ended.", "why"),
		resumes: vec("madang_resumes_total", "Clients that came back: resumed, renewed (told all again), anew (a page loaded anew), not_found.", "how"),
		away: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "madang_sessions_away", Help: "Sessions whose WebSocket is lost."}),
		ignored: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "madang_messages_ignored_total", Help: "Messages of an unknown type without an id."}),
		turnedAway: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "madang_connections_refused_total", Help: "Connections that were closed at once: too many strangers."}),
	}
	messages := vec("madang_messages_total", "Messages of the protocol.", "direction")
	m.heard, m.told = messages.WithLabelValues("in"), messages.WithLabelValues("out")
	gauge := func(name, help string, read func() int) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(read()) })
	}
	m.registry.MustRegister(
		m.join, messages, m.errors, m.endings, m.resumes, m.away, m.ignored, m.turnedAway,
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "madang_panics_total", Help: "Panics, each of which ended one member, or one room."}, func() float64 { return float64(s.panics()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "madang_join_capacity", Help: "Joins a second that there is time for."}, s.fares.rate),
		gauge("madang_connections", "WebSocket connections.", s.doors.count),
		gauge("madang_strangers", "Connections that have led to no session yet.", s.strangers.count),
		gauge("madang_sessions", "Sessions.", s.seats.count),
		gauge("madang_members", "Members in rooms.", func() int { return s.rooms.Stats().Members }),
		gauge("madang_rooms", "Rooms that are open.", func() int { return s.rooms.Stats().Rooms }),
		newMediaCollector(s.media),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// panics counts those of all parts of the server.
func (s *Server) panics() uint64 {
	return s.metrics.panics.Load() + s.rooms.Stats().Panics + s.media.Stats().Panics
}

func (m *metrics) refused(code protocol.Code) { m.errors.WithLabelValues(string(code)).Inc() }

// joined notes how long a member's media took to come up.
func (m *metrics) joined(took time.Duration) { m.join.Observe(took.Seconds()) }

// mediaCollector asks the media plane for its counters when it is asked.
type mediaCollector struct {
	media Media
	peers *prometheus.Desc
	lanes *prometheus.Desc
	drops *prometheus.Desc
	busy  *prometheus.Desc
	flows []flow
}

// flow is one counter of the media plane and how it is read.
type flow struct {
	desc *prometheus.Desc
	read func(sfu.Stats) uint64
}

func newMediaCollector(media Media) *mediaCollector {
	counter := func(name, help string, read func(sfu.Stats) uint64) flow {
		return flow{prometheus.NewDesc("madang_"+name+"_total", help, nil, nil), read}
	}
	return &mediaCollector{
		media: media,
		peers: prometheus.NewDesc("madang_peers", "Media connections.", nil, nil),
		lanes: prometheus.NewDesc("madang_lanes", "Ways of clients to the media other than UDP, used or kept.", []string{"by"}, nil),
		drops: prometheus.NewDesc("madang_drops_total", "RTP packets not forwarded, and datagrams not let in.", []string{"cause"}, nil),
		busy:  prometheus.NewDesc("madang_worker_busy", "Share of its time that a worker works, 0 to 1.", []string{"worker"}, nil),
		flows: []flow{
			counter("peers_portable", "Media connections that the server could not seal for itself.", func(s sfu.Stats) uint64 { return s.Portable }),
			counter("packets_in", "RTP packets received.", func(s sfu.Stats) uint64 { return s.PacketsIn }),
			counter("packets_out", "RTP packets sent.", func(s sfu.Stats) uint64 { return s.PacketsOut }),
			counter("bytes_in", "RTP bytes received.", func(s sfu.Stats) uint64 { return s.BytesIn }),
			counter("packets_crossed", "RTP packets that one worker handed to another.", func(s sfu.Stats) uint64 { return s.Crossed }),
			counter("bytes_out", "RTP bytes sent.", func(s sfu.Stats) uint64 { return s.BytesOut }),
			counter("nack_in", "Packets that subscribers asked for again.", func(s sfu.Stats) uint64 { return s.NACKIn }),
			counter("nack_out", "Packets that publishers were asked for again.", func(s sfu.Stats) uint64 { return s.NACKOut }),
			counter("pli_in", "Keyframes that subscribers asked for.", func(s sfu.Stats) uint64 { return s.PLIIn }),
			counter("pli_out", "Keyframes that publishers were asked for.", func(s sfu.Stats) uint64 { return s.PLIOut }),
			counter("retransmitted", "RTP packets sent again.", func(s sfu.Stats) uint64 { return s.Resent }),
		},
	}
}

// Describe implements prometheus.Collector.
func (c *mediaCollector) Describe(descs chan<- *prometheus.Desc) {
	descs <- c.peers
	descs <- c.lanes
	descs <- c.drops
	descs <- c.busy
	for _, f := range c.flows {
		descs <- f.desc
	}
}

// Collect implements prometheus.Collector.
func (c *mediaCollector) Collect(out chan<- prometheus.Metric) {
	stats := c.media.Stats()
	out <- prometheus.MustNewConstMetric(c.peers, prometheus.GaugeValue, float64(stats.Peers))
	out <- prometheus.MustNewConstMetric(c.lanes, prometheus.GaugeValue, float64(stats.Streams), "tcp")
	out <- prometheus.MustNewConstMetric(c.lanes, prometheus.GaugeValue, float64(stats.Relays), "relay")
	for cause, n := range stats.Drops {
		out <- prometheus.MustNewConstMetric(c.drops, prometheus.CounterValue, float64(n), cause)
	}
	for worker, share := range stats.Busy {
		out <- prometheus.MustNewConstMetric(c.busy, prometheus.GaugeValue, share, strconv.Itoa(worker))
	}
	for _, f := range c.flows {
		out <- prometheus.MustNewConstMetric(f.desc, prometheus.CounterValue, float64(f.read(stats)))
	}
}
