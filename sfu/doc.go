// Package sfu is the media plane: it receives RTP from publishers and forwards
// it to subscribers, and answers RTCP. It knows no rooms and no JSON.
//
// Everything it does is one operation, repeated. A [Source] is one thing a peer
// publishes (microphone, camera, screen, screen audio) in one or more layers. A
// [Slot] is one outgoing RTP stream of one subscriber whose SSRC, sequence
// numbers and timestamps never break. A slot is fed by one layer of one source
// at a time; changing what a subscriber sees is changing what feeds its slots.
//
// One goroutine, the [Worker], owns all media state of its peers; there is one for
// each core, with a UDP port of its own. Control never reaches in: it hands a
// [Router] an immutable [Routing] and hears back through an [Observer]. A room's
// peers are on one worker until that is full. On each worker that has some the room
// has a wing, in which mirrors stand for the sources of the others; what is for
// those crosses once a turn over a bridge. Pion does SDP, ICE, DTLS and SCTP; a [Peer] is the seam.
package sfu
