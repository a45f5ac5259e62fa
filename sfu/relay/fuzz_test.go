package relay

import (
	"bufio"
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/pion/stun/v4"
)

func FuzzReadFrame(f *testing.F) {
	for _, seed := range []string{"", "\x00\x01\x00\x00\x21\x12\xa4\x42............", "\x40\x00\x00\x01x...", "\x40\x00\xff\xff", "\x00\x01\xff\xff", "\xff\xff\xff\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		in, b := bufio.NewReaderSize(bytes.NewReader(stream), messageMost+4), make([]byte, messageMost)
		for taken := 0; ; {
			n, err := readFrame(in, b)
			if err != nil {
				return
			}
			if taken += n; n < 4 || taken > len(stream) {
				t.Fatalf("%d bytes of %d", taken, len(stream))
			}
		}
	})
}

func FuzzOurs(f *testing.F) {
	build := func(method stun.Method, at string) []byte {
		m, err := stun.Build(stun.TransactionID, stun.NewType(method, stun.ClassRequest), peer(netip.MustParseAddrPort(at)))
		if err != nil {
			f.Fatal(err)
		}
		return m.Raw
	}
	f.Add(build(stun.MethodCreatePermission, media.String()))
	f.Add(build(stun.MethodChannelBind, "[::1]:1"))
	f.Add(build(stun.MethodCreatePermission, "[2001:db8::1]:0"))
	f.Add([]byte{0, 8})
	s := &Server{plane: plane{}}
	f.Fuzz(func(t *testing.T, message []byte) {
		if !s.ours(message) {
			return
		}
		m := &stun.Message{Raw: message}
		if err := m.Decode(); err != nil {
			t.Fatal(err)
		}
		_ = m.ForEach(stun.AttrXORPeerAddress, func(m *stun.Message) error {
			var at stun.XORMappedAddress
			err := at.GetFromAs(m, stun.AttrXORPeerAddress)
			anyPort := m.Type.Method == stun.MethodCreatePermission && at.Port == 0 // whose address is for permit to judge
			if err != nil || !anyPort && !at.IP.Equal(media.Addr().AsSlice()) {
				t.Errorf("%v, %v", at, err)
			}
			return nil
		})
	})
}

func FuzzReadName(f *testing.F) {
	for _, seed := range []string{"", ":", "1:x", "99999999999999999999:x", "-1:x", "1:", "1:x:y", strings.Repeat("1", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if user, _, ok := readName(name); ok && (user == "" || len(user) > maxName) {
			t.Errorf("%q", user)
		}
	})
}
