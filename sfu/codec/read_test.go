package codec

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// payload reads hexadecimal with spaces.
func payload(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// packets are the beginnings of payloads: of Chromium 156 where nothing else is
// said, the others written by the format's rules.
var packets = []struct {
	name   string
	codec  Codec
	marker bool
	hex    string
	want   Facts
}{
	{"opus", Opus, false, "78 0be4c1", Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true}},
	{"red", RED, false, "6f 780be4c1", Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true}},

	{"VP8 keyframe", VP8, false, "90e0d39a1220 303e009d012ae0010e0105c7",
		Facts{KeyframeStart: true, FrameStart: true, Width: 480, Height: 270, SwitchingUp: true,
			PictureID: 0x539a, PictureIDBits: 15, TL0PICIDX: 18, HasTL0: true}},
	{"VP8 keyframe to be scaled up", VP8, true, "10 303e009d012ae041 0e81",
		Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 480, Height: 270}},
	{"VP8 keyframe cut off", VP8, true, "10 303e00", Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true}},
	{"VP8 keyframe continued", VP8, true, "80e0d38a0d20 00fd4b",
		Facts{FrameEnd: true, SwitchingUp: true, PictureID: 0x538a, PictureIDBits: 15, TL0PICIDX: 13, HasTL0: true}},
	{"VP8 second partition", VP8, false, "11 303e009d012ae0010e01", Facts{}},
	{"VP8 top temporal layer", VP8, true, "b0e0d3860ca0 111200131c24",
		Facts{FrameStart: true, FrameEnd: true, TemporalID: 2, Discardable: true, SwitchingUp: true,
			PictureID: 0x5386, PictureIDBits: 15, TL0PICIDX: 12, HasTL0: true}},
	{"VP8 middle temporal layer", VP8, true, "90e0d38b0d40 d10d000d1c24",
		Facts{FrameStart: true, FrameEnd: true, TemporalID: 1,
			PictureID: 0x538b, PictureIDBits: 15, TL0PICIDX: 13, HasTL0: true}},
	{"VP8 short picture id", VP8, false, "90807f 0100", Facts{FrameStart: true, PictureID: 127, PictureIDBits: 7}},
	{"VP8 key index without layers", VP8, false, "9010df 0100", Facts{FrameStart: true, KeyIdx: 31, HasKeyIdx: true}},
	{"VP8 layers without key index", VP8, false, "9020df 0100", Facts{FrameStart: true, TemporalID: 3}},
	{"VP8 of GStreamer", VP8, false, "90808001 d002009d012a4001f000",
		Facts{KeyframeStart: true, FrameStart: true, Width: 320, Height: 240, PictureID: 1, PictureIDBits: 15}},

	{"VP9 keyframe, flexible", VP9, true, "9fdbb310014000b4 824983420013f00b34",
		Facts{Flexible: true, KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 320, Height: 180, PictureID: 0x5bb3, PictureIDBits: 15}},
	{"VP9 delta, flexible", VP9, true, "dddbb402 86004092e121",
		Facts{Flexible: true, Predicted: true, PictureDiffs: [3]uint8{1}, FrameStart: true, FrameEnd: true, PictureID: 0x5bb4, PictureIDBits: 15}},
	{"VP9 SVC keyframe, lower layer", VP9, false, "be9cb71030014000b402800168834983420013",
		Facts{Flexible: true, KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 640, Height: 360, SwitchingUp: true, PictureID: 7351, PictureIDBits: 15}},
	{"VP9 SVC keyframe, upper layer", VP9, false, "b89cb713 8702020004fe",
		Facts{Flexible: true, InterLayer: true, FrameStart: true, SpatialID: 1, SwitchingUp: true, PictureID: 7351, PictureIDBits: 15}},
	{"VP9 SVC keyframe, upper layer continued", VP9, true, "b49cb713 fb9d0a",
		Facts{Flexible: true, InterLayer: true, FrameEnd: true, SpatialID: 1, SwitchingUp: true, PictureID: 7351, PictureIDBits: 15}},
	{"VP9 SVC delta", VP9, true, "fd9cb852 02 870020", // its P_DIFF is 0x02
		Facts{Flexible: true, Predicted: true, PictureDiffs: [3]uint8{1}, FrameStart: true, FrameEnd: true, TemporalID: 2, SpatialID: 1, SwitchingUp: true, PictureID: 7352, PictureIDBits: 15}},
	{"VP9 non-flexible delta", VP9, true, "ec 8102 40 55 8600",
		Facts{Predicted: true, FrameStart: true, FrameEnd: true, TemporalID: 2, PictureID: 258, PictureIDBits: 15, TL0PICIDX: 0x55, HasTL0: true}},
	{"VP9 non-flexible keyframe with picture group", VP9, false,
		"aa 05 00 07 18 0280 01e0 04 00 04 01 54 02 5404 8249",
		Facts{KeyframeStart: true, FrameStart: true, Width: 640, Height: 480, PictureID: 5, PictureIDBits: 7, TL0PICIDX: 7, HasTL0: true}},
	{"VP9 three references", VP9, true, "d9 05 03 05 06 8600", Facts{Flexible: true, Predicted: true, PictureDiffs: [3]uint8{1, 2, 3}, FrameStart: true, PictureID: 5, PictureIDBits: 7}},
	{"VP9 keyframe that only its own header describes", VP9, true, "8c 05 824983420013f00b340e38",
		Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 320, Height: 180, PictureID: 5, PictureIDBits: 7}},
	{"VP9 profile 1, 4:4:4 (libvpx)", VP9, true, "0c a24983420006aa03bec087",
		Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 854, Height: 480}},
	{"VP9 profile 1, RGB (libvpx)", VP9, true, "0c a2498342e035501df60438",
		Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 854, Height: 480}},
	{"VP9 profile 2, 10 bits (libvpx)", VP9, true, "0c 92498342001aa80efb031c",
		Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 854, Height: 480}},
	{"VP9 keyframe of an unknown sync code", VP9, true, "0c 8249834300", Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true}},
	{"VP9 no frame marker", VP9, true, "0c 00498342", Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true}},

	{"H264 STAP-A of SPS, PPS and IDR", H264, true,
		"78 0013 6742c0158c8d40a0cbcf3506060607844235 00 0004 68ce3c80 0003 65b800",
		Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 320, Height: 180}},
	{"H264 STAP-A of SPS and PPS", H264, false, "78 0013 6742c01e8c8d40f047f53506060607844235 00 0004 68ce3c80",
		Facts{KeyframeStart: true, FrameStart: true, Width: 480, Height: 270}},
	{"H264 start of an IDR FU-A", H264, false, "7c85 b80006000017", Facts{IDRStart: true, FrameStart: true}},
	{"H264 start of an IDR FU-A, second slice", H264, false, "7c85 00a06000", Facts{}},
	{"H264 middle of an IDR FU-A", H264, false, "7c05 b80006", Facts{}},
	{"H264 end of an IDR FU-A", H264, true, "7c45 77fff0", Facts{FrameEnd: true}},
	{"H264 IDR", H264, true, "65 b80004", Facts{IDRStart: true, FrameStart: true, FrameEnd: true}},
	{"H264 IDR, second slice", H264, true, "65 00a0", Facts{FrameEnd: true}},
	{"H264 SPS", H264, false, "6742c01fd9005005bb011000000300100000030320f1832480",
		Facts{KeyframeStart: true, FrameStart: true, Width: 1280, Height: 720}},
	{"H264 SPS as FU-A", H264, false, "7c87 42c01fd9005005bb011000000300100000030320f1832480",
		Facts{KeyframeStart: true, FrameStart: true, Width: 1280, Height: 720}},
	{"H264 PPS", H264, false, "68ce3c80", Facts{FrameStart: true}},
	{"H264 STAP-A of PPS and IDR", H264, false, "78 0004 68ce3c80 0003 65b800", Facts{IDRStart: true, FrameStart: true}},
	{"H264 STAP-A of a late slice and SEI", H264, false, "78 0002 6120 0002 0601", Facts{}},
	{"H264 slice", H264, true, "61e0004000be", Facts{FrameStart: true, FrameEnd: true}},
	{"H264 slice that nobody needs", H264, true, "01e0004000be", Facts{FrameStart: true, FrameEnd: true, Discardable: true}},
	{"H264 FU-A that nobody needs", H264, false, "1c81 e000", Facts{FrameStart: true, Discardable: true}},
	{"H264 AUD", H264, false, "09f0", Facts{FrameStart: true, Discardable: true}},

	{"AV1 keyframe", AV1, true, "28 0b 08000000043cfecc01a008 3010616200618618",
		Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 320, Height: 180}},
	{"AV1 keyframe, first fragment", AV1, false, "68 0b 0800000004477e1a00d004 3010617b0092",
		Facts{KeyframeStart: true, FrameStart: true, Width: 480, Height: 270}},
	{"AV1 keyframe of two layers", AV1, false, "68 12 0800330329809440ca2025a99ff678034010 3400129fd673",
		Facts{KeyframeStart: true, FrameStart: true, Width: 1280, Height: 720}},
	{"AV1 fragment", AV1, true, "90 8bac6a961f497c4d", Facts{FrameEnd: true}},
	{"AV1 delta", AV1, true, "10 303030c040fdf801", Facts{FrameStart: true, FrameEnd: true}},
	{"AV1 upper temporal layer", AV1, true, "10 3420 31008004008183", Facts{FrameStart: true, FrameEnd: true, TemporalID: 1}},
	{"AV1 upper spatial layer", AV1, true, "10 3428 31008004008183", Facts{FrameStart: true, FrameEnd: true, TemporalID: 1, SpatialID: 1}},
	{"AV1 keyframe of a sender without N, with sizes (libaom)", AV1, true,
		"00 02 1200 10 0a0e2000002d4d55bfccaf92021a0040 04 32021087",
		Facts{KeyframeStart: true, FrameStart: true, FrameEnd: true, Width: 1366, Height: 768}},
	{"AV1 repeated sequence header and N before a delta", AV1, true, "28 0b 08000000043cfecc01a008 303030c040",
		Facts{FrameStart: true, FrameEnd: true, Width: 320, Height: 180}},
	{"AV1 sequence header alone, N", AV1, false, "18 08000000043cfecc01a008",
		Facts{KeyframeStart: true, FrameStart: true, Width: 320, Height: 180}},
	{"AV1 sequence header alone", AV1, false, "10 08000000043cfecc01a008", Facts{FrameStart: true, Width: 320, Height: 180}},
	{"AV1 shown existing frame", AV1, true, "10 18b0", Facts{FrameStart: true, FrameEnd: true}},
	{"AV1 tile group", AV1, true, "10 20b0", Facts{FrameEnd: true}},
	{"AV1 empty element", AV1, true, "00 00 02 30b0", Facts{FrameEnd: true}},
}

func TestPayloadsAreRead(t *testing.T) {
	for _, tt := range packets {
		t.Run(tt.name, func(t *testing.T) {
			got := Facts{KeyIdx: 9, Width: 9, pictureIDAt: 9} // of the packet before
			if err := Read(tt.codec, payload(t, tt.hex), tt.marker, &got); err != nil {
				t.Fatal(err)
			}
			got.pictureIDAt, got.tl0At = 0, 0
			if got != tt.want {
				t.Errorf("read %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestUnreadablePayloadsAreErrors(t *testing.T) {
	tests := []struct {
		name  string
		codec Codec
		hex   string
		want  error
	}{
		{"opus without a byte", Opus, "", ErrTruncated},
		{"unknown codec", Unknown, "00", ErrUnsupported},
		{"red that is cut off", RED, "ef", ErrTruncated},

		{"VP8 without a byte", VP8, "", ErrTruncated},
		{"VP8 without extension", VP8, "90", ErrTruncated},
		{"VP8 without picture id", VP8, "9080", ErrTruncated},
		{"VP8 half a picture id", VP8, "908080", ErrTruncated},
		{"VP8 without TL0PICIDX", VP8, "9040", ErrTruncated},
		{"VP8 without TID", VP8, "9020", ErrTruncated},
		{"VP8 without a frame", VP8, "90808001", ErrTruncated},

		{"VP9 without picture id", VP9, "80", ErrTruncated},
		{"VP9 without layers", VP9, "3000", ErrTruncated},
		{"VP9 without TL0PICIDX", VP9, "2000", ErrTruncated},
		{"VP9 no layers at all", VP9, "20", ErrTruncated},
		{"VP9 without references", VP9, "50", ErrTruncated},
		{"VP9 four references", VP9, "5001030507", ErrMalformed},
		{"VP9 without structure", VP9, "02", ErrTruncated},
		{"VP9 structure without sizes", VP9, "02100140", ErrTruncated},
		{"VP9 structure without group", VP9, "0208", ErrTruncated},
		{"VP9 group that is cut off", VP9, "02080204", ErrTruncated},
		{"VP9 group that ends in references", VP9, "02080104", ErrTruncated},
		{"VP9 without a frame", VP9, "8805", ErrTruncated},

		{"H264 type 0", H264, "60", ErrMalformed},
		{"H264 type 30", H264, "7e", ErrMalformed},
		{"H264 FU-B", H264, "7d8500", ErrUnsupported},
		{"H264 MTAP", H264, "7a", ErrUnsupported},
		{"H264 empty STAP-A", H264, "78", ErrTruncated},
		{"H264 STAP-A half a length", H264, "7800", ErrTruncated},
		{"H264 STAP-A behind the end", H264, "78000367", ErrTruncated},
		{"H264 STAP-A of nothing", H264, "780000", ErrMalformed},
		{"H264 FU-A without data", H264, "7c85", ErrTruncated},
		{"H264 FU-A start and end", H264, "7cc5b8", ErrMalformed},

		{"AV1 only the aggregation header", AV1, "10", ErrTruncated},
		{"AV1 start of a sequence that continues", AV1, "9800", ErrMalformed},
		{"AV1 element behind the end", AV1, "000530", ErrTruncated},
		{"AV1 fewer elements than W", AV1, "200130", ErrTruncated},
		{"AV1 length without end", AV1, "00ff", ErrTruncated},
		{"AV1 overlong length", AV1, "00ffffffffffffffffff01", ErrMalformed},
		{"AV1 forbidden bit", AV1, "10b0", ErrMalformed},
		{"AV1 no extension byte", AV1, "1034", ErrTruncated},
		{"AV1 no size", AV1, "1032", ErrTruncated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f Facts
			if err := Read(tt.codec, payload(t, tt.hex), false, &f); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

// Parameter sets as x264 writes them.
func TestSizeOfH264ParameterSets(t *testing.T) {
	tests := []struct {
		name          string
		hex           string
		width, height uint16
	}{
		{"high, cropped", "67640028acd940780227e5c044000003000400000300c83c60c658", 1920, 1080},
		{"baseline", "6742c01fd9005005bb011000000300100000030320f1832480", 1280, 720},
		{"interlaced, cropped", "67640028acd94078044fde0220000003002000000643e2c5b2c0", 1920, 1080},
		{"4:4:4, cropped", "67f4001e919b281485fc7cf808800000030080000019078b16cb", 642, 362},
		{"4:2:2, cropped to an odd height", "677a001ebcd940a42fe2223011000003000100000300320f162d96", 642, 361},
		{"scaling lists", "6764000aacd947279e23011000000300100000030320f1225960", 100, 50},
		{"scaling lists, 4:4:4", "67f4000c919b282833f1b808800000030080000019078a14cb", 320, 180},
		{"cut off", "67640028acd940", 0, 0},
		{"only its head", "67", 0, 0},
		{"numbers without end", "674200" + strings.Repeat("00", 40), 0, 0},
		{"cropped to nothing", "6742001eddd08780", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f Facts
			if err := Read(H264, payload(t, tt.hex), false, &f); err != nil {
				t.Fatal(err)
			}
			if f.Width != tt.width || f.Height != tt.height {
				t.Errorf("%d × %d, want %d × %d", f.Width, f.Height, tt.width, tt.height)
			}
		})
	}
}

func TestCodecsHaveNames(t *testing.T) {
	for mime, want := range map[string]Codec{
		"video/VP8": VP8, "VIDEO/vp9": VP9, "video/H264": H264, "video/AV1": AV1, "audio/OPUS": Opus, "audio/red": RED,
		"audio/VP8": Unknown, "video/red": Unknown, "video/rtx": Unknown, "VP8": Unknown, "": Unknown, "audio/unknown": Unknown,
	} {
		c, ok := FromMime(mime)
		if c != want || ok != (want != Unknown) {
			t.Errorf("%s is %v %v", mime, c, ok)
		}
	}
	if VP8.String() != "vp8" || Codec(99).String() != "unknown" || Opus.Video() || !AV1.Video() {
		t.Error("names of codecs")
	}
}

func TestReadingDoesNotAllocate(t *testing.T) {
	for _, tt := range packets {
		data := payload(t, tt.hex)
		var f Facts
		if allocs := testing.AllocsPerRun(100, func() {
			if Read(tt.codec, data, tt.marker, &f) != nil {
				t.Fatal("unreadable")
			}
			f.Patch(data, f.PictureID, f.TL0PICIDX)
		}); allocs != 0 {
			t.Errorf("%s: %v allocations", tt.name, allocs)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, tt := range packets {
		data := payload(b, tt.hex)
		b.Run(strings.ReplaceAll(tt.name, " ", "_"), func(b *testing.B) {
			var f Facts
			for b.Loop() {
				if Read(tt.codec, data, tt.marker, &f) != nil {
					b.Fatal("unreadable")
				}
			}
		})
	}
}
