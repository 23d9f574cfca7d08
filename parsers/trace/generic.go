package trace

import "bytes"

// The states. Above the low bits stand the kind of the rows and how many lines
// were taken in the state.
const (
	// genericHead: "Unhandled exception:", "Stacktrace:", and what follows up to the first row; next genericRows.
	genericHead State = iota + 1

	// genericGuess: rows without a heading; the third of a kind proves them; next genericRows.
	genericGuess

	// genericRows: "#1      main (file:///srv/pay.dart:15:20)", "  from src/pay.cr:3:5 in 'charge'"; next genericRows.
	genericRows

	genericKind  State = 3
	genericRow   State = 0xff << 2 // which word begins the rows
	genericShift       = 2
	genericCount       = 10 // lines, from this bit on
)

const (
	genericProof   = 3 // rows of one kind that make a stack without a heading
	genericMessage = 8 // lines between a heading and the first row
)

// genericHeadings announce a stack in many runtimes.
var genericHeadings = []string{
	"Unhandled exception", "Uncaught exception", "Stacktrace:", "Stack trace:", "Backtrace:", "backtrace:", "Call stack:",
}

// Generic is the last resort: a block that is plainly the stack trace of a runtime
// that no other grammar knows (Nim, Gleam, Wren and those to come). Rows
// must have a word in front and a file with a line; a heading or three rows of one
// kind must prove them, and the line above must speak of an error.
func Generic() Language {
	hints := append([]string{"#0 ", "#1 ", "from ", "at ", "in ", "by "}, genericHeadings...)
	return Language{Name: "generic", Title: "any other that prints a plain stack trace", Hints: hints, Step: genericStep, Back: genericBack, Read: genericRead}
}

func genericStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	c := genericFrame(l)
	n := s >> genericCount
	switch s & genericKind {
	case Outside:
		if genericHeading(t) {
			return genericHead, Hold
		}
		if c.line > 0 && !genericKnown(l) {
			return genericGuess | State(c.word)<<genericShift | 1<<genericCount, Hold
		}
	case genericGuess:
		if c.line == 0 || State(c.word) != s&genericRow>>genericShift || genericKnown(l) {
			return Outside, No
		}
		if n+1 >= genericProof {
			return genericRows, Take
		}
		return s + 1<<genericCount, Hold
	case genericHead:
		if _, ok := phpRow(t); ok && t.has("#0 ") { // below MediaWiki's "Backtrace:"
			return Outside, No
		}
		if c.word != 0 && !genericKnown(l) {
			return genericRows, Take
		}
		if l.indent() == 0 && n < genericMessage {
			return s + 1<<genericCount, Text
		}
	case genericRows:
		if c.word != 0 && !genericKnown(l) || genericBetween(t) {
			return s, Take
		}
	}
	return Outside, No
}

// genericHeading tells whether t announces a stack. What stands behind "Unhandled exception" is its message.
func genericHeading(t span) bool {
	for i, h := range genericHeadings {
		if t.has(h) {
			return i < 2 && bytes.IndexByte(t, ':') > 0 || len(t) == len(h)
		}
	}
	return false
}

// genericKnown tells whether another grammar knows the row for its own; it then opens its own trace.
func genericKnown(l span) bool {
	if _, g := nodeFrame(l); g == nodeSure {
		return true
	}
	_, g := javaFrame(l)
	return g == javaSure
}

// genericBetween tells whether t is a line that runtimes print between rows.
func genericBetween(t span) bool {
	return string(t) == "<asynchronous suspension>" || string(t) == "..." || t.has("(elided ") || t.has("--- the ") || t.has("in expression starting at ")
}

// genericCall is one row; the slices are parts of the line.
type genericCall struct {
	word      byte // what begins the row; 0 for what is no row
	fn, file  span
	line, col int // 0 where the row has no place of its own
}

// genericWords are what rows begin with.
var genericWords = [...]string{"at ", "from ", "in ", "called from ", "by ", "@ "}

// genericFrame reads a row. A number ("#1", "[1]", "1:") may stand for the word.
func genericFrame(l span) (c genericCall) {
	t := l.trim()
	rest := t
	for i, w := range genericWords {
		if t.has(w) {
			c.word, rest = byte(i+1), t[len(w):]
			break
		}
	}
	if c.word == 0 {
		c.word, rest = genericNumbered(t)
	}
	if c.word == 0 || l.indent() == 0 && c.word != '#' && c.word != '[' {
		return genericCall{}
	}
	c.split(span(bytes.TrimSuffix(rest, []byte(" [inlined]"))).left())
	if c.line == 0 && c.word != '[' {
		return genericCall{}
	}
	return c
}

// genericNumbered reads "#1 ", "[1] " and gives the sign and what follows.
func genericNumbered(t span) (word byte, rest span) {
	if len(t) < 3 || t[0] != '#' && t[0] != '[' {
		return 0, nil
	}
	n := 1
	for n < len(t) && n < 6 && isDigit(t[n]) {
		n++
	}
	if n == 1 {
		return 0, nil
	}
	rest = t[n:]
	if t[0] == '[' && !rest.has("] ") || t[0] == '#' && !rest.has(" ") {
		return 0, nil
	}
	if t[0] == '[' {
		rest = rest[1:]
	}
	return t[0], rest
}

// split finds the place in a row: "name (file:3:5)", "file:3:5 in 'name'",
// "name at file:3", "Module file:3".
func (c *genericCall) split(t span) {
	switch {
	case t.ends(")") && bytes.LastIndexByte(t, '(') >= 0:
		open := bytes.LastIndexByte(t, '(')
		if c.place(t[open+1 : len(t)-1]) {
			c.fn = t[:open].right()
			return
		}
	case bytes.Contains(t, []byte(" in ")):
		at := bytes.Index(t, []byte(" in "))
		if c.place(t[:at]) {
			c.fn = bytes.Trim(t[at+len(" in "):], "'`\"")
			return
		}
		fallthrough
	default:
		at := bytes.LastIndexByte(t, ' ') + 1
		if c.place(t[at:]) {
			fn := t[:at].right()
			fn = bytes.TrimSuffix(bytes.TrimSuffix(fn, []byte(" in")), []byte(" at"))
			c.fn = fn
			return
		}
	}
	c.fn = t
}

// place reads file:line[:column]; a file has an extension that begins with a letter.
func (c *genericCall) place(t span) bool {
	rest, n, ok := nodeNumberBehind(t)
	if !ok || n == 0 {
		return false
	}
	file, line, col := rest, n, 0
	if inner, m, two := nodeNumberBehind(rest); two {
		file, line, col = inner, m, n
	}
	dot := bytes.LastIndexByte(file, '.')
	if line == 0 || dot < 0 || len(file)-dot < 2 || len(file)-dot > 8 || isDigit(file[dot+1]) || bytes.IndexByte(file, ' ') >= 0 {
		return false
	}
	c.file, c.line, c.col = file, line, col
	return true
}
