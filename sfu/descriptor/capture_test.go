package descriptor

import (
	"bufio"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// captured is one packet of a file in testdata, as Chromium sent it.
type captured struct{ descriptor, payload []byte }

// captures reads the packets of all files, by name.
func captures(t testing.TB) map[string][]captured {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no captures", err)
	}
	all := map[string][]captured{}
	for _, file := range files {
		all[strings.TrimSuffix(filepath.Base(file), ".txt")] = capture(t, file)
	}
	return all
}

func capture(t testing.TB, file string) (packets []captured) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if fields[0] == "#" {
			continue
		}
		p := captured{descriptor: unhex(t, fields[2])}
		if fields[3] != "-" {
			p.payload = unhex(t, fields[3])
		}
		packets = append(packets, p)
	}
	return packets
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
