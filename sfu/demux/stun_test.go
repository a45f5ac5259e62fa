package demux

import (
	"bytes"
	"testing"

	"github.com/pion/stun/v4"
)

// The example of RFC 5769 section 2.1: its user name is "evtj:h6vY".
var example = []byte("\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae" +
	"\x80\x22\x00\x10STUN test client" +
	"\x00\x24\x00\x04\x6e\x00\x01\xff" +
	"\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36" +
	"\x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20" +
	"\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2" +
	"\x80\x28\x00\x04\xe5\x7a\x3b\xcf")

const examplePassword = "VOkJxbRl1RmTxUk/WvJxBt"

func TestExampleOfTheStandardIsRead(t *testing.T) {
	m, ok := readMessage(example)
	if !ok || m.kind != request || string(m.username) != "evtj:h6vY" {
		t.Fatalf("read %+v, %v", m, ok)
	}
	if !newIntegrity(examplePassword).signed(&m) || newIntegrity(examplePassword+" ").signed(&m) {
		t.Error("the tag was not checked")
	}
}

func TestKindsAreRead(t *testing.T) {
	for class, want := range map[stun.MessageClass]kind{
		stun.ClassRequest: request, stun.ClassIndication: indication,
		stun.ClassSuccessResponse: success, stun.ClassErrorResponse: failure,
	} {
		m, ok := readMessage(stun.MustBuild(stun.NewType(stun.MethodBinding, class), stun.TransactionID).Raw)
		if !ok || m.kind != want {
			t.Errorf("%v was read as %d, %v", class, m.kind, ok)
		}
	}
}

// What we read, Pion reads alike: or a message would pass for another's here
// than there.
func FuzzReadMessage(f *testing.F) {
	f.Add(example)
	f.Add(binding(f, "a:b", examplePassword))
	f.Add(reply(f, stun.MustBuild(stun.TransactionID), examplePassword))
	f.Add([]byte{0, 1, 0, 0})
	key := newIntegrity(examplePassword)
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		ours, ok := readMessage(b)
		signed := ok && key.signed(&ours)
		if !bytes.Equal(before, b) {
			t.Fatal("the datagram was changed")
		}
		if !ok {
			return
		}
		theirs := &stun.Message{Raw: b}
		if err := theirs.Decode(); err != nil {
			t.Fatalf("Pion does not read it: %v", err)
		}
		if theirs.TransactionID != ours.transaction || kind(theirs.Type.Class) != ours.kind || theirs.Type.Method != stun.MethodBinding {
			t.Fatalf("Pion reads %v, we %+v", theirs, ours)
		}
		if name, _ := theirs.Get(stun.AttrUsername); !bytes.Equal(name, ours.username) {
			t.Fatalf("Pion reads the name %q, we %q", name, ours.username)
		}
		if pions := stun.NewShortTermIntegrity(examplePassword).Check(theirs) == nil; pions != signed {
			t.Fatalf("signed for us: %v, for Pion: %v", signed, pions)
		}
	})
}
