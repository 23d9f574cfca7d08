package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

const (
	// tclWithin: "    while executing", "    invoked from within"; next tclCommand, tclPlace.
	tclWithin State = iota + 1

	// tclCommand: inside a command of several lines, "switch $c {; next tclPlace.
	tclCommand

	// tclPlace: behind a command or a place, `    (procedure "find" line 1)`; next tclPlace, tclWithin.
	tclPlace
)

// Tcl is the grammar of errorInfo.
func Tcl() Language {
	return Language{Name: "tcl", Title: "Tcl", Hints: []string{"while executing", "invoked from within", "while compiling"}, Step: tclStep, Back: tclBack, Read: tclRead}
}

func tclStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	switch {
	case s != tclCommand && tclLink(t):
		if s == Outside {
			return tclWithin, Hold
		}
		return tclWithin, Take
	case s == Outside:
	case s == tclWithin:
		if len(t) > 1 && t[0] == '"' {
			if tclCloses(t[1:]) {
				return tclPlace, Take
			}
			return tclCommand, Hold
		}
	case s == tclCommand:
		if tclCloses(t) {
			return tclPlace, Take
		}
		return s, Text
	case tclAt(t):
		return tclPlace, Take
	}
	return Outside, No
}

// tclLink tells whether t is one of the phrases between a command and its callers.
func tclLink(t span) bool {
	switch string(t) {
	case "while executing", "invoked from within", "while compiling":
		return true
	}
	return false
}

// tclCloses tells whether a command's last line ends here: with its quote, the
// command before it cut short or not.
func tclCloses(t span) bool { return t.ends(`"`) }

// tclAt tells whether t is a place: (procedure "x" line 1), ("foreach" body line 1), (file "x.tcl" line 4).
func tclAt(t span) bool {
	return len(t) > 2 && t[0] == '(' && (t.ends(")") || bytes.Contains(t, []byte(" term ")))
}

// tclBack takes the message above "while executing"; Tcl has no mark for where it begins, but most
// messages of several lines set in all but the first and the last.
func tclBack(before Window, _ []byte) int {
	n := before.Len()
	if n == 0 || len(span(before.Line(n-1)).trim()) == 0 {
		return 0
	}
	return n - messageTop(before, n-1)
}

func tclRead(lines [][]byte) (Trace, bool) {
	mark := 0
	for mark < len(lines) && !tclLink(span(lines[mark]).trim()) {
		mark++
	}
	if mark == 0 || mark == len(lines) {
		return Trace{}, false
	}
	var r tclReader
	state := tclWithin
	for _, l := range lines[mark+1:] {
		t := span(l).trim()
		switch was := state; {
		case was != tclCommand && tclLink(t):
			state = tclWithin
		case was == tclWithin || was == tclCommand:
			state, _ = tclStep(was, l)
			r.ran(t, was == tclWithin)
		default:
			r.place(t)
		}
	}
	r.place(nil)
	if len(r.frames) == 0 {
		return Trace{}, false
	}
	t := single("other", event.Exception{Type: "Error", Value: joinText(lines[:mark])}, r.frames)
	t.markApp(func(f *event.Frame) bool {
		return !strings.Contains(f.Filename, "/tcltk/") && !strings.Contains(f.Filename, "/lib/tcl")
	})
	return t, true
}

// tclReader pairs each command with the procedure or file in which it stands.
type tclReader struct {
	frames  []event.Frame // newest first
	command string
}

// ran notes the text of a command; only the first line of the innermost is kept until its place is known.
func (r *tclReader) ran(t span, first bool) {
	if first && r.command == "" && len(t) > 0 {
		r.command = string(bytes.TrimSuffix(t[1:], []byte(`"`)))
	}
}

// place reads a place; nil stands for the end, where a command may be left whose place was not printed.
func (r *tclReader) place(t span) {
	f := event.Frame{ContextLine: strings.TrimSpace(r.command)}
	switch {
	case t == nil && r.command == "":
		return
	case t == nil:
		f.Function = "<toplevel>"
	case t.has(`(procedure "`):
		f.Function = tclQuoted(t)
	case t.has(`(file "`):
		f.Filename = tclQuoted(t)
		if f.Filename == "" {
			return
		}
		if f.Filename[0] == '/' || len(f.Filename) > 2 && f.Filename[1] == ':' {
			f.AbsPath = f.Filename
		}
	case t.has("(lambda "):
		f.Function = "<lambda>"
	case t.has(`(class "`), t.has(`(object "`):
		f.Module, f.Function = tclMethod(string(t))
	default: // the body of a loop, the arm of a switch: still the same procedure
		return
	}
	if at := bytes.LastIndex(t, []byte(" line ")); at > 0 {
		f.Lineno, _ = span(bytes.TrimSuffix(t[at+len(" line "):], []byte(")"))).number()
	}
	if f.Function == "" && f.Filename == "" {
		f.Function = "?"
	}
	r.frames = append(r.frames, f)
	r.command = ""
}

// tclMethod reads the place in an object's code.
//
//	(class "::Wallet" method "debit" line 1)    (class "::Wallet" constructor line 1)    (object "::oo::Obj13" method "debit" line 1)
func tclMethod(t string) (class, method string) {
	_, rest, _ := strings.Cut(t, `"`)
	class, rest, _ = strings.Cut(rest, `" `)
	class = strings.TrimPrefix(class, "::")
	if strings.HasPrefix(class, "oo::Obj") { // numbered as they are made
		class = "oo::Obj"
	}
	if _, name, ok := strings.Cut(rest, `method "`); ok {
		method, _, _ = strings.Cut(name, `"`)
		return class, method
	}
	method, _, _ = strings.Cut(rest, " ")
	return class, method
}

// tclQuoted is the text between the first quote and the last.
func tclQuoted(t span) string {
	open, end := bytes.IndexByte(t, '"'), bytes.LastIndexByte(t, '"')
	if end <= open {
		return ""
	}
	return string(t[open+1 : end])
}
