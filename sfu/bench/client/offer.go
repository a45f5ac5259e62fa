package client

import (
	"fmt"
	"strings"
)

// Payload types and header extensions that clients offer, as Chromium numbers them.
const (
	videoType  = 96
	repairType = 97
	audioType  = 111

	levelID     = 1 // RFC 6464
	transportID = 3 // draft-holmer-rmcat-transport-wide-cc-extensions-01
	midID       = 4 // RFC 8843 section 9.2
)

// Line is one m-line of a client's offer.
type Line struct {
	Mid   string
	Video bool
	Sends bool   // else it receives
	SSRC  uint32 // of what it sends; its repairs have the next one
}

const videoFormats = "a=rtpmap:96 VP8/90000\r\n" +
	"a=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n" +
	"a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"

const audioFormats = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"

// offer writes what a browser would offer for the lines, the chat channel last.
func (c *Client) offer(ufrag, password, fingerprint string, candidates []string) string {
	var b strings.Builder
	b.WriteString("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE")
	for _, l := range c.lines {
		b.WriteString(" " + l.Mid)
	}
	b.WriteString(" chat\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n")
	transport := fmt.Sprintf("c=IN IP4 0.0.0.0\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 %s\r\na=setup:actpass\r\n", ufrag, password, fingerprint)
	for i, l := range c.lines {
		c.mediaLine(&b, l, transport)
		if i == 0 {
			for _, candidate := range candidates {
				b.WriteString("a=candidate:" + candidate + "\r\n")
			}
		}
	}
	b.WriteString("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n" + transport +
		"a=mid:chat\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n")
	return b.String()
}

func (c *Client) mediaLine(b *strings.Builder, l Line, transport string) {
	if l.Video {
		b.WriteString("m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n")
	} else {
		b.WriteString("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")
	}
	b.WriteString(transport + "a=mid:" + l.Mid + "\r\na=rtcp-mux\r\na=rtcp-rsize\r\n")
	fmt.Fprintf(b, "a=extmap:%d urn:ietf:params:rtp-hdrext:sdes:mid\r\n", midID)
	if c.options.Feedback {
		fmt.Fprintf(b, "a=extmap:%d http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n", transportID)
	}
	if l.Video {
		b.WriteString(videoFormats)
	} else {
		fmt.Fprintf(b, "a=extmap:%d urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n%s", levelID, audioFormats)
	}
	if c.options.Feedback {
		fmt.Fprintf(b, "a=rtcp-fb:%d transport-cc\r\n", l.payloadType())
	}
	if !l.Sends {
		b.WriteString("a=recvonly\r\n")
		return
	}
	fmt.Fprintf(b, "a=sendonly\r\na=msid:bench %s\r\n", l.Mid)
	if l.Video {
		fmt.Fprintf(b, "a=ssrc-group:FID %d %d\r\na=ssrc:%d cname:bench\r\n", l.SSRC, l.SSRC+1, l.SSRC+1)
	}
	fmt.Fprintf(b, "a=ssrc:%d cname:bench\r\n", l.SSRC)
}

func (l Line) payloadType() uint8 {
	if l.Video {
		return videoType
	}
	return audioType
}

// answer is what a client needs of the server's answer.
type answer struct {
	ufrag, password string
	active          bool     // the server begins DTLS
	candidates      []string // of UDP on 127.0.0.1
}

func readAnswer(sdp string) (a answer) {
	for line := range strings.Lines(sdp) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case key == "a=ice-ufrag":
			a.ufrag = value
		case key == "a=ice-pwd":
			a.password = value
		case key == "a=setup":
			a.active = value == "active"
		case key == "a=candidate" && strings.Contains(value, " 127.0.0.1 ") && strings.Contains(strings.ToLower(value), " udp "):
			a.candidates = append(a.candidates, value)
		}
	}
	return a
}
