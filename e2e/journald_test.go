//go:build e2e

package e2e

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/loopback"
)

// TestJournald sends tracebacks through the journal of this machine, kills the
// agent with -9 in between, and looks that each arrives once.
func TestJournald(t *testing.T) {
	if _, err := os.Stat("/run/systemd/journal/stdout"); err != nil {
		t.Skipf("no journald runs here, and e2e/run could start none: %v", err)
	}
	receiver := loopback.New(t)
	dir := t.TempDir()
	bin := filepath.Join(dir, "tracetail")
	if out, err := exec.Command("go", "build", "-o", bin, "../cmd/tracetail").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	name := "tracetail-" + strings.ToLower(rand.Text())
	config := filepath.Join(dir, "config.yaml")
	text := fmt.Sprintf("dsn: %s\nstate_dir: %s\nsources:\n  - name: journal\n    start_at: beginning\n    journal: {matches: [SYSLOG_IDENTIFIER=%s]}\n", receiver.DSN(), filepath.Join(dir, "state"), name)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	crash := func(key string) {
		c := exec.Command("systemd-cat", "-t", name)
		c.Stdin = strings.NewReader("starting\nTraceback (most recent call last):\n  File \"/srv/pay/wallet.py\", line 12, in debit\n    return left\nKeyError: '" + key + "'\n")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("systemd-cat: %v\n%s", err, out)
		}
	}
	arrived := func(keys ...string) {
		t.Helper()
		events := receiver.Wait(20*time.Second, func(es []event.Event) bool { return len(values(es)) >= len(keys) })
		got := values(events)
		for _, k := range keys {
			if got["'"+k+"'"] != 1 {
				t.Fatalf("%s arrived %d times; all: %v", k, got["'"+k+"'"], got)
			}
		}
	}
	first := exec.Command(bin, "run", "--config", config)
	start(t, first)
	crash("w-1")
	arrived("w-1")
	_ = first.Process.Kill()
	crash("w-2") // while nobody reads
	start(t, exec.Command(bin, "run", "--config", config))
	arrived("w-1", "w-2")
	crash("w-3")
	arrived("w-1", "w-2", "w-3")
}

// values counts events by the text of their exception; what is sent again has its old id.
func values(events []event.Event) map[string]int {
	out, seen := map[string]int{}, map[string]bool{}
	for _, e := range events {
		if e.Exception == nil || seen[e.EventID] {
			continue
		}
		seen[e.EventID] = true
		out[e.Exception.Values[len(e.Exception.Values)-1].Value]++
	}
	return out
}
