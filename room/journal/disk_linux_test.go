package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"syscall"
	"testing"
)

// TestARealDiskThatIsFull fills a small one, makes room, and goes on.
func TestARealDiskThatIsFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Skip("mounting a disk: ", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(dir, 0)) })
	s := newStore(t, dir, 0)
	defer s.Close()
	j, _ := open(t, s, "yard")
	defer j.Close()
	must(t, j.Rewrite(Past{Epoch: "e"}))
	var there []Line
	for seq := uint64(1); ; seq++ {
		l := line(seq, fmt.Sprint(seq))
		if err := j.Append(Record{Line: &l}); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			break
		}
		there = append(there, l)
	}
	found := written(t, s, "yard")
	if len(found.Lines) != len(there) || len(there) < 100 {
		t.Fatalf("%d lines, want %d", len(found.Lines), len(there))
	}
	if err := j.Rewrite(Past{Epoch: "e", Lines: there}); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if found = written(t, s, "yard"); len(found.Lines) != len(there) {
		t.Fatalf("then %d lines, want %d", len(found.Lines), len(there))
	}
	must(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=1m"))
	last := line(uint64(len(there)+1), "last")
	must(t, j.Rewrite(Past{Epoch: "e", Lines: there}, Record{Line: &last}))
	if found = written(t, s, "yard"); len(found.Lines) != len(there)+1 {
		t.Fatalf("in the end %d lines, want %d", len(found.Lines), len(there)+1)
	}
}

func TestAFolderIsForOneServer(t *testing.T) {
	dir := t.TempDir()
	s := newStore(t, dir, 0)
	if _, err := NewStore(dir, 0, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("two have it")
	}
	s.Close()
	newStore(t, dir, 0).Close()
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
}
