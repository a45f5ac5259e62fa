package password

import (
	"strings"
	"testing"
	"time"
)

func TestPasswordsAsTheyAreKept(t *testing.T) {
	cases := []struct{ name, kept, right string }{
		{"plain", "open sesame", "open sesame"},
		{"plain that begins like a hash", "$ecret", "$ecret"},
		{"argon2id of ours", Hash("열려라 참깨"), "열려라 참깨"},
		{"argon2id of the reference implementation", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password"},
		{"bcrypt of crypt(3)", "$2b$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW", "open sesame"},
	}
	for _, c := range cases {
		stored, err := Parse(c.kept)
		if err != nil {
			t.Fatal(c.name, err)
		}
		for given, want := range map[string]bool{
			c.right: true, "": false, c.right + " ": false, c.kept + "x": false, strings.Repeat("x", MaxBytes+1): false,
		} {
			if got := stored.Is(given); got != want {
				t.Errorf("%s: %.20q is it: %t", c.name, given, got)
			}
		}
	}
}

func TestNothingIsNoPassword(t *testing.T) {
	stored, err := Parse("")
	if err != nil || stored.Is("") || stored.Is("x") || stored.Work() != 0 {
		t.Errorf("%+v, %v", stored, err)
	}
}

func TestHashesThatCannotBe(t *testing.T) {
	const salt, sum = "c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	argon := func(costs string) string { return "$argon2id$v=19$" + costs + "$" + salt + "$" + sum }
	for kept, want := range map[string]string{
		"$argon2id": "cannot be read",
		"$argon2i$v=19$m=64,t=1,p=1$" + salt + "$" + sum:        "cannot be read",
		"$argon2id$v=16$m=64,t=1,p=1$" + salt + "$" + sum:       "cannot be read",
		"$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + sum + "$": "cannot be read",
		"$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + sum + "=": "cannot be read",
		"$argon2id$v=19$m=64,t=1,p=1$c2FsdA$" + sum:             "cannot be read", // a salt of 4 bytes
		"$argon2id$v=19$m=64,t=1,p=1$" + salt + "$c2FsdA":       "cannot be read",
		argon("m=64,t=1"):                      "cannot be read",
		argon("t=1,m=64,p=1"):                  "cannot be read",
		argon("m=064,t=1,p=1"):                 "cannot be read",
		argon("m=64,t=1,p=1,x=1"):              "cannot be read",
		argon("m=64,t=0,p=1"):                  "cannot be read",
		argon("m=64,t=1,p=0"):                  "cannot be read",
		argon("m=64,t=1,p=9"):                  "cannot be read", // less than 8 KiB a thread
		argon("m=64,t=1,p=300"):                "cannot be read",
		argon("m=99999999999,t=1,p=1"):         "cannot be read",
		argon("m=1048576,t=1,p=1"):             "over 256 MiB",
		argon("m=262144,t=40,p=1"):             "costs too much",
		"$2b$05$abcdefghijklmnopqrstuupx2":     "cannot be read",
		"$2b$xx$" + strings.Repeat("a", 53):    "cannot be read",
		"$2b$31$" + strings.Repeat("a", 53):    "costs too much",
		"$2b$05$" + strings.Repeat("a", 53+10): "cannot be read",
	} {
		stored, err := Parse(kept)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), sum[:12]) {
			t.Errorf("%s: %v, want %q", kept, err, want)
		}
		if stored.Is("password") {
			t.Errorf("%s is the password", kept)
		}
	}
}

func TestHashesDifferAndSayWhatTheyCost(t *testing.T) {
	one, other := Hash("x"), Hash("x")
	if one == other || !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s and %s", one, other)
	}
	for kept, between := range map[string][2]time.Duration{
		"plain": {0, 0},
		one:     {5 * time.Millisecond, 50 * time.Millisecond},
		"$2b$10$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW": {20 * time.Millisecond, 100 * time.Millisecond},
	} {
		stored, err := Parse(kept)
		if work := stored.Work(); err != nil || work < between[0] || work > between[1] {
			t.Errorf("%s: %v, %v", kept, work, err)
		}
	}
}

// FuzzParse looks for hashes of which a comparison would cost too much or fail.
func FuzzParse(f *testing.F) {
	for _, kept := range []string{
		"", "plain", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=4294967295,t=4294967295,p=255$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$2b$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW", "$2a$31$", "$2y$",
	} {
		f.Add(kept)
	}
	f.Fuzz(func(t *testing.T, kept string) {
		stored, err := Parse(kept)
		if err == nil && stored.Work() <= time.Millisecond {
			stored.Is("x")
		}
		if stored.Work() > maxWork {
			t.Errorf("%q takes %v", kept, stored.Work())
		}
	})
}
