package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madang/configs"
	"madang/room/password"
)

// withKey is a configuration file with a key that signs tokens.
func withKey(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "madang.yaml")
	text := "server: {public_url: https://meet.example.org}\n" +
		"tokens: {keys: [{kid: main, alg: HS256, secret: a secret of more than thirty-two bytes}]}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTokenMakesWhatTheServerTakes(t *testing.T) {
	file := withKey(t)
	var stdout, stderr bytes.Buffer
	args := []string{"token", "--config", file, "--room", "class-*", "--role", "moderator", "--name", "Mina", "--identity", "mina@example.org", "--may", "join,chat", "--ttl", "2h"}
	if code := run(args, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Fatalf("exits %d: %s", code, stderr.String())
	}
	loaded, err := configs.Load(configs.Sources{File: file})
	if err != nil {
		t.Fatal(err)
	}
	ring, err := loaded.Config.Tokens.Keyring()
	if err != nil {
		t.Fatal(err)
	}
	grant, err := ring.Verify(strings.TrimSuffix(stdout.String(), "\n"), time.Now())
	if err != nil || !grant.Covers("class-7") || grant.Role != "moderator" || grant.Name != "Mina" || grant.Identity != "mina@example.org" ||
		strings.Join(grant.May, " ") != "join chat" || len(grant.ID) < 16 || time.Until(grant.Expires) < 119*time.Minute {
		t.Errorf("%+v, %v", grant, err)
	}
}

func TestTokenMakesALinkToOpen(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"token", "--config", withKey(t), "--room", "수업 1", "--uses", "3", "--link"}, &stdout, &stderr); code != 0 {
		t.Fatalf("exits %d: %s", code, stderr.String())
	}
	if link := stdout.String(); !strings.HasPrefix(link, "https://meet.example.org/r/%EC%88%98%EC%97%85%201#invite=ey") {
		t.Errorf("link %s", link)
	}
}

func TestTokenSaysWhatItCannotMake(t *testing.T) {
	file := withKey(t)
	for args, want := range map[string]string{
		"":                               `required flag(s) "room" not set`,
		"--room=r --role=king":           `--role: "king" is not one of guest, member, moderator, owner`,
		"--room=r --may=fly":             `--may: "fly" is no permission`,
		"--room=r --ttl=9000h":           "--ttl: must be between 1s and tokens.max_ttl, which is 720h0m0s",
		"--room=r --ttl=0s":              "--ttl: must be",
		"--room=r --uses=1001":           "1 to 1000 uses",
		"--room=[a":                      "names no room",
		"--room=class-* --link":          "--link: a link is for one room",
		"--room=r --config=none.yaml":    "none.yaml: cannot be read",
		"--room=r extra":                 `unknown command "extra"`,
		"--room=r --rooms.password=open": "unknown flag: --rooms.password",
	} {
		var stdout, stderr bytes.Buffer
		all := append([]string{"token", "--config", file}, strings.Fields(args)...)
		if code := run(all, &stdout, &stderr); code != exitInvalid || !strings.Contains(stderr.String(), want) || stdout.Len() > 0 {
			t.Errorf("madang token %s exits %d, says\n%s%s", args, code, stdout.String(), stderr.String())
		}
	}
	t.Chdir(t.TempDir())
	var stdout, stderr bytes.Buffer
	if code := run([]string{"token", "--room=r"}, &stdout, &stderr); code != exitInvalid || !strings.Contains(stderr.String(), "tokens.keys in the configuration has no key") {
		t.Errorf("without a key it exits %d, says %s", code, stderr.String())
	}
}

func TestPasswordReadsOneLine(t *testing.T) {
	for given, want := range map[string]string{
		"open sesame\n": "open sesame", "열려라 참깨": "열려라 참깨", "one\ntwo\n": "one", "dos\r\n": "dos", " blanks \n": " blanks ",
	} {
		var prompts bytes.Buffer
		if text, err := readPassword(strings.NewReader(given), &prompts); text != want || err != nil || prompts.Len() > 0 {
			t.Errorf("%q is read as %q, %v", given, text, err)
		}
	}
	for given, want := range map[string]string{"": "no password", "\n": "no password", strings.Repeat("x", password.MaxBytes+1): "at most 1024 bytes"} {
		if text, err := readPassword(strings.NewReader(given), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.10q is read as %.10q, %v", given, text, err)
		}
	}
}

func TestPasswordPrintsAHash(t *testing.T) {
	command := newPassword()
	var stdout bytes.Buffer
	command.SetIn(strings.NewReader("open sesame\n"))
	command.SetOut(&stdout)
	command.SetArgs(nil)
	if err := command.Execute(); err != nil {
		t.Fatal(err)
	}
	stored, err := password.Parse(strings.TrimSuffix(stdout.String(), "\n"))
	if err != nil || !stored.Is("open sesame") || strings.Contains(stdout.String(), "sesame") {
		t.Errorf("%s: %v", stdout.String(), err)
	}
}
