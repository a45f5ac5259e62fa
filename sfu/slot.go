package sfu

// Slot is one outgoing RTP stream of one subscriber. Its SSRC, sequence numbers
// and timestamps never break as long as the subscriber stays, whatever feeds it.
// The exported fields are set once and may be read by anyone; everything else
// belongs to the subscriber's worker.
type Slot struct {
	// Mid is the media identification of the slot's m-line (RFC 8843).
	Mid string
	// Media is what the slot carries.
	Media Media
}
