package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madang/configs"
	"madang/room"
	"madang/signaling"
)

// visit has a doctor look at a configuration.
func visit(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(append([]string{"doctor", "--lang=en"}, args...), &stdout, &stderr)
	return stdout.String() + stderr.String(), code
}

func TestDoctorFindsNothingWrongWhereNothingIs(t *testing.T) {
	if said, code := visit(t, onFreePorts...); code != 0 || strings.Contains(said, "!!") {
		t.Errorf("exits %d, says\n%s", code, said)
	}
}

func TestDoctorNamesWhatIsTaken(t *testing.T) {
	page, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	media, err := net.ListenPacket("udp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer media.Close()
	_, port, _ := net.SplitHostPort(media.LocalAddr().String())
	go func() { // what listens there is no madang
		for {
			c, err := page.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	said, code := visit(t, "--server.listen="+page.Addr().String(), "--ice.workers=1", "--ice.udp_port="+port, "--ice.tcp_port=-1")
	for _, words := range []string{page.Addr().String() + " (server.listen) cannot be opened: another program has it", "UDP port " + port + ": another program has it"} {
		if code != exitFailed || !strings.Contains(said, words) {
			t.Errorf("exits %d, does not say %q:\n%s", code, words, said)
		}
	}
}

func TestDoctorKnowsAMadangThatRuns(t *testing.T) {
	p := start(t, plainly)
	address := strings.TrimPrefix(p.url, "http://")
	if said, code := visit(t, "--server.listen="+address, "--ice.udp_port=0"); code != 0 || !strings.Contains(said, "taken by a madang that runs") {
		t.Errorf("exits %d, says\n%s", code, said)
	}
}

func TestDoctorSaysWhereToTestANetwork(t *testing.T) {
	for want, c := range map[string]struct{ listen, public, mode string }{
		"https://meet.example.org/test": {":443", "https://meet.example.org/", "off"},
		"http://localhost:8080/test":    {"localhost:8080", "", "off"},
		"https://localhost:8443/test":   {":8443", "", "self-signed"},
		"http://[::1]:80/test":          {"[::1]:80", "", "off"},
	} {
		config := configs.Default()
		config.Server.Listen, config.Server.PublicURL, config.TLS.Mode = c.listen, c.public, c.mode
		var said bytes.Buffer
		(&doctor{w: &said, say: english()}).testPage(config)
		if !strings.Contains(said.String(), " "+want+" ") {
			t.Errorf("%+v: says %q, want %s", c, said.String(), want)
		}
	}
}

func TestDoctorSaysWhoReachesTheAdminListener(t *testing.T) {
	say := english()
	for _, c := range []struct {
		listen string
		token  room.Secret
		says   string
		ills   int
	}{
		{"", "", say.NoAdmin, 0},
		{"127.0.0.1:0", "0123456789abcdef", say.AdminByToken, 0},
		{"127.0.0.1:0", "", say.AdminTokenless, 0},
		{":0", "0123456789abcdef", say.AdminInTheClear, 0},
		{":0", "", say.AdminForNobody, 1},
	} {
		var said bytes.Buffer
		d := &doctor{w: &said, say: say}
		d.admin(signaling.ServerConfig{Listen: "127.0.0.1:0", AdminListen: c.listen, AdminToken: c.token})
		if d.ills != c.ills || !strings.Contains(said.String(), c.says) {
			t.Errorf("%q: %d ills, says %s", c.listen, d.ills, said.String())
		}
	}
}

func TestFirewallIsToldOfEveryPortThatClientsComeTo(t *testing.T) {
	config := configs.Default()
	config.Server.Listen = ":443"
	config.ICE.Workers = 4
	config.TURN.UDPPort, config.TURN.TLSPort = 3478, 5349
	got := (&doctor{say: english()}).recipes(outerPorts(config))
	want := map[string]string{
		"ufw":      "ufw allow 443,3480,5349/tcp\nufw allow 3478,3480:3483/udp",
		"nft":      "nft add rule inet filter input tcp dport { 443, 3480, 5349 } accept\nnft add rule inet filter input udp dport { 3478, 3480-3483 } accept",
		"iptables": "iptables -I INPUT -p tcp -m multiport --dports 443,3480,5349 -j ACCEPT",
	}
	for _, r := range got {
		name, _, _ := strings.Cut(r.name, ",")
		if lines := strings.Join(r.lines, "\n"); !strings.HasPrefix(lines, want[name]) {
			t.Errorf("%s is told\n%s\nwant\n%s", r.name, lines, want[name])
		}
	}
	config.Server.Listen = "localhost:8080"
	config.TURN.Relay = "off"
	config.ICE.TCPPort = -1
	if ports := outerPorts(config); len(ports.tcp) != 0 || len(ports.udp) != 4 {
		t.Errorf("of a server for this machine, %+v", ports)
	}
}

func TestDoctorReadsTheCertificate(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		from, until time.Time
		url         string
		ills        int
		says        string
	}{
		"good":       {now.Add(-day), now.Add(60 * day), "https://meet.example.org", 0, "is for meet.example.org, until 2026-07-31"},
		"ends soon":  {now.Add(-day), now.Add(5 * day), "", 0, "renew it"},
		"ended":      {now.Add(-2 * day), now.Add(-day), "", 1, "ended on 2026-05-31"},
		"not yet":    {now.Add(day), now.Add(60 * day), "", 1, "begins on 2026-06-02"},
		"other name": {now.Add(-day), now.Add(60 * day), "https://chat.example.org:8443", 1, "not for chat.example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			var said bytes.Buffer
			d := &doctor{w: &said, say: english()}
			d.certificate(certificateFor(t, c.from, c.until), c.url, now)
			if d.ills != c.ills || !strings.Contains(said.String(), c.says) {
				t.Errorf("%d ills, says %s", d.ills, said.String())
			}
		})
	}
	var said bytes.Buffer
	d := &doctor{w: &said, say: english()}
	d.certificate(signaling.TLSConfig{Mode: "files", CertFile: "none.pem", KeyFile: "none.pem"}, "", now)
	if d.ills != 1 || !strings.Contains(said.String(), "none.pem") {
		t.Errorf("%d ills, says %s", d.ills, said.String())
	}
}

// certificateFor makes a certificate for meet.example.org.
func certificateFor(t *testing.T, from, until time.Time) signaling.TLSConfig {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "meet"},
		NotBefore: from, NotAfter: until, DNSNames: []string{"meet.example.org"}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	config := signaling.TLSConfig{Mode: "files", CertFile: filepath.Join(folder, "cert.pem"), KeyFile: filepath.Join(folder, "key.pem")}
	write(t, config.CertFile, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})))
	write(t, config.KeyFile, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
	return config
}
