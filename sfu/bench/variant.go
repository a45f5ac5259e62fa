package main

import "github.com/pion/dtls/v3"

// variant is one way to forward, with clients that suit it.
type variant struct {
	Name     string
	Server   string // what the server process runs
	Feedback bool   // clients offer transport-wide numbers, and send feedback
}

// variants are all there are. A writer that a configuration chooses is another
// server in [newServer], and another line here.
func variants() []variant {
	return []variant{
		{Name: "plain", Server: "plain", Feedback: true},
		{Name: "portable", Server: "portable", Feedback: true},
		{Name: "madang", Server: "madang", Feedback: true},
		{Name: "madang-nofeedback", Server: "madang"},
		{Name: "madang-2", Server: "madang-2", Feedback: true}, // two workers
		{Name: "spilled", Server: "spilled", Feedback: true},   // the same, with half of each room on either
	}
}

// suites is what Chromium offers and picks, in its order: where it is the DTLS
// server, as it is with Pion's default role, that is AES-CM.
func suites() []dtls.SRTPProtectionProfile {
	return []dtls.SRTPProtectionProfile{dtls.SRTP_AES128_CM_HMAC_SHA1_80, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AEAD_AES_128_GCM}
}

func suiteName(suite dtls.SRTPProtectionProfile) string {
	switch suite {
	case dtls.SRTP_AEAD_AES_128_GCM:
		return "AES-128-GCM"
	case dtls.SRTP_AEAD_AES_256_GCM:
		return "AES-256-GCM"
	case dtls.SRTP_AES128_CM_HMAC_SHA1_80:
		return "AES-CM-SHA1-80"
	}
	return "?"
}
