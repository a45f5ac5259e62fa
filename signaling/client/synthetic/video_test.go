package synthetic

import (
	"bytes"
	"encoding/binary"
	"os/exec"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

// frames runs a generator for n frames and returns them put together again, and
// the packets of each.
func frames(t *testing.T, v *Video, n int) (whole [][]byte, packets [][]*rtp.Packet) {
	t.Helper()
	now := time.Unix(1_000_000, 0)
	for range n {
		var frame []byte
		var of []*rtp.Packet
		if err := v.Frame(now, func(p *rtp.Packet) error {
			p = p.Clone()
			var vp8 codecs.VP8Packet
			body, err := vp8.Unmarshal(p.Payload)
			if err != nil {
				return err
			}
			frame, of = append(frame, body...), append(of, p)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		whole, packets = append(whole, frame), append(packets, of)
		now = now.Add(v.FrameDuration())
	}
	return whole, packets
}

func TestVideoDecodesToItsColour(t *testing.T) {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not here: whether the pictures decode was not tried")
	}
	for _, size := range [][2]int{{320, 180}, {64, 64}, {1280, 720}} {
		v := NewVideo(VideoConfig{Width: size[0], Height: size[1], Seed: 7, KeyframeEvery: 400 * time.Millisecond})
		whole, _ := frames(t, v, 12)
		decode := exec.Command(ffmpeg, "-v", "error", "-xerror", "-f", "ivf", "-i", "-", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-")
		decode.Stdin = bytes.NewReader(ivf(size[0], size[1], whole))
		var problems bytes.Buffer
		decode.Stderr = &problems
		pictures, err := decode.Output()
		if err != nil || problems.Len() > 0 {
			t.Fatalf("%v: %v: %s", size, err, problems.Bytes())
		}
		luma, all := size[0]*size[1], size[0]*size[1]*3/2
		if len(pictures) != len(whole)*all {
			t.Fatalf("%v: %d bytes of pictures, want %d", size, len(pictures), len(whole)*all)
		}
		u, v0 := pictures[luma], pictures[luma+luma/4]
		if u == 128 && v0 == 128 {
			t.Errorf("%v: the picture is grey", size)
		}
		for at := 0; at < len(pictures); at += all {
			picture := pictures[at : at+all]
			for i, want := range map[int]byte{luma - 1: pictures[0], luma: u, luma + luma/4 - 1: u, all - 1: v0} {
				if picture[i] != want {
					t.Fatalf("%v: byte %d of picture %d is %d, want %d", size, i, at/all, picture[i], want)
				}
			}
		}
	}
}

// ivf puts frames into the simplest container there is.
func ivf(width, height int, frames [][]byte) []byte {
	out := append([]byte("DKIF\x00\x00\x20\x00VP80"), make([]byte, 20)...)
	binary.LittleEndian.PutUint16(out[12:], uint16(width))
	binary.LittleEndian.PutUint16(out[14:], uint16(height))
	binary.LittleEndian.PutUint32(out[16:], 15)
	binary.LittleEndian.PutUint32(out[20:], 1)
	for i, frame := range frames {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(frame)))
		out = binary.LittleEndian.AppendUint64(out, uint64(i))
		out = append(out, frame...)
	}
	return out
}

func TestVideoKeepsItsBitrate(t *testing.T) {
	const fps, seconds, bitrate = 30, 20, 500_000
	v := NewVideo(VideoConfig{Bitrate: bitrate, FPS: fps, KeyframeEvery: 3 * time.Second})
	whole, _ := frames(t, v, fps*seconds)
	bytes := 0
	for _, frame := range whole {
		bytes += len(frame)
	}
	if got := bytes * 8 / seconds; got < bitrate*95/100 || got > bitrate*105/100 {
		t.Errorf("%d bit/s, want %d ± 5 %%", got, bitrate)
	}
}

func TestVideoPacketsAreConsecutive(t *testing.T) {
	for layers := 1; layers <= 3; layers++ {
		v := NewVideo(VideoConfig{Bitrate: 1_000_000, FPS: 20, TemporalLayers: layers, Seed: uint64(layers)})
		_, packets := frames(t, v, 200)
		var last *rtp.Packet
		var lastID uint16
		for i, frame := range packets {
			for j, p := range frame {
				var vp8 codecs.VP8Packet
				if _, err := vp8.Unmarshal(p.Payload); err != nil {
					t.Fatal(err)
				}
				if last != nil && p.SequenceNumber != last.SequenceNumber+1 {
					t.Fatalf("frame %d: sequence %d after %d", i, p.SequenceNumber, last.SequenceNumber)
				}
				if (vp8.S == 1) != (j == 0) || p.Marker != (j == len(frame)-1) {
					t.Fatalf("frame %d packet %d: start %d, marker %v", i, j, vp8.S, p.Marker)
				}
				if j == 0 && last != nil && vp8.PictureID != (lastID+1)&0x7fff {
					t.Fatalf("frame %d: picture id %d after %d", i, vp8.PictureID, lastID)
				}
				if j == 0 && last != nil && p.Timestamp-last.Timestamp-VideoClockRate/20+1 > 2 {
					t.Fatalf("frame %d: timestamp %d after %d", i, p.Timestamp, last.Timestamp)
				}
				if int(vp8.TID) >= layers {
					t.Fatalf("frame %d is of layer %d", i, vp8.TID)
				}
				last, lastID = p, vp8.PictureID
			}
		}
	}
}

func TestVideoMakesAKeyframeWhenAsked(t *testing.T) {
	v := NewVideo(VideoConfig{})
	isKey := func() bool {
		whole, _ := frames(t, v, 1)
		return whole[0][0]&1 == 0
	}
	if !isKey() {
		t.Error("the first frame is no keyframe")
	}
	if isKey() {
		t.Error("a keyframe that nobody asked for")
	}
	v.RequestKeyframe()
	if !isKey() {
		t.Error("no keyframe when asked")
	}
}

func TestStampComesThrough(t *testing.T) {
	want := Stamp{Sender: 70_000, Kind: 2, Layer: 1}
	v := NewVideo(VideoConfig{Stamp: want})
	_, packets := frames(t, v, 3)
	for _, frame := range packets {
		got, ok := ReadStamp(frame[len(frame)-1].Payload)
		if !ok || got.At == 0 {
			t.Fatalf("no stamp: %+v", got)
		}
		if got.At = 0; got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func FuzzReadStamp(f *testing.F) {
	stamped := make([]byte, 40)
	Stamp{Sender: 1, Kind: 2, Layer: 3, At: 4}.put(stamped)
	f.Add(stamped)
	f.Add([]byte{})
	f.Add(make([]byte, StampLen))
	f.Fuzz(func(t *testing.T, payload []byte) {
		s, ok := ReadStamp(payload)
		if !ok {
			return
		}
		again := bytes.Clone(payload)
		s.put(again)
		if !bytes.Equal(again, payload) {
			t.Errorf("%x read as %+v, which is %x", payload, s, again)
		}
	})
}
