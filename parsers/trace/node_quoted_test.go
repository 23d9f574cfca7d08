package trace

import (
	"strings"
	"testing"
)

var nodeQuotedLines = []string{
	"{", "  level: 'warn',", "  message: 'settle failed',", "  stack: 'PayError: charge 7 failed\\n' +", "    '    at charge (/srv/pay/lib.js:3:59)\\n' +",
	"    '    at node:internal/main/run_main_module:28:49'", "}",
}

func TestNodeQuoted(t *testing.T) {
	for _, tt := range []struct {
		name, text, typ, value, lead string
		frames                       int
	}{
		{"an inspected object", strings.Join(nodeQuotedLines, "\n"), "PayError", "charge 7 failed", "settle failed", 2},
		{"a lead", "batch 7 " + strings.Join(nodeQuotedLines, "\n"), "PayError", "charge 7 failed", "batch 7", 2},
		{"on one line", "{\n  stack: 'RangeError: a\\nb\\n    at f (/x.js:1:2)',\n}", "RangeError", "a\nb", "", 1},
		{"JSON with an indent", "{\n  \"msg\": \"no\",\n  \"stack\": \"RangeError: a\\n    at f (/x.js:1:2)\"\n}", "RangeError", "a", "no", 1},
		{"an array", "{\n  stacktrace: [\n    \"RangeError: a\",\n    \"    at f (/x.js:1:2)\",\n    \"    at g (/x.js:2:2)\"\n  ]\n}", "RangeError", "a", "", 2},
	} {
		got := pyFollow(Node(), tt.text)
		if len(got) != 1 || len(got[0].Exceptions) != 1 {
			t.Errorf("%s: %+v", tt.name, got)
			continue
		}
		x := got[0].Exceptions[0]
		if x.Type != tt.typ || x.Value != tt.value || got[0].Lead != tt.lead || got[0].Frames() != tt.frames {
			t.Errorf("%s: %s: %q, lead %q, %d frames", tt.name, x.Type, x.Value, got[0].Lead, got[0].Frames())
		}
	}
	for _, text := range []string{"stack: 'plain text'", "'    at noon'", "  \"stack\": \"overflow\",", "stack: \"a\\n    at b\""} {
		if got := pyFollow(Node(), text); len(got) > 0 && len(got[0].Exceptions) > 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestNodeQuotedStepDoesNotAllocate(t *testing.T) { stepDoesNotAllocate(t, Node(), nodeQuotedLines) }

func FuzzNodeQuoted(f *testing.F) { fuzzLanguage(f, Node(), nodeQuotedLines) }

func TestNodeUntitled(t *testing.T) {
	for text, want := range map[string][3]string{
		"upload failed NoSuchBucket: gone":               {"NoSuchBucket", "upload failed ", "gone"},
		"query error: duplicate key":                     {"error", "query", "duplicate key"},
		"[nuxt] [request error] [unhandled] [500] no id": {"Error", "[nuxt] [request error] [unhandled] [500] ", "no id"},
		"settle failed: Note: none":                      {"Error", "", "settle failed: Note: none"},
		"[a: 1] text":                                    {"Error", "", "[a: 1] text"},
	} {
		h := nodeUntitled(span(text))
		if got := [3]string{string(h.name), string(h.lead), string(h.value)}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
