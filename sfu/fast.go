package sfu

import (
	"net/netip"
	"time"

	"github.com/pion/rtcp"

	"madang/sfu/demux"
	"madang/sfu/lane"
	"madang/sfu/rtpout"
	"madang/sfu/rtpview"
	"madang/sfu/srtp"
	"madang/sfu/udp"
)

// fast is the path on which the worker itself opens, seals and sends, beside
// Pion, which keeps SDP, ICE, DTLS and SCTP. It belongs to the worker. From the
// first packet on it is the only one to seal for its DTLS association.
type fast struct {
	sealer srtp.Sealer
	opener srtp.Opener
	out    *udp.Batch
	lanes  *lane.Table // nil: no peer comes by one
	remote *udp.Remote // nil while ICE has selected no pair
	lane   *lane.Lane  // in its place, where the peer comes by one
	at     netip.AddrPort
	heard  time.Time // when what the peer sealed came from there last
	counts *counters
	trial  trial
	raw    []byte // scratch
}

// newFast takes the keys of an association: what we seal with and what the peer
// does.
func newFast(ours, theirs srtp.Master, out *udp.Batch, keys *trust, counts *counters) (*fast, error) {
	sealer, err := srtp.NewSealer(ours)
	if err != nil {
		return nil, err
	}
	opener, err := srtp.NewOpener(theirs)
	if err != nil {
		return nil, err
	}
	return &fast{sealer: *sealer, opener: *opener, out: out, counts: counts, trial: trial{trust: keys}}, nil
}

// aim says where the peer is now. Over a lane that is gone nothing leaves.
func (f *fast) aim(at netip.AddrPort) {
	f.at, f.remote, f.lane = at, nil, nil
	if lane.Is(at) {
		f.lane = f.lanes.Find(at)
	} else {
		f.remote = udp.NewRemote(at)
	}
}

// aimed tells whether there is a way to the peer.
func (f *fast) aimed() bool { return f.remote != nil || f.lane != nil }

// send has a sealed datagram, built in the batch's room, leave at the end of the
// turn, or by the peer's lane.
func (f *fast) send(sealed []byte) {
	if f.lane == nil {
		f.out.Add(f.remote, sealed)
	} else if !f.lane.Send(sealed) {
		f.counts.dropPath.Add(1)
	}
}

// movedAfter is how long nothing must have come from where the peer was before it
// is followed: packets that were under way come late, and are no way back.
const movedAfter = 500 * time.Millisecond

// follow goes where the peer's own packets come from now, before ICE knows: what
// nobody else can seal, and nobody can repeat, says where the peer is, if it also
// answers there (RFC 7675 section 5.1).
func (f *fast) follow(c *demux.Conn[*endpoint], from netip.AddrPort, now time.Time) {
	if from == f.at {
		f.heard = now
	} else if f.aimed() && now.Sub(f.heard) >= movedAfter && c.Proven(from, now) {
		f.aim(from)
		f.heard = now
	}
}

// WriteRTP seals a packet straight into what leaves at the end of the turn.
func (f *fast) WriteRTP(packet *rtpout.Packet) {
	if !f.aimed() {
		f.counts.dropPath.Add(1)
		return
	}
	size, payload := packet.Size(), packet.Payload
	room := append(f.out.Room(size+srtp.Overhead), packet.Head...)
	if packet.Padding > 0 {
		payload = padded(room[len(room):], payload, packet.Padding)
	}
	f.send(f.sealer.RTP(room, payload))
	f.counts.packetsOut.Add(1)
	f.counts.bytesOut.Add(uint64(size))
}

// padded is a payload with its padding (RFC 3550 section 5.1), put to where it
// is sealed in place.
func padded(to, payload []byte, padding uint8) []byte {
	to = append(to, payload...)
	to = append(to, make([]byte, padding)...)
	to[len(to)-1] = padding
	return to
}

// WriteRTCP seals packets as one compound.
func (f *fast) WriteRTCP(packets []rtcp.Packet) {
	f.raw = f.raw[:0]
	for _, p := range packets {
		raw, err := p.Marshal()
		if err != nil {
			f.counts.dropPath.Add(1)
			return
		}
		f.raw = append(f.raw, raw...)
	}
	if !f.aimed() || len(f.raw) == 0 {
		f.counts.dropPath.Add(1)
		return
	}
	sealed, err := f.sealer.RTCP(f.out.Room(len(f.raw)+srtp.OverheadRTCP), f.raw)
	if err != nil {
		f.counts.dropPath.Add(1)
		return
	}
	f.send(sealed)
}

// open takes a datagram of media apart in place; false: it is not the peer's.
func (f *fast) open(datagram []byte) (packet []byte, isRTCP, ok bool) {
	var err error
	if isRTCP = rtpview.IsRTCP(datagram); isRTCP {
		packet, err = f.opener.RTCP(datagram)
	} else if n, whole := rtpview.HeaderLen(datagram); whole {
		packet, err = f.opener.RTP(datagram, n)
	} else {
		err = srtp.ErrShort
	}
	if err != nil {
		f.counts.dropForged.Add(1)
	}
	return packet, isRTCP, err == nil
}
