package descriptor

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestRewritingChangesNothingElse(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for name, packets := range captures(t) {
		var from, to Reader
		var was, is Descriptor
		for i, p := range packets {
			if err := from.Read(p.descriptor, &was); err != nil {
				t.Fatal(err)
			}
			number := uint16(was.Number + 1000)
			var mask *uint32
			if rng.IntN(2) == 0 {
				m := rng.Uint32() & was.Structure.All()
				mask = &m
			}
			out := Rewrite([]byte("before"), p.descriptor, was.Place, number, mask)
			if !bytes.HasPrefix(out, []byte("before")) {
				t.Fatal("what was in dst is lost")
			}
			out = out[len("before"):]
			if mask == nil && len(out) != len(p.descriptor) || len(out) > len(p.descriptor)+5 {
				t.Fatalf("%s, packet %d: %x became %x", name, i, p.descriptor, out)
			}
			if err := to.Read(out, &is); err != nil {
				t.Fatalf("%s, packet %d: %x became %x: %v", name, i, p.descriptor, out, err)
			}
			if mask != nil && is.Active != *mask {
				t.Fatalf("%s, packet %d: active %b, want %b", name, i, is.Active, *mask)
			}
			is.Number -= 1000
			is.Active = was.Active
			if said(&is) != said(&was) || is.Attached != was.Attached {
				t.Fatalf("%s, packet %d: %s became %s", name, i, said(&was), said(&is))
			}
		}
	}
}

func TestRewrite(t *testing.T) {
	mask := uint32(0b011)
	tests := []struct {
		name, src string
		mask      *uint32
		want      string
	}{
		{"number only", "c30002", nil, "c3abcd"},
		{"mask into the short form", "c30002", &mask, "c3abcd 43"},
		{"mask for another", "c3000247", &mask, "c3abcd 43"},
		{"mask behind the structure", l1t3, &mask, "80abcd c00214eaa860414d1410208427027f01676 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r Reader
			var d Descriptor
			for _, s := range []string{l1t3, tt.src} {
				if err := r.Read(unhex(t, s), &d); err != nil {
					t.Fatal(err)
				}
			}
			got := Rewrite(nil, unhex(t, tt.src), d.Place, 0xabcd, tt.mask)
			if !bytes.Equal(got, unhex(t, tt.want)) {
				t.Errorf("%x, want %s", got, tt.want)
			}
		})
	}
}

func TestRewritingDoesNotAllocate(t *testing.T) {
	var r Reader
	var d Descriptor
	mask := uint32(7)
	src := unhex(t, l3t3k)
	if err := r.Read(src, &d); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 0, 256)
	if allocs := testing.AllocsPerRun(100, func() { Rewrite(buf, src, d.Place, 7, &mask) }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// FuzzReader reads any bytes behind a real keyframe, and rewrites what is
// readable: it must say the same afterwards.
func FuzzReader(f *testing.F) {
	for _, packets := range captures(f) {
		for _, p := range packets[:12] {
			f.Add(p.descriptor, uint16(0xfff0), uint32(5))
		}
	}
	key := unhex(f, l3t3k)
	f.Fuzz(func(t *testing.T, ext []byte, number uint16, mask uint32) {
		var from, to Reader
		var was, is Descriptor
		_ = from.Read(key, &was)
		_ = to.Read(key, &is)
		if from.Read(ext, &was) != nil || len(ext)+5 > maxLength {
			return
		}
		number = 2 + number%1000 // behind the keyframe, whose structure it may need
		mask &= was.Structure.All()
		out := Rewrite(nil, ext, was.Place, number, &mask)
		if err := to.Read(out, &is); err != nil {
			t.Fatalf("%x became %x: %v", ext, out, err)
		}
		if uint16(is.Number) != number {
			t.Fatalf("number %d, want %d", is.Number, number)
		}
		is.Number, is.Active = was.Number, was.Active
		if said(&is) != said(&was) {
			t.Fatalf("%s became %s", said(&was), said(&is))
		}
	})
}

func BenchmarkRewriteWithMask(b *testing.B) {
	var r Reader
	var d Descriptor
	_ = r.Read(unhex(b, l3t3k), &d)
	src := unhex(b, "c600061ae0084000")
	_ = r.Read(src, &d)
	mask := uint32(7)
	buf := make([]byte, 0, 64)
	for b.Loop() {
		Rewrite(buf, src, d.Place, 7, &mask)
	}
}
