package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

const (
	// ocamlHead: "Fatal error: exception Acme: first line", whose text may go on; next ocamlRows.
	ocamlHead State = iota + 1

	// ocamlRows: `Called from Pay.find in file "pay.ml" (inlined), line 2, characters 18-37`; next ocamlRows.
	ocamlRows
)

const ocamlFatal = "Fatal error: exception "

// Ocaml is the grammar of OCaml's backtraces, of a program that died and of Printexc.print_backtrace.
func Ocaml() Language {
	return Language{
		Name:  "ocaml",
		Title: "OCaml",
		Hints: []string{ocamlFatal, "Raised at ", "Raised by primitive operation at ", "Re-raised at "},
		Step:  ocamlStep, Back: ocamlBack, Read: ocamlRead,
	}
}

func ocamlStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	if s == Outside {
		if l.has(ocamlFatal) {
			if first := l[min(len(l), len(ocamlFatal)):]; len(first) > 0 && first[0] >= 'a' && first[0] <= 'z' {
				return ocamlHead, Hold // prose, or an error of Base, which prints its text only
			}
			if text := l.right(); text.ends(")") || bytes.IndexByte(text[len("Fatal error:"):], ':') < 0 {
				return ocamlRows, Take
			}
			return ocamlHead, Take
		}
		if _, ok := ocamlRow(l); ok {
			return ocamlRows, Take
		}
		return Outside, No
	}
	if _, ok := ocamlRow(l); ok {
		return ocamlRows, Take
	}
	if s == ocamlHead && !l.has(ocamlFatal) {
		return s, Text
	}
	return Outside, No
}

// ocamlCall is one row; the slices are parts of the line.
type ocamlCall struct {
	fn, file  span
	line, col int
}

var ocamlVerbs = [...]string{"Raised at ", "Raised by primitive operation at ", "Re-raised at ", "Called from "}

// ocamlRow reads verb [name " in "] `file "x.ml"` [" (inlined)"] ", line 3, characters 5-9".
func ocamlRow(line span) (c ocamlCall, ok bool) {
	t := line.trim()
	for _, verb := range ocamlVerbs {
		if t.has(verb) {
			t, ok = t[len(verb):], true
			break
		}
	}
	if !ok || string(t) == "unknown location" {
		return c, ok
	}
	open := bytes.Index(t, []byte(`file "`))
	if open < 0 {
		return c, false
	}
	if open > 0 {
		c.fn = bytes.TrimSuffix(t[:open], []byte(" in "))
	}
	t = t[open+len(`file "`):]
	end := bytes.IndexByte(t, '"')
	if end < 0 {
		return c, false
	}
	c.file, t = t[:end], t[end+1:]
	at := bytes.Index(t, []byte(", line"))
	if at < 0 {
		return c, false
	}
	t = bytes.TrimPrefix(t[at+len(", line"):], []byte("s")) // "lines 3-5" of OCaml 5
	t = t.left()
	n := 0
	for n < len(t) && isDigit(t[n]) {
		n++
	}
	if c.line, ok = t[:n].number(); !ok {
		return c, false
	}
	if at = bytes.Index(t, []byte("characters ")); at > 0 {
		first, _, _ := bytes.Cut(t[at+len("characters "):], []byte("-"))
		if col, ok := span(first).number(); ok {
			c.col = col + 1
		}
	}
	return c, true
}

// ocamlBack takes the line on which the program named the exception.
func ocamlBack(before Window, opening []byte) int {
	n := before.Len()
	if span(opening).has(ocamlFatal) || n == 0 || len(span(before.Line(n-1)).trim()) == 0 {
		return 0
	}
	return 1
}

func ocamlRead(lines [][]byte) (Trace, bool) {
	var frames []event.Frame
	var text [][]byte
	for _, l := range lines {
		c, ok := ocamlRow(l)
		switch {
		case ok && len(c.file) > 0:
			frames = append(frames, c.frame())
		case !ok && len(frames) == 0:
			text = append(text, l)
		}
	}
	whole := joinText(text)
	fatal := strings.HasPrefix(whole, ocamlFatal)
	thread, killed := "", false
	if rest, ok := strings.CutPrefix(whole, "Thread "); ok && !fatal {
		if thread, rest, killed = strings.Cut(rest, " killed on uncaught exception "); killed {
			whole = rest
		}
	}
	if len(frames) == 0 && !fatal {
		return Trace{}, false
	}
	if whole == "" {
		st, _ := newestFirst(frames)
		return Trace{Platform: "other", Threads: []event.Thread{{ID: "0", Stacktrace: st}}}, true
	}
	lead, x := ocamlException(strings.TrimPrefix(whole, ocamlFatal), fatal || killed)
	t := single("other", x, frames)
	t.Lead = lead
	if fatal {
		t.died()
	}
	if killed {
		t.Exceptions[0].ThreadID, t.Exceptions[0].Mechanism.Handled = thread, new(false)
		t.Threads = []event.Thread{{ID: thread, Crashed: true}}
	}
	t.markApp(ocamlIsApp)
	return t, true
}

// ocamlPrinted are the exceptions that the runtime prints without their name.
var ocamlPrinted = [...][2]string{
	{": Assertion failed", "Assert_failure"},
	{": Pattern matching failed", "Match_failure"},
	{": Undefined recursive module", "Undefined_recursive_module"},
	{"Stack overflow", "Stack_overflow"},
	{"Out of memory", "Out_of_memory"},
}

// ocamlException takes "Pay.Declined(51, \"w-8912\")" apart; where the program printed
// it, text may stand in front.
func ocamlException(text string, fatal bool) (lead string, x event.Exception) {
	for _, p := range ocamlPrinted {
		if strings.HasSuffix(text, p[0]) {
			return "", event.Exception{Type: p[1], Value: text}
		}
	}
	if in, ok := strings.CutPrefix(strings.TrimSuffix(text, ")"), "("); ok && fatal { // Base prints (Invalid_argument "no funds")
		if name, value, _ := strings.Cut(in, " "); ocamlName(name+":") == len(name) {
			return "", event.Exception{Type: name[strings.LastIndexByte(name, '.')+1:], Value: strings.Trim(value, `"`)}
		}
	}
	at, n := 0, ocamlName(text)
	for tries := 0; n == 0 && !fatal && tries < 8; tries++ {
		next := strings.Index(text[at:], ": ")
		if next < 0 {
			break
		}
		at += next + 2
		n = ocamlName(text[at:])
	}
	if n == 0 {
		return "", event.Exception{Type: "exception", Value: text}
	}
	name, value := text[at:at+n], strings.TrimSpace(strings.TrimPrefix(text[at+n:], ":"))
	if in, ok := strings.CutPrefix(strings.TrimSuffix(value, ")"), "("); ok {
		if plain, ok := ocamlUnquoted(in); ok {
			value = plain
		}
	}
	x = event.Exception{Type: name, Value: value}
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		x.Module, x.Type = strings.TrimPrefix(name[:dot], "Dune__exe__"), name[dot+1:]
	}
	return strings.TrimRight(text[:at], ": "), x
}

// ocamlUnquoted is the text of a string as %S prints it; ok is false if s is anything else.
func ocamlUnquoted(s string) (text string, ok bool) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s, false
	}
	out := make([]byte, 0, len(s))
	for s = s[1 : len(s)-1]; len(s) > 0; {
		b, n := s[0], 1
		switch {
		case b == '"':
			return s, false
		case b != '\\':
		case len(s) == 1:
			return s, false
		case isDigit(s[1]): // a byte as three decimals
			code, err := strconv.ParseUint(s[1:min(4, len(s))], 10, 8)
			if err != nil {
				return s, false
			}
			b, n = byte(code), min(4, len(s))
		default:
			b, n = s[1], 2
			if at := strings.IndexByte("ntrb", b); at >= 0 {
				b = "\n\t\r\b"[at]
			}
		}
		out, s = append(out, b), s[n:]
	}
	return string(out), true
}

// ocamlName is the length of an exception's name at the start of s, if what follows it can follow one.
func ocamlName(s string) int {
	n, start, capital := 0, true, false
	for ; n < len(s); n++ {
		b := s[n]
		letter := b|0x20 >= 'a' && b|0x20 <= 'z'
		switch {
		case start && b >= 'A' && b <= 'Z':
			capital = true
		case start:
			return 0
		case letter || isDigit(b) || b == '_' || b == '\'':
		case b == '.':
			start = true
			continue
		default:
			if b == '(' || b == ':' {
				return n
			}
			return 0
		}
		start = false
	}
	if !capital || start {
		return 0
	}
	return n
}

func (c *ocamlCall) frame() event.Frame {
	f := event.Frame{Filename: string(c.file), Lineno: c.line, Colno: c.col}
	name := strings.TrimPrefix(string(c.fn), "Dune__exe__")
	if name == "" {
		return f
	}
	f.Module = name
	if dot := strings.IndexByte(name, '.'); dot > 0 && dot+1 < len(name) {
		f.Module, f.Function = name[:dot], name[dot+1:]
	}
	return f
}

func ocamlIsApp(f *event.Frame) bool {
	for _, p := range [...]string{"Stdlib", "Camlinternal", "Lwt", "Eio", "Dune_", "Base__", "Core__", "Async_"} {
		if strings.HasPrefix(f.Module, p) {
			return false
		}
	}
	return f.Module != "Thread" && f.Module != "Printexc"
}
