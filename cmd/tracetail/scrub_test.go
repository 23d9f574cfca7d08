package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scrubbed runs tracetail scrub over in.
func scrubbed(t *testing.T, in string, args ...string) (out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := app()
	a.Reader, a.Writer, a.ErrWriter = strings.NewReader(in), &stdout, &stderr
	if err := a.Run(append([]string{"tracetail", "scrub"}, args...)); err != nil {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String()
}

func TestScrubReport(t *testing.T) {
	in := "user=bob password=hun" + "ter2\npassword=hun" + "ter3 token=abc" + "def1\nfine\n"
	out, errs := scrubbed(t, in, "--report")
	if want := "user=bob password=[Filtered]\npassword=[Filtered] token=[Filtered]\nfine\n"; out != want {
		t.Errorf("wrote %q", out)
	}
	if want := "         2  password\n         1  token\n         3  masked in all\n"; errs != want {
		t.Errorf("reported %q", errs)
	}
}

func TestScrubExplain(t *testing.T) {
	out, errs := scrubbed(t, "password=hun"+"ter2 card 4111"+"111111111111\n", "--explain")
	if want := "password=[Filtered:password] card [Filtered:card]\n"; out != want || errs != "" {
		t.Errorf("wrote %q and %q", out, errs)
	}
}

// TestScrubSlowRule: a rule that runs on every line is admitted on demand only, and says what it costs.
func TestScrubSlowRule(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	rules := "scrub:\n  rules: [{id: badge, regex: '[0-9]{3}-[a-z]{2}', allow_slow: true}]\n"
	if err := os.WriteFile(path, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs := scrubbed(t, "badge 123-ab\n", "--config", path)
	if out != "badge [Filtered]\n" || !strings.Contains(errs, "badge") || !strings.Contains(errs, "MB/s") {
		t.Errorf("wrote %q and %q", out, errs)
	}
}
