// Package room is who is here, who may do what, and who is shown to whom.
//
// A [Room] is an actor: one goroutine owns everything a room knows and waits
// for nothing. Members' goroutines post messages to its bounded mailbox; the
// media plane leaves its reports in an inbox that merges them. Each time the
// goroutine wakes it takes all that has come, applies it to the [state], and
// then settles once: at most one new routing, one people event, one speakers
// event, however much came together.
//
// The state itself knows no goroutine, no lock and no clock: it is told the
// time. What members see is filled in three steps, each a function of its own:
// the stage says which tiles matter in the room, a member's view or the stage
// says which of them it wants, and fill seats these on its pairs so that nobody
// jumps.
//
// Who may do what is decided here and nowhere else: each message names what its sender
// must be allowed to do (needs.go), [state.take] refuses it in one place, and who acts
// on others does so on lower roles only. What is not permitted, muted or held is not
// in the routing, whatever a client sends.
package room
