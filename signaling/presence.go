package signaling

import (
	"madang/room"
	"madang/sfu"
	"madang/signaling/protocol"
)

// publish tells the room how one of the member's sources is.
func (s *session) publish(m *protocol.Publish) error {
	s.room.Publish(s.id, m.ID, kindOf(m.Source), room.SourceState(m.State))
	return nil
}

// view tells the room what is on the member's screen.
func (s *session) view(m *protocol.View) error {
	tiles := make([]room.Tile, len(m.Tiles))
	for i, tile := range m.Tiles {
		tiles[i] = room.Tile{
			Member: room.MemberID(tile.Member), Source: kindOf(tile.Source),
			Width: tile.W, Height: tile.H, Pinned: tile.Pin,
		}
	}
	s.room.View(s.id, m.ID, tiles)
	return nil
}

// kindOf reads a source that the decoder has checked.
func kindOf(source protocol.Source) sfu.SourceKind {
	kind, _ := sfu.ParseSourceKind(string(source))
	return kind
}
