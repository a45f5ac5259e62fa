// Package codec reads what the payload of an RTP packet says about the frame it
// belongs to, and rewrites the running indices that some payload formats carry.
// It looks only at the packet that it is given and decodes no media. No
// goroutines, no allocation; it never reads outside the payload.
package codec

import "strings"

// Codec is a payload format that Madang forwards.
type Codec uint8

// The payload formats. Unknown is the zero value and is not forwarded.
const (
	Unknown Codec = iota
	Opus          // RFC 7587
	RED           // RFC 2198, around Opus
	VP8           // RFC 7741
	VP9           // RFC 9628
	H264          // RFC 6184, packetization modes 0 and 1
	AV1           // AOM, RTP Payload Format for AV1
)

var names = [...]string{"unknown", "opus", "red", "vp8", "vp9", "h264", "av1"}

// String is the lower-case name, as it stands in the configuration.
func (c Codec) String() string {
	if int(c) < len(names) {
		return names[c]
	}
	return names[Unknown]
}

// Video tells whether the codec is one of pictures.
func (c Codec) Video() bool { return c >= VP8 && c <= AV1 }

// FromName finds a codec by its encoding name in any case, as in an rtpmap.
func FromName(name string) (Codec, bool) {
	for c := Opus; int(c) < len(names); c++ {
		if strings.EqualFold(name, names[c]) {
			return c, true
		}
	}
	return Unknown, false
}

// FromMime finds a codec by its media type in any case, as in "video/VP8".
func FromMime(mime string) (Codec, bool) {
	media, name, _ := strings.Cut(mime, "/")
	c, ok := FromName(name)
	if !ok || !strings.EqualFold(media, c.media()) {
		return Unknown, false
	}
	return c, true
}

func (c Codec) media() string {
	if c.Video() {
		return "video"
	}
	return "audio"
}
