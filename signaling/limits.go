package signaling

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"madang/signaling/protocol"
)

// doorkeeper counts connections, in all and by address.
type doorkeeper struct {
	mu              sync.Mutex
	most, mostPerIP int
	all             int
	byIP            map[netip.Prefix]int
}

func newDoorkeeper(most, mostPerIP int) *doorkeeper {
	return &doorkeeper{most: most, mostPerIP: mostPerIP, byIP: map[netip.Prefix]int{}}
}

// limit changes how many may be in; who is in stays.
func (d *doorkeeper) limit(most, mostPerIP int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.most, d.mostPerIP = most, mostPerIP
}

// enter takes a place; false when there is none. Give it back with leave. Those whose
// address is not known are bounded in all only.
func (d *doorkeeper) enter(from netip.Prefix) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all >= d.most || from.IsValid() && d.byIP[from] >= d.mostPerIP {
		return false
	}
	d.all++
	d.byIP[from]++
	return true
}

func (d *doorkeeper) leave(from netip.Prefix) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all--
	if d.byIP[from]--; d.byIP[from] == 0 {
		delete(d.byIP, from)
	}
}

func (d *doorkeeper) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all
}

// tries bounds how often one of many may try something: an address, or an identity.
type tries[K comparable] struct {
	mu        sync.Mutex
	perMinute int
	by        map[K]*rate.Limiter
}

// maxTriers bounds the memory of tries. Full of those that tried of late, it lets
// nobody else try.
const maxTriers = 10000

func newTries[K comparable](perMinute int) *tries[K] {
	return &tries[K]{perMinute: perMinute, by: map[K]*rate.Limiter{}}
}

// limit changes how many may be tried; all begin anew then.
func (p *tries[K]) limit(perMinute int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.perMinute != perMinute {
		p.perMinute = perMinute
		clear(p.by)
	}
}

// allow counts a try at now; retry says when the next may come, if it was refused.
func (p *tries[K]) allow(who K, now time.Time) (ok bool, retry time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	every := time.Minute / time.Duration(p.perMinute)
	own := p.by[who]
	if own == nil {
		if len(p.by) >= maxTriers {
			p.forgetRested(now)
		}
		if len(p.by) >= maxTriers {
			return false, every
		}
		own = rate.NewLimiter(rate.Every(every), p.perMinute)
		p.by[who] = own
	}
	return own.AllowN(now, 1), every
}

// forgetRested drops those whose allowance is whole again.
func (p *tries[K]) forgetRested(now time.Time) {
	for who, own := range p.by {
		if own.TokensAt(now) >= float64(p.perMinute) {
			delete(p.by, who)
		}
	}
}

// mayJoin counts a session that is to begin, by its address and, where it has one, by
// its identity. An error says that there are too many.
func (s *Server) mayJoin(from netip.Prefix, identity string, now time.Time) error {
	ok, retry := s.joinsFrom.allow(from, now)
	if ok && identity != "" {
		ok, retry = s.joinsOf.allow(identity, now)
	}
	if !ok {
		return &refusal{code: protocol.TooFast, message: "too many have come from here of late", retry: retry}
	}
	return nil
}

// The pace of offers: each costs some 10 ms of CPU, and a client needs one to
// join and a few while its grid grows.
const (
	offersPerSecond = 1
	offersBurst     = 10
)

// pace bounds what one client may send. Safe for any goroutine.
type pace struct {
	messages, chat, offers *rate.Limiter
	// abuse is what a client may send beyond its pace, told too_fast each time,
	// before it is closed.
	abuse *rate.Limiter
}

func newPace(cfg LimitsConfig) *pace {
	return &pace{
		messages: rate.NewLimiter(rate.Limit(cfg.MessagesPerSecond), cfg.MessagesPerSecond),
		chat:     rate.NewLimiter(rate.Limit(cfg.ChatPerSecond), cfg.ChatPerSecond),
		offers:   rate.NewLimiter(offersPerSecond, offersBurst),
		abuse:    rate.NewLimiter(rate.Limit(cfg.MessagesPerSecond)/10, cfg.MessagesPerSecond),
	}
}

// message counts one message. A warning says that it is one too many, and abused
// that the client has been told often enough.
func (p *pace) message() (warning *protocol.Error, abused bool) {
	return p.count(p.messages, &protocol.Error{Message: "too many messages"})
}

// line counts one line of chat, or its like.
func (p *pace) line(cid string) (warning *protocol.Error, abused bool) {
	return p.count(p.chat, &protocol.Error{CID: cid, Message: "too many lines"})
}

func (p *pace) count(of *rate.Limiter, warning *protocol.Error) (*protocol.Error, bool) {
	if of.Allow() {
		return nil, false
	}
	warning.Code, warning.RetryMS = protocol.TooFast, max(1, until(of).Milliseconds())
	return warning, !p.abuse.Allow()
}

// until is how long to wait for the next token of a limiter.
func until(l *rate.Limiter) time.Duration {
	return time.Duration(float64(time.Second) / float64(l.Limit()))
}
