package sfu

import (
	"errors"
	"fmt"
	"io"

	"github.com/pion/webrtc/v4"
)

// What is kept to read messages of the chat channel, and how long one may be, in
// bytes. Pion would keep 64 KB for each member.
const (
	chatUsual = 1 << 10
	chatMost  = 64 << 10
)

// openChat makes the chat channel. A client that opens another is ended: nobody would
// read that, and each costs memory.
func (p *Peer) openChat() error {
	negotiated, ordered, id := true, true, uint16(0)
	chat, err := p.pc.CreateDataChannel("chat", &webrtc.DataChannelInit{Negotiated: &negotiated, Ordered: &ordered, ID: &id})
	if err != nil {
		return fmt.Errorf("make the chat channel: %w", err)
	}
	chat.SetBufferedAmountLowThreshold(chatLow)
	chat.OnBufferedAmountLow(p.events.ChatWritable)
	chat.OnOpen(p.readChat)
	p.chat = chat
	p.pc.OnDataChannel(func(*webrtc.DataChannel) { p.fail() })
	return nil
}

// fail ends the peer for what its client did.
func (p *Peer) fail() {
	p.telling.Lock()
	defer p.telling.Unlock()
	if p.told != PeerClosed {
		p.told = PeerBroken
		p.events.PeerStateChanged(PeerBroken)
	}
}

// readChat reads the channel until it ends: on a goroutine that Pion makes when
// the channel opens, and that Close waits for.
func (p *Peer) readChat() {
	p.telling.Lock()
	here := p.told != PeerClosed
	if here {
		p.reading.Add(1)
	}
	p.telling.Unlock()
	if !here {
		return
	}
	defer p.reading.Done()
	channel, err := p.chat.Detach()
	if err != nil {
		return
	}
	p.events.ChatOpened()
	usual := make([]byte, chatUsual)
	for buf := usual; ; {
		n, text, err := channel.ReadDataChannel(buf)
		switch {
		case err == nil:
			p.events.ChatReceived(append([]byte(nil), buf[:n]...), text)
			buf = usual
		case errors.Is(err, io.ErrShortBuffer) && len(buf) < chatMost:
			buf = make([]byte, 2*len(buf)) // the message is still there
		default:
			_ = p.chat.Close() // or it would count as open
			return
		}
	}
}
