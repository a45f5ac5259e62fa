package offer_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"madang/sfu/offer"
)

// browserOffer is what a browser really offered: mic, camera with three rids,
// screen, screen audio, one pair, one voice, and the data channel.
func browserOffer(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".sdp")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parse(t testing.TB, sdp string) *offer.Offer {
	t.Helper()
	o, err := offer.Parse(sdp, offer.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// grow repeats a browser's offer's recvonly video and audio lines until it has
// so many pairs and voices, as the browser would write them.
func grow(t testing.TB, sdp string, pairs, voices int) string {
	t.Helper()
	session, rest, _ := strings.Cut(sdp, "m=")
	sections := strings.Split(rest, "m=")
	if len(sections) != 8 {
		t.Fatalf("the offer has %d m-lines", len(sections))
	}
	all := slices.Clone(sections[:4])
	for range pairs {
		all = append(all, sections[4], sections[5])
	}
	for range voices {
		all = append(all, sections[6])
	}
	all = append(all, sections[7])
	group := "a=group:BUNDLE"
	var body strings.Builder
	ssrc := 1000
	for i, section := range all {
		group += fmt.Sprint(" ", i)
		body.WriteString("m=")
		for line := range strings.Lines(section) {
			switch {
			case strings.HasPrefix(line, "a=mid:"):
				line = fmt.Sprintf("a=mid:%d\r\n", i)
			case strings.HasPrefix(line, "a=ssrc:") && i >= 4:
				ssrc++
				line = fmt.Sprintf("a=ssrc:%d cname:x\r\n", ssrc)
			}
			body.WriteString(line)
		}
	}
	var head strings.Builder
	for line := range strings.Lines(session) {
		if strings.HasPrefix(line, "a=group:") {
			line = group + "\r\n"
		}
		head.WriteString(line)
	}
	return head.String() + body.String()
}

func TestChromiumOfferIsRead(t *testing.T) {
	o := parse(t, browserOffer(t, "chromium"))
	if o.ICEUfrag == "" || len(o.Lines) != 8 {
		t.Fatalf("ufrag %q, %d lines", o.ICEUfrag, len(o.Lines))
	}
	mic, camera, screen := &o.Lines[0], &o.Lines[1], &o.Lines[2]
	if mic.Mid != "0" || mic.Media != offer.Audio || !mic.Sends() || mic.Receives() || !mic.HasRED {
		t.Errorf("mic: %+v", mic)
	}
	if want := []string{"opus", "red", "g722", "pcmu", "pcma", "cn", "telephone-event"}; !slices.Equal(mic.CodecNames(), want) {
		t.Errorf("codecs of the mic: %v", mic.CodecNames())
	}
	if !slices.Equal(mic.SSRCs, []uint32{4130226942}) {
		t.Errorf("ssrcs of the mic: %v", mic.SSRCs)
	}
	if want := []string{"q", "h", "f"}; !slices.Equal(camera.RIDs, want) || camera.HasRED {
		t.Errorf("rids of the camera: %v, RED %v", camera.RIDs, camera.HasRED)
	}
	if want := []string{"vp8", "rtx", "h264", "av1", "vp9", "red", "ulpfec"}; !slices.Equal(camera.CodecNames(), want) {
		t.Errorf("codecs of the camera: %v", camera.CodecNames())
	}
	if pt, ok := camera.RTXFor(96); !ok || pt != 97 {
		t.Errorf("rtx of VP8: %d %v", pt, ok)
	}
	if pt, ok := camera.PayloadType(102); !ok || pt.Codec != "h264" || pt.ClockRate != 90000 || !strings.Contains(pt.Parameters, "packetization-mode=1") {
		t.Errorf("payload type 102: %+v", pt)
	}
	if id := camera.ExtensionID("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"); id != 10 {
		t.Errorf("id of the rid extension: %d", id)
	}
	if want := map[uint32]uint32{3273585364: 26204507}; !reflect.DeepEqual(screen.RTX, want) || !slices.Equal(screen.SSRCs, []uint32{3273585364}) {
		t.Errorf("screen: ssrcs %v, rtx %v", screen.SSRCs, screen.RTX)
	}
	if slot := &o.Lines[4]; slot.Direction != offer.RecvOnly || slot.Sends() || !slot.Receives() {
		t.Errorf("slot: %+v", slot)
	}
	if last := o.Lines[7]; last.Media != offer.Application || o.Line("7") != &o.Lines[7] || o.Line("8") != nil {
		t.Errorf("last: %+v", last)
	}
}

func TestFirefoxOfferIsRead(t *testing.T) {
	o := parse(t, browserOffer(t, "firefox"))
	if len(o.Lines) != 8 || o.ICEUfrag == "" {
		t.Fatalf("%d lines", len(o.Lines))
	}
	mic, camera, slot := &o.Lines[0], &o.Lines[1], &o.Lines[4]
	if mic.HasRED || !mic.Sends() {
		t.Errorf("mic: %+v", mic)
	}
	if camera.Rejected || !camera.Sends() {
		t.Error("a bundle-only line of port 0 is not rejected")
	}
	if want := []uint32{1534914951, 1638510969, 804982830}; !slices.Equal(camera.SSRCs, want) {
		t.Errorf("ssrcs of the camera: %v", camera.SSRCs)
	}
	if want := []string{"q", "h", "f"}; !slices.Equal(camera.RIDs, want) || camera.RTX[804982830] != 2589584139 {
		t.Errorf("rids %v, rtx %v", camera.RIDs, camera.RTX)
	}
	if e := mic.Extensions[1]; e.ID != 2 || e.Direction != offer.RecvOnly {
		t.Errorf("second extension: %+v", e)
	}
	if slot.Direction != offer.RecvOnly || len(slot.RIDs) != 0 {
		t.Errorf("slot: %+v", slot)
	}
}

func TestOfferForTwentyFiveTilesFits(t *testing.T) {
	for _, browser := range []string{"chromium", "firefox"} {
		sdp := grow(t, browserOffer(t, browser), 25, 8)
		o := parse(t, sdp)
		t.Logf("%s: %d m-lines, %d lines, %d bytes", browser, len(o.Lines), strings.Count(sdp, "\n"), len(sdp))
		if len(o.Lines) != 63 {
			t.Errorf("%s: %d m-lines", browser, len(o.Lines))
		}
	}
}

// minimal is a publisher's offer, smaller than any browser's: one Opus line.
const minimal = "v=0\r\n" +
	"o=- 1 1 IN IP4 0.0.0.0\r\n" +
	"s=-\r\n" +
	"t=0 0\r\n" +
	"a=group:BUNDLE video0 audio1\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" +
	"c=IN IP4 0.0.0.0\r\n" +
	"a=ice-ufrag:abcd\r\n" +
	"a=ice-pwd:0123456789012345678901\r\n" +
	"a=fingerprint:sha-256 00:11\r\n" +
	"a=mid:video0\r\n" +
	"a=rtpmap:96 H264/90000\r\n" +
	"a=rtpmap:97 rtx/90000\r\n" +
	"a=fmtp:97 rtx-time=200;apt=96\r\n" +
	"a=ssrc:7 cname:x\r\n" +
	"a=rid:a send\r\n" +
	"a=rid:b send\r\n" +
	"a=simulcast:send ~b;a\r\n" +
	"a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" +
	"a=mid:audio1\r\n" +
	"a=rtpmap:111 OPUS/48000/2\r\n" +
	"a=sendonly\r\n"

func TestOfferOfPlainPublisherIsRead(t *testing.T) {
	for name, sdp := range map[string]string{
		"CRLF":                minimal,
		"LF":                  strings.ReplaceAll(minimal, "\r\n", "\n"),
		"no last line end":    strings.TrimSuffix(minimal, "\r\n"),
		"blank line at end":   minimal + "\r\n",
		"direction of all":    strings.Replace(minimal, "t=0 0\r\n", "t=0 0\r\na=sendrecv\r\n", 1),
		"unknown attributes":  minimal + "a=x-anything\r\na=ssrc-group:SIM 8 9\r\n",
		"meaning of no one":   minimal + "a=rtpmap:5 x/1\r\na=fmtp:5 y\r\n",
		"transport of all":    strings.Replace(minimal, "t=0 0\r\n", "t=0 0\r\na=fingerprint:sha-256 22\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n", 1),
		"alternatives of rid": strings.Replace(minimal, "send ~b;a", "send ~b,a;a recv c", 1),
	} {
		o, err := offer.Parse(sdp, offer.DefaultLimits())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		video, audio := &o.Lines[0], &o.Lines[1]
		if !slices.Equal(video.RIDs, []string{"b", "a"}) {
			t.Errorf("%s: rids %v, not in the order of a=simulcast", name, video.RIDs)
		}
		if video.Direction != offer.SendRecv || audio.Direction != offer.SendOnly || o.ICEUfrag != "abcd" {
			t.Errorf("%s: %s %s %q", name, video.Direction, audio.Direction, o.ICEUfrag)
		}
		if pt := audio.PayloadTypes[0]; pt.Codec != "opus" || pt.ClockRate != 48000 {
			t.Errorf("%s: %+v", name, pt)
		}
		if rtx, ok := video.RTXFor(96); !ok || rtx != 97 {
			t.Errorf("%s: rtx %d %v", name, rtx, ok)
		}
	}
}

func TestRidsWithoutSimulcastLineAreInTheirOwnOrder(t *testing.T) {
	o := parse(t, strings.Replace(minimal, "a=simulcast:send ~b;a\r\n", "a=rid:c recv\r\n", 1))
	if !slices.Equal(o.Lines[0].RIDs, []string{"a", "b"}) {
		t.Errorf("%v", o.Lines[0].RIDs)
	}
}

func TestRejectedLineIsKeptAndNeedsNoBundle(t *testing.T) {
	sdp := strings.Replace(minimal, " audio1\r\n", "\r\n", 1)
	sdp = strings.Replace(sdp, "m=audio 9", "m=audio 0", 1)
	o := parse(t, sdp)
	if line := &o.Lines[1]; !line.Rejected || line.Sends() || line.Receives() {
		t.Errorf("%+v", line)
	}
}

func TestWhatIsNoOfferIsRefusedWithItsPlace(t *testing.T) {
	tests := []struct {
		name     string
		old, new string // in minimal
		line     int
	}{
		{"not SDP", "v=0\r\n", "hello\r\n", 1},
		{"another version", "v=0", "v=1", 1},
		{"not letter=value", "t=0 0", "t0 0", 4},
		{"upper case letter", "t=0 0", "T=0 0", 4},
		{"control character", "cname:x", "cname:\x00", 15},
		{"lone CR", "cname:x", "cname:x\ra=mid:evil", 15},
		{"tab", "cname:x", "cname:\tx", 15},
		{"not UTF-8", "cname:x", "cname:\xff", 15},
		{"no mid", "a=mid:audio1\r\n", "", 20},
		{"empty mid", "mid:audio1", "mid:", 21},
		{"mid of another line", "mid:audio1", "mid:video0", 21},
		{"overlong mid", "mid:audio1", "mid:" + strings.Repeat("x", 17), 21},
		{"mid with a space", "mid:audio1", "mid:audio 1", 21},
		{"two mids", "a=sendonly", "a=mid:other", 23},
		{"two directions", "a=sendonly", "a=sendonly\r\na=recvonly", 24},
		{"media of another kind", "m=audio", "m=text", 20},
		{"port that is none", "m=audio 9", "m=audio 65536", 20},
		{"ports", "m=audio 9", "m=audio 9/2", 20},
		{"RTP in the clear", "m=audio 9 UDP/TLS/RTP/SAVPF", "m=audio 9 RTP/AVP", 20},
		{"data channel over RTP", "m=audio", "m=application", 20},
		{"no formats", "SAVPF 111", "SAVPF", 20},
		{"payload type of 8 bits", "SAVPF 111", "SAVPF 128", 20},
		{"payload type twice", "SAVPF 111", "SAVPF 111 111", 20},
		{"format that is no number", "SAVPF 111", "SAVPF 111  ", 20},
		{"rtpmap without a rate", "OPUS/48000/2", "OPUS", 22},
		{"rtpmap without a name", "OPUS/48000/2", "/48000", 22},
		{"two meanings", "a=sendonly", "a=rtpmap:111 pcmu/8000", 23},
		{"apt that is none", "apt=96", "apt=960", 14},
		{"extension id 0", "extmap:1", "extmap:0", 19},
		{"extension id 15", "extmap:1", "extmap:15", 19},
		{"extension id 256", "extmap:1", "extmap:256", 19},
		{"extension without URI", "extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid", "extmap:1", 19},
		{"extension id twice", "a=sendonly", "a=extmap:2 x\r\na=extmap:2 y", 24},
		{"rid with a dash", "rid:a send", "rid:a-1 send", 16},
		{"rid twice", "rid:b send", "rid:a send", 17},
		{"rid that nothing explains", "send ~b;a", "send ~b;c", 6},
		{"layer without rid", "send ~b;a", "send ~b;", 18},
		{"layer twice", "send ~b;a", "send b;~b", 18},
		{"two simulcasts", "a=simulcast:send ~b;a\r\n", "a=simulcast:send a\r\na=simulcast:send b\r\n", 19},
		{"ssrc that is none", "ssrc:7", "ssrc:4294967296", 15},
		{"ssrc of another line", "a=sendonly", "a=ssrc:7 cname:y", 23},
		{"repair of another line", "a=sendonly", "a=ssrc-group:FID 8 7", 23},
		{"group of one", "a=sendonly", "a=ssrc-group:FID 8", 23},
		{"repair of itself", "a=sendonly", "a=ssrc-group:FID 8 8", 23},
		{"two repairs of one", "a=sendonly", "a=ssrc-group:FID 8 9\r\na=ssrc-group:FID 8 10", 24},
		{"two bundles", "t=0 0\r\n", "t=0 0\r\na=group:BUNDLE a\r\n", 6},
		{"no bundle", "a=group:BUNDLE video0 audio1\r\n", "", 0},
		{"bundle of some", "BUNDLE video0 audio1", "BUNDLE video0", 0},
		{"bundle of who is not there", "BUNDLE video0 audio1", "BUNDLE video0 audio1 x", 0},
		{"no ufrag", "a=ice-ufrag:abcd\r\n", "", 0},
		{"short ufrag", "ufrag:abcd", "ufrag:abc", 8},
		{"no password", "a=ice-pwd:0123456789012345678901\r\n", "", 0},
		{"short password", "ice-pwd:0", "ice-pwd:", 9},
		{"no fingerprint", "a=fingerprint:sha-256 00:11\r\n", "", 0},
		{"half an offer", minimal[strings.Index(minimal, "m=audio"):], "", 0},
		{"no m-line", minimal[strings.Index(minimal, "m=video"):], "", 0},
		{"nothing", minimal, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sdp := strings.Replace(minimal, tt.old, tt.new, 1)
			if sdp == minimal {
				t.Fatal("the case changes nothing")
			}
			_, err := offer.Parse(sdp, offer.DefaultLimits())
			checkRefusal(t, err, offer.BadSDP, tt.line)
		})
	}
}

func checkRefusal(t *testing.T, err error, code string, line int) {
	t.Helper()
	var refusal *offer.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("error %v", err)
	}
	if refusal.Code() != code || refusal.Line != line {
		t.Errorf("%s at line %d, want %s at %d: %v", refusal.Code(), refusal.Line, code, line, err)
	}
	if line != 0 && !strings.Contains(err.Error(), fmt.Sprintf("line %d", line)) {
		t.Errorf("the text does not name the line: %v", err)
	}
}

func TestTwoDataChannelLinesAreRefused(t *testing.T) {
	sdp := strings.Replace(minimal, "BUNDLE", "BUNDLE d1 d2", 1)
	for _, mid := range []string{"d1", "d2"} {
		sdp += "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:" + mid + "\r\n"
	}
	_, err := offer.Parse(sdp, offer.DefaultLimits())
	checkRefusal(t, err, offer.BadSDP, 0)
}
