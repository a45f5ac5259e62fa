package nack

import "github.com/pion/rtcp"

// MaxPairs is how many pairs one NACK packet of pion/rtcp can hold.
const MaxPairs = 253

// AppendPairs packs sequence numbers, ascending with wrap-around as Due returns
// them, into the pairs of a NACK packet (RFC 4585 section 6.2.1), each of which
// names a packet and any of the 16 after it, and appends them to dst.
func AppendPairs(dst []rtcp.NackPair, seqs []uint16) []rtcp.NackPair {
	start := len(dst)
	for _, seq := range seqs {
		if len(dst) > start {
			last := &dst[len(dst)-1]
			if after := seq - last.PacketID; after >= 1 && after <= 16 {
				last.LostPackets |= 1 << (after - 1)
				continue
			}
		}
		dst = append(dst, rtcp.NackPair{PacketID: seq})
	}
	return dst
}
