//go:build e2e && linux

package source

import (
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestRealJournal writes to the journal of this machine and reads it back.
func TestRealJournal(t *testing.T) {
	if _, err := os.Stat("/run/systemd/journal/stdout"); err != nil {
		t.Skipf("no journald runs here: %v", err)
	}
	tag := "tracetail-" + rand.Text()
	cfg := DefaultConfig()
	cfg.Name, cfg.StartAt = "journal", AtBeginning
	cfg.Journal = &Journal{Matches: []string{"SYSLOG_IDENTIFIER=" + tag}}
	var got []string
	more := make(chan struct{}, 100)
	open := func(Info) Consumer { return &told{func(l string) { got = append(got, l); more <- struct{}{} }} }
	tl, err := New([]Config{cfg}, nil, open)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- tl.Run(ctx) }()
	long := strings.Repeat("y", 60_000) // journald cuts lines at 48 KiB
	cat := exec.Command("systemd-cat", "-t", tag, "-p", "err")
	cat.Stdin = strings.NewReader("one\ntwo\n" + long + "\n")
	must(t, cat.Run())
	for range 4 {
		select {
		case <-more:
		case <-ctx.Done():
			t.Fatalf("%d entries came: %+v", len(got), tl.Report().Troubles)
		}
	}
	cancel()
	must(t, <-done)
	for i, want := range []string{`"MESSAGE":"one"`, `"MESSAGE":"two"`, `"_LINE_BREAK":"line-max"`, `"MESSAGE":"` + long[48<<10:] + `"`} {
		if !strings.Contains(got[i], want) {
			t.Errorf("entry %d is %.300s", i, got[i])
		}
	}
}

// told calls a function for each line.
type told struct{ line func(string) }

func (c *told) Lines(_ time.Time, lines []Line) {
	for _, l := range lines {
		c.line(string(l.Text))
	}
}
func (c *told) Idle(time.Time)      {}
func (c *told) Deadline() time.Time { return time.Time{} }
func (c *told) End(time.Time)       {}
