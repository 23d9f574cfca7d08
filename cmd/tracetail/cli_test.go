package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tracetail/tracetail/internal/event"
)

const pythonTrace = "Traceback (most recent call last):\n  File \"/srv/pay/wallet.py\", line 12, in debit\n    return left\nKeyError: 'w-1'\n"

func TestParsePrintsOneEventPerLine(t *testing.T) {
	log := file(t, "app.log", pythonTrace+"2026-11-22 05:30:00,123 ERROR payments.api balance service answered 503\n")
	out, stderr, status := outcome(t, "", "parse", log)
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, stderr %q", status, stderr)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %s", len(lines), out)
	}
	var e event.Event
	if err := json.Unmarshal([]byte(lines[0]), &e); err != nil {
		t.Fatal(err)
	}
	if x := e.Exception.Values[0]; x.Type != "KeyError" || x.Stacktrace.Frames[0].Lineno != 12 {
		t.Errorf("got %+v", x)
	}
	if e.Extra["log.file"] != log || e.Extra["log.offset"] != 0.0 || e.Extra["log.lines"] != 4.0 {
		t.Errorf("extra %v", e.Extra)
	}
}

func TestParseReadsStandardInput(t *testing.T) {
	out, stderr, status := outcome(t, pythonTrace, "parse", "-")
	if status != 0 || strings.Count(out, "\n") != 1 || !strings.Contains(out, "KeyError") {
		t.Errorf("status %d, stdout %q, stderr %q", status, out, stderr)
	}
}

func TestParseMasksUnlessToldOtherwise(t *testing.T) {
	secret := "hunter" + "2hunter"
	log := file(t, "app.log", "ERROR:pay:login failed password="+secret+"\n")
	if out, _, _ := outcome(t, "", "parse", log); strings.Contains(out, secret) || !strings.Contains(out, "[Filtered]") {
		t.Errorf("masked: %s", out)
	}
	if out, _, _ := outcome(t, "", "parse", "--no-scrub", log); !strings.Contains(out, secret) {
		t.Errorf("unmasked: %s", out)
	}
}

func TestScrubKeepsEverythingElse(t *testing.T) {
	secret := "hunter" + "2hunter"
	in := "a line\n\npassword=" + secret + " rest\nno newline at the end \xff"
	out, stderr, status := outcome(t, in, "scrub")
	if want := strings.ReplaceAll(in, secret, "[Filtered]"); status != 0 || out != want {
		t.Errorf("status %d %s\ngot  %q\nwant %q", status, stderr, out, want)
	}
}

func TestDemoShowsTheStory(t *testing.T) {
	out, stderr, status := outcome(t, "", "demo", "--pause", "1ms")
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, stderr %q", status, stderr)
	}
	for _, want := range []string{"ZeroDivisionError: division by zero", "payment_service.py:45", "[Filtered]", "SQLTransientConnectionException", "Seen: 5 errors", "tracetail run --dsn"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if strings.Contains(out, "horse42") {
		t.Error("a password was shown")
	}
}

func TestVersion(t *testing.T) {
	if out, _, status := outcome(t, "", "version"); status != 0 || !strings.HasPrefix(out, "tracetail 0.") {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestCheckHidesTheKeyAndListsTheFiles(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "app.log")
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	key := strings.Repeat("ab12", 8)
	out, stderr, status := outcome(t, "", "check", "--dsn", "https://"+key+"@sentry.example.com/42", filepath.Join(dir, "*.log"), filepath.Join(dir, "none*"))
	if status != 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if strings.Contains(out, key) {
		t.Error("the key was shown")
	}
	for _, want := range []string{"sentry.example.com", log, "max_lines: 10000"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

// TestMistakesExitWithTheirStatus: 2 for a wrong call, 78 for a wrong
// configuration, before anything has been started; 1 for what failed.
func TestMistakesExitWithTheirStatus(t *testing.T) {
	key := strings.Repeat("ab12", 8)
	state := t.TempDir()
	broken := file(t, "c.yaml", "sources: [\n")
	unknown := file(t, "c.yaml", "sorces: []\n")
	for _, c := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"unknown flag", []string{"run", "--nope"}, exitUsage, "flag provided but not defined: -nope"},
		{"unknown command", []string{"rum"}, exitUsage, "no command \"rum\". Did you mean \"run\"?"},
		{"a flag behind a path", []string{"run", "x.log", "--dsn", "y"}, exitUsage, "--dsn stands behind a path"},
		{"nothing to read", []string{"run"}, exitConfig, "nothing to read"},
		{"broken YAML", []string{"run", "--config", broken}, exitConfig, broken + ":1: "},
		{"unknown key", []string{"check", "--config", unknown}, exitConfig, `did you mean "sources"?`},
		{"no such configuration", []string{"run", "--config", "/no/such.yaml"}, exitConfig, "/no/such.yaml: no such file"},
		{"DSN: not a URL", []string{"run", "--state-dir", state, "--dsn", "nonsense", "x.log"}, exitConfig, "dsn is not a URL"},
		{"DSN: no key", []string{"run", "--state-dir", state, "--dsn", "https://sentry.example.com/42", "x.log"}, exitConfig, "key"},
		{"DSN: no project", []string{"run", "--state-dir", state, "--dsn", "https://" + key + "@sentry.example.com/", "x.log"}, exitConfig, "project"},
		{"DSN: bad port", []string{"run", "--state-dir", state, "--dsn", "https://" + key + "@sentry.example.com:99999/1", "x.log"}, exitConfig, "port"},
		{"bad tag", []string{"run", "--tag", "x", "x.log"}, exitConfig, `--tag "x": want KEY=VALUE`},
		{"state directory is a file", []string{"run", "--state-dir", broken, "--dsn", "https://" + key + "@sentry.example.com/1", "x.log"}, exitFailed, broken},
		{"no such log", []string{"parse", "/no/such.log"}, exitFailed, "reading /no/such.log: no such file or directory; check the name"},
		{"a directory", []string{"parse", state}, exitFailed, "it is a directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, stderr, status := outcome(t, "", c.args...)
			if status != c.status || !strings.Contains(stderr, c.want) {
				t.Errorf("status %d, want %d\nstderr %q\nwant   %q", status, c.status, stderr, c.want)
			}
			if strings.Contains(out+stderr, key) {
				t.Error("the key was shown")
			}
		})
	}
}
