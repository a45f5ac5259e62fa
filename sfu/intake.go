package sfu

import (
	"bytes"
	"io"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/transport/v5/packetio"

	"madang/sfu/twcc"
)

// streamsPerPeer bounds how many SSRCs Pion keeps state for on behalf of one
// peer: 63 lines with RTX both ways, and room for what changes.
const streamsPerPeer = 512

// intake is where Pion's SRTP sessions put what they decrypted: every packet of
// a peer, whatever SSRC it is of or speaks of, goes to the worker at once. Pion's
// own readers find nothing.
type intake struct {
	endpoint *endpoint
	streams  atomic.Int32
	overflow func() // called once the peer has too many SSRCs

	// Of the packet that came last; only Pion's SRTCP goroutine touches them.
	lastRTCP []byte
	lastSSRC uint32
}

// buffer is Pion's buffer factory.
func (in *intake) buffer(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	if in.streams.Add(1) == streamsPerPeer {
		in.overflow()
	}
	return &inlet{intake: in, rtcp: kind == packetio.RTCPBufferPacket, ssrc: ssrc}
}

// inlet is what Pion takes for the buffer of one SSRC.
type inlet struct {
	*intake
	rtcp bool
	ssrc uint32
}

// Write takes one packet and never fails: what the worker has no room for is
// lost as on a network, counted.
func (i *inlet) Write(packet []byte) (int, error) {
	if i.rtcp && i.repeated(packet) {
		return len(packet), nil
	}
	w := i.endpoint.worker
	post := w.inbox.post
	if i.rtcp && patient(packet) {
		post = w.inbox.leave
	}
	if !post(i.endpoint, packet, i.rtcp) {
		w.counts.dropInbox.Add(1)
	}
	return len(packet), nil
}

// patient tells whether a packet can wait for the worker's next turn: transport-
// wide feedback says when packets arrived, not that anything is wanted. With
// hundreds of subscribers it would wake the worker more often than media does.
func patient(packet []byte) bool {
	var h rtcp.Header
	return h.Unmarshal(packet) == nil && twcc.Is(h) && len(packet) == 4*(int(h.Length)+1)
}

// repeated tells whether Pion shows the same RTCP packet again: it does so for
// every SSRC that the packet speaks of, in ascending order.
func (i *inlet) repeated(packet []byte) bool {
	again := i.ssrc > i.lastSSRC && bytes.Equal(packet, i.lastRTCP)
	i.lastSSRC = i.ssrc
	if !again {
		i.lastRTCP = append(i.lastRTCP[:0], packet...)
	}
	return again
}

// Read tells Pion's readers that there is nothing for them.
func (*inlet) Read([]byte) (int, error) { return 0, io.EOF }

// Close has nothing to give back.
func (*inlet) Close() error { return nil }
