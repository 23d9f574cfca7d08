package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tracetail/tracetail/internal/loopback"
)

func TestDoctorFindsNothing(t *testing.T) {
	receiver := loopback.New(t)
	dir := t.TempDir()
	log := filepath.Join(dir, "app.log")
	appendTo(t, log, "x\n")
	state := filepath.Join(dir, "state")
	out, stderr, status := outcome(t, "", "doctor", "--dsn", receiver.DSN(), "--state-dir", state, log)
	if status != 0 {
		t.Fatalf("status %d: %s%s", status, out, stderr)
	}
	for _, want := range []string{"ok    state", "ok    tcp", "ok    auth", "ok    clock", "ok    disk", "1 files can be read", "inotify"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if strings.Contains(out, loopback.Key) {
		t.Error("the key was shown")
	}
	if _, err := os.Stat(state); err == nil {
		t.Error("the doctor made the state directory")
	}
	if n := len(receiver.Events()); n != 0 {
		t.Errorf("the doctor sent %d events", n)
	}
}

func TestDoctorFindsWhatIsWrong(t *testing.T) {
	refuses := loopback.New(t)
	refuses.Answer(func(_ int, _ http.ResponseWriter) int { return http.StatusForbidden })
	dir := t.TempDir()
	for _, c := range []struct {
		name, dsn, path string
		check, grade    string
		found, cure     string
	}{
		{"refused key", refuses.DSN(), "/etc/hostname", "auth", "fail", "403 Forbidden", "check the DSN"},
		{"nobody listens", closedDSN(t), "/etc/hostname", "tcp", "fail", "connection refused", "is the server running"},
		{"no such name", "http://" + loopback.Key + "@no-such-host.invalid/1", "/etc/hostname", "dns", "fail", "no-such-host.invalid", "/etc/resolv.conf"},
		{"a broken DSN", "http://nonsense", "/etc/hostname", "dsn", "fail", "no public key", "copy the DSN"},
		{"nothing to read", refuses.DSN(), filepath.Join(dir, "*.log"), "source", "warn", "nothing matches", "check the paths"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, _, status := outcome(t, "", "doctor", "--json", "--dsn", c.dsn, "--state-dir", dir, c.path)
			if status != exitFailed {
				t.Errorf("status %d", status)
			}
			for line := range strings.Lines(out) {
				var d diagnosed
				if err := json.Unmarshal([]byte(line), &d); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
				if d.Check == c.check && string(d.Grade) == c.grade && strings.Contains(d.Found, c.found) && strings.Contains(d.Cure, c.cure) {
					return
				}
			}
			t.Errorf("not found in\n%s", out)
		})
	}
}
