package room

import (
	"slices"
	"testing"
)

func TestRolesAreValidated(t *testing.T) {
	var fields []string
	report := func(field, _ string) { fields = append(fields, field) }
	DefaultRolesConfig().Validate(report)
	if len(fields) != 0 {
		t.Fatalf("problems in the defaults: %v", fields)
	}
	c := DefaultRolesConfig()
	c.Guest, c.Owner, c.Member = []string{"join", "fly"}, []string{"Admin"}, nil
	c.Validate(report)
	if !slices.Equal(fields, []string{"guest", "owner"}) {
		t.Errorf("reported %v", fields)
	}
	if table := c.table(); table[Guest] != 0 || table[Member] != 0 || !table[Moderator].Has(MayModerate) {
		t.Errorf("a list with a problem permits something: %v", table)
	}
}
