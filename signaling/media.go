package signaling

import (
	"context"
	"time"

	"madang/sfu"
)

// Media is the media plane as the doors see it. Safe for any goroutine.
type Media interface {
	// NewPeer makes a member's transport; peers of one placement (a room's name)
	// are kept together.
	NewPeer(placement string, events sfu.PeerEvents) (Peer, error)
	// Config says what clients are told to send and to offer.
	Config() sfu.MediaConfig
	// ICEServers are the ways to the relay for a session that is called user, and
	// reaches us as host.
	ICEServers(user, host string) []sfu.ICEServer
	// Stats are the counters for /metrics.
	Stats() sfu.Stats
}

// Peer is a member's transport; see [sfu.Peer].
type Peer interface {
	Answer(ctx context.Context, offer string, kinds map[string]sfu.SourceKind) (*sfu.Negotiated, error)
	Ready()
	AddCandidate(candidate string) error
	SendChat(data []byte) error
	ChatBuffered() int
	Heard() time.Time
	Stats() (sfu.PeerStats, bool)
	Close()
}

// NewMedia is plane as the doors see it; cfg is what plane was made with.
func NewMedia(plane *sfu.SFU, cfg sfu.MediaConfig) Media { return &mediaPlane{plane, cfg} }

type mediaPlane struct {
	*sfu.SFU
	cfg sfu.MediaConfig
}

// NewPeer implements [Media].
func (m *mediaPlane) NewPeer(placement string, events sfu.PeerEvents) (Peer, error) {
	peer, err := m.SFU.NewPeer(placement, events)
	if err != nil {
		return nil, err // not a nil *sfu.Peer in an interface
	}
	return peer, nil
}

// Config implements [Media].
func (m *mediaPlane) Config() sfu.MediaConfig { return m.cfg }
