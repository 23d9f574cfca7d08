package parsers

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/parsers/trace"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// reading is when the golden logs are read.
var reading = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// found is what a golden file says of one event.
type found struct {
	FirstLine int          `json:"first_line"`
	Lines     int          `json:"lines"`
	Language  string       `json:"language,omitempty"`
	Reason    Reason       `json:"closed"`
	Event     *event.Event `json:"event"`
}

func utc(t testing.TB) *Parser {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Timezone = "UTC"
	p, err := New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// parse runs a whole log through an assembler of its own.
func parse(p *Parser, log []byte) []Result {
	var out []Result
	a := p.Assembler(func(r Result) { out = append(out, r) })
	var at int64
	for len(log) > 0 {
		line, rest, _ := bytes.Cut(log, []byte("\n"))
		end := at + int64(len(log)-len(rest))
		a.Push(reading, &Line{Text: bytes.TrimSuffix(line, []byte("\r")), Start: at, End: end})
		at, log = end, rest
	}
	a.Flush()
	return out
}

func golden(log []byte, results []Result) []found {
	out := []found{}
	for _, r := range results {
		out = append(out, found{bytes.Count(log[:r.Start], []byte("\n")) + 1, r.Lines, r.Language, r.Reason, r.Event})
	}
	return out
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// TestGolden reads every specimen and compares the events with the file beside it.
func TestGolden(t *testing.T) {
	p := utc(t)
	for _, path := range specimens(t) {
		t.Run(strings.TrimPrefix(path, "trace/testdata/"), func(t *testing.T) {
			log, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := indented(t, golden(log, parse(p, log)))
			file := strings.TrimSuffix(path, ".log") + ".json"
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v; run go test ./parsers -update and read the diff", err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s:\n%s", file, firstDifference(got, want))
			}
		})
	}
}

// firstDifference shows the lines around the place where two texts part.
func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		if i < len(g) && i < len(w) && g[i] == w[i] {
			continue
		}
		return "got:\n" + strings.Join(g[max(0, min(i-3, len(g))):min(i+8, len(g))], "\n") +
			"\nwant:\n" + strings.Join(w[max(0, min(i-3, len(w))):min(i+8, len(w))], "\n")
	}
	return "no line differs"
}

func specimens(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("trace/testdata/*/*.log")
	if err != nil || len(paths) < 10 {
		t.Fatalf("found %d specimens (%v)", len(paths), err)
	}
	return paths
}

// TestEveryLanguageHasSpecimens holds folders against the list of languages, both ways.
func TestEveryLanguageHasSpecimens(t *testing.T) {
	listed := map[string]bool{}
	for _, l := range trace.Languages() {
		listed[l.Name] = true
		logs, _ := filepath.Glob("trace/testdata/" + l.Name + "/*.log")
		if len(logs) < 3 {
			t.Errorf("%s has %d specimens; at least 3 are wanted", l.Name, len(logs))
		}
		if _, err := os.Stat("trace/testdata/" + l.Name + "/SOURCES.md"); err != nil {
			t.Errorf("%s: who printed its specimens? %v", l.Name, err)
		}
	}
	dirs, _ := os.ReadDir("trace/testdata")
	for _, d := range dirs {
		if d.IsDir() && d.Name() != "fuzz" && d.Name() != "programs" && !listed[d.Name()] {
			t.Errorf("trace/testdata/%s has no line in languages.go", d.Name())
		}
	}
}
