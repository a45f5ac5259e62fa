package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const fiveMistakes = `server:
  listen: %LISTEN%
  admin_listn: localhost:8081
tls:
  mode: filez
ice:
  udp_port: many
rooms:
  max_members: 0
chat:
  max_age: 10
`

func TestFiveMistakesFivePlacesAndNothingStarts(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := free.Addr().String()
	free.Close()
	file := filepath.Join(t.TempDir(), "madang.yaml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(fiveMistakes, "%LISTEN%", listen)), 0o600); err != nil {
		t.Fatal(err)
	}
	for command, code := range map[string]int{"config check": exitFailed, "config show": exitFailed, "serve": exitInvalid, "": exitInvalid} {
		var stdout, stderr bytes.Buffer
		if got := run(append(strings.Fields(command), "--config", file), &stdout, &stderr); got != code {
			t.Errorf("madang %s exits %d, want %d", command, got, code)
		}
		if stdout.Len() > 0 {
			t.Errorf("madang %s says %q", command, stdout.String())
		}
		places := regexp.MustCompile(`(?m)^`+regexp.QuoteMeta(file)+`:(\d+:\d+): `).FindAllStringSubmatch(stderr.String(), -1)
		var got []string
		for _, place := range places {
			got = append(got, place[1])
		}
		if want := "3:3 5:9 7:13 9:16 11:12"; strings.Join(got, " ") != want {
			t.Errorf("madang %s: places %v, want %s in\n%s", command, got, want, stderr.String())
		}
	}
	if c, err := net.Dial("tcp", listen); err == nil {
		c.Close()
		t.Error("something listens")
	}
}

func TestConfigCommands(t *testing.T) {
	cases := []struct {
		args        []string
		code        int
		out, errOut string
	}{
		{[]string{"config", "check"}, 0, "ok\n", ""},
		{[]string{"config", "check", "--ice.udp_port=99999"}, 1, "", "--ice.udp_port: must be between 0 and 65535\n"},
		{[]string{"config", "check", "--config=none.yaml"}, 1, "", "none.yaml: cannot be read"},
		{[]string{"config", "show", "--rooms.password=open"}, 0, `password: "***"`, ""},
		{[]string{"config", "show", "--ice.udp_port=4000"}, 0, "# --ice.udp_port\n", ""},
		{[]string{"config", "docs"}, 0, "# Madang: every setting", ""},
		{[]string{"--nonsense"}, 2, "", "unknown flag: --nonsense"},
		{[]string{"config", "show", "--ice.udp_prot=1"}, 2, "", "unknown flag: --ice.udp_prot; did you mean --ice.udp_port?\n"},
		{[]string{"nonsense"}, 2, "", "unknown command"},
		{[]string{"--help"}, 0, "--ice.udp_port", ""},
	}
	for _, c := range cases {
		var stdout, stderr bytes.Buffer
		code := run(c.args, &stdout, &stderr)
		if code != c.code || !strings.Contains(stdout.String(), c.out) || !strings.Contains(stderr.String(), c.errOut) || (c.errOut == "" && stderr.Len() > 0) {
			t.Errorf("madang %v exits %d, says\n%s%s", c.args, code, stdout.String(), stderr.String())
		}
	}
}

// onFreePorts are the flags of a server that disturbs nobody.
var onFreePorts = []string{"--server.listen=127.0.0.1:0", "--server.admin_listen=127.0.0.1:0", "--ice.udp_port=0"}

func TestServeGreetsAndStopsOnASignal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot signal itself on Windows")
	}
	stdout, stderr := &safeBuffer{}, &safeBuffer{}
	code, ended := 0, make(chan struct{})
	go func() {
		defer close(ended)
		code = run(append([]string{"serve"}, onFreePorts...), stdout, stderr)
	}()
	url := awaitURL(t, stdout, ended)
	for _, path := range []string{"/", "/r/hello", "/healthz"} {
		if body, status := get(t, url+path); status != http.StatusOK || body == "" {
			t.Errorf("GET %s: %d", path, status)
		}
	}
	if lines := strings.Count(stdout.String(), "\n"); lines > 6 {
		t.Errorf("%d lines of greeting:\n%s", lines, stdout.String())
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
		if code != 0 {
			t.Errorf("exits %d: %s", code, stderr.String())
		}
	case <-time.After(stopWithin + 10*time.Second):
		t.Fatal("does not stop")
	}
}

func TestServeSaysWhatItCannotOpen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	var stdout, stderr bytes.Buffer
	args := append(append([]string{}, onFreePorts...), "--server.listen="+taken.Addr().String())
	if code := run(args, &stdout, &stderr); code != exitFailed || !strings.Contains(stderr.String(), "server.listen") {
		t.Errorf("exits %d, says %s%s", code, stdout.String(), stderr.String())
	}
}

// awaitURL waits until a server has greeted, or has ended without.
func awaitURL(t *testing.T, stdout *safeBuffer, ended <-chan struct{}) string {
	t.Helper()
	link := regexp.MustCompile(`open at (http\S+)\n`)
	for {
		if m := link.FindStringSubmatch(stdout.String()); m != nil {
			return m[1]
		}
		select {
		case <-ended:
			t.Fatalf("no greeting: %s", stdout.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func get(t *testing.T, url string) (string, int) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), answer.StatusCode
}

// safeBuffer is a bytes.Buffer for several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
