// Package load fills rooms with synthetic members and measures what they get:
// the engine of madang load. It runs its members in this process and says when
// that makes the measurement worthless.
package load
