package record

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the readings of testdata anew")

// ref is when the goldens' lines were written.
var ref = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// TestGoldens reads every line of testdata/*.txt. A line of a log stands
// behind "| ", its reading in the line below behind "= "; everything else is a remark.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var learned Scanner
	var out strings.Builder
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		out.WriteString(lines[i] + "\n")
		logged, ok := strings.CutPrefix(lines[i], "| ")
		if !ok {
			continue
		}
		got := reading(&learned, []byte(logged))
		out.WriteString("= " + got + "\n")
		want := ""
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "= ") {
			i++
			want = lines[i][2:]
		}
		if got != want && !*update {
			t.Errorf("%s:%d\n  line %s\n  got  %s\n  want %s", file, i+1, logged, got, want)
		}
	}
	if *update && out.String() != string(text) {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// reading writes what a line says in one line; what it does not say is left out.
func reading(s *Scanner, line []byte) string {
	h := s.Head(line)
	if h.Kind == None {
		return "none"
	}
	r := s.Read(line, h, Options{Ref: ref})
	var sb strings.Builder
	fmt.Fprintf(&sb, "%s %s", h.Kind, h.Level)
	part := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&sb, " %s=%s", name, quote(value))
		}
	}
	if !r.Time.IsZero() {
		part("time", r.Time.UTC().Format("2006-01-02T15:04:05.999999999Z"))
	}
	part("logger", r.Logger)
	part("thread", r.Thread)
	if r.PID != 0 {
		part("pid", strconv.Itoa(r.PID))
	}
	part("platform", r.Platform)
	part("type", r.ErrorType)
	part("value", r.ErrorValue)
	part("template", r.Template)
	if len(r.Fields) > 0 {
		b, err := json.Marshal(r.Fields)
		if err != nil {
			b = []byte(err.Error())
		}
		fmt.Fprintf(&sb, " fields=%s", b)
	}
	part("stack", short(r.Stack))
	if h.Embedded {
		sb.WriteString(" embedded")
	}
	fmt.Fprintf(&sb, " | %s", strconv.Quote(r.Message))
	return sb.String()
}

func quote(s string) string {
	if strings.ContainsAny(s, " \"\n\t") {
		return strconv.Quote(s)
	}
	return s
}

// short keeps the beginning and the end of a trace.
func short(s string) string {
	if len(s) > 160 {
		return s[:80] + " ... " + s[len(s)-70:]
	}
	return s
}
