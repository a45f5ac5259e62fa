package protocol

// Role is how much a member may do, as a list of permissions that the server's
// configuration gives it. Who moderates acts on lower roles only.
type Role string

// All roles, the lowest first.
const (
	Guest     Role = "guest"
	Member    Role = "member"
	Moderator Role = "moderator"
	Owner     Role = "owner"
)

func (r Role) valid() bool { return r == Guest || r == Member || r == Moderator || r == Owner }

// Permission is one thing that a member may do.
type Permission string

// All permissions.
const (
	MayJoin      Permission = "join"
	MayMic       Permission = "mic"
	MayCamera    Permission = "camera"
	MayScreen    Permission = "screen"    // and its sound
	MaySubscribe Permission = "subscribe" // be sent sound and pictures
	MayChat      Permission = "chat"
	MayPrivate   Permission = "private" // write to one alone
	MayHand      Permission = "hand"
	MayReact     Permission = "react"
	MayModerate  Permission = "moderate"
	MayRecord    Permission = "record"
	MayAdmin     Permission = "admin" // end the room, make moderators and owners
)

// May says what the client may do from now on; [Welcome] said it first.
type May struct {
	Role Role         `json:"role"`
	May  []Permission `json:"may"`
	Seq  uint64       `json:"seq,omitempty"`
}

// SetRole gives a member another role. All see it in its [Person].
type SetRole struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member"`
	Role   Role   `json:"role"`
}

// Type is may.
func (*May) Type() string { return "may" }

// Type is role.
func (*SetRole) Type() string { return "role" }

// RequestID is the id.
func (m *SetRole) RequestID() string { return m.ID }
