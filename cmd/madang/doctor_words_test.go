package main

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// verbs are what a format takes, as its values come.
func verbs(format string) []string { return regexp.MustCompile(`%[a-z]`).FindAllString(format, -1) }

func TestEveryLanguageOfTheDoctorSaysAll(t *testing.T) {
	first := reflect.ValueOf(english())
	for tag, say := range languages() {
		its := reflect.ValueOf(say)
		for i := range its.NumField() {
			name, text, other := its.Type().Field(i).Name, its.Field(i).String(), first.Field(i).String()
			if text == "" || !slices.Equal(verbs(text), verbs(other)) || tag != "en" && text == other {
				t.Errorf("%s: %s is %q, in English %q", tag, name, text, other)
			}
		}
	}
}

func TestDoctorSpeaksTheLanguageOfTheEnvironment(t *testing.T) {
	for _, c := range []struct{ all, messages, lang, want string }{
		{"", "", "ko_KR.UTF-8", "ko"},
		{"", "", "ko", "ko"},
		{"", "ko_KR", "en_US.UTF-8", "ko"},
		{"C", "ko_KR", "ko_KR", "en"},
		{"", "", "kok_IN", "en"},
		{"", "", "", "en"},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		if got := systemLanguage(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestDoctorSpeaksTheLanguageItIsAskedFor(t *testing.T) {
	said, code := visit(t, append(slices.Clone(onFreePorts), "--lang=ko")...)
	if code != 0 || !strings.Contains(said, korean().Firewall) || strings.Contains(said, "%!") {
		t.Errorf("exits %d, says\n%s", code, said)
	}
	if said, code = visit(t, "--lang=fr"); code != exitInvalid || !strings.Contains(said, "ko or en") {
		t.Errorf("exits %d, says\n%s", code, said)
	}
}
