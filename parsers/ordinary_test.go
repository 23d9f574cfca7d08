package parsers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOrdinaryLife reads logs without a single stack trace: prose about errors,
// object dumps, compilers' and test runners' output, thread dumps at INFO. None of
// it may yield a trace; what is called *.silent.log has no record at error either.
func TestOrdinaryLife(t *testing.T) {
	paths, err := filepath.Glob("testdata/ordinary/*.log")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no ordinary logs: %v", err)
	}
	p := utc(t)
	for _, path := range paths {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		silent := strings.HasSuffix(path, ".silent.log")
		for _, r := range parse(p, log) {
			if r.Event.Exception != nil || silent {
				t.Errorf("%s: %q is no event, but became one of %d lines (%s)", path, firstLine(log[r.Start:r.End]), r.Lines, r.Language)
			}
		}
	}
}

func firstLine(log []byte) string {
	s, _, _ := strings.Cut(string(log), "\n")
	return s
}
