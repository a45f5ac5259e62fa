package room

import "madang/sfu"

// What the senders of messages must be allowed to do. Whom they may act on is decided
// by who is who, where the message is applied; of enter, by the grant.

func (*enter) needs() Permissions       { return MayJoin }
func (*leave) needs() Permissions       { return 0 }
func (*negotiated) needs() Permissions  { return 0 }
func (*renew) needs() Permissions       { return 0 }
func (*presence) needs() Permissions    { return 0 }
func (*reconfigure) needs() Permissions { return 0 }
func (*regrant) needs() Permissions     { return 0 }
func (*look) needs() Permissions        { return 0 }

// Whoever is in may cease to publish.
func (p *publish) needs() Permissions {
	if p.state == SourceEnded {
		return 0
	}
	return mayPublish(p.kind)
}

func (*view) needs() Permissions { return MaySubscribe }

func (c *chatPost) needs() Permissions   { return mayWrite(c.To) }
func (c *chatTyping) needs() Permissions { return mayWrite(c.to) }
func (*chatSince) needs() Permissions    { return MayChat }

// Whoever is in may take its own lines back; those of others are looked at when found.
func (*chatDelete) needs() Permissions { return 0 }

// Whoever is in may lower its hand.
func (h *hand) needs() Permissions {
	switch {
	case h.of != "" && h.of != h.id:
		return MayModerate
	case h.up:
		return MayHand
	}
	return 0
}

func (*react) needs() Permissions { return MayReact }

// A role that has power over others is given by who has the say.
func (r *setRole) needs() Permissions {
	if r.role >= Moderator {
		return MayAdmin
	}
	return MayModerate
}

func (*mute) needs() Permissions      { return MayModerate }
func (*unmute) needs() Permissions    { return MayModerate }
func (*kick) needs() Permissions      { return MayModerate }
func (*lock) needs() Permissions      { return MayModerate }
func (*admit) needs() Permissions     { return MayModerate }
func (*deny) needs() Permissions      { return MayModerate }
func (*slow) needs() Permissions      { return MayModerate }
func (*spotlight) needs() Permissions { return MayModerate }
func (*chatClear) needs() Permissions { return MayModerate }
func (*end) needs() Permissions       { return MayAdmin }

// mayPublish is what it takes to publish a source.
func mayPublish(kind sfu.SourceKind) Permissions {
	switch kind {
	case sfu.Mic:
		return MayMic
	case sfu.Camera:
		return MayCamera
	}
	return MayScreen
}

// mayWrite is what it takes to write to somebody, or to all.
func mayWrite(to MemberID) Permissions {
	if to != "" {
		return MayPrivate
	}
	return MayChat
}
