package agent

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/loopback"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/internal/unwrap"
	"github.com/tracetail/tracetail/shipper"
	"github.com/tracetail/tracetail/shipper/spool"
)

// The mark of a file that was last seen days ago is gone after a run; that of one
// that is there stays.
func TestMarksOfTheGoneAreForgotten(t *testing.T) {
	receiver := loopback.New(t)
	dsn, err := shipper.ParseDSN(receiver.DSN())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "app.log"), []byte("2026-11-22 a line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.StateDir = filepath.Join(dir, "state")
	c := source.DefaultConfig()
	c.Name, c.Paths = "test", []string{filepath.Join(dir, "*.log")}
	cfg.Sources = []config.Source{{Config: c, Unwrap: unwrap.DefaultConfig()}}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	run := func(seed bool) (keys []string) {
		a, err := New(cfg, []shipper.DSN{dsn}, Options{Once: true, Log: log, Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range a.outbox.Marks() {
			keys = append(keys, m.Key)
		}
		if seed {
			old := source.Position{Kind: source.File, Stream: source.Identity{Dev: 1, Ino: 2}, Dev: 1, Ino: 2, Seen: time.Now().Add(-48 * time.Hour).Unix(), Path: filepath.Join(dir, "gone.log")}
			if err := a.outbox.Commit(nil, []spool.Mark{{Key: old.Key(), Value: old.Marshal(nil)}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		return keys
	}
	run(true)
	if keys := run(false); !slices.Contains(keys, "file:1:2:0") {
		t.Fatalf("the marks are %q", keys)
	}
	if keys := run(false); slices.Contains(keys, "file:1:2:0") || len(keys) != 2 {
		t.Errorf("the marks are %q, want that of the entry and that of app.log", keys)
	}
}
