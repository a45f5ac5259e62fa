package offer

// Limits bounds an offer. All must be above 0.
type Limits struct {
	Bytes         int // of the whole text
	Lines         int // of text
	LineBytes     int // of one line of text
	MediaSections int // m-lines
	Candidates    int // of one m-line; those of one are used, the bundled transport's
	SSRCs         int // of one m-line
	RIDs          int // of one m-line
	PayloadTypes  int // of one m-line
	Extensions    int // of one m-line
}

// DefaultLimits hold a browser's offer for 25 tiles and 8 voices, bundled from
// the start: Chromium's has 63 m-lines, 5,500 lines of text and 170 KB.
func DefaultLimits() Limits {
	return Limits{
		Bytes:         200 << 10,
		Lines:         8000,
		LineBytes:     2048,
		MediaSections: 70,
		Candidates:    64,
		SSRCs:         32,
		RIDs:          8,
		PayloadTypes:  96,
		Extensions:    40,
	}
}
