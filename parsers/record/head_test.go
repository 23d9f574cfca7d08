package record

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// logged gives every line of testdata that is a line of a log.
func logged(t testing.TB) [][]byte {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	var out [][]byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.SplitSeq(text, []byte("\n")) {
			if l, ok := bytes.CutPrefix(line, []byte("| ")); ok {
				out = append(out, l)
			}
		}
	}
	return out
}

// check holds for any line and any scanner: it answers as a fresh one does, the
// one-pass reader as the thorough one, and Read as Head.
func check(t interface{ Fatalf(string, ...any) }, learned *Scanner, line []byte) {
	var fresh Scanner
	h := fresh.Head(line)
	if got := learned.Head(line); got != h {
		t.Fatalf("learned scanner says %+v, fresh one %+v, of %q", got, h, line)
	}
	if h.Msg < 0 || h.Msg > len(line) {
		t.Fatalf("message at %d in %q", h.Msg, line)
	}
	if h.Kind == None && (h.Level != Unknown || h.Msg != 0 || h.Embedded) {
		t.Fatalf("no record, but %+v: %q", h, line)
	}
	if len(line) > 0 {
		if got, ok := learned.quick(line); ok && got != textHead(line, openers[line[0]]) {
			t.Fatalf("quick says %+v, header %+v, of %q", got, textHead(line, openers[line[0]]), line)
		}
	}
	r := learned.Read(line, h, Options{Ref: ref})
	if r.Kind != h.Kind || r.Level != h.Level {
		t.Fatalf("Read says %v %v, Head %v %v, of %q", r.Kind, r.Level, h.Kind, h.Level, line)
	}
	if len(r.Fields) > maxFields || len(r.Message) > maxMessage || len(r.Stack) > maxStack || len(r.Logger) > maxName {
		t.Fatalf("a bound is broken: %+v", r)
	}
}

func TestLearnedAnswersAsFresh(t *testing.T) {
	var learned Scanner
	for range 2 {
		for _, line := range logged(t) {
			check(t, &learned, line)
		}
	}
}

// TestMixedLines cuts lines apart and joins the parts anew, so that the
// readers meet the beginnings of one format in front of another.
func TestMixedLines(t *testing.T) {
	lines := logged(t)
	rapid.Check(t, func(t *rapid.T) {
		var learned Scanner
		for range 8 {
			a := rapid.SampledFrom(lines).Draw(t, "a")
			b := rapid.SampledFrom(lines).Draw(t, "b")
			cut := rapid.IntRange(0, len(a)).Draw(t, "cut")
			from := rapid.IntRange(0, len(b)).Draw(t, "from")
			line := append(append([]byte{}, a[:cut]...), b[from:]...)
			if n := len(line); n > 0 && rapid.Bool().Draw(t, "spoil") {
				i := rapid.IntRange(0, n-1).Draw(t, "at")
				line[i] = rapid.SampledFrom([]byte(" \t[]{}()|:-\"\\.,=0Ez\x00\xff")).Draw(t, "byte")
			}
			check(t, &learned, line)
		}
	})
}

func TestHeadDoesNotAllocate(t *testing.T) {
	lines := logged(t)
	var s Scanner
	if n := testing.AllocsPerRun(10, func() {
		for _, line := range lines {
			s.Head(line)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestHostileLines runs long lines that would take hours if any step were
// quadratic.
func TestHostileLines(t *testing.T) {
	const n = 1 << 20
	for name, line := range map[string]string{
		"brackets":     "[" + strings.Repeat("[", n),
		"objects":      strings.Repeat(`{"log":`, n/7),
		"causes":       `{"level":"error","err":` + strings.Repeat(`{"cause":{"exception":`, n/22),
		"threads":      `{"level":"error","process":` + strings.Repeat(`{"thread":`, n/10),
		"dates":        `{"level":"error","t":` + strings.Repeat(`{"$date":`, n/9),
		"backslashes":  `{"msg":"` + strings.Repeat(`\`, n),
		"quotes":       strings.Repeat(`{"`, n/2),
		"line breaks":  `{"msg":"` + strings.Repeat(`\n  x`, n/5) + `"}`,
		"double":       `{"stack":"` + strings.Repeat(`\\n`, n/3) + `"}`,
		"pairs":        "level=error " + strings.Repeat("a=b ", n/4),
		"quoted pairs": `level=error msg="` + strings.Repeat(`\"`, n/2),
		"words":        "2026-11-22 05:30:00,123 " + strings.Repeat("a", n),
		"blanks":       "2026-11-22 05:30:00,123 ERROR" + strings.Repeat(" ", n),
		"pipes":        "2026-11-22 05:30:00,123 | ERROR " + strings.Repeat("| a ", n/4),
		"tabs":         "2026-11-22T05:30:00Z\tERROR" + strings.Repeat("\ta", n/2),
		"monolog":      "[2026-11-22 05:30:00] a.ERROR: x " + strings.Repeat(`{"a" `, n/5),
		"levels":       strings.Repeat(`{"vel":`, n/7),
		"printed":      strings.Repeat("(a pid=1) ", n/10),
		"folded":       `{"LogLevel":"Error","Exception":"` + strings.Repeat("    at ", n/7) + `"}`,
		"otlp":         otlpOpen + strings.Repeat(`[{"scopeLogs":[{"logRecords":`, n/29),
		"otlp records": otlpOpen + `[{"scopeLogs":[{"logRecords":[` + strings.Repeat(`{"attributes":[{"key":"a"`, n/25),
		"json tail":    "error: x" + strings.Repeat(` {"a":1`, n/8) + "}",
		"apostrophes":  "level='error' " + strings.Repeat(`a='\' `, n/7),
		"suppressed":   `{"level":"ERROR","thrown":` + strings.Repeat(`{"extendedStackTrace":[{"class":"a.B","method":"c"}],"suppressed":[`, n/67),
		"monolog []":   "[2026-11-22 05:28:11] a.ERROR: " + strings.Repeat("[] ", n/6) + strings.Repeat(" ", n/2),
		"swift":        "2026-11-22T05:28:01+0000 error pay : " + strings.Repeat("a=b ", n/4),
		"vapor":        "[ ERROR ] x [" + strings.Repeat("a: b, ", n/6) + "]",
		"php":          "PHP Fatal error:  " + strings.Repeat(`\n`, n/2),
	} {
		t.Run(name, func(t *testing.T) { check(t, new(Scanner), []byte(line)) })
	}
}

func FuzzHead(f *testing.F) {
	for _, line := range logged(f) {
		f.Add(line, []byte("2026-11-22 05:30:00,123 INFO  [http-nio-8080-exec-12] com.acme.Pay - ok"))
	}
	f.Fuzz(func(t *testing.T, line, before []byte) {
		var learned Scanner
		learned.Head(before)
		check(t, &learned, line)
	})
}

func FuzzRead(f *testing.F) {
	for _, line := range logged(f) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var s Scanner
		for _, k := range []Kind{Text, JSON, Logfmt, PHP, Apache} { // also where Head would say otherwise
			s.Read(line, Head{Kind: k, Level: Error}, Options{Ref: ref})
		}
		check(t, &s, line)
	})
}
