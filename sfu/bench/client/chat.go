package client

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"github.com/pion/datachannel"
	"github.com/pion/sctp"
)

// chatMessage is longer than any message that comes, in bytes.
const chatMessage = 64 << 10

// chat is a client's data channel 0, negotiated (RFC 8832 is not used).
type chat struct {
	messages    atomic.Uint64
	mu          sync.Mutex
	channel     *datachannel.DataChannel
	association *sctp.Association
	reader      sync.WaitGroup
}

// open sets up SCTP on the DTLS connection, and reads until that ends.
func (c *chat) open(conn net.Conn) error {
	logs := quiet()
	association, err := sctp.ClientWithOptions(sctp.WithNetConn(conn), sctp.WithLoggerFactory(logs), sctp.WithName("bench"))
	if err != nil {
		return fmt.Errorf("SCTP: %w", err)
	}
	channel, err := datachannel.Dial(association, 0, &datachannel.Config{Negotiated: true, Label: "chat", LoggerFactory: logs})
	if err != nil {
		return fmt.Errorf("open the chat channel: %w", err)
	}
	c.mu.Lock()
	c.association, c.channel = association, channel
	c.mu.Unlock()
	c.reader.Go(func() {
		buf := make([]byte, chatMessage)
		for {
			if _, _, err := channel.ReadDataChannel(buf); err != nil {
				return
			}
			c.messages.Add(1)
		}
	})
	return nil
}

// close ends SCTP and waits for the reader.
func (c *chat) close() {
	c.mu.Lock()
	association := c.association
	c.mu.Unlock()
	if association != nil {
		_ = association.Close()
		c.reader.Wait()
	}
}

// Say sends one chat message.
func (c *Client) Say(text string) error {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	_, err := c.chat.channel.WriteDataChannel([]byte(text), true)
	return err
}

// Messages is how many chat messages have come.
func (c *Client) Messages() uint64 { return c.chat.messages.Load() }
