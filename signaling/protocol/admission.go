package protocol

// Admit lets somebody in who waits in the lobby.
type Admit struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member,omitempty"` // empty: all who wait
}

// Deny sends somebody away who waits in the lobby.
type Deny struct {
	ID     string `json:"id,omitempty"`
	Member string `json:"member"`
}

// Waiting tells moderators who waits in the lobby: who came, and who waits no more,
// for whatever reason.
type Waiting struct {
	Add []Waiter `json:"add,omitempty"`
	Del []string `json:"del,omitempty"`
	Seq uint64   `json:"seq,omitempty"`
}

// Waiter is one who waits in the lobby.
type Waiter struct {
	Member string `json:"member"`
	Name   string `json:"name"`
}

// Token replaces the token of a [Hello] before that expires. Answered by [Expiry].
type Token struct {
	ID    string `json:"id"`
	Token string `json:"token"` // of at most [MaxToken] bytes
}

// Expiry says when the client's token expires: in the answer to [Token], and a minute
// before, in no answer.
type Expiry struct {
	Re          string `json:"re,omitempty"`
	ExpiresInMS int64  `json:"expires_in_ms"`
	// Token, if there is one, is for coming back, in place of the invitation that the
	// client came with; nothing expires then but this token.
	Token string `json:"token,omitempty"`
}

// Invite asks for a token that others may come in with. Answered by [Invitation].
type Invite struct {
	ID   string `json:"id"`
	Role Role   `json:"role"`  // theirs
	TTLS int    `json:"ttl_s"` // seconds for which they may come in, 1 to [MaxTTL]
	Uses int    `json:"uses"`  // how many may, 1 to [MaxUses]
}

// Invitation answers [Invite]: a token for the [Hello] of others.
type Invitation struct {
	Re          string `json:"re"`
	Token       string `json:"token"`
	ExpiresInMS int64  `json:"expires_in_ms"`
}

// Type is admit.
func (*Admit) Type() string { return "admit" }

// Type is deny.
func (*Deny) Type() string { return "deny" }

// Type is waiting.
func (*Waiting) Type() string { return "waiting" }

// Type is token.
func (*Token) Type() string { return "token" }

// Type is token.
func (*Expiry) Type() string { return "token" }

// Type is invite.
func (*Invite) Type() string { return "invite" }

// Type is invite.
func (*Invitation) Type() string { return "invite" }

// RequestID is the id.
func (m *Admit) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Deny) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Token) RequestID() string { return m.ID }

// RequestID is the id.
func (m *Invite) RequestID() string { return m.ID }
