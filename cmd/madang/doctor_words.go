package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"
)

// words are all that a doctor says, in one language. In every language a phrase takes the
// same values.
type words struct {
	// The chapters.
	Page, Admin, Media, Addresses, Firewall string

	// Ports. Free, Runs and Closed take an address and the setting that names it, Closed
	// also the reason; UDPPort and TCPPort a number and the reason; the others lists.
	Free, Runs, Closed, UDPPort, TCPPort phrase
	Taken, TakenByMadang, Ports          phrase
	To, None                             string // within lists
	AnyPorts, NoTCP, ThisMachineOnly     string
	ByOther, Privileged                  string // reasons

	// Buffers, in KiB; BuffersSmall takes also twice the bytes that they are to have.
	NoUDP, BuffersSmall, BuffersLarge phrase
	BuffersUnknown                    string

	// Addresses, and of which kind one is.
	Told, NotFound, SeenAsItself, SeenThroughNAT    phrase
	NotPublic, NobodyAsked                          string
	ThisMachine, Internet, ProviderNAT, ThisNetwork string

	// The certificate: days, names and URLs.
	TLSInFront, Unusable, NotYet, Ended, EndsSoon, Good, OtherName phrase
	ACME                                                           phrase
	SelfSigned, SelfSignedAnew, TLSOff, NoChain                    string

	// Where people test their network: a URL. Who reaches the admin listener.
	TestPage                                               phrase
	NoAdmin, AdminByToken, AdminTokenless, AdminInTheClear string
	AdminForNobody                                         string

	// The firewall.
	NoPorts, LetIn, NFT string
}

// phrase is a format of package fmt.
type phrase string

// with fills in the values.
func (p phrase) with(values ...any) string { return fmt.Sprintf(string(p), values...) }

// languages are all that a doctor speaks, by their tags.
func languages() map[string]words { return map[string]words{"en": english(), "ko": korean()} }

// wordsOf returns the words of a language.
func wordsOf(language string) (words, error) {
	if w, ok := languages()[language]; ok {
		return w, nil
	}
	return words{}, fmt.Errorf("--lang is ko or en, not %q", language)
}

// systemLanguage is the language of the environment, as POSIX has it: en if we do not
// speak that.
func systemLanguage() string {
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	for tag := range languages() {
		if rest, ok := strings.CutPrefix(locale, tag); ok && (rest == "" || strings.ContainsAny(rest[:1], "_.@")) {
			return tag
		}
	}
	return "en"
}
