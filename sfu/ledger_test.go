package sfu

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"net/netip"
	"testing"

	pion "github.com/pion/srtp/v3"

	"madang/sfu/rtpview"
	"madang/sfu/srtp"
	"madang/sfu/udp"
)

// ledger holds what was sealed under which number of one association. Under one
// nonce only the same bytes may be sealed again, or the key is given away (RFC
// 7714 section 8.4); with one key and one nonce the sealed bytes are the same if
// and only if those before were.
type ledger struct {
	seed    maphash.Seed
	highest map[uint32]uint64 // index of SRTP, by SSRC
	sealed  map[nonce]uint64  // hash of what was sealed
	packets int
	again   int // sealed again, byte for byte
}

// nonce is what makes a nonce of AES-GCM beside the key.
type nonce struct {
	rtcp  bool
	ssrc  uint32
	index uint64
}

func newLedger() *ledger {
	return &ledger{seed: maphash.MakeSeed(), highest: map[uint32]uint64{}, sealed: map[nonce]uint64{}}
}

// enter notes a datagram of SRTP or SRTCP, in the order of sending; the error
// is a nonce that was used before with other bytes.
func (l *ledger) enter(datagram []byte) error {
	key := nonce{rtcp: rtpview.IsRTCP(datagram)}
	if key.rtcp {
		key.ssrc = binary.BigEndian.Uint32(datagram[4:])
		key.index = uint64(binary.BigEndian.Uint32(datagram[len(datagram)-4:]) &^ (1 << 31))
	} else {
		key.ssrc = binary.BigEndian.Uint32(datagram[8:])
		key.index = l.index(key.ssrc, binary.BigEndian.Uint16(datagram[2:]))
	}
	hash := maphash.Bytes(l.seed, datagram)
	l.packets++
	if before, used := l.sealed[key]; !used {
		l.sealed[key] = hash
	} else if l.again++; before != hash || key.rtcp {
		return fmt.Errorf("index %d of SSRC %d (RTCP: %v) was sealed twice", key.index, key.ssrc, key.rtcp)
	}
	return nil
}

// index is the one nearest to the highest so far (RFC 3711 section 3.3.1).
func (l *ledger) index(ssrc uint32, sequence uint16) uint64 {
	highest, known := l.highest[ssrc]
	if !known {
		highest = uint64(sequence)
	}
	index := highest + uint64(int64(int16(sequence-uint16(highest))))
	l.highest[ssrc] = max(highest, index)
	return index
}

// furthest is the highest index of any stream.
func (l *ledger) furthest() (most uint64) {
	for _, highest := range l.highest {
		most = max(most, highest)
	}
	return most
}

// client is the far end of one fast path, on a port of its own: it opens what
// comes with Pion's SRTP, which keeps rollover counters by itself.
type client struct {
	*ledger
	t       *testing.T
	conn    *udp.Conn
	burst   *udp.Burst
	context *pion.Context
}

// newClient makes a client, and the fast path to it that seals into out.
func newClient(t *testing.T, rng *rand.Rand, out *udp.Batch, counts *counters) (*client, *fast) {
	t.Helper()
	conn, err := udp.Listen(t.Context(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	material := make([]byte, srtp.AEADAES128GCM.MaterialLen())
	for i := range material {
		material[i] = byte(rng.Uint32())
	}
	theirs, ours, err := srtp.Split(srtp.AEADAES128GCM, material)
	if err != nil {
		t.Fatal(err)
	}
	path, err := newFast(ours, theirs, out, &trust{}, counts)
	if err != nil {
		t.Fatal(err)
	}
	path.aim(netip.MustParseAddrPort(conn.LocalAddr().String()))
	context, err := pion.CreateContext(material[16:32], material[44:], pion.ProtectionProfileAeadAes128Gcm)
	if err != nil {
		t.Fatal(err)
	}
	return &client{ledger: newLedger(), t: t, conn: conn, burst: udp.NewBurst(), context: context}, path
}

// take enters and opens all that has come; receive gets each packet.
func (c *client) take(receive func(packet []byte, isRTCP bool)) {
	c.t.Helper()
	for {
		if err := c.conn.Receive(c.burst, 0); err != nil {
			c.t.Fatal(err)
		}
		if c.burst.Len() == 0 {
			return
		}
		for i := range c.burst.Len() {
			_, datagram := c.burst.At(i)
			if err := c.enter(datagram); err != nil {
				c.t.Fatal(err)
			}
			opened, isRTCP, err := c.open(datagram)
			if err != nil {
				c.t.Fatalf("Pion cannot open what was sealed: %v", err)
			}
			receive(opened, isRTCP)
		}
	}
}

func (c *client) open(datagram []byte) (packet []byte, isRTCP bool, err error) {
	if isRTCP = rtpview.IsRTCP(datagram); isRTCP {
		packet, err = c.context.DecryptRTCP(nil, datagram, nil)
	} else {
		packet, err = c.context.DecryptRTP(nil, datagram, nil)
	}
	return packet, isRTCP, err
}
