package sfu

import (
	"fmt"
	"net"
	"testing"
	"time"

	"madang/sfu/lane"
)

// Strangers and a member fill the TCP port with what they like; the call of others
// goes on, and nothing stays.
func TestHostileStreamsHarmNobody(t *testing.T) {
	s := newTestSFU(t)
	c := newCall(t, s, overTCPAlone(t, 1, 1), newBrowserWith(t, settings(), 1, 1))
	c.flow(20)
	stay := s.lanes.Len()
	member := newBrowserWith(t, settings(), 1, 0)
	p, _ := newTestPeer(t, s)
	answer := member.join(p).SDP
	username := attribute(answer, "ice-ufrag") + ":" + attribute(member.pc.LocalDescription().SDP, "ice-ufrag")
	own := check(username, attribute(answer, "ice-pwd"))
	junk := make([]byte, 1200)
	for _, sent := range [][]byte{
		nil, {0}, lane.Append(nil, junk), {0xff, 0xff},
		lane.Append(nil, check("nobody:x", "x")),
		lane.Append(nil, check(username, "guessed")),
		append(lane.Append(nil, check(username, "guessed")), lane.Append(nil, junk)...),
		append(lane.Append(nil, own), lane.Append(nil, junk)...),
		append(lane.Append(nil, own), 0, 200, 1),
		[]byte("GET / HTTP/1.1\r\n\r\n"), []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
	} {
		for range 20 {
			conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.TCPPort()))
			if err != nil {
				continue // too many, and reset
			}
			defer conn.Close()
			_, _ = conn.Write(sent)
		}
	}
	c.ears[0].longest()
	c.flow(60)
	if gap := max(c.ears[0].longest(), c.ears[1].longest()); gap > 2*time.Second {
		t.Errorf("nothing came for %v", gap)
	}
	if stats := s.Stats(); stats.Panics > 0 {
		t.Errorf("%+v", stats)
	}
	p.Close()
	// The call's own lanes stay; those of the member and of the strangers go.
	for deadline := time.Now().Add(30 * time.Second); s.lanes.Len() > stay; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d lanes, %d before", s.lanes.Len(), stay)
		}
	}
}
