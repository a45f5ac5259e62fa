package srtp_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/pion/rtp"
	pion "github.com/pion/srtp/v3"

	"madang/sfu/srtp"
)

var profiles = []struct {
	ours srtp.Profile
	pion pion.ProtectionProfile
}{
	{srtp.AEADAES128GCM, pion.ProtectionProfileAeadAes128Gcm},
	{srtp.AEADAES256GCM, pion.ProtectionProfileAeadAes256Gcm},
}

// side is one direction, by us and by Pion.
type side struct {
	seal *srtp.Sealer
	open *srtp.Opener
	pion *pion.Context
}

func newSide(t testing.TB, random *rand.Rand, profile int) side {
	t.Helper()
	p := profiles[profile]
	material := make([]byte, p.ours.MaterialLen())
	for i := range material {
		material[i] = byte(random.Uint32())
	}
	client, _, err := srtp.Split(p.ours, material)
	if err != nil {
		t.Fatal(err)
	}
	n := p.ours.KeyLen()
	theirs, err := pion.CreateContext(material[:n], material[2*n:2*n+12], p.pion)
	if err != nil {
		t.Fatal(err)
	}
	s := side{pion: theirs}
	if s.seal, err = srtp.NewSealer(client); err != nil {
		t.Fatal(err)
	}
	if s.open, err = srtp.NewOpener(client); err != nil {
		t.Fatal(err)
	}
	return s
}

// packet makes an RTP packet, with an extension now and then.
func packet(random *rand.Rand, ssrc uint32, sequence uint16) (whole []byte, headerLen int) {
	h := rtp.Header{Version: 2, SSRC: ssrc, SequenceNumber: sequence, Timestamp: random.Uint32(), PayloadType: 96}
	if random.IntN(2) == 0 {
		_ = h.SetExtension(3, []byte{1, 2})
	}
	if random.IntN(4) == 0 {
		h.CSRC = []uint32{7, 8}
	}
	payload := make([]byte, random.IntN(1200))
	for i := range payload {
		payload[i] = byte(random.Uint32())
	}
	whole, _ = (&rtp.Packet{Header: h, Payload: payload}).Marshal()
	return whole, h.MarshalSize()
}

func sealed(s *srtp.Sealer, whole []byte, headerLen int) []byte {
	header := append(make([]byte, 0, 2048), whole[:headerLen]...)
	return s.RTP(header, whole[headerLen:])
}

// What one seals the other opens, over many turns of the sequence number, with
// loss and reordering, for several streams at once.
func TestPionOpensWhatIsSealedAndTheOtherWayRound(t *testing.T) {
	for profile := range profiles {
		t.Run(fmt.Sprint(profiles[profile].pion), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 7))
			ours, theirs := newSide(t, random, profile), newSide(t, random, profile)
			at := []int{5, 200, 32_700}
			for range 40_000 {
				stream := random.IntN(len(at))
				at[stream] += 1 + random.IntN(40)
				late := at[stream] - random.IntN(2)*random.IntN(min(at[stream], 30))
				whole, n := packet(random, uint32(1000+stream), uint16(late))

				opened, err := ours.pion.DecryptRTP(nil, sealed(ours.seal, whole, n), nil)
				if err != nil || !bytes.Equal(opened, whole) {
					t.Fatalf("Pion does not open %d of %d: %v", late, stream, err)
				}
				protected, err := theirs.pion.EncryptRTP(nil, whole, nil)
				if err != nil {
					t.Fatal(err)
				}
				opened, err = theirs.open.RTP(protected, n)
				if errors.Is(err, srtp.ErrReplayed) && late < at[stream] {
					continue // the same number by chance
				}
				if err != nil || !bytes.Equal(opened, whole) {
					t.Fatalf("%d of %d, sealed by Pion, is not opened: %v", late, stream, err)
				}
			}
		})
	}
}

func TestReportsAreSealedAndOpenedAsByPion(t *testing.T) {
	for profile := range profiles {
		random := rand.New(rand.NewPCG(2, 7))
		ours, theirs := newSide(t, random, profile), newSide(t, random, profile)
		for i := range 300 {
			report := make([]byte, 8+4*random.IntN(60))
			report[0], report[1] = 0x80, 201
			binary.BigEndian.PutUint16(report[2:], uint16(len(report)/4-1))
			binary.BigEndian.PutUint32(report[4:], uint32(i%3))
			protected, err := ours.seal.RTCP(nil, report)
			if err != nil {
				t.Fatal(err)
			}
			if len(protected) != len(report)+srtp.OverheadRTCP {
				t.Fatalf("%d bytes became %d", len(report), len(protected))
			}
			if opened, err := ours.pion.DecryptRTCP(nil, protected, nil); err != nil || !bytes.Equal(opened, report) {
				t.Fatalf("Pion does not open report %d: %v", i, err)
			}
			if protected, err = theirs.pion.EncryptRTCP(nil, report, nil); err != nil {
				t.Fatal(err)
			}
			again := bytes.Clone(protected)
			if opened, err := theirs.open.RTCP(protected); err != nil || !bytes.Equal(opened, report) {
				t.Fatalf("report %d, sealed by Pion, is not opened: %v", i, err)
			}
			if _, err := theirs.open.RTCP(again); !errors.Is(err, srtp.ErrReplayed) {
				t.Fatalf("a replayed report: %v", err)
			}
		}
	}
}

// The example of RFC 7714 section 17.3: authenticated, not encrypted.
func TestReportThatIsOnlyAuthenticated(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 7))
	s := newSide(t, random, 0)
	material := make([]byte, 56)
	client, _, err := srtp.Split(srtp.AEADAES128GCM, material)
	if err != nil {
		t.Fatal(err)
	}
	if s.open, err = srtp.NewOpener(client); err != nil {
		t.Fatal(err)
	}
	plain, err := pion.CreateContext(material[:16], material[32:44], pion.ProtectionProfileAeadAes128Gcm, pion.SRTCPNoEncryption())
	if err != nil {
		t.Fatal(err)
	}
	report := []byte{0x80, 201, 0, 1, 0, 0, 0, 9}
	protected, err := plain.EncryptRTCP(nil, report, nil)
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := s.open.RTCP(bytes.Clone(protected)); err != nil || !bytes.Equal(opened, report) {
		t.Fatalf("%x, %v", opened, err)
	}
	protected[4] ^= 1
	if _, err := s.open.RTCP(protected); !errors.Is(err, srtp.ErrForged) {
		t.Fatalf("a changed report: %v", err)
	}
}

// Nothing that is not authentic changes anything: what is genuine still opens.
func TestASVS_V17_2_3_ForgeriesReplaysAndScrapsChangeNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 7))
	s := newSide(t, random, 0)
	for i := range 2000 {
		whole, n := packet(random, 42, uint16(65_000+i))
		genuine := sealed(s.seal, whole, n)
		for _, attack := range []struct {
			name string
			make func([]byte) []byte
			want error
		}{
			{"a flipped bit", func(b []byte) []byte { b[n+random.IntN(len(b)-n)] ^= 1; return b }, srtp.ErrForged},
			{"another sequence number", func(b []byte) []byte { binary.BigEndian.PutUint16(b[2:], uint16(65_001+i)); return b }, srtp.ErrForged},
			{"another SSRC", func(b []byte) []byte { b[8]++; return b }, srtp.ErrForged},
			{"a scrap", func(b []byte) []byte { return b[:n+srtp.Overhead-1] }, srtp.ErrShort},
		} {
			if _, err := s.open.RTP(attack.make(bytes.Clone(genuine)), n); !errors.Is(err, attack.want) {
				t.Fatalf("%s: %v", attack.name, err)
			}
		}
		again := bytes.Clone(genuine)
		if opened, err := s.open.RTP(genuine, n); err != nil || !bytes.Equal(opened, whole) {
			t.Fatalf("packet %d after the attacks: %v", i, err)
		}
		if _, err := s.open.RTP(again, n); !errors.Is(err, srtp.ErrReplayed) {
			t.Fatalf("a replay: %v", err)
		}
	}
}

// Who listens in late has missed that the numbers turned.
func TestStreamIsOpenedThatTurnedJustBefore(t *testing.T) {
	random := rand.New(rand.NewPCG(10, 7))
	s := newSide(t, random, 0)
	for i := range 40 {
		whole, n := packet(random, 42, uint16(65_499+i))
		protected := sealed(s.seal, whole, n)
		if i < 38 {
			continue // others opened it
		}
		if opened, err := s.open.RTP(protected, n); err != nil || !bytes.Equal(opened, whole) {
			t.Fatalf("packet %d: %v", i, err)
		}
	}
}

func TestWindowEndsBehindTheHighest(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 7))
	s := newSide(t, random, 0)
	var all [][]byte
	for i := range 1500 {
		whole := []byte{0x80, 96, byte(i >> 8), byte(i), 0, 0, 0, 0, 0, 0, 0, 1, 5}
		all = append(all, sealed(s.seal, whole, 12))
	}
	if _, err := s.open.RTP(all[1499], 12); err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]error{1498: nil, 476: nil, 475: srtp.ErrReplayed, 0: srtp.ErrReplayed} {
		if _, err := s.open.RTP(all[i], 12); !errors.Is(err, want) {
			t.Errorf("packet %d behind 1499: %v", i, err)
		}
	}
}

func TestStreamsOfOnePeerAreBounded(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 7))
	s := newSide(t, random, 0)
	var err error
	for ssrc := range uint32(300) {
		whole, n := packet(random, ssrc, 1)
		if _, err = s.open.RTP(sealed(s.seal, whole, n), n); err != nil {
			break
		}
	}
	if !errors.Is(err, srtp.ErrStreams) {
		t.Fatal(err)
	}
}

func TestKeysAreRefusedByLengthAndNeverPrinted(t *testing.T) {
	if _, _, err := srtp.Split(0x0001, make([]byte, 60)); !errors.Is(err, srtp.ErrProfile) {
		t.Error(err)
	}
	if _, _, err := srtp.Split(srtp.AEADAES128GCM, make([]byte, 55)); err == nil {
		t.Error("55 bytes were taken")
	}
	secret := bytes.Repeat([]byte{0xab}, 56)
	client, server, err := srtp.Split(srtp.AEADAES128GCM, secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		text := fmt.Sprintf(format, struct{ A, B srtp.Master }{client, server})
		if bytes.Contains([]byte(text), []byte("abab")) || bytes.Contains([]byte(text), []byte("171")) {
			t.Errorf("%s prints %s", format, text)
		}
	}
}

func TestNothingIsAllocatedPerPacket(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 7))
	s := newSide(t, random, 0)
	whole, n := packet(random, 9, 0)
	out := make([]byte, 0, 2048)
	sequence := uint16(0)
	allocated := testing.AllocsPerRun(1000, func() {
		sequence++
		binary.BigEndian.PutUint16(whole[2:], sequence)
		protected := s.seal.RTP(append(out, whole[:n]...), whole[n:])
		if _, err := s.open.RTP(protected, n); err != nil {
			t.Fatal(err)
		}
	})
	if allocated != 0 {
		t.Errorf("%v allocations a packet", allocated)
	}
}

func FuzzOpenersTakeNothingForged(f *testing.F) {
	genuine, _ := hex.DecodeString("80600001000000000000000905")
	f.Add(genuine, 12)
	f.Add(make([]byte, 40), 12)
	f.Add([]byte{0x80, 201, 0, 1, 0, 0, 0, 9}, 8)
	f.Fuzz(func(t *testing.T, bytes []byte, headerLen int) {
		s := newSide(t, rand.New(rand.NewPCG(9, 9)), 0)
		if _, err := s.open.RTP(append([]byte(nil), bytes...), headerLen); err == nil {
			t.Error("RTP that nobody sealed was opened")
		}
		if _, err := s.open.RTCP(bytes); err == nil {
			t.Error("RTCP that nobody sealed was opened")
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	s := newSide(b, rand.New(rand.NewPCG(1, 1)), 0)
	header := make([]byte, 24, 2048)
	header[0] = 0x90
	payload := make([]byte, 1100)
	b.Run("ours", func(b *testing.B) {
		for i := range b.N {
			binary.BigEndian.PutUint16(header[2:], uint16(i))
			s.seal.RTP(header, payload)
		}
	})
	b.Run("Pion's", func(b *testing.B) {
		h := rtp.Header{Version: 2, SSRC: 9}
		_ = h.SetExtension(3, []byte{1, 2})
		whole, _ := (&rtp.Packet{Header: h, Payload: payload}).Marshal()
		out := make([]byte, 2048)
		for i := range b.N {
			h.SequenceNumber = uint16(i)
			binary.BigEndian.PutUint16(whole[2:], uint16(i))
			_, _ = s.pion.EncryptRTP(out, whole, &h)
		}
	})
}
