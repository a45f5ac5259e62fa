package sfu

import "testing"

// loads is a placement over workers whose load the test says.
func loads(of ...float64) (*placement, []float64) {
	var load []func() float64
	for i := range of {
		load = append(load, func() float64 { return of[i] })
	}
	return newPlacement(load), of
}

func TestRoomsAreSpreadAndStayTogether(t *testing.T) {
	p, _ := loads(0, 0, 0)
	on := map[string]int{}
	for _, room := range []string{"a", "b", "c", "a", "b", "a", "c"} {
		worker := p.join(room)
		if known, ok := on[room]; ok && known != worker {
			t.Errorf("room %s is on %d and on %d", room, known, worker)
		}
		on[room] = worker
	}
	if on["a"] == on["b"] || on["b"] == on["c"] || on["a"] == on["c"] {
		t.Errorf("rooms are on %v", on)
	}
	if got := p.join("d"); got != on["b"] && got != on["c"] {
		t.Errorf("the next room is on %d, with the largest", got)
	}
}

func TestRoomStartsOnTheWorkerThatWorksLeast(t *testing.T) {
	p, _ := loads(0.3, 0.1, 0.2)
	for range 50 { // fifty who have just come are no tenth of a core
		if got := p.join("a"); got != 1 {
			t.Fatalf("on worker %d", got)
		}
	}
}

func TestRoomSpillsWhenItsWorkerIsFull(t *testing.T) {
	p, load := loads(0, 0)
	for range 2 {
		if p.join("a") != 0 {
			t.Fatal("not on the first")
		}
	}
	load[0] = 0.8
	if got := p.join("a"); got != 1 {
		t.Fatalf("the third is on the full worker %d", got)
	}
	load[0], load[1] = 0.2, 0.1
	if got := p.join("a"); got != 1 {
		t.Errorf("the fourth is on %d, the busier of the room's two", got)
	}
	load[0], load[1] = 0.9, 0.95 // all are full
	if got := p.join("a"); got != 0 {
		t.Errorf("the fifth is on %d, the fuller", got)
	}
}

func TestRoomSpillsWhenItIsACrowd(t *testing.T) {
	p, _ := loads(0, 0, 0)
	on := map[int]int{}
	for range 2*crowd + 10 {
		on[p.join("a")]++
	}
	if on[0] != crowd || on[1] != crowd || on[2] != 10 {
		t.Errorf("the peers of an idle room are on %v", on)
	}
	for range 2 * crowd {
		on[p.join("a")]++
	}
	for worker, n := range on {
		if n < crowd || n > 2*crowd {
			t.Errorf("%d are on worker %d", n, worker)
		}
	}
}

func TestPlacementForgetsWhoLeft(t *testing.T) {
	p, load := loads(0, 0)
	for range 3 {
		p.join("a")
	}
	load[0] = 0.9
	p.join("a")
	for _, worker := range []int{0, 0, 1, 0} {
		p.leave("a", worker)
	}
	if len(p.rooms) != 0 || p.peers[0] != 0 || p.peers[1] != 0 {
		t.Errorf("rooms %v, peers %v", p.rooms, p.peers)
	}
	if got := p.join("a"); got != 1 {
		t.Errorf("a room that ended goes to the full worker %d again", got)
	}
}
