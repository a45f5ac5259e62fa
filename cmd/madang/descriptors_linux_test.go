package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/client"
	"madang/signaling/protocol"
)

// TestRunningOutOfDescriptorsRefusesJoinsAndDoesNotSpin has a server that may open 256
// files, as prlimit --nofile=256 would.
func TestRunningOutOfDescriptorsRefusesJoinsAndDoesNotSpin(t *testing.T) {
	p := start(t, `ulimit -n 256 && `+plainly, "--limits.hello_timeout=2s")
	c := p.guest(t, "Mina")

	admitted, refused := p.crowd(t, 300)
	if admitted < 100 || refused == 0 {
		t.Errorf("%d are admitted and %d refused", admitted, refused)
	}

	strangers := p.silent(t, 400)
	before := p.cpu(t)
	time.Sleep(2 * time.Second) // what is measured
	if used := p.cpu(t) - before; used > 1 {
		t.Errorf("%.2f s of CPU in 2 s of doing nothing", used)
	}
	if _, err := c.Publish(protocol.Mic); err != nil || c.Err() != nil {
		t.Errorf("who is in cannot speak: %v, %v", err, c.Err())
	}
	for _, conn := range strangers {
		conn.Close()
	}
}

// TestDescriptorsThatComeBackAreUsed frees what was held.
func TestDescriptorsThatComeBackAreUsed(t *testing.T) {
	p := start(t, `ulimit -n 256 && `+plainly)
	strangers := p.silent(t, 400)
	for _, conn := range strangers {
		conn.Close()
	}
	eventually(t, "somebody is taken again", func() bool {
		c, err := client.Join(t.Context(), client.Options{URL: p.url, Room: "yard", Name: "Mina", Sources: []protocol.Source{}})
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// crowd has so many say hello, and stay while the test lasts.
func (p *process) crowd(t *testing.T, size int) (admitted, refused int) {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{protocol.Subprotocol}, HandshakeTimeout: 5 * time.Second}
	for range size {
		conn, _, err := dialer.Dial("ws"+strings.TrimPrefix(p.url, "http")+"/ws", nil)
		if err != nil {
			refused++
			continue
		}
		t.Cleanup(func() { conn.Close() })
		hello := protocol.Encode(&protocol.Hello{ID: "1", V: protocol.Version, Room: "yard", Name: "Crowd"})
		if err := conn.WriteMessage(websocket.TextMessage, hello); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		_, answer, err := conn.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		m, err := protocol.DecodeServer(answer)
		if err != nil {
			t.Fatal(err)
		}
		switch m := m.(type) {
		case *protocol.Lobby:
			admitted++
		case *protocol.Error:
			refused++
			conn.Close()
			if m.Code != protocol.Unavailable || m.RetryMS == 0 || m.Re != "1" {
				t.Errorf("refused with %+v", *m)
			}
		}
	}
	return admitted, refused
}

// silent opens so many connections that say nothing.
func (p *process) silent(t *testing.T, size int) (all []net.Conn) {
	t.Helper()
	for range size {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(p.url, "http://"), time.Second)
		if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
			return all // the queue of the listener is full
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		all = append(all, conn)
	}
	return all
}

// cpu is the CPU time that the process has used, in seconds: the fields utime and
// stime of proc(5), in hundredths.
func (p *process) cpu(t *testing.T) float64 {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var user, system float64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		t.Fatal(err)
	}
	return (user + system) / 100
}
