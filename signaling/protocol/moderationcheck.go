package protocol

// checkMember checks the id of a member that a request must name.
func checkMember(t, id string) *DecodeError {
	if id == "" {
		return bad(t + " needs a member")
	}
	return checkSomebody(id)
}

// checkSomebody checks the id of a member that a request may name.
func checkSomebody(id string) *DecodeError {
	if len(id) > MaxID {
		return bad("a member is named by at most 64 bytes")
	}
	return nil
}

func (m *Hand) check() *DecodeError { return checkSomebody(m.Member) }

func (m *React) check() *DecodeError {
	switch {
	case len(m.Emoji) > MaxEmoji:
		return &DecodeError{Code: TooBig, Message: "an emoji is at most 32 bytes"}
	case !oneEmoji(m.Emoji):
		return bad("emoji is one emoji")
	}
	return nil
}

func (m *SetRole) check() *DecodeError {
	if !m.Role.valid() {
		return bad("role is guest, member, moderator or owner")
	}
	return checkMember("role", m.Member)
}

func (m *Mute) check() *DecodeError {
	if !m.Source.valid() {
		return bad("source is mic, camera, screen or screen-audio")
	}
	return checkSomebody(m.Member)
}

func (m *Unmute) check() *DecodeError {
	if !m.Source.valid() {
		return bad("source is mic, camera, screen or screen-audio")
	}
	return checkSomebody(m.Member)
}

func (m *Kick) check() *DecodeError {
	if m.BanS < 0 || m.BanS > MaxBan {
		return bad("ban_s is 0 to 604800")
	}
	return checkMember("kick", m.Member)
}

func (m *Slow) check() *DecodeError {
	if m.Seconds < 0 || m.Seconds > MaxSlow {
		return bad("seconds is 0 to 3600")
	}
	return nil
}

func (m *Spotlight) check() *DecodeError {
	if m.Member != "" && m.Source != Camera && m.Source != Screen {
		return bad("source is camera or screen")
	}
	return checkSomebody(m.Member)
}

func (m *Admit) check() *DecodeError { return checkSomebody(m.Member) }

func (m *Deny) check() *DecodeError { return checkMember("deny", m.Member) }

func (m *Token) check() *DecodeError {
	switch {
	case m.ID == "":
		return bad("token needs an id")
	case m.Token == "":
		return bad("token needs a token")
	}
	return checkToken(m.Token)
}

func checkToken(token string) *DecodeError {
	if len(token) > MaxToken {
		return &DecodeError{Code: TooBig, Message: "a token is at most 8 KiB"}
	}
	return nil
}

func (m *Invite) check() *DecodeError {
	switch {
	case m.ID == "":
		return bad("invite needs an id")
	case !m.Role.valid():
		return bad("role is guest, member, moderator or owner")
	case m.TTLS < 1 || m.TTLS > MaxTTL:
		return bad("ttl_s is 1 to 2592000")
	case m.Uses < 1 || m.Uses > MaxUses:
		return bad("uses is 1 to 1000")
	}
	return nil
}
