package parsers

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tracetail/tracetail/parsers/trace"
)

const readme = "../README.md"

// TestReadmeNamesEveryLanguage keeps the table in the README what the code says.
func TestReadmeNamesEveryLanguage(t *testing.T) {
	var sb strings.Builder
	sb.WriteString("| stack traces of | name in `parsers.languages` | specimens |\n|---|---|---|\n")
	for _, l := range trace.Languages() {
		logs, _ := filepath.Glob("trace/testdata/" + l.Name + "/*.log")
		fmt.Fprintf(&sb, "| %s | `%s` | [%d](parsers/trace/testdata/%s) |\n", l.Title, l.Name, len(logs), l.Name)
	}
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	const open, closed = "<!-- languages: written by go test ./parsers -update -->\n", "<!-- /languages -->"
	head, rest, ok := strings.Cut(string(b), open)
	old, tail, ok2 := strings.Cut(rest, closed)
	if !ok || !ok2 {
		t.Fatal("the README has lost the marks of its table of languages")
	}
	switch want := sb.String(); {
	case old == want:
	case *update:
		if err := os.WriteFile(readme, []byte(head+open+want+closed+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table of languages is not what the code says; run go test ./parsers -update\n%s", want)
	}
}
