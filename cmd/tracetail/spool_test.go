package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/loopback"
)

// refusing is a receiver that takes one event and answers 400 to the others
// until it is cured, and the agent's arguments for it.
func refusing(t *testing.T) (r *loopback.Receiver, cured *atomic.Bool, state, log string) {
	t.Helper()
	cured = &atomic.Bool{}
	var asked atomic.Int32
	r = loopback.New(t)
	r.Answer(func(_ int, _ http.ResponseWriter) int {
		if asked.Add(1) > 1 && !cured.Load() {
			return http.StatusBadRequest
		}
		return http.StatusOK
	})
	dir := t.TempDir()
	return r, cured, filepath.Join(dir, "state"), filepath.Join(dir, "app.log")
}

func TestSpoolRetrySendsDeadLettersAgain(t *testing.T) {
	receiver, cured, state, log := refusing(t)
	appendTo(t, log, trace(0))
	once := []string{"run", "--once", "--dsn", receiver.DSN(), "--state-dir", state, log}
	if _, stderr, status := outcome(t, "", once...); status != 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	appendTo(t, log, trace(1)+trace(2))
	outcome(t, "", once...)
	spool := func(args ...string) string {
		t.Helper()
		call := append([]string{"spool", args[0], "--dsn", receiver.DSN(), "--state-dir", state}, args[1:]...)
		out, stderr, status := outcome(t, "", call...)
		if status != 0 {
			t.Fatalf("%v: status %d: %s", args, status, stderr)
		}
		if strings.Contains(out+stderr, loopback.Key) {
			t.Errorf("%v shows the key", args)
		}
		return out
	}
	if out := spool("ls"); !strings.Contains(out, "2 dead letters") || !strings.Contains(out, "400 Bad Request") || !strings.Contains(out, "number-1-") {
		t.Fatalf("ls: %s", out)
	}
	lines := strings.Split(strings.TrimSpace(spool("ls", "--json")), "\n")
	var first listed
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || len(lines) != 2 || first.State != "dead" || first.Status != 400 {
		t.Fatalf("ls --json: %v %+v", err, first)
	}
	if out := spool("show", first.EventID[:10]); !strings.Contains(out, "number-") || !strings.Contains(out, "400 Bad Request") || !strings.Contains(out, first.EventID) {
		t.Errorf("show: %s", out)
	}
	exported := strings.Split(strings.TrimSpace(spool("export")), "\n")
	for _, line := range exported {
		var e event.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Exception == nil {
			t.Errorf("export: %v: %s", err, line)
		}
	}
	if len(exported) != 2 || spool("export", "--waiting") != "" {
		t.Errorf("export gave %d lines", len(exported))
	}
	cured.Store(true)
	if out := spool("retry", first.EventID); !strings.Contains(out, "1 dead letters will be sent again by the next tracetail run") {
		t.Errorf("retry: %s", out)
	}
	if out := spool("retry", "--all"); !strings.Contains(out, "2 dead letters") {
		t.Errorf("retry --all: %s", out)
	}
	a := startAgent(t, "--dsn", receiver.DSN(), "--state-dir", state, log)
	receiver.Wait(patience, distinct(t, 3))
	a.stop(t)
	if out := spool("ls"); !strings.Contains(out, "nothing waits") || strings.Contains(out, "dead letters") {
		t.Errorf("ls at the end: %s", out)
	}
}

// TestSpoolRetryBesideARunningAgent: the agent has the lock, and takes up what it is asked to.
func TestSpoolRetryBesideARunningAgent(t *testing.T) {
	receiver, cured, state, log := refusing(t)
	appendTo(t, log, trace(0))
	a := startAgent(t, "--dsn", receiver.DSN(), "--state-dir", state, "--from-beginning", log)
	receiver.Wait(patience, distinct(t, 1))
	appendTo(t, log, trace(1))
	ls := func() string {
		out, _, _ := outcome(t, "", "spool", "ls", "--dsn", receiver.DSN(), "--state-dir", state)
		return out
	}
	for !strings.Contains(ls(), "1 dead letters") {
	}
	if out := ls(); !strings.Contains(out, "in use by process") {
		t.Errorf("ls: %s", out)
	}
	cured.Store(true)
	out, stderr, status := outcome(t, "", "spool", "retry", "--all", "--dsn", receiver.DSN(), "--state-dir", state)
	if status != 0 || !strings.Contains(out, "within some seconds by process") {
		t.Errorf("status %d: %s%s", status, out, stderr)
	}
	if _, stderr, status := outcome(t, "", "spool", "retry", "--redirect", "--dsn", receiver.DSN(), "--state-dir", state); status != exitFailed || !strings.Contains(stderr, "stop the agent") {
		t.Errorf("redirect: status %d: %s", status, stderr)
	}
	receiver.Wait(patience, distinct(t, 2))
	a.stop(t)
}

// TestSpoolRedirect: the key was changed while the server did not take the old one any more.
func TestSpoolRedirect(t *testing.T) {
	receiver := loopback.New(t)
	dir := t.TempDir()
	state, log := filepath.Join(dir, "state"), filepath.Join(dir, "app.log")
	appendTo(t, log, trace(0)+trace(1))
	old := strings.Replace(closedDSN(t), loopback.Key, strings.Repeat("ab", 16), 1)
	a := startAgent(t, "--dsn", old, "--state-dir", state, "--from-beginning", log)
	waiting := func() int {
		out, _, _ := outcome(t, "", "spool", "export", "--dsn", old, "--state-dir", state)
		return strings.Count(out, "\n")
	}
	for waiting() < 2 {
	}
	a.stop(t)
	out, _, _ := outcome(t, "", "spool", "ls", "--dsn", receiver.DSN(), "--state-dir", state)
	if !strings.Contains(out, "not configured") || !strings.Contains(out, "retry --redirect") {
		t.Errorf("ls: %s", out)
	}
	out, stderr, status := outcome(t, "", "spool", "retry", "--redirect", "--dsn", receiver.DSN(), "--state-dir", state)
	if status != 0 || !strings.Contains(out, "2 events now wait for ") {
		t.Fatalf("status %d: %s%s", status, out, stderr)
	}
	if _, stderr, status := outcome(t, "", "run", "--once", "--dsn", receiver.DSN(), "--state-dir", state, log); status != 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if got := len(numbers(t, receiver.Events())); got != 2 {
		t.Errorf("%d events arrived", got)
	}
}

// closedDSN is a DSN of a port on which nobody listens.
func closedDSN(t *testing.T) string {
	t.Helper()
	return strings.Replace(loopback.New(t).DSN(), "127.0.0.1:", "127.0.0.2:", 1)
}

func TestSpoolMistakes(t *testing.T) {
	state := t.TempDir()
	for _, c := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"no such command", []string{"spool", "list"}, exitUsage, "use tracetail spool ls"},
		{"a flag behind an id", []string{"spool", "show", "aa", "--json"}, exitUsage, "write flags first"},
		{"nothing named", []string{"spool", "show"}, exitUsage, "name an event"},
		{"no letter named", []string{"spool", "retry"}, exitUsage, "say --all"},
		{"no such event", []string{"spool", "show", "--state-dir", state, "abc"}, exitFailed, `no event "abc"`},
		{"redirect to nobody", []string{"spool", "retry", "--redirect", "--state-dir", state}, exitConfig, "0 are configured"},
		{"nothing dead", []string{"spool", "retry", "--all", "--state-dir", state}, 0, "no dead letters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, stderr, status := outcome(t, "", c.args...); status != c.status || !strings.Contains(stderr, c.want) {
				t.Errorf("status %d, want %d: %s", status, c.status, stderr)
			}
		})
	}
	out, _, status := outcome(t, "", "spool", "ls", "--state-dir", filepath.Join(state, "none"))
	if status != 0 || !strings.Contains(out, "nothing waits") {
		t.Errorf("an empty directory: status %d: %s", status, out)
	}
	if _, err := os.Stat(filepath.Join(state, "none")); err == nil {
		t.Error("looking made the directory")
	}
}
