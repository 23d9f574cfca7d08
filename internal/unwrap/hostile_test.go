package unwrap

import (
	"strings"
	"testing"
)

// A quarter megabyte of whatever could make a reader go back again and again. Were any
// of it read quadratically, this test would not end within its time.
func TestHostileLines(t *testing.T) {
	const n = 1 << 18
	full := func(front, unit, back string) string {
		return front + strings.Repeat(unit, n/len(unit)) + back
	}
	lines := map[string]string{
		"escapes that never end": full("", "\x1b]", ""),
		"escapes in escapes":     full("", "\x1b]\x1b[3", ""),
		"nul":                    full("a", "\x00b", ""),
		"quotes":                 full(`{"log":"`, `\"`, `\n","stream":"stdout","time":"2026-11-22T05:30:00Z"}`),
		"backslashes":            full(`{"log":"`, `\\`, `"`),
		"keys":                   full(`{"log":"a\n","attrs":{`, `"a":{"b":"c"},`, `"a":1}}`),
		"depth":                  full(`{"log":"a\n","attrs":`, `{"a":[`, ``),
		"open strings":           full(`{"time":"`, `\"",`, ``),
		"surrogates":             full(`{"log":"`, `\ud83d`, `\n","stream":"stdout","time":"2026-11-22T05:30:00Z"}`),
		"escaped line breaks":    full("Nov 22 05:30:00 h app[7]: ", "#012", ""),
		"hashes":                 full("Nov 22 05:30:00 h app[7]: ", "#0", ""),
		"line breaks":            full(`{"log":"`, `\n`, `","stream":"stdout","time":"2026-11-22T05:30:00Z"}`),
		"structured data":        full("<14>1 - h app - - ", "[a b=\"\\]", "x"),
		"a host without end":     full("Nov 22 05:30:00 ", "h", ""),
		"a program without end":  full("Nov 22 05:30:00 h a[", "7", "]: x"),
		"a name without end":     full("", "web-1", " | x"),
		"padding":                full("web-1", " ", "| x"),
		"blanks":                 full("", " ", "x"),
		"a fraction without end": full("2026-11-22T05:30:00.", "1", "Z stdout F x"),
		"tags":                   full("2026-11-22T05:30:00Z stdout F", ":a", " x"),
		"levels":                 full("2026-11-22T05:30:00.123456789Z ", " ", "INFO x"),
		"bytes":                  full(`{"__CURSOR":"s","MESSAGE":[`, "10,", "10]}"),
		"prefixes":               full("", "web-1  | ", "x"),
	}
	for name, line := range lines {
		t.Run(name, func(t *testing.T) {
			f := newFeed(Config{}).lines(line, line)
			f.drain(f.u.Flush())
			if len(f.out) < 2 || f.out[len(f.out)-1].End != f.at {
				t.Errorf("%d records, the last ends at %d of %d", len(f.out), f.out[len(f.out)-1].End, f.at)
			}
		})
	}
}
