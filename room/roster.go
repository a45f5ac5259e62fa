package room

// roster is the list of people that a Welcome carries. Joins append to it, so
// that a thousand Welcomes of a join storm share one array; any other change
// makes a new one.
type roster struct{ people []Person }

// joined is called when a member has come, after it stands among the arrived.
func (r *roster) joined(m *member) {
	if r.people != nil {
		r.people = append(r.people, m.person)
	}
}

// changed is called when somebody left or looks different.
func (r *roster) changed() { r.people = nil }

// list returns the people by arrival; the list is never changed.
func (r *roster) list(arrived []*member) []Person {
	if r.people == nil {
		r.people = make([]Person, 0, len(arrived)+8)
		for _, m := range arrived {
			r.people = append(r.people, m.person)
		}
	}
	return r.people[:len(r.people):len(r.people)]
}
