package sfu

import "context"

// PeerAPI is what the packages above use of a [Peer].
type PeerAPI interface {
	Answer(ctx context.Context, offer string, kinds map[string]SourceKind) (*Negotiated, error)
	Ready()
	AddCandidate(candidate string) error
	SendChat(data []byte) error
	ChatBuffered() int
	Close()
}

var _ PeerAPI = (*Peer)(nil)
