package sfu

// Source is one thing a peer publishes. The exported fields are set once and
// may be read by anyone; everything else belongs to the publisher's worker.
type Source struct {
	// ID is random and global: at least 64 bits, text.
	ID string
	// Kind says which of its peer's four things it is.
	Kind SourceKind
	// Mid is the media identification of the source's m-line (RFC 8843).
	Mid string
}
