package sfu

import (
	"net"
	"strings"
	"testing"

	"github.com/pion/stun/v4"
)

func TestAddressThatSTUNFoundIsOfferedBesideTheOthers(t *testing.T) {
	server, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		b := make([]byte, 1500)
		n, from, err := server.ReadFrom(b)
		m := &stun.Message{Raw: b[:n]}
		if err != nil || m.Decode() != nil {
			return
		}
		outside := &stun.XORMappedAddress{IP: net.IPv4(203, 0, 113, 7), Port: 9}
		_, _ = server.WriteTo(stun.MustBuild(stun.NewTransactionIDSetter(m.TransactionID), stun.BindingSuccess, outside).Raw, from)
	}()
	defer func() { server.Close(); <-answered }()
	cfg := DefaultConfig()
	cfg.ICE.UDPPort, cfg.ICE.STUNServer = 0, server.LocalAddr().String()
	p, _ := newTestPeer(t, newSFU(t, cfg))
	answer := newBrowserWith(t, settings(), 1, 1).join(p).SDP
	for _, address := range []string{" udp ", " tcp "} {
		if !strings.Contains(answer, address) {
			t.Errorf("nothing over%s", address)
		}
	}
	if strings.Count(answer, " 203.0.113.7 ") != 2 || !strings.Contains(answer, " 127.0.0.1 ") {
		t.Errorf("%s", answer)
	}
}
