package sfu

// Routing is what everyone in one room is to receive. The room actor builds one
// per change and hands it to [Router.Route]; it is immutable from then on. The
// slots and sources that it names are mutated by their worker only.
type Routing struct {
	// Views has one entry per subscriber.
	Views []View
	// Mics are the live, unmuted microphones of the room. Which of those that
	// are not on a subscriber's screen are heard is decided by who is loudest.
	Mics []*Source
	// Pictures are the live, unmuted cameras and screens of the room. A slot that
	// waits for its new picture goes on with the old one only if that is among them.
	Pictures []*Source
}

// View is what one subscriber is to receive.
type View struct {
	// Key names the subscriber in what the observer is told of it.
	Key string
	// Pairs says what each of the subscriber's pairs shows. The audio of a tile
	// travels in its pair.
	Pairs []Pair
	// Voices are the subscriber's audio-only slots: the loudest microphones that
	// are on no pair are put on them, and leave them only in silence.
	Voices []*Slot
	// Self are the subscriber's own sources: never sent back to it.
	Self []*Source
}

// Pair is one tile's two slots and what feeds them.
type Pair struct {
	Video, Audio         *Slot
	VideoFrom, AudioFrom Feed
	Ask                  Ask
}

// Ask is how much of a pair's picture its subscriber can use, and how much it
// matters to it beside the others.
type Ask struct {
	// Width and Height of the tile in device pixels; 0: not known, so the largest.
	Width, Height int
	// Order among the subscriber's tiles, from 0, the most important.
	Order  int
	Pinned bool
}

// Feed names what a slot is to carry. A Feed with a Source and [WhyNone] is
// forwarded; the picture before it is held until the new one decodes, as long as
// it is live. Any other Why cuts at once. Source may stand beside a Why, to say whose tile is silent.
type Feed struct {
	Source *Source
	Why    Why
}

// Why says why a slot carries nothing. The values stand on the wire.
type Why string

// The reasons for which a slot carries nothing.
const (
	WhyNone      Why = ""          // it carries its source
	WhyEmpty     Why = "empty"     // nothing is assigned to it
	WhyMuted     Why = "muted"     // its source is muted
	WhyGone      Why = "gone"      // its source ended or its member left
	WhyBandwidth Why = "bandwidth" // the subscriber's link is too thin
	WhyCodec     Why = "codec"     // the subscriber cannot decode it
)

// SlotState is what a slot carries now. Source is nil for an empty slot.
type SlotState struct {
	Slot   *Slot
	Source *Source
	Why    Why
	// Timestamp is the RTP timestamp of the first packet of Source on the slot;
	// meaningful only while Why is WhyNone.
	Timestamp uint32
}

// Speaker is a microphone that is heard, and how loud.
type Speaker struct {
	Mic *Source
	// Level is the smoothed loudness, 0 (silence) to 127 (RFC 6464 inverted:
	// 127 − level in −dBov).
	Level uint8
}

// Observer hears what the media plane decided for one room. Its methods are
// called on worker goroutines, several at a time, and must not block: an implementation merges what
// it is told into what it already holds (a later state of a slot replaces an
// earlier one, later speakers replace earlier ones) and wakes its owner.
// The slices are the observer's to keep.
type Observer interface {
	// SlotsChanged tells what slots carry from now on.
	SlotsChanged([]SlotState)
	// SpeakersChanged tells who speaks, loudest first, at most 5 times a second.
	SpeakersChanged([]Speaker)
	// WantsChanged tells which layers of sources anybody needs now.
	WantsChanged([]Want)
	// QualityChanged tells how the subscribers of the room fare, those of whom
	// something changed, at most once a second.
	QualityChanged([]Quality)
}

// Want is which layers of a source anybody needs: the others need not be sent.
type Want struct {
	Source *Source
	// RIDs that are needed, the smallest first; none: nobody sees the source. A
	// source without RIDs is needed as "".
	RIDs []string
}

// Quality is how one member's media fares, from 1 (bad) to 5; 0: it has none.
type Quality struct {
	Key      string // of its View
	Up, Down uint8
	Cause    Cause
}

// Cause says what a member's worst quality comes from. The values stand on the wire.
type Cause string

// The causes of bad quality.
const (
	CauseNone     Cause = "none"
	CauseUplink   Cause = "uplink"   // the member's way to the server
	CauseDownlink Cause = "downlink" // the server's way to the member
	CauseServer   Cause = "server"   // the server is overloaded
)
