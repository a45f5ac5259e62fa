package signaling

import (
	"net/http"
	"slices"

	"github.com/gorilla/websocket"

	"madang/signaling/protocol"
)

// serveWS is one WebSocket, from its opening to its end. Its session may have
// been there before it, and may go on after it.
func (s *Server) serveWS(w http.ResponseWriter, r *http.Request) {
	switch {
	case !slices.Contains(websocket.Subprotocols(r), protocol.Subprotocol):
		refuse(w, http.StatusBadRequest, protocol.BadMessage, "the subprotocol must be "+protocol.Subprotocol)
		return
	case !originAllowed(r, s.config().Server):
		refuse(w, http.StatusForbidden, protocol.Forbidden, "this origin may not open a WebSocket here")
		return
	}
	from := callerOf(r, s.config().Server)
	if !s.doors.enter(from) {
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, protocol.Unavailable, "too many connections")
		return
	}
	defer s.doors.leave(from)

	upgrader := websocket.Upgrader{
		Subprotocols:    []string{protocol.Subprotocol},
		CheckOrigin:     func(*http.Request) bool { return true }, // checked above
		ReadBufferSize:  4 << 10,
		WriteBufferPool: &s.buffers,
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has been answered
	}
	limitKernel(conn.NetConn())
	socket := newSocket(conn)
	socket.host = hostOf(r, s.config().Server)
	s.attend(socket, from)
}
