package offer_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/pion/sdp/v3"

	"madang/sfu/offer"
)

// FuzzParse holds what is accepted to what Parse promises, and to how Pion, the
// next to read it, understands the same text.
func FuzzParse(f *testing.F) {
	f.Add(minimal)
	f.Add(browserOffer(f, "chromium"))
	f.Add(browserOffer(f, "firefox"))
	f.Add("v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 0\na=mid:0\r\n\r\n")
	limits := offer.DefaultLimits()
	f.Fuzz(func(t *testing.T, text string) {
		o, err := offer.Parse(text, limits)
		if err != nil {
			var refusal *offer.Error
			if !errors.As(err, &refusal) || refusal.Code() != offer.BadSDP && refusal.Code() != offer.TooBig {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		checkPromises(t, o, limits)
		var pions sdp.SessionDescription
		if pions.UnmarshalString(text) != nil {
			return // Pion refuses more
		}
		if len(pions.MediaDescriptions) != len(o.Lines) {
			t.Fatalf("%d lines, Pion reads %d", len(o.Lines), len(pions.MediaDescriptions))
		}
		for i, media := range pions.MediaDescriptions {
			if mid, _ := media.Attribute("mid"); mid != o.Lines[i].Mid || media.MediaName.Media != o.Lines[i].Media {
				t.Fatalf("line %d is %s %q, Pion reads %s %q", i, o.Lines[i].Media, o.Lines[i].Mid, media.MediaName.Media, mid)
			}
		}
	})
}

func checkPromises(t *testing.T, o *offer.Offer, limits offer.Limits) {
	t.Helper()
	if o.ICEUfrag == "" || len(o.Lines) == 0 || len(o.Lines) > limits.MediaSections {
		t.Fatalf("ufrag %q, %d lines", o.ICEUfrag, len(o.Lines))
	}
	mids, ssrcs := map[string]bool{}, map[uint32]bool{}
	for _, line := range o.Lines {
		if line.Mid == "" || len(line.Mid) > 16 || mids[line.Mid] {
			t.Fatalf("mid %q", line.Mid)
		}
		mids[line.Mid] = true
		if len(line.RIDs) > limits.RIDs || len(line.SSRCs) > limits.SSRCs ||
			len(line.PayloadTypes) > limits.PayloadTypes || len(line.Extensions) > limits.Extensions {
			t.Fatalf("above the limits: %+v", line)
		}
		for _, ssrc := range line.SSRCs {
			if ssrcs[ssrc] {
				t.Fatalf("ssrc %d twice", ssrc)
			}
			ssrcs[ssrc] = true
		}
		for media, rtx := range line.RTX {
			if slices.Contains(line.SSRCs, rtx) || media == rtx {
				t.Fatalf("rtx %d is media too", rtx)
			}
		}
	}
}
