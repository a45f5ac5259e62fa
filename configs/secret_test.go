package configs

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"madang/room"
)

// planted is a secret that no output may hold.
const planted = "hunter2-planted"

func TestSecretsNeverStandInProblems(t *testing.T) {
	files := []string{
		"rooms:\n  pasword: hunter2-planted\n",
		"rooms:\n  password: [hunter2-planted]\n",
		"rooms:\n  password:\n  - hunter2-planted\n",
		"rooms:\n  password:\n    hunter2-planted: 1\n",
		"rooms: {password: hunter2-planted, max_memberz: 3}\n",
		"rooms: {max_memberz: 3, password: hunter2-planted}\n",
		"rooms: {\npassword:\nhunter2-planted, maxx: 3}\n",
		"rooms:\n  password: &hunter2-planted x\n",
		"rooms:\n  password: !hunter2-planted x\n",
		"rooms:\n  password: hunter2-planted\n  password: hunter2-planted\n",
		"rooms:\n  password: \"hunter2-planted\n",
		"rooms:\n  password: |\n    one\n    hunter2-planted\n  password: x\n",
		"rooms:\n  password: |\n    one\n   hunter2-planted: {\n",
		"password: hunter2-planted\n",
		"turn_password: 'hunter2-planted'\n",
		"rooms:\n  password: hunter2-planted: x\n",
		"rooms:\n  overrides:\n    - {name: \"[\", password: hunter2-planted}\n",
		"rooms:\n  password: hunter2-planted\n  password_file: /nowhere\n",
		"rooms:\n  password: hunter2-planted\n  max_members: hunter2-planted\n",
		"chat:\n  history: hunter\nrooms:\n  password: hunter2-planted",
	}
	for _, file := range files {
		_, err := load(file, []string{"MADANG_ROOMS_PASSWORD=" + planted, "MADANG_ROOMS_PASSWORDD=" + planted}, nil)
		if err == nil {
			t.Errorf("%q loads", file)
		} else if strings.Contains(err.Error(), planted) {
			t.Errorf("%q shows its secret:\n%v", file, err)
		}
	}
}

func TestSecretsAreMaskedInShowAndLog(t *testing.T) {
	loaded, err := load("rooms:\n  password: "+planted+"\n  overrides:\n    - name: a\n      password: "+planted+"\n", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	shown := show(t, loaded)
	if strings.Contains(shown, planted) || !strings.Contains(shown, `password: "***"`) {
		t.Errorf("shown:\n%s", shown)
	}
	for _, format := range []string{"text", "json"} {
		var log bytes.Buffer
		logger := LoggingConfig{Level: "debug", Format: format}.New(&log, slog.LevelDebug)
		logger.Debug("x", "config", loaded.Config, "rooms", loaded.Config.Rooms, "password", planted, "of", room.Secret(planted))
		if strings.Contains(log.String(), planted) {
			t.Errorf("logged: %s", log.String())
		}
	}
}

func TestSecretFromAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte("  "+planted+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, file string
		environ    []string
		want       string // the password
		problem    string
	}{
		{name: "file", file: "rooms:\n  password_file: " + path, want: planted},
		{name: "both in one layer", file: "rooms:\n  password: x\n  password_file: " + path, problem: "stands beside password"},
		{name: "later file", file: "rooms:\n  password: x", environ: []string{"MADANG_ROOMS_PASSWORD_FILE=" + path}, want: planted},
		{name: "later value", file: "rooms:\n  password_file: /nowhere", environ: []string{"MADANG_ROOMS_PASSWORD=x"}, want: "x"},
		{name: "missing", file: "rooms:\n  password_file: /nowhere", problem: `madang.yaml:2:18: rooms.password_file: "/nowhere" cannot be read`},
		{name: "empty", file: "rooms:\n  password_file: " + empty, problem: "is empty"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			loaded, err := load(c.file, c.environ, nil)
			if c.problem != "" {
				if err == nil || !strings.Contains(err.Error(), c.problem) {
					t.Errorf("got %v, want %q", err, c.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := loaded.Config.Rooms.Password.Reveal(); got != c.want {
				t.Errorf("password is %q", got)
			}
		})
	}
	loaded, err := load("rooms:\n  overrides:\n    - name: a\n      password_file: "+path, nil, nil)
	if err != nil || loaded.Config.Rooms.For("a").Password != planted {
		t.Errorf("the file of an override was not read: %v", err)
	}
	if shown := show(t, loaded); !strings.Contains(shown, "# the file in rooms.overrides[0].password_file") {
		t.Errorf("shown:\n%s", shown)
	}
}

func TestEverySecretCanStandInAFile(t *testing.T) {
	keys := map[string]bool{}
	settings := root(&Config{}).withItems().settings(true)
	for _, f := range settings {
		keys[f.path] = true
	}
	for _, f := range settings {
		if f.secret() && !keys[f.path+"_file"] {
			t.Errorf("%s has no %s_file beside it", f.path, f.key())
		}
	}
}

func TestChoicesAreWhatValidateTakes(t *testing.T) {
	for _, f := range root(&Config{}).settings(false) {
		for _, choice := range f.choices {
			_, err := load("", nil, map[string]string{f.path: choice})
			if err != nil && !strings.Contains(err.Error(), "is needed for") {
				t.Errorf("%s: %v", f.path, err)
			}
		}
	}
}
