// Package signaling is the doors of Madang: HTTP and the page, the WebSocket
// and the chat channel of the protocol in PROTOCOL.md, and the admin listener.
//
// A [Server] takes connections. Each becomes one session with three goroutines:
// one reads the WebSocket, one writes it, and the session's own runs everything
// that takes time (SDP above all) and tears down in the end. The room and the
// media plane reach a session through room.Conn and sfu.PeerEvents, which only
// put things into bounded queues.
package signaling
