package trace

import "bytes"

// The states. The upper bit stands for lines within one of Logging's boxes.
const (
	// juliaHead: "ERROR: LoadError: Declined: 51 from w-7", and the text that may follow; next juliaStack.
	juliaHead State = iota + 1

	// juliaStack: "Stacktrace:"; next juliaRows.
	juliaStack

	// juliaRows: " [2] charge(n::Int64)", "   @ Main ./pay.jl:3", "in expression starting at pay.jl:7"; next juliaNext, juliaStack, juliaCause.
	juliaRows

	// juliaNext: the blank line that may part an exception from its cause; next juliaCause.
	juliaNext

	// juliaCause: "caused by: wallet unknown", "    nested task error: x > 3", and the text that may follow; next juliaStack.
	juliaCause

	// juliaBox: "┌ Error: charging failed", "│   exception =", and each line up to the stack; next juliaStack.
	juliaBox

	// juliaSignal: "signal (11): Segmentation fault"; next juliaCode.
	juliaSignal

	// juliaCode: "unsafe_load at ./pointer.jl:105 [inlined]", "unknown function (ip: 0x7f9f718d3da4)"; next juliaCode.
	juliaCode

	// juliaValue: "│   exception = KeyError: key 3 not found" of a box, which may have no stack; next juliaStack.
	juliaValue

	juliaPlain State = 15
	juliaBoxed State = 16
)

// Julia is the grammar of Julia's stack traces, of one line a row up to 1.5 and
// of two since, with the boxes that Logging draws around them and what the
// runtime prints when a signal ends it.
func Julia() Language {
	return Language{
		Name:     "julia",
		Title:    "Julia",
		Hints:    []string{"ERROR: ", "Unhandled Task ERROR: ", "Stacktrace:", juliaTop + "Error: ", juliaTop + "Warning: ", juliaSide + juliaField, juliaSide + " ERROR: ", "signal (", "signal 1", juliaFatal},
		RowHints: []string{"["}, Marks: []string{"): "},
		Step: juliaStep, Back: juliaBack, Read: juliaRead,
	}
}

const (
	juliaTop    = "┌ "
	juliaSide   = "│"
	juliaBottom = "└ @ "

	juliaField = "   exception ="

	juliaFatal = "fatal: error thrown and no exception handler available."
)

func juliaStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	if s == Outside {
		return juliaOpen(l)
	}
	if s&juliaBoxed != 0 {
		if l.has(juliaBottom) {
			if in := s & juliaPlain; in == juliaRows || in == juliaValue {
				return juliaRows | juliaBoxed, Last
			}
			return Outside, No // a box without a stack is a record
		}
		if !l.has(juliaSide) {
			return Outside, No
		}
		next, v := juliaInside(s&juliaPlain, l[len(juliaSide):])
		if v == No {
			next, v = s&juliaPlain, Text // another field
		}
		return next | juliaBoxed, v
	}
	return juliaInside(s, l)
}

func juliaOpen(l span) (State, Verdict) {
	switch {
	case l.has(juliaSide):
		return juliaValue | juliaBoxed, Hold
	case l.has(juliaTop):
		return juliaBox | juliaBoxed, Hold
	case juliaSignalName(l) != "", l.has(juliaFatal):
		return juliaSignal, Hold
	case l.indent() > 4:
	case string(l.trim()) == "Stacktrace:":
		return juliaStack, Hold
	case l.has("ERROR: "), l.has("Unhandled Task ERROR: "):
		return juliaHead, Hold
	}
	return Outside, No
}

func juliaInside(s State, l span) (State, Verdict) {
	t := juliaBare(l)
	switch s {
	case juliaSignal, juliaCode:
		if next, v := juliaStepCode(t); v != No || s == juliaCode {
			return next, v
		}
		return s, Text
	case juliaStack:
		if juliaRow(t) {
			return juliaRows, Take
		}
		return Outside, No
	}
	if string(t) == "Stacktrace:" {
		return juliaStack, Hold
	}
	switch s {
	case juliaBox:
		if l.has(juliaField) {
			return juliaValue, Hold
		}
		return s, Text
	case juliaHead, juliaCause, juliaValue:
		return s, Text
	case juliaRows:
		switch {
		case len(t) == 0:
			return juliaNext, Hold
		case juliaRow(t), juliaPlace(t), juliaBetween(t):
			return juliaRows, Take
		case juliaCauses(t):
			return juliaCause, Hold
		}
	case juliaNext:
		switch {
		case juliaCauses(t):
			return juliaCause, Hold
		case juliaMore(t):
			return juliaRows, Take
		}
	}
	return Outside, No
}

func juliaStepCode(t span) (State, Verdict) {
	switch c, ok := juliaCodeRow(t); {
	case ok && c.line >= 0, t.has("in expression starting at "), t.has("unknown function (ip: 0x"):
		return juliaCode, Take
	case t.has("Allocations: "):
		return juliaCode, Last
	}
	return Outside, No
}

// juliaBare is a line without its indent and without the lines that Julia 1.12
// draws beside rows that repeat.
func juliaBare(l span) span {
	t := l.trim()
	for len(t) >= 3 && t[0] == 0xe2 && t[1] >= 0x94 && t[1] <= 0x95 {
		t = t[3:].left()
	}
	return t
}

// juliaRow reads "[2] charge(n::Int64)", with or without " at ./pay.jl:3".
func juliaRow(t span) bool {
	if len(t) < 5 || t[0] != '[' {
		return false
	}
	_, rest, ok := nativeNumber(t[1:])
	return ok && rest.has("] ") && len(rest) > 2
}

// juliaPlace reads "@ Main ./pay.jl:3 [inlined]", which stands below a row.
func juliaPlace(t span) bool { return t.has("@ ") }

// juliaBetween tells whether t stands for other rows or ends them.
func juliaBetween(t span) bool {
	return t.has("--- the ") && t.ends(" more times ---") || t.has("in expression starting at ") || t.has("⋮") || string(t) == "..." ||
		t.has("repeated ") && t.ends(" times")
}

func juliaCauses(t span) bool {
	return t.has("caused by: ") || t.has("caused by [exception ") || t.has("nested task error: ")
}

// juliaMore tells whether t says how many exceptions are not shown.
func juliaMore(t span) bool { return t.has("...and ") && bytes.Contains(t, []byte(" more exception")) }

// juliaSignalName is the name in "signal (11): Segmentation fault", "[77] signal (11.1): Segmentation fault"
// and "[77] signal 11 (1): Segmentation fault".
func juliaSignalName(l span) string {
	t := l.right()
	if t.has("[") {
		_, rest, ok := nativeNumber(t[1:])
		if !ok || !rest.has("] signal ") {
			return ""
		}
		t = rest[2:]
	}
	if !t.has("signal ") {
		return ""
	}
	t = bytes.TrimPrefix(t[len("signal "):], []byte("("))
	n, rest, ok := nativeNumber(t)
	colon := bytes.Index(rest, []byte(": "))
	if !ok || colon < 1 || colon > 8 || rest[0] != ')' && rest[0] != '.' && rest[0] != ' ' {
		return ""
	}
	return juliaSignals[min(max(n, 0), len(juliaSignals)-1)]
}

var juliaSignals = [...]string{
	2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV", 15: "SIGTERM", 16: "",
}

// juliaCodeRow reads "main at /srv/pay/pay.jl:86 [inlined]" and "jfptr at sys.so (unknown line)"; line is -1 for neither.
func juliaCodeRow(t span) (c juliaCall, ok bool) {
	t = bytes.TrimSuffix(t, []byte(" [inlined]"))
	at := bytes.LastIndex(t, []byte(" at "))
	if at < 1 || t.has("in expression starting at ") {
		return juliaCall{line: -1}, false
	}
	c.fn = t[:at]
	place := t[at+len(" at "):]
	if lib, found := bytes.CutSuffix(place, []byte(" (unknown line)")); found {
		c.lib = lib
		return c, len(lib) > 0
	}
	if c.file, c.line, _, ok = nativePlace(place); !ok {
		c.line = -1
	}
	return c, ok
}

// juliaBack finds the text above "Stacktrace:", of which "ERROR: " may be a record's
// head by now, and the top of a box, which may be a record's, too.
func juliaBack(before Window, opening []byte) int {
	o, n := span(opening), before.Len()
	if o.has(juliaSide) {
		at := n
		for at > 0 && span(before.Line(at-1)).has(juliaSide) && !before.Record(at-1) {
			at--
		}
		if at > 0 && (before.Record(at-1) || span(before.Line(at-1)).has(juliaTop)) {
			at--
		}
		return n - at
	}
	if n == 0 || string(o.trim()) != "Stacktrace:" {
		return 0
	}
	nearest := 0
	for i := n - 1; i >= max(0, n-backLines); i-- {
		l := span(before.Line(i))
		name := juliaType(l)
		if l.has("ERROR: ") || before.Record(i) && (name.ends("Error") || name.ends("Exception")) {
			return n - i
		}
		if before.Record(i) {
			break
		}
		if nearest == 0 && len(name) > 0 {
			nearest = n - i
		}
	}
	if nearest == 0 && len(span(before.Line(n-1)).trim()) > 0 {
		nearest = 1
	}
	return nearest
}

// juliaType is the name in front of an exception's text: "KeyError" of `KeyError: key "a" not found`.
func juliaType(l span) span {
	n, letters := 0, false
	for n < len(l) && (isDigit(l[n]) || l[n]|0x20 >= 'a' && l[n]|0x20 <= 'z' || l[n] == '_' || l[n] == '.') {
		letters = letters || l[n] >= 'a' && l[n] <= 'z'
		n++
	}
	if n == 0 || l[0] < 'A' || l[0] > 'Z' || !letters || l[n-1] == '.' {
		return nil
	}
	if rest := l[n:]; len(rest.right()) == 0 || rest.has(": ") || rest.has("(") || string(rest.right()) == ":" || rest.has(" with ") && l[:n].ends("Error") {
		return l[:n]
	}
	return nil
}
