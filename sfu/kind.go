package sfu

import "fmt"

// Media tells audio from video.
type Media uint8

// The two kinds of media that an m-line carries.
const (
	Audio Media = iota
	Video
)

func (m Media) String() string {
	if m == Video {
		return "video"
	}
	return "audio"
}

// SourceKind says which of a member's four things a source is.
type SourceKind uint8

// The four things that a member publishes, at most one of each.
const (
	Mic SourceKind = iota
	Camera
	Screen
	ScreenAudio
)

var sourceKindNames = [...]string{"mic", "camera", "screen", "screen-audio"}

// String returns the name of the kind on the wire.
func (k SourceKind) String() string {
	if int(k) < len(sourceKindNames) {
		return sourceKindNames[k]
	}
	return fmt.Sprintf("SourceKind(%d)", uint8(k))
}

// Media tells whether the kind is audio or video.
func (k SourceKind) Media() Media {
	if k == Camera || k == Screen {
		return Video
	}
	return Audio
}

// ParseSourceKind reads a kind's name as it stands on the wire.
func ParseSourceKind(name string) (SourceKind, bool) {
	for k, n := range sourceKindNames {
		if n == name {
			return SourceKind(k), true
		}
	}
	return 0, false
}
