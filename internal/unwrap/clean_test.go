package unwrap

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestEscapesAreRemoved(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"colour", "\x1b[1;31mred\x1b[0m plain", "red plain"},
		{"true colour", "\x1b[38;2;1;2;3mx\x1b[m", "x"},
		{"cursor", "\x1b[2K\x1b[1Gtext\x1b[?25l", "text"},
		{"hyperlink", "\x1b]8;;http://x/y\x1b\\label\x1b]8;;\x1b\\", "label"},
		{"title", "\x1b]0;title\x07text", "text"},
		{"character set", "\x1b(Btext\x1b7\x1b8\x1b=", "text"},
		{"device string", "\x1bPq#0\x1b\\text", "text"},
		{"colour that breaks off", "text\x1b[31", "text"},
		{"colour with a foreign byte", "\x1b[31\x01text", "\x01text"},
		{"string that never ends hides nothing", "\x1b]8;;panic: boom", "8;;panic: boom"},
		{"string broken by a colour", "\x1b]0;panic\x1b[31m: boom", "0;panic: boom"},
		{"string broken before its end", "\x1b]0;a\x1b[31mb\x07c", "0;ab\x07c"},
		{"lone escape before a word", "\x1bTraceback", "Traceback"},
		{"escape at the end", "text\x1b", "text"},
		{"two escapes", "\x1b\x1b[1mtext", "text"},
		{"character set that breaks off", "text\x1b(", "text("},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			diff(t, string(appendPlain(nil, []byte(c.in))), c.want)
			in := []byte(c.in)
			diff(t, string(appendPlain(in[:0], in)), c.want)
		})
	}
}

// Whatever is between escapes stays, in order, and no ESC is left.
func TestEscapesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := []byte(rapid.StringOfN(rapid.SampledFrom([]rune("\x1b[];m0x\\\a?(é")), 0, 60, -1).Draw(t, "text"))
		out := appendPlain(nil, in)
		if bytes.IndexByte(out, esc) >= 0 {
			t.Fatalf("%q: an escape is left in %q", in, out)
		}
		rest := in
		for _, c := range out {
			i := bytes.IndexByte(rest, c)
			if i < 0 {
				t.Fatalf("%q: %q has what was not there", in, out)
			}
			rest = rest[i+1:]
		}
	})
}

func TestStringsAsEncodingJSONReadsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", " ", "é", "😀", `\n`, `\t`, `\"`, `\\`, `\/`, `\b`, `\f`, `\r`,
			`\u0041`, `\u00e9`, `\ud83d`, `\ude00`, `\ud83d\ude00`, `\uFFFD`, "n", "u"}), 0, 30).Draw(t, "parts")
		in := strings.Join(parts, "")
		var want string
		if err := json.Unmarshal([]byte(`"`+in+`"`), &want); err != nil {
			t.Fatal(err)
		}
		if got := string(appendString(nil, []byte(in))); got != want {
			t.Fatalf("%s = %q, want %q", in, got, want)
		}
		if end := stringEnd([]byte(`"`+in+`",`), 0); end != len(in)+2 {
			t.Fatalf("%s ends at %d", in, end)
		}
	})
}

func TestStringsThatAreNoJSON(t *testing.T) {
	for in, want := range map[string]string{
		`\x41`: `\x41`, `\u12`: `\u12`, `\u12g4`: `\u12g4`, `a\`: `a\`, `\u0000a`: `a`, `\ud83dx`: "\ufffdx", `\ud83d\u0041`: "\ufffdA",
	} {
		diff(t, string(appendString(nil, []byte(in))), want)
	}
}

// Objects are told from broken ones as encoding/json tells them, for all that
// Go itself can write.
func TestObjectsOfEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		fields := map[string]any{"log": text, "n": rapid.Int().Draw(t, "n"), "deep": []any{map[string]string{text: "]"}, nil, 1.5, "}"}, "t": true}
		in, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		m, found := object(in), 0
		for {
			key, value, more := m.next()
			if !more {
				break
			}
			found++
			if string(key) == "log" && utf8.ValidString(text) && !strings.Contains(text, "\x00") &&
				string(appendString(nil, value[1:len(value)-1])) != text {
				t.Fatalf("%s: log reads %q", in, value)
			}
		}
		if !m.ok || found != len(fields) {
			t.Fatalf("%s: %d members, ok %v", in, found, m.ok)
		}
		cut := object(in[:rapid.IntRange(1, len(in)-1).Draw(t, "cut")])
		for more := true; more; {
			_, _, more = cut.next()
		}
		if cut.ok {
			t.Fatalf("%s: a part passes for the whole", cut.b)
		}
	})
}
