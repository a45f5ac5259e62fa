package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAChangedConfigurationTakesEffectOrChangesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "madang.yaml")
	write(t, file, "rooms: {max_members: 7}\n")
	p := start(t, plainly, "--config="+file)
	c := p.guest(t, "Mina")
	needs := func() string {
		body, status := get(t, p.url+"/api/rooms/yard")
		if status != http.StatusOK {
			t.Fatalf("says %d", status)
		}
		return body
	}

	write(t, file, "rooms: {max_members: 7, password: word}\nice: {workers: 3}\nlogging: {level: debug}\n")
	p.signal(t, syscall.SIGHUP)
	p.says(t, "Changed: rooms.password, logging.level.\nThese hold after a restart: ice.workers.\n")
	if !strings.Contains(needs(), "password") {
		t.Error("the password is not asked for")
	}
	if strings.Contains(p.stderr.String(), "word\n") {
		t.Error("the password is shown")
	}

	write(t, file, "rooms:\n  max_members: 0\n  pasword: other\n")
	p.says(t, file+":2:16: rooms.max_members: must be between 1 and 10000") // without a signal
	p.says(t, file+`:3:3: "pasword" is no setting in rooms; did you mean password?`)
	if !strings.Contains(needs(), "password") {
		t.Error("a configuration with problems took effect")
	}

	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	p.says(t, file+": cannot be read")
	write(t, file, "rooms: {max_members: 7}\n")
	eventually(t, "open again", func() bool { return !strings.Contains(needs(), "password") })
	if err := c.Err(); err != nil {
		t.Errorf("a member was sent away: %v", err)
	}
}

func TestThoseWhoRunTheServerReloadAndStopItByItsListener(t *testing.T) {
	folder := t.TempDir()
	file, acts := filepath.Join(folder, "madang.yaml"), filepath.Join(folder, "audit.log")
	write(t, file, "server: {admin_token: a token of a test, audit_file: "+acts+"}\n")
	p := start(t, plainly, "--config="+file)
	c := p.guest(t, "Mina")
	admin := "http" + strings.SplitN(strings.SplitN(p.stdout.String(), "Metrics: http", 2)[1], "/metrics", 2)[0]
	ask := func(method, path string) string {
		r, err := http.NewRequest(method, admin+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer a token of a test")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, response.StatusCode, err)
		}
		return string(body)
	}
	if said := ask("GET", "/api/admin/rooms"); !strings.Contains(said, `"name": "Mina"`) {
		t.Errorf("the rooms are %s", said)
	}
	write(t, file, "server: {admin_token: a token of a test, audit_file: "+acts+"}\nrooms: {max_members: 7}\n")
	if said := ask("POST", "/api/admin/reload"); !strings.Contains(said, "rooms.max_members") {
		t.Errorf("reload says %s", said)
	}
	c.Leave()
	ask("POST", "/api/admin/drain")
	if code := p.ends(t); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	if said, err := os.ReadFile(acts); err != nil || !strings.Contains(string(said), `"what":"reload"`) || !strings.Contains(string(said), `"what":"drain"`) {
		t.Errorf("the audit has %s, %v", said, err)
	}
}
