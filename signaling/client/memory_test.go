package client

import (
	"fmt"
	"testing"

	"madang/signaling/protocol"
)

func lineOf(seq uint64) *protocol.ChatLine {
	return &protocol.ChatLine{Epoch: "e", Seq: seq, From: "other", CID: fmt.Sprint(seq)}
}

func TestALineIsHeardOnceWhateverWayItComes(t *testing.T) {
	m := newChatMemory()
	m.entered(protocol.ChatMark{Epoch: "e", Last: 10})
	for seq := uint64(11); seq <= 5000; seq++ {
		if m.heard(lineOf(seq)) || !m.heard(lineOf(seq)) {
			t.Fatalf("line %d", seq)
		}
	}
	if len(m.recent) > 2*recentLines+1 {
		t.Errorf("%d lines are remembered", len(m.recent))
	}
	m.lost()
	if since := m.since(); since.Epoch != "e" || since.Seq != 5000-overlap {
		t.Errorf("asks for %+v", since)
	}
	m.heard(lineOf(9000)) // live, while the rest comes
	for seq := uint64(5000 - overlap); seq < 9000; seq++ {
		if known := m.heard(lineOf(seq)); known != (seq <= 5000) {
			t.Fatalf("line %d is known: %v", seq, known)
		}
	}
	if !m.caughtUp("e", 9001) || m.caughtUp("e", 9001) {
		t.Error("it was away once")
	}
	if m.heard(lineOf(9001)) || !m.heard(lineOf(9001)) { // overtaken by the end
		t.Error("line 9001")
	}
}

func TestAClientDoesNotAskForWhatWasBeforeIt(t *testing.T) {
	m := newChatMemory()
	m.entered(protocol.ChatMark{Epoch: "e", Last: 500})
	m.heard(lineOf(501))
	m.lost()
	if since := m.since(); since.Seq != 500 {
		t.Errorf("asks for what came after %d", since.Seq)
	}
}

func TestAnotherEpochBeginsAnew(t *testing.T) {
	m := newChatMemory()
	m.am("me")
	m.entered(protocol.ChatMark{Epoch: "e", Last: 500})
	m.said(&protocol.ChatMsg{CID: "a"})
	m.said(&protocol.ChatMsg{CID: "b"})
	m.lost()
	if m.heard(&protocol.ChatLine{Epoch: "f", Seq: 1, From: "me", CID: "a"}) {
		t.Error("known")
	}
	if lines := m.unanswered(); len(lines) != 1 || lines[0].CID != "b" {
		t.Errorf("says again %v", lines)
	}
	for _, epoch := range []string{"f", "g"} { // of g nothing was heard
		m.caughtUp(epoch, 1)
		m.lost()
		if since := m.since(); since.Epoch != epoch || since.Seq != 0 {
			t.Errorf("asks for %+v", since)
		}
	}
}
