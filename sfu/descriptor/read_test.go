package descriptor

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"madang/sfu/bitstream"
	"madang/sfu/codec"
)

// The structures as Chromium sends them.
const (
	l1t3   = "800001800214eaa860414d1410208427027f0167"
	l2t1   = "c10001c00123ba22891820d21001111813f80b3827f8167a"
	l3t3   = "c10001c0081485214eafffaaaa863cf0430c10c302afc0aaa0063c00430010c002a000a80006000040001d954926e082b04a0941b820ac1282503157f974000ca864330e222222eca8655304224230eca87753013f00b3027f016704ff02cf1f80"
	l3t3k  = "c00001c0081485214eaaaaa8000600004000100002aa80a8000600004000100002a000a800060000400016d549241b5524906d54923157e001974ca864330e222396eca8655304224390eca87753013f00b3027f016704ff02cf1f80"
	vp8l13 = "8000018002044eaaaf2860414d34538a0940409fc059c0"
)

// said is a descriptor in a line: where in its frame the packet is, frame,
// layers, indications, needs, chains, size, active targets.
func said(d *Descriptor) string {
	indications := ""
	for i := range d.Structure.Targets {
		indications += string("-DSR"[d.Indications.Of(i)])
	}
	at := [4]string{"middle", "start", "end", "whole"}[b2i(d.Start)+2*b2i(d.End)]
	return fmt.Sprintf("%s %d S%dT%d %s %v %v %d×%d %#x", at, d.Number, d.SpatialID, d.TemporalID,
		indications, d.Needs(), d.Chains[:d.Structure.Chains], d.Width, d.Height, d.Active)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestDescriptorsOfChromiumAreRead(t *testing.T) {
	tests := []struct{ name, before, hex, want string }{
		{"AV1 L1T1, keyframe", "", "c0000180003a4101813f80b380", "whole 1 S0T0 S [] [0] 640×360 0x1"},
		{"AV1 L1T1, first of two packets", "c0000180003a4101813f80b380", "810002", "start 2 S0T0 S [1] [1] 640×360 0x1"},
		{"AV1 L1T1, last of two packets", "c0000180003a4101813f80b380", "410002", "end 2 S0T0 S [1] [1] 640×360 0x1"},
		{"AV1 L1T3, keyframe", "", l1t3, "start 1 S0T0 SSS [] [0] 640×360 0x7"},
		{"AV1 L1T3, upper layer", l1t3, "c30002", "whole 2 S0T2 --D [1] [1] 640×360 0x7"},
		{"AV1 L1T3, middle layer", l1t3, "c20003", "whole 3 S0T1 -DS [2] [2] 640×360 0x7"},
		{"AV1 L1T3, lowest layer", l1t3, "c10009", "whole 9 S0T0 SSS [4] [4] 640×360 0x7"},
		{"AV1 L2T1 that sends one layer", "", l2t1, "whole 1 S0T0 SS [] [0 0] 640×360 0x1"},
		{"AV1 L2T1, own references and chains", l2t1, "c000021a000800", "whole 2 S0T0 SR [1] [1 0] 640×360 0x1"},
		{"AV1 L3T3_KEY that sends two layers", "", l3t3k, "whole 1 S0T0 SSSSSSSSS [] [0 0 0] 320×180 0x3f"},
		{"AV1 L3T3_KEY, keyframe's upper layer", l3t3k, "c50002", "whole 2 S1T0 ---SSSSSS [1] [1 1 1] 640×360 0x3f"},
		{"AV1 L3T3_KEY, delta", l3t3k, "c600061ae0084000", "whole 6 S1T0 ---SSS--- [8] [1 8 0] 640×360 0x3f"},
		{"VP9 L3T3_KEY, a layer goes", l3t3k, "c30007581d10180000", "whole 7 S0T2 --D------ [2] [6 0 0] 320×180 0x7"},
		{"VP9 L3T3, two references", l3t3, "c800041a2800604000", "whole 4 S1T2 -----D--R [2 1] [3 2 0] 640×360 0x3f"},
		{"VP8 L1T3 without chains", vp8l13, "c60006", "whole 6 S0T2 --D [3 1] [] 640×360 0x7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r Reader
			var d Descriptor
			for _, s := range []string{tt.before, tt.hex} {
				if s == "" {
					continue
				}
				if err := r.Read(unhex(t, s), &d); err != nil {
					t.Fatal(err)
				}
			}
			if got := said(&d); got != tt.want {
				t.Errorf("read %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestTargetsOfAStructure(t *testing.T) {
	var r Reader
	var d Descriptor
	if err := r.Read(unhex(t, l3t3k), &d); err != nil {
		t.Fatal(err)
	}
	s := d.Structure
	if !d.Attached || !d.EntersAll() || len(s.Targets) != 9 || s.Chains != 3 || s.MaxSpatialID != 2 || s.All() != 0x1ff {
		t.Errorf("%+v", s)
	}
	for i, target := range s.Targets {
		if want := (Target{uint8(i / 3), uint8(i % 3), uint8(i / 3)}); target != want {
			t.Errorf("target %d is %+v, want %+v", i, target, want)
		}
	}
	if got := s.Within(1, 1); got != 0b000_011_011 {
		t.Errorf("targets within S1T1: %b", got)
	}
	if err := r.Read(unhex(t, "c50002"), &d); err != nil || d.EntersAll() {
		t.Error("the upper layer of a keyframe needs the lower one", err)
	}
}

// VP9 says the same twice: in its payload descriptor, and in this one.
func TestDescriptorsAgreeWithThePayload(t *testing.T) {
	type place struct {
		picture uint16
		spatial uint8
	}
	for name, packets := range captures(t) {
		if packets[0].payload == nil || name[:3] != "vp9" {
			continue
		}
		var r Reader
		places := map[int64]place{}
		for i, p := range packets {
			var d Descriptor
			var f codec.Facts
			if err := r.Read(p.descriptor, &d); err != nil {
				t.Fatalf("%s, packet %d: %v", name, i, err)
			}
			if err := codec.Read(codec.VP9, p.payload, false, &f); err != nil {
				t.Fatal(err)
			}
			if d.SpatialID != f.SpatialID || d.TemporalID != f.TemporalID || d.Start != f.FrameStart || d.End != f.FrameEnd {
				t.Fatalf("%s, packet %d: %s but %+v", name, i, said(&d), f)
			}
			places[d.Number] = place{f.PictureID, f.SpatialID}
			var needs, want []place
			for _, distance := range d.Needs() {
				needs = append(needs, places[d.Number-int64(distance)])
			}
			for _, diff := range f.PictureDiffs {
				if diff != 0 {
					want = append(want, place{f.PictureID - uint16(diff), f.SpatialID})
				}
			}
			if f.InterLayer {
				want = append(want, place{f.PictureID, f.SpatialID - 1})
			}
			if !slices.Equal(needs, want) {
				t.Fatalf("%s, packet %d needs %v, its payload says %v", name, i, needs, want)
			}
		}
	}
}

func TestUnreadableDescriptorsAreErrors(t *testing.T) {
	tests := []struct {
		name, hex string
		want      error
	}{
		{"nothing", "", ErrTruncated},
		{"two bytes", "c000", ErrTruncated},
		{"longer than an extension", fmt.Sprintf("%0512x", 1), ErrMalformed},
		{"no such template", "c60002", ErrNoStructure},
		{"structure that is cut off", l1t3[:30], ErrTruncated},
		{"structure behind the first packet", "00" + l1t3[2:], ErrMalformed},
		{"structure with a fifth spatial layer", "800001800000000aaa80", ErrMalformed},
		{"structure of too many templates", "8000018000" + fmt.Sprintf("%040x", 0), ErrMalformed},
		{"references without end", "c3000217ffffffffffffffffffffffffffffffffff", ErrMalformed},
		{"references that are cut off", "c3000217ff", ErrTruncated},
		{"indications that are cut off", "c3000220", ErrTruncated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r Reader
			var d Descriptor
			if err := r.Read(unhex(t, l1t3), &d); err != nil {
				t.Fatal(err)
			}
			before := r
			if err := r.Read(unhex(t, tt.hex), &d); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if r != before {
				t.Error("the reader took something over")
			}
		})
	}
	var r Reader
	if err := r.Read(unhex(t, "c30002"), new(Descriptor)); !errors.Is(err, ErrNoStructure) {
		t.Error("before the first keyframe:", err)
	}
}

func TestFrameNumbersAreUnwrapped(t *testing.T) {
	var r Reader
	var d Descriptor
	for _, tt := range []struct {
		hex  string
		want int64
	}{
		{"80fffe" + l1t3[6:], 0xfffe}, {"c3ffff", 0xffff}, {"c20001", 0x10001}, {"c30000", 0x10000}, {"c40002", 0x10002},
	} {
		if err := r.Read(unhex(t, tt.hex), &d); err != nil || d.Number != tt.want {
			t.Errorf("%s is frame %#x, %v", tt.hex, d.Number, err)
		}
	}
}

// What comes late is of the structure of its time.
func TestLatePacketsAreReadByTheStructureBefore(t *testing.T) {
	var r Reader
	var d Descriptor
	read := func(hex, want string) {
		t.Helper()
		if err := r.Read(unhex(t, hex), &d); err != nil {
			t.Fatal(err)
		}
		if got := said(&d); got != want {
			t.Errorf("read %s\nwant %s", got, want)
		}
	}
	read(l1t3, "start 1 S0T0 SSS [] [0] 640×360 0x7")
	read("c00005"+l3t3k[6:], "whole 5 S0T0 SSSSSSSSS [] [0 0 0] 320×180 0x3f")
	read("c30004", "whole 4 S0T2 --D [1] [1] 640×360 0x7")
	read("c30006", "whole 6 S0T2 --D------ [3] [3 2 1] 320×180 0x3f")
	read("c50008400000", "whole 8 S1T0 ---SSSSSS [1] [1 1 1] 640×360 0x0")
	read("c50007", "whole 7 S1T0 ---SSSSSS [1] [1 1 1] 640×360 0x1ff")
	read("c50009", "whole 9 S1T0 ---SSSSSS [1] [1 1 1] 640×360 0x0")
}

func TestReadingDoesNotAllocate(t *testing.T) {
	for name, packets := range captures(t) {
		var r Reader
		var d Descriptor
		if err := r.Read(packets[0].descriptor, &d); err != nil {
			t.Fatal(err)
		}
		p := packets[rand.IntN(10)+1]
		if allocs := testing.AllocsPerRun(100, func() { _ = r.Read(p.descriptor, &d) }); allocs != 0 {
			t.Errorf("%s: %v allocations", name, allocs)
		}
	}
}

func TestNonSymmetricNumbers(t *testing.T) {
	// ns(5) of AV1's specification: 0 to 2 in two bits, 3 and 4 in three.
	r := bitstream.Reader{Data: []byte{0b00_01_10_11, 0b0_111_0000}}
	for want := range 5 {
		if got := r.NonSymmetric(5); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
	if got := r.NonSymmetric(1); got != 0 || r.At != 12 {
		t.Error("a number below 1 takes no bits")
	}
}

func BenchmarkRead(b *testing.B) {
	var r Reader
	var d Descriptor
	_ = r.Read(unhex(b, l3t3k), &d)
	ext := unhex(b, "c600061ae0084000")
	for b.Loop() {
		if r.Read(ext, &d) != nil {
			b.Fatal("unreadable")
		}
	}
}
