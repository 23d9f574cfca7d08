package parsers

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// monsters are traces that somebody made to hurt, or that a program in trouble prints.
// want is the type of the exception raised last.
var monsters = map[string]struct {
	log, want string
	cut       bool // the event says that it was cut short
}{
	"20,000 frames of Java":        {javaTrace(20_000), "StackOverflowError", true},
	"9,000 frames of Java":         {javaTrace(9_000), "StackOverflowError", false},
	"20,000 frames of Python":      {"Traceback (most recent call last):\n" + repeat(20_000, "  File \"/srv/a.py\", line %d, in f\n    f()\n") + "RecursionError: maximum recursion depth exceeded\n", "RecursionError", true},
	"20,000 frames of Go":          {"panic: deep\n\ngoroutine 1 [running]:\n" + repeat(20_000, "main.f(0x%x)\n\t/srv/a.go:7 +0x1d\n"), "panic", true},
	"20,000 frames of Node":        {"RangeError: deep\n" + repeat(20_000, "    at f (/srv/a.js:%d:1)\n"), "RangeError", true},
	"20,000 frames of PHP":         {"PHP Fatal error:  Uncaught Error: deep in /srv/a.php:3\nStack trace:\n" + repeat(20_000, "#%d /srv/a.php(3): f()\n"), "Error", true},
	"10,000 causes":                {"java.lang.Error: 0\n\tat a.B.c(B.java:1)\n" + repeat(4_000, "Caused by: java.lang.Error: %d\n\tat a.B.c(B.java:1)\n"), "Error", false},
	"a message of a mebibyte":      {"java.lang.Error: " + strings.Repeat("x", 1<<20) + "\n\tat a.B.c(B.java:1)\n", "Error", true},
	"names of 100 KiB":             {"java.lang.Error: x\n" + repeat(8, "\tat a.B.c%d"+strings.Repeat("y", 100<<10)+"(B.java:1)\n"), "Error", false},
	"a cause that is its own":      {"java.lang.Error: x\n\tat a.B.c(B.java:1)\nCaused by: [CIRCULAR REFERENCE: java.lang.Error: x]\n", "Error", false},
	"grammar within a message":     {"java.lang.Error: x\n\tat not a frame\nCaused by: prose\n\tat a.B.c(B.java:1)\n", "Error", false},
	"Latin-1":                      {"java.lang.Error: Stra\xdfe gesperrt\n\tat a.B.c(B.java:1)\n", "Error", false},
	"blanks in a message":          {"java.lang.Error: x\n" + strings.Repeat("\n", 150) + "\tat a.B.c(B.java:1)\n", "Error", false},
	"colons without end":           {strings.Repeat("a:", 200<<10) + "\njava.lang.Error: x\n\tat a.B.c(B.java:1)\n", "Error", false},
	"parentheses without end":      {"java.lang.Error: x\n\tat a.B.c(B.java:1)\n\tat " + strings.Repeat("(", 200<<10) + "\n", "Error", false},
	"a process manager's tags":     {repeat(300, "[web] said %d\n") + "[web] panic: x\n[web] \n[web] goroutine 1 [running]:\n[web] main.f(...)\n[web] \t/srv/a.go:3\n", "panic", false},
	"tags within tags within tags": {strings.Repeat(strings.Repeat("[a] ", 15)+"x\n", 300) + "java.lang.Error: x\n\tat a.B.c(B.java:1)\n", "Error", false},
}

func javaTrace(n int) string {
	return "java.lang.StackOverflowError\n" + repeat(n, "\tat com.acme.Deep.f(Deep.java:%d)\n")
}

func repeat(n int, format string) string {
	var sb strings.Builder
	for i := range n {
		fmt.Fprintf(&sb, format, i)
	}
	return sb.String()
}

// TestMonsters reads each, and again cut in half: an event comes of it, of bounded
// size and valid text, and ordinary life goes on behind it.
func TestMonsters(t *testing.T) {
	const after = "2026-11-22 05:30:00,123 ERROR [main] com.acme.Pay - still here\n"
	for name, m := range monsters {
		p := utc(t)
		got := parse(p, []byte(m.log+after))
		if len(got) < 2 {
			t.Errorf("%s: %d events, want the trace's and the record's behind it", name, len(got))
			continue
		}
		first, last := got[0], got[len(got)-1]
		if last.Event.LogEntry == nil || last.Event.LogEntry.Formatted != "still here" {
			t.Errorf("%s: what stands behind it was lost", name)
		}
		if x := first.Event.Exception; x == nil || x.Values[len(x.Values)-1].Type != m.want {
			t.Errorf("%s: exceptions %+v, want %s", name, titles(got[:1]), m.want)
		}
		if cut := first.Event.Extra["truncated"] == true; cut != m.cut {
			t.Errorf("%s: cut short is %v, want %v", name, cut, m.cut)
		}
		text := first.Event.AppendJSON(nil)
		if len(text) > 2<<20 || !utf8.Valid(text) {
			t.Errorf("%s: an event of %d bytes, valid text %v", name, len(text), utf8.Valid(text))
		}
		parse(p, []byte(m.log[:len(m.log)/2]))
		if n := p.Report().Failed; n > 0 {
			t.Errorf("%s: %d readers failed", name, n)
		}
	}
}
