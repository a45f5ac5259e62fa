package room

import "slices"

// maxResends is how many of its lines a member may send again and still have
// them taken once.
const maxResends = 128

// resends remembers the newest lines that a member sent, by the member's own
// ids for them: a line sent again after a lost connection is known.
type resends struct {
	byCID map[string]*ChatLine
	cids  []string // the oldest first
}

// find returns the line that was sent under this id, or nil.
func (r *resends) find(cid string) *ChatLine { return r.byCID[cid] }

func (r *resends) add(line *ChatLine) {
	if r.byCID == nil {
		r.byCID = map[string]*ChatLine{}
	}
	if len(r.cids) == maxResends {
		delete(r.byCID, r.cids[0])
		r.cids = r.cids[1:]
	}
	r.byCID[line.CID] = line
	r.cids = append(r.cids, line.CID)
}

// forgo forgets a line that was not taken.
func (r *resends) forgo(cid string) {
	delete(r.byCID, cid)
	r.cids = slices.DeleteFunc(r.cids, func(other string) bool { return other == cid })
}
