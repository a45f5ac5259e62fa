package main

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestServeSaysTheFingerprintOfItsOwnCertificate(t *testing.T) {
	folder := t.TempDir()
	var shown [2]string
	for i := range shown {
		p := start(t, plainly, "--tls.mode=self-signed", "--tls.dir="+folder)
		conn, err := tls.Dial("tcp", strings.TrimPrefix(p.url, "https://"), &tls.Config{InsecureSkipVerify: true}) // it is compared
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(conn.ConnectionState().PeerCertificates[0].Raw)
		conn.Close()
		shown[i] = strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
		if !strings.Contains(p.stdout.String(), shown[i]) {
			t.Errorf("shows a certificate of %s, and says\n%s", shown[i], p.stdout.String())
		}
		p.signal(t, os.Interrupt)
		p.ends(t)
	}
	if shown[0] != shown[1] {
		t.Error("the certificate is another after a restart")
	}
}
