// Package synthetic makes the media that a synthetic member sends: VP8 and Opus
// as valid RTP, without a camera, a microphone or an encoder. The pictures
// decode, to one colour by member; the sound decodes, to silence. Every packet
// carries a [Stamp]: who sent it and when.
//
// Nothing here has a goroutine or a clock: time is an argument. The generators
// are for one goroutine each, but for [Video.RequestKeyframe].
package synthetic
