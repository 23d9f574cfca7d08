package spool

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestHolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	if _, held, err := Holder(dir); held || err != nil {
		t.Errorf("no spool: %v %v", held, err)
	}
	s, err := Open(DefaultOptions(dir))
	if err != nil {
		t.Fatal(err)
	}
	if pid, held, err := Holder(dir); pid != os.Getpid() || !held || err != nil {
		t.Errorf("open: %d %v %v", pid, held, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, held, err := Holder(dir); held || err != nil {
		t.Errorf("closed: %v %v", held, err)
	}
}

func TestExamine(t *testing.T) {
	dir := t.TempDir()
	at := time.Unix(0, 0)
	e, err := Examine(dir, func() time.Time { at = at.Add(time.Millisecond); return at })
	if err != nil || e.Median != time.Millisecond || e.Slowest != time.Millisecond || e.Free <= 0 || e.Total < e.Free {
		t.Errorf("%+v: %v", e, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := Examine(filepath.Join(dir, "none"), time.Now); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}
