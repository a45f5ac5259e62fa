package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"madang/signaling/client"
	"madang/signaling/protocol"
)

// A server that says all it can, with people who come in rightly and wrongly, those who
// run it, and a configuration that breaks: whatever is printed, answered or written to a
// file, no secret stands in it that is not for who hears it.
func TestNoSecretIsShownWhileServing(t *testing.T) {
	h := &shownHouse{planted: plantConfig(t), heard: map[string]*safeBuffer{}, answers: &safeBuffer{}}
	h.process = start(t, plainly, "--config="+h.file, h.flag, "--server.drain=0s")
	h.goodGuests(t)
	h.badGuests(t)
	h.operators(t)
	h.reloads(t)
	h.signal(t, syscall.SIGTERM)
	if code := h.ends(t); code != 0 {
		t.Errorf("exits %d", code)
	}

	if !strings.Contains(h.stderr.String(), "level=DEBUG") {
		t.Errorf("the server does not say all that it can:\n%s", h.stderr.String())
	}
	h.keptFrom(t, "the terminal", h.stdout.String())
	h.keptFrom(t, "the log", h.stderr.String())
	h.keptFrom(t, "who is refused, or runs the server", h.answers.String())
	h.keptFrom(t, "the disk", filesIn(t, h.folder, "madang.yaml", "secret"))
	for name, said := range h.heard {
		others := secrets(maps.Clone(h.secrets))
		maps.DeleteFunc(others, func(what, _ string) bool {
			return strings.HasPrefix(what, name) || what == "turn.external.credential" // which is for all
		})
		others.keptFrom(t, name, said.String())
	}
}

// shownHouse is a server with secrets, and what it says to whom.
type shownHouse struct {
	*planted
	*process
	heard   map[string]*safeBuffer // by members
	answers *safeBuffer            // by everybody else
}

// tapped keeps what comes over a connection.
type tapped struct {
	net.Conn
	said *safeBuffer
}

func (c tapped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	_, _ = c.said.Write(p[:n])
	return n, err
}

// ownSecrets are what a session is told that nobody else may know.
var ownSecrets = map[string]*regexp.Regexp{
	"session":      regexp.MustCompile(`"session":"([^"]+)"`),
	"ICE password": regexp.MustCompile(`ice-pwd:([\w+/]+)`),
}

// in has somebody come in, and knows their secrets from then on.
func (h *shownHouse) in(t *testing.T, o client.Options) *client.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	said := &safeBuffer{}
	o.URL, o.Sources, o.GiveUp = h.url, []protocol.Source{protocol.Mic}, -1
	o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return tapped{conn, said}, err
	}
	c, err := client.Join(ctx, o)
	if err != nil {
		t.Fatalf("%s: %v", o.Name, err)
	}
	t.Cleanup(c.Close)
	h.heard[o.Name] = said
	for what, pattern := range ownSecrets {
		found := pattern.FindStringSubmatch(said.String())
		if found == nil {
			t.Fatalf("%s is told no %s:\n%s", o.Name, what, said.String())
		}
		h.secrets[o.Name+"'s "+what] = found[1]
	}
	return c
}

// token makes a token, of which the signature is the secret.
func (h *shownHouse) token(t *testing.T, what string, args ...string) string {
	t.Helper()
	said, code := told(append([]string{"token", "--config=" + h.file}, args...)...)
	if code != 0 {
		t.Fatalf("exits %d: %s", code, said)
	}
	return h.known(what, strings.TrimSpace(said))
}

func (h *shownHouse) known(what, token string) string {
	h.secrets[what] = token[strings.LastIndexByte(token, '.')+1:]
	return token
}

// goodGuests come in by every way that there is, and do what leaves a trace.
func (h *shownHouse) goodGuests(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	owner := h.in(t, client.Options{Name: "Owner", Room: "yard", Password: h.secrets["rooms.owner_password"]})
	h.in(t, client.Options{Name: "Mina", Room: "yard", Password: h.secrets["rooms.password"]})
	h.in(t, client.Options{Name: "Hana", Room: "hashed", Password: h.secrets["a password that is kept as a hash"]})
	h.in(t, client.Options{Name: "Fila", Room: "filed", Password: h.secrets["a password in a file"]})
	first, next := h.token(t, "Tokio's token", "--room=tokens", "--identity=tokio"), h.token(t, "Tokio's next token", "--room=tokens", "--identity=tokio")
	holder := h.in(t, client.Options{Name: "Tokio", Room: "tokens", Token: first})
	if _, err := holder.RefreshToken(ctx, next); err != nil {
		t.Fatal(err)
	}
	invitation, err := owner.Invite(ctx, protocol.Member, time.Hour, 2)
	if err != nil {
		t.Fatal(err)
	}
	h.known("Owner's invitation", invitation.Token)
	invited := h.in(t, client.Options{Name: "Vita", Room: "yard", Token: invitation.Token})
	if err := owner.Kick(ctx, invited.You(), time.Minute); err != nil {
		t.Fatal(err)
	}
}

// badGuests say what is wrong, with secrets in it.
func (h *shownHouse) badGuests(t *testing.T) {
	wrong := h.plant("a wrong secret")
	foreign := "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJyb29tIjoidG9rZW5zIn0." + wrong
	hello := func(fields string) string { return `{"t":"hello","id":"1","v":1,"name":"Eve",` + fields + `}` }
	right := hello(`"room":"yard","password":"` + h.secrets["rooms.password"] + `"`)
	for _, says := range [][]string{
		{hello(`"room":"yard","password":"` + wrong + `"`)},
		{hello(`"room":"hashed","password":"` + wrong + `"`)},
		{hello(`"room":"tokens","password":"` + h.secrets["rooms.overrides.password"] + `"`)},
		{hello(`"room":"tokens","token":"` + wrong + `"`)},
		{hello(`"room":"tokens","token":"` + foreign + `"`)},
		{hello(`"room":"yard","token":"` + h.token(t, "a token of another room", "--room=vip") + `"`)},
		{hello(`"room":"yard","password":["` + wrong + `"]`)},
		{hello(`"room":"yard","password":"` + wrong + `\ud800"`)},
		{hello(`"resume":{"session":"` + wrong + `","seq":1}`)},
		{`{"t":"hello","password":"` + wrong},
		{`{"t":"` + wrong + `","id":"1"}`},
		{wrong},
		{right, right},
		{right, `{"t":"join","id":"2","sdp":"v=0\r\na=ice-pwd:` + wrong + `\r\nm=` + wrong + `\r\n"}`},
		{right, `{"t":"join","id":"2","sdp":"` + strings.Join([]string{"v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=ice-ufrag:abcd", "a=ice-pwd:" + wrong,
			"m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:0", "a=crypto:1 x inline:" + wrong, ""}, `\r\n`) + `","lines":{"0":"mic"}}`},
		{right, `{"t":"token","id":"2","token":"` + foreign + `"}`},
		{right, `{"t":"invite","id":"2","role":"` + wrong + `","ttl_s":1,"uses":1}`},
	} {
		said := &safeBuffer{}
		h.utters(t, said, says)
		own := strings.ReplaceAll(said.String(), h.secrets["turn.external.credential"], "") // for all who are in the lobby
		fmt.Fprintln(h.answers, own)
	}
}

// utters says one thing after another over a WebSocket, and hears what is answered.
func (h *shownHouse) utters(t *testing.T, said io.Writer, texts []string) {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{protocol.Subprotocol}}
	conn, _, err := dialer.Dial(strings.Replace(h.url, "http", "ws", 1)+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			t.Fatal(err)
		}
		_, answer, err := conn.ReadMessage()
		fmt.Fprintf(said, "%s %v\n", answer, err)
	}
}

// operators ask for everything, with the token and with wrong ones.
func (h *shownHouse) operators(t *testing.T) {
	admin := regexp.MustCompile(`(http://\S+)/metrics`).FindStringSubmatch(h.stdout.String())[1]
	wrong := h.plant("a wrong admin token")
	for _, path := range []string{
		"/metrics", "/debug/pprof/", "/debug/pprof/cmdline", "/debug/pprof/goroutine?debug=2", "/debug/pprof/heap?debug=1", "/debug/pprof/symbol",
		"/api/admin/rooms", "/api/admin/rooms/yard", "/api/admin/rooms/tokens", "/api/admin/nonsense", "/",
	} {
		for _, token := range []string{"", wrong, h.secrets["server.admin_token"]} {
			h.asks(t, http.MethodGet, admin+path, token, "")
		}
	}
	for path, body := range map[string]string{
		"/api/admin/rooms/yard": `{"t":"lock","id":"1","locked":true}`, "/api/admin/rooms/hashed": `{"t":"` + wrong + `"}`,
		"/api/admin/revoke": `{"identity":"tokio"}`, "/api/admin/revoke?": `{"jti":["` + wrong + `"]}`, "/api/admin/revoke?token=": `{"` + wrong + `":1}`,
	} {
		h.asks(t, http.MethodPost, admin+path, h.secrets["server.admin_token"], body)
	}
	for _, path := range []string{"/", "/r/yard", "/api/rooms/yard", "/api/rooms/hashed?password=" + wrong, "/healthz", "/readyz", "/nowhere?token=" + wrong} {
		h.asks(t, http.MethodGet, h.url+path, wrong, "")
	}
}

// asks asks for something by HTTP, and keeps the answer.
func (h *shownHouse) asks(t *testing.T, method, url, token, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(h.answers, "%s %s: %s %v\n%s\n", method, strings.Split(url, "?")[0], response.Status, response.Header, text)
}

// reloads has the configuration break, and then be good with other secrets.
func (h *shownHouse) reloads(t *testing.T) {
	broken := strings.Replace(h.text, "  admin_token:", "  admin_tokn:", 1) + "rooms: " + h.secrets["rooms.password"] + "\n"
	write(t, h.file, broken)
	h.signal(t, syscall.SIGHUP)
	h.says(t, "admin_token?")
	write(t, h.file, strings.ReplaceAll(h.text, h.secrets["rooms.password"], h.plant("another rooms.password")))
	before := strings.Count(h.stderr.String(), "\n")
	h.signal(t, syscall.SIGHUP)
	eventually(t, "it says that it took the other", func() bool { return strings.Count(h.stderr.String(), "\n") > before })
}
