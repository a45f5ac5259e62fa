package sfu

import "time"

// localize is the order's routing as it is here: for the subscribers of this
// worker, and with mirrors in place of the sources of others. It shows those alone
// that somebody here sees or may hear.
func (g *wing) localize(o *order, now time.Time) *Routing {
	before := g.mirrors
	g.mirrors = map[*mirror]bool{}
	local := o.routing
	if !local.within(g.worker) {
		local = g.narrow(o)
	}
	for m, shows := range g.mirrors {
		m.use(g, shows)
	}
	for m := range before {
		if _, still := g.mirrors[m]; !still {
			delete(m.users, g)
		}
	}
	return local
}

// within tells whether all that the routing names is on one worker.
func (r *Routing) within(w *Worker) bool {
	for i := range r.Views {
		v := &r.Views[i]
		if e := v.endpoint(); e == nil || e.worker != w {
			return false
		}
		for _, p := range v.Pairs {
			for _, s := range []*Source{p.VideoFrom.Source, p.AudioFrom.Source} {
				if s != nil && s.from.worker != w {
					return false
				}
			}
		}
	}
	for _, sources := range [][]*Source{r.Mics, r.Pictures} {
		for _, s := range sources {
			if s.from.worker != w {
				return false
			}
		}
	}
	return true
}

// narrow makes the routing of this worker alone.
func (g *wing) narrow(o *order) *Routing {
	local := &Routing{}
	for _, v := range o.routing.Views {
		if e := v.endpoint(); e == nil || e.worker != g.worker {
			continue
		}
		pairs := make([]Pair, len(v.Pairs))
		for i, p := range v.Pairs {
			p.VideoFrom, p.AudioFrom = g.here(p.VideoFrom), g.here(p.AudioFrom)
			pairs[i] = p
		}
		v.Pairs = pairs
		local.Views = append(local.Views, v)
	}
	for _, s := range o.routing.Mics {
		if s.from.worker == g.worker {
			local.Mics = append(local.Mics, s)
		} else if len(local.Views) > 0 || o.leads > 0 {
			local.Mics = append(local.Mics, g.here(Feed{Source: s}).Source)
		}
	}
	for _, s := range o.routing.Pictures {
		if s.from.worker == g.worker {
			local.Pictures = append(local.Pictures, s)
		} else if m := g.worker.mirrors[s]; m != nil { // it is shown here, or was until now
			local.Pictures = append(local.Pictures, m.source)
		}
	}
	return local
}

// here is a feed with what stands here for its source. Why something is silent can
// be told without its packets.
func (g *wing) here(feed Feed) Feed {
	if feed.Source == nil || feed.Source.from.worker == g.worker {
		return feed
	}
	m := g.worker.mirror(feed.Source)
	g.mirrors[m] = g.mirrors[m] || feed.Why == WhyNone
	feed.Source = m.source
	return feed
}
