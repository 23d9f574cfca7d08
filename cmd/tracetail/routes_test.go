package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tracetail/tracetail/internal/loopback"
)

// TestRoutes: one destination gets everything, one what a source logs, and one
// whose server is not there does not hold the others up.
func TestRoutes(t *testing.T) {
	all, pay := loopback.New(t), loopback.New(t)
	dir := t.TempDir()
	appendTo(t, filepath.Join(dir, "web.log"), trace(0))
	appendTo(t, filepath.Join(dir, "pay.log"), trace(1)+trace(2))
	config := file(t, "c.yaml", fmt.Sprintf(`
dsn: %s
state_dir: %s
destinations:
  - {dsn: %s, server: bugsink, match: {sources: ["pay*"], level: error}}
  - {dsn: %s, server: spotlight}
sources:
  - {name: web, paths: [%s]}
  - {name: pay-1, paths: [%s]}
`, all.DSN(), filepath.Join(dir, "state"), pay.DSN(), closedDSN(t), filepath.Join(dir, "web.log"), filepath.Join(dir, "pay.log")))
	_, stderr, status := outcome(t, "", "run", "--once", "--config", config)
	if status != 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if n := len(numbers(t, all.Events())); n != 3 {
		t.Errorf("the one that gets everything got %d", n)
	}
	got := numbers(t, pay.Events())
	if len(got) != 2 || got[1] == nil || got[2] == nil {
		t.Errorf("the other got %v", got)
	}
	if !strings.Contains(stderr, "not kept for this mirror") {
		t.Errorf("stderr %s", stderr)
	}
	out, stderr, status := outcome(t, "", "check", "--config", config)
	if status != 0 || strings.Contains(out+stderr, loopback.Key) || strings.Count(out, "\ndestination ") != 3 {
		t.Errorf("check: status %d: %s%s", status, out, stderr)
	}
}

func TestRoutesThatAreWrong(t *testing.T) {
	good := "https://" + loopback.Key + "@h/1"
	for _, c := range []struct{ entry, want string }{
		{"{dsn: " + good + ", server: loki}", "destinations[0].server"},
		{"{name: x}", "set either dsn or dsn_file"},
		{"{dsn: https://" + loopback.Key + "@/1}", "dsn has no host"},
		{"{dsn: " + good + ", match: {lvel: error}}", `did you mean "level"?`},
		{"{dsn: " + good + "}\n  - {dsn: " + good + "}", "named twice"},
	} {
		config := file(t, "c.yaml", "destinations:\n  - "+c.entry+"\nsources:\n  - {paths: [/tmp/x.log]}\n")
		out, stderr, status := outcome(t, "", "check", "--config", config)
		if status != exitConfig || !strings.Contains(stderr, c.want) || strings.Contains(out+stderr, loopback.Key) {
			t.Errorf("%s: status %d: %s", c.entry, status, stderr)
		}
	}
}
