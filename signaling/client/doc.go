// Package client joins a room as a browser would: the WebSocket of protocol
// version 1, one offer with lines for all that it may ever send or receive, and
// the chat channel. End-to-end tests, the load tool and bots are built on it.
//
//	c, err := client.Join(ctx, client.Options{URL: "http://localhost:8080", Room: "hello", Name: "Ada"})
//	camera, err := c.Publish(protocol.Camera)
//	err = camera.WriteRTP("", packet)
//
// A [Client] holds what the server told last; what happens comes as messages of
// the wire through [Client.Events]. What arrives on its slots is counted, asked
// for again where it is missing, and handed to [Options.OnRTP].
//
// What members may ask of each other, from a raised hand to the end of the room, are
// methods of [Client] too: they return when the server has done it, or why it has not.
package client
