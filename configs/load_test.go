package configs

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestEveryProblemComesAtOnceAndAtItsPlace(t *testing.T) {
	_, err := load(`server:
  listn: localhost:8080
tls:
  mode: filez
ice:
  udp_port: many
  public_ips: [10.0.0.1, 10.0.0.300]
rooms:
  max_members: 0
  max_members: 5
`, []string{"MADANG_MEDIA_SLOTS_PAIRS=0"}, map[string]string{"logging.level": "loud"})
	want := `madang.yaml:2:3: "listn" is no setting in server; did you mean listen?
    2 |   listn: localhost:8080
      |   ^
madang.yaml:4:9: tls.mode: "filez" is not one of off, files, acme, self-signed; did you mean files?
    4 |   mode: filez
      |         ^
madang.yaml:6:13: ice.udp_port: "many" is not a whole number
    6 |   udp_port: many
      |             ^
madang.yaml:7:26: ice.public_ips[1]: "10.0.0.300" is not an IP address
    7 |   public_ips: [10.0.0.1, 10.0.0.300]
      |                          ^
madang.yaml:10:3: rooms.max_members: stands twice, first in line 9
   10 |   max_members: 5
      |   ^
MADANG_MEDIA_SLOTS_PAIRS: must be between 1 and 25
--logging.level: "loud" is not one of debug, info, warn, error`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestProblemsOfAFile(t *testing.T) {
	cases := []struct{ name, file, want string }{
		{"unknown section", "icee: {}", `1:1: "icee" is no section; did you mean ice?`},
		{"setting at the top", "udp_port: 1", `1:1: "udp_port" is no section; did you mean ice.udp_port?`},
		{"far from all", "ice:\n  banana: 1", `2:3: "banana" is no setting in ice`},
		{"section is a value", "ice: 5", "1:6: ice: holds settings"},
		{"file is a list", "- a", "1:1: holds settings"},
		{"number where text belongs", "server:\n  listen: 8080", "2:11: server.listen: 8080 must be in quotes"},
		{"text where a number belongs", "ice:\n  udp_port: \"80\"", `2:13: ice.udp_port: "80" is text; leave out the quotes`},
		{"fraction", "ice:\n  udp_port: 1.5", `"1.5" is not a whole number`},
		{"number over all bounds", "ice:\n  udp_port: 99999999999999999999", "too big a number"},
		{"number over ours", "ice:\n  udp_port: 70000", "2:13: ice.udp_port: must be between 0 and 65535"},
		{"value where a list belongs", "ice:\n  public_ips: 10.0.0.1", "is a list, as in [a, b]"},
		{"list where a value belongs", "ice:\n  udp_port: [1]", "is one value, not a list"},
		{"length of time without unit", "chat:\n  max_age: 10", `2:12: chat.max_age: "10" is not a length of time like 30s`},
		{"no value", "ice:\n  udp_port:", "2:3: ice.udp_port: has no value"},
		{"value missing elsewhere", "tls:\n  mode: files\n  cert_file: c.pem", "1:1: tls.key_file: is needed for mode files"},
		{"item of a list", "rooms:\n  overrides:\n    - name: a\n    - max_members: 3", "4:7: rooms.overrides[1].name: is missing"},
		{"unknown key of an item", "rooms:\n  overrides:\n    - nam: a", `3:7: "nam" is no setting in rooms.overrides[0]; did you mean name?`},
		{"choice in a list", "media:\n  codecs: [vp8, vp99]", `2:17: media.codecs[1]: "vp99" is not one of vp8, vp9, h264, av1; did you mean vp9?`},
		{"key is a list", "? [a]\n: 1", "1:3: a key is one word"},
		{"alias", "ice: &a {udp_port: 1}\nchat: *a", "1:6: ice: anchors, aliases and tags are not read here"},
		{"merge", "ice:\n  <<: {udp_port: 1}", `2:3: "<<" is no setting in ice`},
		{"tag", "ice:\n  udp_port: !!int \"1\"", "anchors, aliases and tags are not read here"},
		{"second document", "ice: {}\n---\nchat: {}", "2:1: a second document begins here"},
		{"not YAML", "ice:\n  udp_port: [1,\n", "is not YAML: "},
		{"unclosed quote", "server:\n  listen: \"a\n", "is not YAML: "},
		{"tab", "ice:\n\tudp_port: 1", "is not YAML: "},
		{"not text", "ice: {}\nchat: \xff", "2:1: this line is not UTF-8 text"},
		{"deep", strings.Repeat("[", 100000), "exceeded max depth of 16"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(c.file, nil, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
			if problems := (Problems)(nil); !errors.As(err, &problems) || !strings.HasPrefix(problems[0].Place, "madang.yaml:") {
				t.Errorf("%v has no place", err)
			}
		})
	}
}

func TestFilesWithoutSettingsAreTheDefaults(t *testing.T) {
	for _, file := range []string{"", "# nothing\n", "---\n", "ice:\n# udp_port: 1\n", "\ufeffice: {}\r\n"} {
		if _, err := load(file, nil, nil); err != nil {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestLayersHoldOverEachOther(t *testing.T) {
	loaded, err := load("ice:\n  udp_port: 1_000\n  public_ips: [10.0.0.1]\nchat:\n  history: 5\n  max_age: 90m\n",
		[]string{"MADANG_ICE_UDP_PORT=2000", "MADANG_ICE_PUBLIC_IPS=10.0.0.2, 10.0.0.3", "MADANG_SERVER_ADMIN_LISTEN=", "PATH=x"},
		map[string]string{"ice.udp_port": "3000", "limits.hello_timeout": "1m"})
	if err != nil {
		t.Fatal(err)
	}
	c := loaded.Config
	if c.ICE.UDPPort != 3000 || strings.Join(c.ICE.PublicIPs, " ") != "10.0.0.2 10.0.0.3" ||
		c.Chat.History != 5 || c.Chat.MaxAge != 90*time.Minute || c.Limits.HelloTimeout != time.Minute || c.Server.AdminListen != "" {
		t.Errorf("got %+v", c)
	}
	var shown bytes.Buffer
	if err := loaded.Show(&shown); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"udp_port: 3000 # --ice.udp_port", "public_ips: [\"10.0.0.2\", \"10.0.0.3\"] # MADANG_ICE_PUBLIC_IPS",
		"history: 5 # madang.yaml:5", "max_age: 1h30m # madang.yaml:6", "listen: localhost:8080 # default"} {
		if !strings.Contains(strings.Join(strings.Fields(shown.String()), " "), want) {
			t.Errorf("%q is not in\n%s", want, shown.String())
		}
	}
	again, err := load(shown.String(), nil, nil)
	if err != nil || again.Config.ICE.UDPPort != 3000 {
		t.Errorf("what is shown does not load: %v", err)
	}
}

func TestVariablesOfOthersAreLeftAlone(t *testing.T) {
	for name, ours := range map[string]bool{
		"MADANG_PORT": false, "MADANG_SERVER_SERVICE_HOST": false, "MADANG_SERVER_PORT_8080_TCP_ADDR": false,
		"MADANG_HOME": false, "MADANG_ICE_PORT_NUMBER": true, "MADANG_CHAT_HISTRY": true, "MADANG_SERVR_LISTEN": true,
	} {
		if _, err := load("", []string{name + "=1"}, nil); (err != nil) != ours {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.yaml")
	if err := os.WriteFile(big, bytes.Repeat([]byte("#\n"), 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "cannot be read: no such file or directory",
		dir:                             "cannot be read: is a directory",
		big:                             "is larger than 1 MiB",
	} {
		_, err := Load(Sources{File: file})
		if err == nil || err.Error() != file+": "+want && !strings.HasPrefix(err.Error(), file+": "+want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestManyProblemsAreNotAllPrinted(t *testing.T) {
	_, err := load(strings.Repeat("- a\n", 10)+"", nil, nil)
	if err == nil {
		t.Fatal("a list is no configuration")
	}
	var file strings.Builder
	for range 1000 {
		file.WriteString("nothing: 1\n")
	}
	_, err = load(file.String(), nil, nil)
	if lines := strings.Count(err.Error(), "\n"); lines > 3*maxShown || !strings.HasSuffix(err.Error(), "… and 950 more") {
		t.Errorf("%d lines, ending %.40q", lines, err.Error()[len(err.Error())-40:])
	}
}

// FuzzFile holds for any file: no panic, problems have places inside the file,
// and what loads shows as a file that loads to the same.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{sample, "ice: {udp_port: 1}", "a: &a [*a]", "rooms:\n  overrides:\n  - name: 'é'\n    password: x\n",
		"\ufeff%YAML 1.2\n---\nchat:\n  max_age: 1h\n...\n", "? {a: b}\n: - c", "tls: {mode: \"o\\x66f\"}", "server:\n  public_url: |\n    http://x\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		loaded, err := load(string(data), nil, nil)
		if err != nil {
			if problems := (Problems)(nil); !errors.As(err, &problems) || len(problems) == 0 || problems.Error() == "" {
				t.Fatalf("%v is not a list of problems", err)
			}
			return
		}
		shown := show(t, loaded)
		again, err := load(shown, nil, nil)
		if err != nil {
			t.Fatalf("%v\nin what is shown:\n%s", err, shown)
		}
		withoutOrigins := func(text string) string { return strings.ReplaceAll(regexpOrigin.ReplaceAllString(text, ""), " ", "") }
		if got := withoutOrigins(show(t, again)); got != withoutOrigins(shown) {
			t.Fatalf("shown:\n%s\nand read again:\n%s", shown, got)
		}
	})
}

func show(t *testing.T, l *Loaded) string {
	var b strings.Builder
	if err := l.Show(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// regexpOrigin is the comment that names where a value came from.
var regexpOrigin = regexp.MustCompile(`(?m) # .*$`)
