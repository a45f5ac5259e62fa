package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Encode writes one message as one JSON object, `t` first, without a newline.
// It cannot fail for the types of this package.
func Encode(m Message) []byte {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // an SDP is full of < and >, and no page embeds this
	if err := enc.Encode(m); err != nil {
		panic(fmt.Sprintf("protocol: encoding %s: %v", m.Type(), err))
	}
	fields := bytes.TrimSpace(body.Bytes())[1:] // without the opening brace
	out := make([]byte, 0, len(fields)+len(m.Type())+8)
	out = append(out, `{"t":"`...)
	out = append(out, m.Type()...)
	out = append(out, '"')
	if fields[0] != '}' {
		out = append(out, ',')
	}
	return append(out, fields...)
}

// MarshalJSON writes [member, level].
func (l Level) MarshalJSON() ([]byte, error) { return json.Marshal([]any{l.Member, l.Level}) }

// UnmarshalJSON reads [member, level].
func (l *Level) UnmarshalJSON(data []byte) error {
	var pair []json.RawMessage
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("a level has %d parts, not 2", len(pair))
	}
	if err := json.Unmarshal(pair[0], &l.Member); err != nil {
		return err
	}
	return json.Unmarshal(pair[1], &l.Level)
}

// MarshalJSON writes the mids beside `seq`.
func (s Slots) MarshalJSON() ([]byte, error) { return marshalKeyed(s.Slots, s.Seq) }

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Slots) UnmarshalJSON(data []byte) (err error) {
	s.Slots, s.Seq, err = unmarshalKeyed[Slot](data)
	return err
}

// MarshalJSON writes the member ids beside `seq`.
func (q Quality) MarshalJSON() ([]byte, error) { return marshalKeyed(q.Members, q.Seq) }

// UnmarshalJSON reads what MarshalJSON writes.
func (q *Quality) UnmarshalJSON(data []byte) (err error) {
	q.Members, q.Seq, err = unmarshalKeyed[Link](data)
	return err
}

// reserved are the keys that stand beside the mids of [Slots], so no mid is one.
func reserved(key string) bool { return key == "t" || key == "seq" }

// ReservedMid tells whether an m-line may not have this mid, because the
// word has a meaning of its own where mids are keys.
func ReservedMid(mid string) bool { return reserved(mid) }

func marshalKeyed[T any](entries map[string]T, seq uint64) ([]byte, error) {
	all := make(map[string]any, len(entries)+1)
	for key, entry := range entries {
		all[key] = entry
	}
	if seq != 0 {
		all["seq"] = seq
	}
	return json.Marshal(all)
}

func unmarshalKeyed[T any](data []byte) (map[string]T, uint64, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, 0, err
	}
	var seq uint64
	entries := make(map[string]T, len(all))
	for key, raw := range all {
		if key == "seq" {
			if err := json.Unmarshal(raw, &seq); err != nil {
				return nil, 0, err
			}
		}
		if reserved(key) {
			continue
		}
		var entry T
		if err := json.Unmarshal(raw, &entry); err != nil {
			return nil, 0, err
		}
		entries[key] = entry
	}
	return entries, seq, nil
}
