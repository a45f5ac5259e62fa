package room

import (
	"time"

	"madang/sfu"
)

// What follows is done by members of each other. re is the id of the request: one that
// has an id is answered by Done or Failed, with not_found for a member who is not here
// and forbidden for who may not, or acts on one whose role is not lower. The id is of
// who asks; empty it is the server itself, which may act on all.

// Hand raises or lowers a hand: one's own where of is empty; that of another can only
// be lowered.
func (r *Room) Hand(id MemberID, re string, of MemberID, up bool) {
	r.mail.post(&hand{asked(id, re), of, up})
}

// React shows an emoji for a moment; more than two a second are too_fast.
func (r *Room) React(id MemberID, re, emoji string) { r.mail.post(&react{asked(id, re), emoji}) }

// SetRole gives a member a role below one's own; an owner may give any.
func (r *Room) SetRole(id MemberID, re string, of MemberID, role Role) {
	r.mail.post(&setRole{asked(id, re), of, role})
}

// Mute mutes a microphone or a camera, or ends a screen: with an empty of those of all
// whose role is lower. With hold it cannot be live again before Unmute.
func (r *Room) Mute(id MemberID, re string, of MemberID, kind sfu.SourceKind, hold bool) {
	r.mail.post(&mute{asked(id, re), of, kind, hold})
}

// Unmute lets a source go that was held, and asks its member to make it live.
func (r *Room) Unmute(id MemberID, re string, of MemberID, kind sfu.SourceKind) {
	r.mail.post(&unmute{asked(id, re), of, kind})
}

// Kick removes a member, or somebody who waits: its Conn is closed with forbidden. For
// the time of the ban (at most a week) its identity does not come in again, and who
// comes from its address without an identity waits in the lobby.
func (r *Room) Kick(id MemberID, re string, of MemberID, ban time.Duration) {
	r.mail.post(&kick{asked(id, re), of, ban})
}

// Lock has newcomers who do not moderate refused with room_locked, or not.
func (r *Room) Lock(id MemberID, re string, locked bool) {
	r.mail.post(&lock{asked(id, re), locked})
}

// Admit lets somebody in who waits in the lobby; with an empty of all of them.
func (r *Room) Admit(id MemberID, re string, of MemberID) {
	r.mail.post(&admit{asked(id, re), of})
}

// Deny sends somebody away who waits in the lobby: it hears Refused, with forbidden.
func (r *Room) Deny(id MemberID, re string, of MemberID) { r.mail.post(&deny{asked(id, re), of}) }

// Slow has members who do not moderate wait so long between two lines of chat (at most
// an hour); else they are too_fast. 0: not at all.
func (r *Room) Slow(id MemberID, re string, every time.Duration) {
	r.mail.post(&slow{asked(id, re), every})
}

// Spotlight puts a camera or a screen on everybody's stage, or nothing; anybody's, oneself's too.
func (r *Room) Spotlight(id MemberID, re string, spot Spot) {
	r.mail.post(&spotlight{asked(id, re), spot})
}

// ClearChat takes back all lines of the chat.
func (r *Room) ClearChat(id MemberID, re string) { r.mail.post(&chatClear{asked(id, re)}) }

// End sends everybody away who is here or waits: their Conns are closed with not_found.
func (r *Room) End(id MemberID, re string) { r.mail.post(&end{asked(id, re)}) }

// Regrant says what a member's token says from now on. What the member was given in the
// room stays if that is nothing new.
func (r *Room) Regrant(id MemberID, g Grant) { r.mail.post(&regrant{sender{id}, g}) }

func asked(id MemberID, re string) request { return request{question{id, re}} }
