// Package srtp seals and opens SRTP and SRTCP with AES-GCM (RFC 7714) for one
// DTLS association. It does no I/O and allocates nothing per packet. Whoever
// uses it must be the only one to seal for the association, for ever: a nonce
// used twice with different bytes gives the key away.
//
// It exists beside pion/srtp because a server seals the same payload for
// hundreds of subscribers: from one shared plaintext straight into what is sent,
// with one goroutine and so without locks.
package srtp

// Overhead is how much a sealed RTP packet is longer, in bytes: the tag.
const Overhead = 16

// OverheadRTCP is the same for RTCP: the tag and the index.
const OverheadRTCP = Overhead + 4

// headerRTCP is what stays readable of a sealed RTCP packet.
const headerRTCP = 8

// encrypted is the bit beside the index of an SRTCP packet (RFC 3711 section 3.4).
const encrypted = 1 << 31
