package room

import (
	"testing"
	"time"

	"madang/room/password"
)

// A hash of "open sesame" that costs little, as bcrypt writes it.
const sesame = "$2b$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW"

func TestWhatAPasswordOpens(t *testing.T) {
	cfg := RoomsConfig{Policy: Policy{}, Overrides: []Override{
		{Name: "plain", Policy: Policy{Password: "word"}},
		{Name: "hashed", Policy: Policy{Password: sesame, OwnerPassword: "mine"}},
		{Name: "owned", Policy: Policy{OwnerPassword: sesame}},
		{Name: "same", Policy: Policy{Password: "word", OwnerPassword: "word"}},
		{Name: "broken", Policy: Policy{Password: "$2b$05$"}},
	}}
	for _, c := range []struct {
		room, given string
		want        Opens
	}{
		{"open", "", OpensNothing}, {"open", "word", OpensNothing},
		{"plain", "word", OpensAsMember}, {"plain", "Word", OpensNothing}, {"plain", "", OpensNothing},
		{"hashed", "open sesame", OpensAsMember}, {"hashed", "mine", OpensAsOwner}, {"hashed", sesame, OpensNothing},
		{"owned", "open sesame", OpensAsOwner}, {"owned", "", OpensNothing},
		{"same", "word", OpensAsOwner},
		{"broken", "$2b$05$", OpensNothing},
	} {
		if got := cfg.try(c.room, c.given); got != c.want {
			t.Errorf("%q opens %s: %d, want %d", c.given, c.room, got, c.want)
		}
	}
}

// By the work that is done rather than by a clock: every room has two comparisons, and
// what is no hash is weighed against the one that costs the most.
func TestATryTakesAsLongForEveryRoom(t *testing.T) {
	cfg := RoomsConfig{Overrides: []Override{
		{Name: "hashed", Policy: Policy{Password: sesame}},
		{Name: "plain", Policy: Policy{Password: "word"}},
	}}
	cheap, err := password.Parse(sesame)
	if err != nil {
		t.Fatal(err)
	}
	if decoy := cfg.dearest(); decoy.Work() != cheap.Work() || decoy.Work() == 0 {
		t.Errorf("the decoy takes %v, the hash %v", decoy.Work(), cheap.Work())
	}
	took := map[string]time.Duration{}
	for range 20 {
		for _, name := range []string{"hashed", "plain", "there is none"} {
			began := time.Now()
			cfg.try(name, "guess")
			if d := time.Since(began); took[name] == 0 || d < took[name] {
				took[name] = d // the least: what else the machine does is not counted
			}
		}
	}
	for name, d := range took {
		if d < took["hashed"]/2 || d > 2*took["hashed"] {
			t.Errorf("%s takes %v, one with a hash %v", name, d, took["hashed"])
		}
	}
}

func TestWithoutHashesATryCostsNothing(t *testing.T) {
	if decoy := (RoomsConfig{Policy: Policy{Password: "word"}}).dearest(); decoy.Work() != 0 {
		t.Errorf("the decoy takes %v", decoy.Work())
	}
}
