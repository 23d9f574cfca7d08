package main

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/loopback"
)

var idLine = regexp.MustCompile(`^([0-9a-f]{32}\n)+$`)

func TestSendMessage(t *testing.T) {
	receiver := loopback.New(t)
	secret := "hunter" + "2hunter"
	out, stderr, status := outcome(t, "", "send", "--dsn", receiver.DSN(), "-m", "backup failed, password="+secret, "-l", "fatal", "-t", "job:nightly", "-t", "url:a=b", "-r", "pay@1")
	events := receiver.Events()
	if status != 0 || len(events) != 1 || !idLine.MatchString(out) {
		t.Fatalf("status %d, %d events, stdout %q, stderr %q", status, len(events), out, stderr)
	}
	e := events[0]
	if e.EventID != strings.TrimSpace(out) || e.Level != event.Fatal || e.Tags["job"] != "nightly" || e.Tags["url"] != "a=b" || e.Release != "pay@1" {
		t.Errorf("got %+v", e)
	}
	if e.LogEntry.Formatted != "backup failed, password=[Filtered]" {
		t.Errorf("message %q", e.LogEntry.Formatted)
	}
}

func TestSendTraces(t *testing.T) {
	for _, c := range []struct {
		name, stdin string
		args        []string
		want        []string // exception or message
	}{
		{"a file of two traces", "", []string{file(t, "crash.txt", trace(0)+ordinary(0)+trace(1))}, []string{"number-0-", "number-1-"}},
		{"standard input", pythonTrace, []string{"-"}, []string{"'w-1'"}},
		{"no trace in it", "the disk is on fire\nplease come\n", []string{"-"}, []string{"the disk is on fire\nplease come"}},
		{"no trace, and a message", "nothing\n", []string{"-m", "look here", "-"}, []string{"look here"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			receiver := loopback.New(t)
			out, stderr, status := outcome(t, c.stdin, append([]string{"send", "--dsn", receiver.DSN()}, c.args...)...)
			if status != 0 || strings.Count(out, "\n") != len(c.want) {
				t.Fatalf("status %d, stdout %q, stderr %q", status, out, stderr)
			}
			for i, raw := range receiver.Raw() {
				if e := receiver.Events()[i]; e.Exception == nil && e.LogEntry.Formatted != c.want[i] {
					t.Errorf("message %q, want %q", e.LogEntry.Formatted, c.want[i])
				} else if e.Exception != nil && !strings.Contains(strings.Join([]string{e.Exception.Values[0].Value, string(raw)}, " "), c.want[i][:3]) {
					t.Errorf("event %d: %s", i, raw)
				}
				if strings.Contains(string(raw), "log.file") {
					t.Errorf("the event names a copy of the text: %s", raw)
				}
			}
		})
	}
}

// TestSendLeavesWhatWasNotTaken: with the server away the event is kept, and an agent delivers it.
func TestSendLeavesWhatWasNotTaken(t *testing.T) {
	receiver := loopback.New(t)
	away := true
	receiver.Answer(func(_ int, _ http.ResponseWriter) int {
		if away {
			return http.StatusUnauthorized
		}
		return http.StatusOK
	})
	dir := t.TempDir()
	state, log := filepath.Join(dir, "state"), filepath.Join(dir, "app.log")
	appendTo(t, log, "")
	out, stderr, status := outcome(t, "", "send", "--dsn", receiver.DSN(), "--state-dir", state, "-m", "left behind")
	if status != exitFailed || out != "" || !strings.Contains(stderr, "401 Unauthorized") || !strings.Contains(stderr, "kept in "+state) {
		t.Fatalf("status %d, stdout %q, stderr %q", status, out, stderr)
	}
	away = false
	a := startAgent(t, "--dsn", receiver.DSN(), "--state-dir", state, log)
	events := receiver.Wait(patience, func(es []event.Event) bool { return len(es) > 0 })
	a.stop(t)
	if events[0].LogEntry.Formatted != "left behind" {
		t.Errorf("got %+v", events[0])
	}
}

func TestSendTellsOfARefusal(t *testing.T) {
	receiver := loopback.New(t)
	receiver.Answer(func(_ int, _ http.ResponseWriter) int { return http.StatusBadRequest })
	_, stderr, status := outcome(t, "", "send", "--dsn", receiver.DSN(), "--state-dir", t.TempDir(), "-m", "x")
	if status != exitFailed || !strings.Contains(stderr, "refused 1 of 1 events: 400 Bad Request") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

func TestSendMistakes(t *testing.T) {
	dsn := "https://" + loopback.Key + "@sentry.example.com/1"
	for _, c := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"nothing", []string{"send", "--dsn", dsn}, exitUsage, "nothing to send"},
		{"a level that is none", []string{"send", "--dsn", dsn, "-m", "x", "-l", "loud"}, exitUsage, `level "loud"`},
		{"a tag that is none", []string{"send", "--dsn", dsn, "-m", "x", "-t", "a=b"}, exitUsage, "want KEY:VALUE"},
		{"no DSN", []string{"send", "-m", "x"}, exitConfig, "no DSN is set"},
		{"no file", []string{"send", "--dsn", dsn, "/no/such"}, exitFailed, "no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, stderr, status := outcome(t, "", c.args...); status != c.status || !strings.Contains(stderr, c.want) {
				t.Errorf("status %d, want %d: %s", status, c.status, stderr)
			}
		})
	}
}
