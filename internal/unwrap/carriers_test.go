package unwrap

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// wraps writes a line the way a carrier does, in as many pieces as are given.
var wraps = map[string]func(pieces []string, n int) []string{
	"cri":        wrapCRI,
	"docker":     wrapDocker,
	"journald":   each(func(s string, n int) string { return wrapJournald(s) }),
	"syslog":     each(func(s string, n int) string { return fmt.Sprintf("Nov 22 05:30:%02d h app[7]: %s", n%60, rsyslog(s)) }),
	"rsyslog":    each(func(s string, n int) string { return "2026-11-22T05:30:00.123456+00:00 h app[7]: " + rsyslog(s) }),
	"rfc5424":    each(func(s string, n int) string { return `<11>1 2026-11-22T05:30:00Z h app 7 - [x@1 a="]"] ` + rsyslog(s) }),
	"compose":    each(func(s string, n int) string { return fmt.Sprintf("web-%d  | %s", n%2, s) }),
	"foreman":    each(func(s string, n int) string { return "05:30:00 web.1  | " + s }),
	"kubectl":    each(func(s string, n int) string { return "[pod/pay-7c9f5d8b6-x2x4k/api] " + s }),
	"timestamps": each(func(s string, n int) string { return fmt.Sprintf("2026-11-22T05:30:00.%09dZ %s", n, s) }),
	"stern":      each(func(s string, n int) string { return "pay-7c9f5d8b6-x2x4k api " + s }),
	"heroku":     each(func(s string, n int) string { return "2026-11-22T05:30:00.123456+00:00 app[web.1]: " + s }),
}

func each(wrap func(s string, n int) string) func([]string, int) []string {
	return func(pieces []string, n int) []string { return []string{wrap(strings.Join(pieces, ""), n)} }
}

func wrapCRI(pieces []string, n int) (out []string) {
	for i, p := range pieces {
		tag := "P"
		if i == len(pieces)-1 {
			tag = "F"
		}
		out = append(out, fmt.Sprintf("2026-11-22T05:30:00.%dZ stderr %s %s", n+1, tag, p))
	}
	return out
}

func wrapDocker(pieces []string, n int) (out []string) {
	for i, p := range pieces {
		if i == len(pieces)-1 {
			p += "\n"
		}
		b, _ := json.Marshal(map[string]any{"log": p, "stream": "stderr", "time": "2026-11-22T05:30:00.1Z", "attrs": map[string]int{"n": n}})
		out = append(out, string(b))
	}
	return out
}

func wrapJournald(s string) string {
	fields := map[string]any{"__CURSOR": "s=1", "MESSAGE": s, "PRIORITY": "6", "_PID": "7"}
	if strings.ContainsRune(s, esc) || !utf8.ValidString(s) {
		numbers := []int{}
		for _, c := range []byte(s) {
			numbers = append(numbers, int(c))
		}
		fields["MESSAGE"] = numbers
	}
	b, _ := json.Marshal(fields)
	return string(b)
}

func rsyslog(s string) string {
	return strings.NewReplacer("\t", "#011", "\x1b", "#033").Replace(s)
}

// lineText draws a line of an app: words of logs and traces, in part
// indistinguishable from wrappings.
func lineText() *rapid.Generator[string] {
	word := rapid.SampledFrom([]string{"Traceback (most recent call last):", "  File \"x.py\"", "\tat a.b(C.java:1)", "panic: ", "goroutine 1",
		"\x1b[31m", "\x1b[0m", "{\"log\":\"", "\\n", "\\", "\"", "}", " | ", "é", "😀", "|", " ", "web-1", "[", "]: ", ",", "a", "0", "#", "<"})
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "words"), "") })
}

// TestUnwrapUndoesWrap: for every carrier the app's own lines come back, however
// they were split.
func TestUnwrapUndoesWrap(t *testing.T) {
	for name, wrap := range wraps {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				f := newFeed(Config{Format: name})
				if _, ok := (Config{Format: name}).allowed(); !ok {
					f = newFeed(Config{Format: "syslog"})
				}
				var want, wrapped []string
				for n := range rapid.IntRange(1, 6).Draw(t, "lines") {
					text := lineText().Draw(t, "text")
					want = append(want, strings.TrimSuffix(string(appendPlain(nil, []byte(text))), "\r"))
					wrapped = append(wrapped, wrap(split(t, text), n)...)
				}
				f.lines(wrapped...)
				var out []string
				for _, g := range f.out {
					out = append(out, g.Text)
				}
				if fmt.Sprintf("%q", out) != fmt.Sprintf("%q", want) {
					t.Fatalf("got  %q\nwant %q\nfrom %q", out, want, wrapped)
				}
				if last := f.out[len(f.out)-1]; last.End != f.at || last.Cut {
					t.Fatalf("the last record ends at %d of %d, cut %v", last.End, f.at, last.Cut)
				}
				if _, open := f.u.Floor(); open {
					t.Fatal("something is pending")
				}
			})
		})
	}
}

// split cuts a text between any two runes.
func split(t *rapid.T, text string) (pieces []string) {
	runes := []rune(text)
	for len(runes) > 0 && rapid.Bool().Draw(t, "cut") {
		n := rapid.IntRange(1, len(runes)).Draw(t, "at")
		pieces, runes = append(pieces, string(runes[:n])), runes[n:]
	}
	return append(pieces, string(runes))
}

// The same without configuration: lines that look like no transport's own come
// back through any one carrier, and through two of them, one in the other.
func TestUnwrapNested(t *testing.T) {
	app := []string{"Traceback (most recent call last):", "  File \"x.py\", line 4, in <module>", "", "KeyError: 'w-1'",
		"\tat com.acme.Shop.place(Shop.java:12)", "2026-11-22 05:30:00,123 INFO shop placed", "panic: boom", "{\"level\":30}"}
	for outer, wrapOuter := range wraps {
		for inner, wrapInner := range wraps {
			if inner == "cri" || inner == "docker" || inner == "journald" || outer == "timestamps" && inner == "timestamps" {
				continue
			}
			f := newFeed(Config{})
			for n, line := range app {
				for _, w := range wrapInner([]string{line}, n) {
					half := len(w) / 2
					f.lines(wrapOuter([]string{w[:half], w[half:]}, n)...)
				}
			}
			var out []string
			for _, g := range f.out {
				out = append(out, g.Text)
			}
			if fmt.Sprint(out) != fmt.Sprint(app) {
				t.Errorf("%s in %s: %q", inner, outer, out)
			}
		}
	}
}
