package load

import (
	"net"
	"testing"
)

func TestParseStat(t *testing.T) {
	busy, all := parseStat([]byte("cpu  100 5 50 1000 45 0 7 3 11 0\ncpu0 1 1 1 1\n"))
	if busy != 165 || all != 1210 {
		t.Errorf("busy %d of %d, want 165 of 1210", busy, all)
	}
	for _, bad := range []string{"", "cpu", "cpu x"} {
		if busy, all := parseStat([]byte(bad)); busy != 0 || all != 0 {
			t.Errorf("%q: busy %d of %d", bad, busy, all)
		}
	}
}

func TestParseReceiveErrors(t *testing.T) {
	snmp := "Ip: Forwarding DefaultTTL\nIp: 1 64\n" +
		"Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors\nUdp: 10 2 3 4 55 6\n" +
		"UdpLite: InDatagrams RcvbufErrors\nUdpLite: 0 77\n"
	if got := parseReceiveErrors([]byte(snmp)); got != 55 {
		t.Errorf("got %d, want 55", got)
	}
	if got := parseReceiveErrors([]byte("Udp: RcvbufErrors\n")); got != 0 {
		t.Errorf("got %d of half a table", got)
	}
}

func TestParseSocketDrops(t *testing.T) {
	table := "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n" +
		"  350: 0100007F:0D98 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 12\n" +
		"  351: 0100007F:0D99 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 30\n" +
		"  352: short\n"
	if got := parseSocketDrops([]byte(table), map[string]bool{"4711": true, "9": true}); got != 12 {
		t.Errorf("got %d, want 12", got)
	}
}

// TestOwnDropsAreCounted fills a socket that nobody reads.
func TestOwnDropsAreCounted(t *testing.T) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	before := countDrops()
	for range 100 {
		if _, err := conn.WriteTo(make([]byte, 1000), conn.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	if drops := countDrops().since(before); !drops.Known || drops.Own < 50 || drops.Machine < 50 {
		t.Errorf("got %+v after 100 packets into a buffer for four", drops)
	}
}
