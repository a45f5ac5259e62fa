package main

import (
	"fmt"
	"time"

	"madang/sfu/bench/client"
)

// media is what a scenario is about.
type media string

const (
	video media = "video"
	audio media = "audio"
	chat  media = "chat"
)

// scenario is a shape of meetings, all on one server. Video is as Chromium sends
// it: frames, each in packets of nearly one size that leave together, as its pacer
// holds back only what is more than 40 ms of the link or 63 KB (PacingController
// of libwebrtc).
type scenario struct {
	Name       string `json:"name"`
	Rooms      int    `json:"rooms"`
	Publishers int    `json:"publishers"` // of each room
	Listeners  int    `json:"listeners"`  // of each room: members who publish nothing
	Hears      int    `json:"hears"`      // streams that each member is sent, of a publisher in a room of listeners none
	Media      media  `json:"media"`
	Rate       int    `json:"rate"`  // packets, or lines of chat, a second from each publisher
	Size       int    `json:"size"`  // bytes of payload
	Muted      bool   `json:"muted"` // listeners could publish, but do not
}

func (s scenario) members() int { return s.Publishers + s.Listeners }

// receives tells how many streams a member is sent.
func (s scenario) receives(member int) int {
	if s.Listeners > 0 && member < s.Publishers {
		return 0
	}
	return s.Hears
}

// fanOut is to how many receivers a packet of a publisher goes, on average.
func (s scenario) fanOut() float64 {
	sum := 0
	for m := range s.members() {
		sum += s.due(m)
	}
	return float64(sum) / float64(s.Publishers)
}

// due is how many of the packets, or lines, that one publisher sends a member
// receives for each.
func (s scenario) due(member int) int {
	if s.Media == chat {
		return s.Publishers - min(1, max(0, s.Publishers-member))
	}
	return s.receives(member)
}

// frameEvery is how long after a frame the next one is published.
func (s scenario) frameEvery() time.Duration {
	if s.Media == audio {
		return voiceEvery
	}
	return frameEvery
}

// perFrame is the packets of a frame.
func (s scenario) perFrame() int {
	return max(1, int(float64(s.Rate)*s.frameEvery().Seconds()))
}

// lines are those of a member's offer: what it publishes, then a pair or a
// voice for each stream that it is sent.
func (s scenario) lines(member int) []client.Line {
	isVideo := s.Media == video
	var lines []client.Line
	if member < s.Publishers && s.Media != chat {
		lines = append(lines, client.Line{Mid: "0", Video: isVideo, Sends: true, SSRC: uint32(1000 + 10*member)})
	}
	if s.Muted && member >= s.Publishers {
		lines = append(lines, client.Line{Mid: "0", Sends: true, SSRC: 1}, client.Line{Mid: "1", Video: true, Sends: true, SSRC: 2})
	}
	add := func(video bool) {
		lines = append(lines, client.Line{Mid: fmt.Sprint(len(lines)), Video: video})
	}
	for range s.receives(member) {
		if isVideo {
			add(true)
		}
		add(false)
	}
	if len(lines) == 0 { // somebody who only writes
		add(false)
	}
	return lines
}

// feedbackEvery is how often Chromium sends transport-wide feedback: it takes 5 %
// of its own estimate for it, which begins at 300 kbit/s also where it only
// watches, and never sends it faster than this.
const feedbackEvery = 50 * time.Millisecond
