package room

import (
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFirstOverrideThatMatchesHolds(t *testing.T) {
	c := RoomsConfig{
		Policy: Policy{MaxMembers: 100, Password: "default"},
		Overrides: []Override{
			{Name: "class-*", Policy: Policy{MaxMembers: 30}},
			{Name: "class-1", Policy: Policy{MaxMembers: 5, Password: "one"}},
			{Name: "vip?", Policy: Policy{Password: "vip"}},
		},
	}
	for name, want := range map[string]Policy{
		"hello":   {MaxMembers: 100, Password: "default"},
		"class-1": {MaxMembers: 30, Password: "default"},
		"vip1":    {MaxMembers: 100, Password: "vip"},
		"vip10":   {MaxMembers: 100, Password: "default"},
	} {
		if got := c.For(name); !reflect.DeepEqual(got, want) {
			t.Errorf("For(%q) = %#v, want %#v", name, got, want)
		}
	}
}

func TestValidateReportsEveryProblem(t *testing.T) {
	var fields []string
	report := func(field, _ string) { fields = append(fields, field) }
	DefaultRoomsConfig().Validate(report)
	DefaultChatConfig().Validate(report)
	if len(fields) != 0 {
		t.Fatalf("problems in the defaults: %v", fields)
	}
	RoomsConfig{
		Policy:    Policy{MaxMembers: 0},
		Overrides: []Override{{Policy: Policy{MaxMembers: -1}}, {Name: "[", Policy: Policy{MaxMembers: 20000}}, {Name: "ok"}},
	}.Validate(report)
	ChatConfig{History: 10001, MaxAge: -time.Second}.Validate(report)
	want := []string{
		"max_members", "overrides[0].name", "overrides[0].max_members",
		"overrides[1].name", "overrides[1].max_members", "history", "max_age",
	}
	if !slices.Equal(fields, want) {
		t.Errorf("reported %v, want %v", fields, want)
	}
}

func TestSecretDoesNotShow(t *testing.T) {
	secret := Secret("hunter2")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "password", secret, "policy", Policy{Password: secret})
	text, _ := secret.MarshalText()
	for _, shown := range []string{
		fmt.Sprint(secret), fmt.Sprintf("%v %+v %#v %s %q", secret, Policy{Password: secret}, Policy{Password: secret}, secret, secret),
		string(text), log.String(),
	} {
		if strings.Contains(shown, "hunter2") || !strings.Contains(shown, "***") {
			t.Errorf("shown as %q", shown)
		}
	}
	if secret.Reveal() != "hunter2" || Secret("").String() != "" {
		t.Error("a secret is itself where it is asked for, and nothing shows as nothing")
	}
}
