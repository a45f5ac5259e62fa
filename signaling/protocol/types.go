package protocol

import (
	"maps"
	"slices"
	"strings"
)

// blank makes an empty message of one type.
type blank func() Message

// of is the blank of a type.
func of[T any, M interface {
	*T
	Message
}]() Message {
	return M(new(T))
}

// The lists of this file are all messages that there are: what stands in none is
// not of the wire. Nothing changes them.

// eitherWay are those of the WebSocket that both send.
var eitherWay = []blank{
	of[ICE], of[Bye], of[Ping], of[Pong],
	of[React], of[Mute], of[Unmute], of[Lock], of[Slow], of[Spotlight], of[Record],
}

// byClient are those of the WebSocket that clients send alone.
var byClient = []blank{
	of[Hello], of[Join], of[Enter], of[Ready], of[Offer], of[Publish], of[View],
	of[Hand], of[SetRole], of[Kick], of[Admit], of[Deny], of[Clear], of[End],
	of[Token], of[Invite],
}

// byServer are those of the WebSocket that the server sends alone.
var byServer = []blank{
	of[Lobby], of[Joined], of[Welcome], of[Answer], of[Slots], of[Want], of[People], of[Speakers], of[Quality],
	of[Goaway], of[Moved], of[Done], of[May], of[Waiting], of[Expiry], of[Invitation],
}

// chatByClient are those of chat that a client sends.
var chatByClient = []blank{of[ChatMsg], of[Since], of[Del], of[Typing]}

// chatByServer are those of chat that the server sends.
var chatByServer = []blank{of[ChatLine], of[CaughtUp], of[Del], of[Cleared], of[Typing], of[Error]}

// vocabulary has the types that may come by one way from one side.
type vocabulary map[string]blank

var (
	fromClient     = newVocabulary(byClient, eitherWay, chatByClient)
	fromServer     = newVocabulary(byServer, eitherWay, chatByServer)
	chatFromClient = newVocabulary(chatByClient)
	chatFromServer = newVocabulary(chatByServer)
)

func newVocabulary(lists ...[]blank) vocabulary {
	v := vocabulary{}
	for _, make := range slices.Concat(lists...) {
		v[make().Type()] = make
	}
	return v
}

// make is an empty message of a type; nil for one that is not known.
func (v vocabulary) make(t string) Message {
	if make, known := v[t]; known {
		return make()
	}
	return nil
}

// all is an empty message of each type, by the alphabet.
func (v vocabulary) all() (messages []Message) {
	for _, t := range slices.SortedFunc(maps.Keys(v), strings.Compare) {
		messages = append(messages, v.make(t))
	}
	return messages
}

// FromClient is an empty message of each type that a client may send, by the
// alphabet: for whoever must have an answer for all of them.
func FromClient() []Message { return fromClient.all() }
