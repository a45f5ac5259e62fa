//go:build unix

package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMakeRunServes is the first of the README's two commands in a fresh clone:
// the tracked files alone, and Go alone.
func TestMakeRunServes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the whole binary")
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is not installed")
	}
	clone := cloneTree(t)
	stdout := &safeBuffer{}
	command := exec.Command("make", "run", "ARGS="+strings.Join(onFreePorts, " "))
	command.Dir = clone
	command.Stdout, command.Stderr = stdout, stdout
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		command.Wait() // make says that it was ended
	}()
	defer func() {
		syscall.Kill(-command.Process.Pid, syscall.SIGTERM)
		<-ended
	}()
	url := awaitURL(t, stdout, ended)
	for _, path := range []string{"/", "/r/hello"} {
		if body, status := get(t, url+path); status != http.StatusOK || !strings.Contains(body, "<html") {
			t.Errorf("GET %s: %d", path, status)
		}
	}
}

// cloneTree copies the files that git knows, or would on the next commit.
func cloneTree(t *testing.T) string {
	t.Helper()
	const top = "../.."
	list, err := exec.Command("git", "-C", top, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skip("not in a git checkout: ", err)
	}
	clone := t.TempDir()
	for _, name := range strings.Split(strings.TrimRight(string(list), "\x00"), "\x00") {
		if err := copyFile(filepath.Join(top, name), filepath.Join(clone, name)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return clone
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, info.Mode())
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, in)
	return err
}
