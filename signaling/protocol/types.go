package protocol

// fromClient makes an empty message of the type that a client sends over the
// WebSocket; nil for a type that is not known.
func fromClient(t string) Message {
	switch t {
	case "hello":
		return new(Hello)
	case "join":
		return new(Join)
	case "enter":
		return new(Enter)
	case "ready":
		return new(Ready)
	case "offer":
		return new(Offer)
	case "publish":
		return new(Publish)
	case "view":
		return new(View)
	}
	if m := eitherWay(t); m != nil {
		return m
	}
	return chatFromClient(t)
}

// fromServer makes an empty message of the type that the server sends over the WebSocket.
func fromServer(t string) Message {
	switch t {
	case "lobby":
		return new(Lobby)
	case "joined":
		return new(Joined)
	case "welcome":
		return new(Welcome)
	case "answer":
		return new(Answer)
	case "slots":
		return new(Slots)
	case "want":
		return new(Want)
	case "people":
		return new(People)
	case "speakers":
		return new(Speakers)
	case "quality":
		return new(Quality)
	case "goaway":
		return new(Goaway)
	case "moved":
		return new(Moved)
	}
	if m := eitherWay(t); m != nil {
		return m
	}
	return chatFromServer(t)
}

// eitherWay makes an empty message of a type that both send.
func eitherWay(t string) Message {
	switch t {
	case "ice":
		return new(ICE)
	case "bye":
		return new(Bye)
	case "ping":
		return new(Ping)
	case "pong":
		return new(Pong)
	case "hand":
		return new(Hand)
	case "react":
		return new(React)
	case "role":
		return new(Role)
	case "mute":
		return new(Mute)
	case "kick":
		return new(Kick)
	case "lock":
		return new(Lock)
	case "admit":
		return new(Admit)
	case "deny":
		return new(Deny)
	case "record":
		return new(Record)
	}
	return nil
}

// chatFromClient makes an empty message of a type that a client sends as chat.
func chatFromClient(t string) Message {
	switch t {
	case "msg":
		return new(ChatMsg)
	case "since":
		return new(Since)
	case "del":
		return new(Del)
	case "typing":
		return new(Typing)
	}
	return nil
}

// chatFromServer makes an empty message of a type that the server sends as chat.
func chatFromServer(t string) Message {
	switch t {
	case "msg":
		return new(ChatLine)
	case "caught-up":
		return new(CaughtUp)
	case "del":
		return new(Del)
	case "typing":
		return new(Typing)
	case "error":
		return new(Error)
	}
	return nil
}
