//go:build race

package sfu

// underRace: the race detector is on, and everything takes ten times as long.
const underRace = true
