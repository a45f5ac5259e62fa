package protocol

func bad(message string) *DecodeError { return &DecodeError{Code: BadMessage, Message: message} }

func (m *Hello) check() *DecodeError {
	switch {
	case m.ID == "":
		return bad("hello needs an id")
	case m.V != Version:
		return bad("v must be 1")
	case m.Test && (m.Room != "" || m.Resume != nil):
		return bad("a test has no room, and nothing to resume")
	case m.Test:
		return nil
	case m.Room == "":
		return bad("hello needs a room")
	case m.Name == "":
		return bad("hello needs a name")
	}
	return checkToken(m.Token)
}

func (m *Join) check() *DecodeError { return checkOffer(m.ID, m.SDP, m.Lines) }

func (m *Offer) check() *DecodeError { return checkOffer(m.ID, m.SDP, m.Lines) }

func checkOffer(id, sdp string, lines map[string]Source) *DecodeError {
	switch {
	case id == "":
		return bad("an offer needs an id")
	case sdp == "":
		return bad("an offer needs an sdp")
	case len(lines) > MaxLines:
		return &DecodeError{Code: TooBig, Message: "lines has at most 16 entries"}
	}
	for mid, source := range lines {
		if ReservedMid(mid) {
			return bad("a line's mid may not be t or seq")
		}
		if !source.valid() {
			return bad("a line's source is mic, camera, screen or screen-audio")
		}
	}
	return nil
}

func (m *Enter) check() *DecodeError {
	if m.ID == "" {
		return bad("enter needs an id")
	}
	return nil
}

func (m *Publish) check() *DecodeError {
	switch {
	case !m.Source.valid():
		return bad("source is mic, camera, screen or screen-audio")
	case !m.State.valid():
		return bad("state is live, muted or ended")
	}
	return nil
}

func (m *View) check() *DecodeError {
	if len(m.Tiles) > MaxTiles {
		return &DecodeError{Code: TooBig, Message: "a view has at most 64 tiles"}
	}
	for _, tile := range m.Tiles {
		switch {
		case tile.Source != Camera && tile.Source != Screen:
			return bad("a tile's source is camera or screen")
		case tile.W < 0 || tile.W > 16384 || tile.H < 0 || tile.H > 16384:
			return bad("a tile's w and h are 0 to 16384")
		}
	}
	return nil
}

func (m *ChatMsg) check() *DecodeError {
	switch {
	case m.CID == "":
		return bad("msg needs a cid")
	case m.Text == "":
		return bad("msg needs a text")
	case len(m.Text) > MaxText:
		return &DecodeError{Code: TooBig, Message: "a text is at most 4096 bytes"}
	}
	return nil
}

func (m *Del) check() *DecodeError {
	if m.ID == "" {
		return bad("del needs an id")
	}
	return nil
}

func (m *Bye) check() *DecodeError {
	if m.HoldMS < 0 || m.HoldMS > MaxHold {
		return bad("hold_ms is 0 to 1000")
	}
	return nil
}
