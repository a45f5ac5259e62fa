package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// maxFromServer bounds what a client takes: a welcome to a room of thousands.
const maxFromServer = 4 << 20

// DecodeError says why bytes are not a message.
type DecodeError struct {
	Code    Code
	Message string
	Re, CID string    // of the message, as far as they could be read
	Close   CloseCode // 0: the connection goes on
	// Unknown: a well-formed message of a type that is not known. Without an Re it
	// is ignored.
	Unknown bool
}

func (e *DecodeError) Error() string { return fmt.Sprintf("protocol: %s: %s", e.Code, e.Message) }

// Reply is the answer to the sender.
func (e *DecodeError) Reply() *Error {
	return &Error{Re: e.Re, CID: e.CID, Code: e.Code, Message: e.Message}
}

// Decode reads one WebSocket message of a client. The error is a *[DecodeError].
func Decode(data []byte) (Message, error) {
	if len(data) > MaxSDP {
		return nil, &DecodeError{Code: TooBig, Message: "the message is over 200 KiB", Close: CloseBadMessage}
	}
	head, err := readHead(data)
	if err != nil {
		return nil, err
	}
	if len(data) > MaxMessage && head.T != "join" && head.T != "offer" {
		return nil, head.fail(TooBig, "the message is over 64 KiB", CloseBadMessage)
	}
	return decodeBody(data, head, fromClient)
}

// DecodeChat reads one message of the chat channel from a client: one object or
// an array of them. What stands before a mistake is returned beside the error,
// which is a *[DecodeError].
func DecodeChat(data []byte) ([]Message, error) {
	if len(data) > MaxChatBatch {
		head, _ := readHead(data[:min(len(data), MaxSDP)]) // for its cid
		return nil, head.fail(TooBig, "the message is over 16 KiB", 0)
	}
	return decodeBatch(data, chatFromClient)
}

// DecodeServer reads one WebSocket message of the server. The error is a *[DecodeError].
func DecodeServer(data []byte) (Message, error) {
	if len(data) > maxFromServer {
		return nil, &DecodeError{Code: TooBig, Message: "the message is over 4 MiB", Close: CloseBadMessage}
	}
	head, err := readHead(data)
	if err != nil {
		return nil, err
	}
	return decodeBody(data, head, fromServer)
}

// DecodeServerChat reads one message of the chat channel from the server.
func DecodeServerChat(data []byte) ([]Message, error) { return decodeBatch(data, chatFromServer) }

// head is what every message has.
type head struct {
	T   string `json:"t"`
	ID  string `json:"id"`
	CID string `json:"cid"`
}

func (h head) fail(code Code, message string, close CloseCode) *DecodeError {
	e := &DecodeError{Code: code, Message: message, Close: close}
	if len(h.ID) <= MaxID {
		e.Re = h.ID
	}
	if len(h.CID) <= MaxID {
		e.CID = h.CID
	}
	return e
}

// readHead checks that data is one JSON object and reads what marks it.
func readHead(data []byte) (head, error) {
	fatal := func(message string) (head, error) {
		return head{}, &DecodeError{Code: BadMessage, Message: message, Close: CloseBadMessage}
	}
	if !utf8.Valid(data) {
		return fatal("the message is not UTF-8")
	}
	if depth(data) > MaxDepth {
		return fatal("the message is nested too deeply")
	}
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' || !json.Valid(data) {
		return fatal("the message is not one JSON object")
	}
	var h head
	if err := json.Unmarshal(data, &h); err != nil {
		return h, h.fail(BadMessage, fieldProblem(err), 0)
	}
	if len(h.ID) > MaxID || len(h.CID) > MaxID {
		return h, h.fail(BadMessage, "an id is at most 64 bytes", 0)
	}
	if h.T == "" {
		return h, h.fail(BadMessage, "the message has no t", 0)
	}
	return h, nil
}

// depth is how deeply objects and arrays are nested, at most; right for valid
// JSON and harmless for anything else.
func depth(data []byte) int {
	depth, most := 0, 0
	inString, escaped := false, false
	for _, b := range data {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped = b == '\\'
			inString = b != '"'
		case b == '"':
			inString = true
		case b == '{' || b == '[':
			depth++
			most = max(most, depth)
		case b == '}' || b == ']':
			depth--
		}
	}
	return most
}

// checker is a message that has rules beyond the types of its fields.
type checker interface{ check() *DecodeError }

func decodeBody(data []byte, h head, known vocabulary) (Message, error) {
	m := known.make(h.T)
	if m == nil {
		e := h.fail(BadMessage, "the type is not known", 0)
		e.Unknown = true
		return nil, e
	}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, h.fail(BadMessage, fieldProblem(err), 0)
	}
	if c, ok := m.(checker); ok {
		if e := c.check(); e != nil {
			return nil, h.fail(e.Code, e.Message, e.Close)
		}
	}
	return m, nil
}

func decodeBatch(data []byte, known vocabulary) ([]Message, error) {
	items := []json.RawMessage{data}
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		if depth(data) > MaxDepth+1 || json.Unmarshal(data, &items) != nil {
			return nil, &DecodeError{Code: BadMessage, Message: "the message is not JSON"}
		}
	}
	var messages []Message
	for _, item := range items {
		head, err := readHead(item)
		if err != nil {
			return messages, err
		}
		m, err := decodeBody(item, head, known)
		if err != nil {
			return messages, err
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// fieldProblem names the field that is not of its type, and nothing of Go.
func fieldProblem(err error) string {
	if wrong, ok := err.(*json.UnmarshalTypeError); ok && wrong.Field != "" {
		return fmt.Sprintf("%s must not be a %s", wrong.Field, wrong.Value)
	}
	return "a field is not of its type"
}
