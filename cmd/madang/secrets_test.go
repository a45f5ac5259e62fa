package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"madang/configs"
	"madang/room"
	"madang/room/password"
)

// secrets are what nobody may print, by what each is.
type secrets map[string]string

// plant makes a secret that is seen wherever it is printed.
func (s secrets) plant(what string) string {
	s[what] = "planted" + rand.Text()
	return s[what]
}

// spellings are the ways in which a secret may be printed.
func spellings(secret string) []string {
	numbers := fmt.Sprint([]byte(secret))
	return []string{
		secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret)), numbers[1 : len(numbers)-1],
	}
}

// in names the secrets that stand in a text.
func (s secrets) in(text string) (found []string) {
	for _, what := range slices.Sorted(maps.Keys(s)) {
		if slices.ContainsFunc(spellings(s[what]), func(spelt string) bool { return strings.Contains(text, spelt) }) {
			found = append(found, what)
		}
	}
	return found
}

// keptFrom fails the test if a secret stands in what was said to somebody.
func (s secrets) keptFrom(t *testing.T, whom, said string) {
	t.Helper()
	for _, line := range strings.Split(said, "\n") {
		if found := s.in(line); len(found) > 0 {
			t.Errorf("%s is shown %s: %s", whom, strings.Join(found, ", "), line)
		}
	}
}

// planted is a configuration with a secret in every setting that takes one.
type planted struct {
	secrets
	folder, file string
	text         string // of the file
	flag         string // holds a secret too
}

// plantConfig writes the configuration. A setting has one line for its secret.
func plantConfig(t *testing.T) *planted {
	t.Helper()
	p := &planted{secrets: secrets{}, folder: t.TempDir()}
	p.flag = "--rooms.owner_password=" + p.plant("rooms.owner_password")
	inFile := filepath.Join(p.folder, "secret")
	write(t, inFile, p.plant("a password in a file")+"\n")
	hash := password.Hash(p.plant("a password that is kept as a hash"))
	p.secrets["a hash"] = hash
	p.file = filepath.Join(p.folder, "madang.yaml")
	p.text = strings.Join([]string{
		"server:",
		"  admin_token: " + p.plant("server.admin_token"),
		"  audit_file: " + filepath.Join(p.folder, "audit.log"),
		"rooms:",
		"  password: " + p.plant("rooms.password"),
		"  overrides:",
		"    - name: tokens",
		"      access: token",
		"      password: " + p.plant("rooms.overrides.password"),
		"      owner_password: " + p.plant("rooms.overrides.owner_password"),
		"    - name: hashed",
		"      password: '" + hash + "'",
		"    - name: filed",
		"      password_file: " + inFile,
		"turn:",
		"  external:",
		"    - urls: ['turn:turn.example.org:3478']",
		"      username: everybody",
		"      credential: " + p.plant("turn.external.credential"),
		"    - urls: ['turn:turn.example.org:3479']",
		"      secret: " + p.plant("turn.external.secret"),
		"tokens:",
		"  keys:",
		"    - kid: h",
		"      alg: HS256",
		"      secret: " + p.plant("tokens.keys.secret"),
		"    - kid: e",
		"      alg: ES256",
		"      pem: " + p.plantKey(t),
		"chat:",
		"  log_dir: " + filepath.Join(p.folder, "chat"),
		"logging:",
		"  level: debug",
		"",
	}, "\n")
	write(t, p.file, p.text)
	return p
}

// plantKey makes a private key, and returns it as one line of YAML.
func (s secrets) plantKey(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	for i, line := range strings.Split(text, "\n")[1:4] {
		s[fmt.Sprintf("tokens.keys.pem, line %d", i+1)] = line
	}
	return fmt.Sprintf("%q", text)
}

// secretSettings calls found for each setting below a value that is a secret, with its
// path, whatever the items of lists.
func secretSettings(path string, v reflect.Value, found func(path string, secret room.Secret)) {
	switch {
	case v.Type() == reflect.TypeFor[room.Secret]():
		found(path, room.Secret(v.String()))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			key, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			below := strings.TrimPrefix(path+"."+key, ".")
			if option == "inline" {
				below = path
			}
			secretSettings(below, v.Field(i), found)
		}
	case v.Kind() == reflect.Slice:
		items := v
		if v.Len() == 0 {
			items = reflect.MakeSlice(v.Type(), 1, 1)
		}
		for i := range items.Len() {
			secretSettings(path, items.Index(i), found)
		}
	}
}

func TestEverySecretSettingIsPlanted(t *testing.T) {
	p := plantConfig(t)
	_, value, _ := strings.Cut(p.flag, "=")
	loaded, err := configs.Load(configs.Sources{File: p.file, Flags: map[string]string{"rooms.owner_password": value}})
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	secretSettings("", reflect.ValueOf(loaded.Config), func(path string, secret room.Secret) {
		has[path] = has[path] || secret != ""
		if secret != "" && len(p.in(secret.Reveal())) == 0 {
			t.Errorf("%s is not known", path)
		}
	})
	for path, is := range has {
		if !is {
			t.Errorf("%s has no secret: plant one", path)
		}
	}
	if len(has) < 8 {
		t.Errorf("only %d settings are secret: %v", len(has), has)
	}
}

// told runs madang here and returns all that it prints.
func told(args ...string) (said string, code int) {
	var stdout, stderr bytes.Buffer
	code = run(args, &stdout, &stderr)
	return stdout.String() + stderr.String(), code
}

func TestNoCommandShowsASecret(t *testing.T) {
	p := plantConfig(t)
	config := "--config=" + p.file
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"config", "check", config, p.flag}, 0},
		{[]string{"config", "show", config, p.flag}, 0},
		{[]string{"config", "docs"}, 0},
		{append([]string{"doctor", config, p.flag}, onFreePorts...), 0},
		{[]string{"token", config, "--room=tokens", "--role=king"}, exitInvalid},
		{[]string{"token", config, "--room=tokens", "--ttl=9000h"}, exitInvalid},
		{[]string{"token", config, "--room=tokens", "--link"}, exitInvalid},
		{[]string{"serve", config, p.flag, "--nonsense"}, exitInvalid},
		{[]string{"config", "show", config, strings.Replace(p.flag, "password", "pasword", 1)}, exitInvalid},
	} {
		said, code := told(c.args...)
		if code != c.code {
			t.Errorf("madang %v exits %d, says\n%s", c.args, code, said)
		}
		p.keptFrom(t, "who runs madang "+c.args[0], said)
	}
}

// Each secret of the file, with a mistake in its line or beside it.
func TestNoMistakeShowsASecret(t *testing.T) {
	p := plantConfig(t)
	lines := strings.Split(p.text, "\n")
	for i, line := range lines {
		key, value, _ := strings.Cut(strings.TrimLeft(line, " -"), ": ")
		if len(p.in(line)) == 0 {
			continue
		}
		indent := line[:strings.Index(line, key)]
		for _, wrong := range []string{
			indent + key + "s: " + value, indent + key + ": [" + value + "]", indent + key + ": {" + value + ": 1}",
			indent + key + ": !" + value, indent + key + ": &" + value + " x y: z", indent + key + ": \"" + value, line + "\n" + line, line + ": {",
			indent + value, indent + key + ":\n" + indent + "  " + value + ": x", indent + key + ": " + value + "\n" + indent + "nonsense: " + value,
			line + "\n" + indent + "max_members: " + value + "\n" + indent + "kid: [" + value + "]",
		} {
			file := filepath.Join(p.folder, "wrong.yaml")
			write(t, file, strings.Join(slices.Concat(lines[:i], []string{wrong}, lines[i+1:]), "\n"))
			for _, command := range [][]string{{"config", "check"}, {"config", "show"}} {
				said, code := told(append(command, "--config="+file)...)
				if code != exitFailed {
					t.Errorf("madang %v exits %d for\n%s", command, code, wrong)
				}
				p.keptFrom(t, "who writes "+strings.ReplaceAll(wrong, value, "SECRET"), said)
			}
		}
	}
}

// Secrets that are not good ones are secrets all the same.
func TestNoBadSecretIsShown(t *testing.T) {
	s := secrets{}
	bad := s.plant("a bad secret")[:15] // too short for what has a least length
	s["a bad secret"] = bad
	folder := t.TempDir()
	junk := filepath.Join(folder, "junk")
	write(t, junk, bad)
	for name, text := range map[string]string{
		"no hash":         "rooms: {password: '$argon2id$v=19$m=1,t=1,p=1$" + bad + "'}",
		"no bcrypt":       "rooms: {owner_password: '$2b$99$" + bad + "'}",
		"short":           "server: {admin_token: " + bad + "}",
		"short key":       "tokens: {keys: [{kid: a, alg: HS256, secret: " + bad + "}]}",
		"no key":          "tokens: {keys: [{kid: a, alg: ES256, pem: " + bad + "}]}",
		"no key, in PEM":  `tokens: {keys: [{kid: a, alg: EdDSA, pem: "-----BEGIN PRIVATE KEY-----\n` + bad + `\n-----END PRIVATE KEY-----\n"}]}`,
		"of two kinds":    "turn: {external: [{urls: ['turn:a:1'], username: b, credential: " + bad + ", secret: " + bad + "}]}",
		"a file of junk":  "tokens: {keys: [{kid: a, alg: ES256, pem_file: " + junk + "}]}",
		"of no algorithm": "tokens: {keys: [{kid: a, alg: none, secret: " + bad + "}]}",
	} {
		file := filepath.Join(folder, "madang.yaml")
		write(t, file, text)
		said, code := told("config", "check", "--config="+file)
		if code != exitFailed {
			t.Errorf("%s: exits %d", name, code)
		}
		s.keptFrom(t, "who writes "+name, said)
	}
	t.Setenv("MADANG_ROOMS_PASSWORDD", bad)
	t.Setenv("MADANG_SERVER_ADMIN_TOKEN", bad)
	said, code := told("config", "show")
	if code != exitFailed {
		t.Errorf("exits %d", code)
	}
	s.keptFrom(t, "who sets variables", said)
}

// filesIn are the contents of all files of a folder but some.
func filesIn(t *testing.T, folder string, but ...string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || slices.Contains(but, filepath.Base(path)) {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s:\n%s\n", path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
