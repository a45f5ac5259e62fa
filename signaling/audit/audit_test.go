package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madang/room"
)

func TestAnActIsALineOfJSON(t *testing.T) {
	name := filepath.Join(t.TempDir(), "audit.log")
	for range 2 { // the second goes on where the first ended
		l, err := Open(name, slog.Default())
		if err != nil {
			t.Fatal(err)
		}
		l.Note(room.Act{
			At: time.Unix(1_800_000_000, 0), Room: "class", What: "kick", Detail: "10m0s", Outcome: "ok",
			By: room.Party{Member: "m1", Identity: "teacher", From: netip.MustParsePrefix("192.0.2.7/32")},
			Of: room.Party{Member: "m2"},
		})
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(written))
	for n := range 2 {
		var act struct {
			Room, What, Detail, Outcome string
			At                          time.Time
			By, Of                      struct{ Member, Identity, From string }
		}
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &act) != nil {
			t.Fatalf("line %d of %q is no JSON", n, written)
		}
		if act.Room != "class" || act.What != "kick" || act.Outcome != "ok" || act.Detail != "10m0s" || act.At.Unix() != 1_800_000_000 ||
			act.By.Member != "m1" || act.By.Identity != "teacher" || act.By.From != "192.0.2.7/32" || act.Of.Member != "m2" {
			t.Errorf("it says %+v", act)
		}
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}

func TestWithoutAFileActsGoToTheServersLog(t *testing.T) {
	var out bytes.Buffer
	l, err := Open("", slog.New(slog.NewTextHandler(&out, nil)))
	if err != nil {
		t.Fatal(err)
	}
	l.Note(room.Act{Room: "class", What: "lock", Outcome: "forbidden"})
	l.Close()
	if said := out.String(); !strings.Contains(said, "what=lock") || !strings.Contains(said, "outcome=forbidden") {
		t.Errorf("it says %q", said)
	}
}

func TestAFileThatCannotBeMadeIsAnError(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "no", "audit.log"), slog.Default()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// stuck is a disk that takes nothing until it is let go.
type stuck struct {
	bytes.Buffer
	free chan struct{}
}

func (s *stuck) Write(b []byte) (int, error) {
	<-s.free
	return s.Buffer.Write(b)
}

func TestAStuckDiskHoldsNobodyUpAndWhatIsLostIsCounted(t *testing.T) {
	disk := &stuck{free: make(chan struct{})}
	l := start(slog.New(slog.NewJSONHandler(disk, nil)), nil)
	for range most + 100 {
		l.Note(room.Act{What: "mute"})
	}
	close(disk.free)
	l.Close()
	acts, lost := strings.Count(disk.String(), `"act"`), strings.Contains(disk.String(), `"lost":`)
	if acts < most || acts > most+1 || !lost {
		t.Errorf("%d acts were written, that some were lost was said: %t", acts, lost)
	}
}
