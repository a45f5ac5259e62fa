package room

import "madang/room/password"

// Opens is what a password opens.
type Opens uint8

// What a password may open. Whoever comes as an owner is one.
const (
	OpensNothing Opens = iota
	OpensAsMember
	OpensAsOwner
)

// TryPassword finds out what a text opens as the password of a room. Where any password
// of the configuration is a hash it takes memory and time, as much for every room: also
// for those that have none. Any goroutine, but not many at a time.
func (r *Rooms) TryPassword(name, given string) Opens { return r.cfg.Load().Rooms.try(name, given) }

func (c RoomsConfig) try(name, given string) Opens {
	policy, decoy := c.For(name), c.dearest()
	opens := OpensNothing
	if isKept(policy.Password, given, decoy) {
		opens = OpensAsMember
	}
	if isKept(policy.OwnerPassword, given, decoy) {
		opens = OpensAsOwner
	}
	return opens
}

// isKept tells whether a text is a password, for as long as it takes with a hash.
func isKept(kept Secret, given string, decoy password.Stored) bool {
	stored, _ := password.Parse(kept.Reveal()) // it was validated; if not, nothing is it
	is := stored.Is(given)
	if stored.Work() == 0 {
		decoy.Is(given)
	}
	return is
}

// dearest is the hash that costs the most of all that are configured; nothing, if none is.
func (c RoomsConfig) dearest() (dearest password.Stored) {
	policies := []Policy{c.Policy}
	for _, o := range c.Overrides {
		policies = append(policies, o.Policy)
	}
	for _, p := range policies {
		for _, kept := range []Secret{p.Password, p.OwnerPassword} {
			if stored, err := password.Parse(kept.Reveal()); err == nil && stored.Work() > dearest.Work() {
				dearest = stored
			}
		}
	}
	return dearest
}
