package trace

import "bytes"

// The states.
const (
	// zigHead: "thread 3576 panic: worker 2: ledger", "Segmentation fault at address 0x8", whose text may go on; next zigRows.
	zigHead State = iota + 1

	// zigRows: "/srv/pay.zig:9:36: 0x113d436 in charge (pay.zig)"; next zigRows, zigSource.
	zigRows

	// zigSource: "        if (amount > self.balance) return error.Declined;", which the caret below it proves; next zigRows.
	zigSource

	// zigBetween: the blank line before "stack trace:", and that line; next zigRows.
	zigBetween
)

// Zig is the grammar of Zig's panics, signals and error return traces, from 0.8
// to 0.17. A row is proof in itself: nothing else prints an address between a place and a name.
func Zig() Language {
	return Language{
		Name:     "zig",
		Title:    "Zig",
		Hints:    append([]string{"thread ", "???:?:?: 0x", "General protection exception"}, zigSignals()...),
		RowHints: sourceRowHints,
		Marks:    []string{": 0x"},
		Step:     zigStep,
		Back:     zigBack,
		Read:     zigRead,
	}
}

func zigStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	if s == Outside {
		return zigOpen(l)
	}
	if _, ok := zigRow(l); ok || zigNote(l.trim()) {
		return zigRows, Take
	}
	if kind, _ := zigDeath(l); kind != "" || s == zigRows && zigLogged(l) > 0 {
		return Outside, No // the next trace
	}
	switch s {
	case zigHead:
		return s, Text
	case zigRows:
		if len(l.trim()) == 0 {
			return zigBetween, Hold
		}
		return zigSource, Hold
	case zigSource:
		if zigCaret(l.trim()) {
			return zigRows, Take
		}
	}
	return Outside, No
}

func zigOpen(l span) (State, Verdict) {
	if l.indent() > 0 {
		return Outside, No
	}
	if kind, _ := zigDeath(l); kind != "" && !l.has("panic: ") { // without a thread it is also Go's, and the rows prove it
		return zigHead, Hold
	}
	if _, ok := zigRow(l); ok {
		return zigRows, Take
	}
	return Outside, No
}

// zigFaults are the signals that Zig's runtime catches, by what it prints of them.
var zigFaults = [...][2]string{
	{"Segmentation fault", "SIGSEGV"},
	{"Illegal instruction", "SIGILL"},
	{"Bus error", "SIGBUS"},
	{"Arithmetic exception", "SIGFPE"},
	{"General protection exception", "SIGSEGV"},
}

func zigSignals() []string {
	var out []string
	for _, f := range zigFaults[:4] {
		out = append(out, f[0]+" at address 0x", f[0]+" (no address")
	}
	return out
}

// zigDeath tells what ended the program: "panic" or the name of a signal, and
// where in the line the text begins.
func zigDeath(l span) (kind string, text int) {
	const threads, panics = "thread ", "panic: "
	if l.has(panics) {
		return "panic", len(panics)
	}
	if l.has(threads) {
		_, rest, ok := nativeNumber(l[len(threads):])
		if ok && rest.has(" "+panics) {
			return "panic", len(l) - len(rest) + 1 + len(panics)
		}
		return "", 0
	}
	for _, f := range zigFaults {
		if rest := l[min(len(f[0]), len(l)):]; l.has(f[0]) && (rest.has(" at address 0x") || rest.has(" (no address available)")) {
			return f[1], 0
		}
	}
	return "", 0
}

// zigRow reads "path:9:36: 0x113d436 in charge (pay.zig)"; unknown parts are question marks.
func zigRow(l span) (c nativeCall, ok bool) {
	at := bytes.Index(l, []byte(": 0x"))
	if at < 1 {
		return c, false
	}
	if c.addr, _, ok = nativeHex(l[at+2:]); !ok {
		return c, false
	}
	rest := l[at+2+len(c.addr):].right()
	if !rest.has(" in ") || !rest.ends(")") {
		return c, false
	}
	open := bytes.LastIndex(rest, []byte(" ("))
	if open <= len(" in ") {
		return c, false
	}
	c.fn, c.mod = rest[len(" in "):open], rest[open+2:len(rest)-1]
	if place := l[:at]; string(place) != "???:?:?" {
		c.file, c.line, c.col, ok = nativePlace(place)
		return c, ok && c.line > 0
	}
	return c, true
}

// zigNote tells whether t is a line that the runtime prints between, above or in place of rows.
func zigNote(t span) bool {
	if len(t) == 0 {
		return false
	}
	switch t[0] {
	case 'U':
		return t.has("Unable to dump stack trace: ") || t.has("Unable to print stack trace: ") ||
			(t.has("Unwind error at address ") || t.has("Unwind information for ")) && t.ends(", trace may be incomplete")
	case 'C':
		return t.has("Cannot print stack trace: ")
	case 'P':
		return string(t) == "Panicked during a panic. Aborting."
	case 'a':
		return string(t) == "aborting due to recursive panic"
	case 'e':
		return string(t) == "error return context:"
	case 's':
		return string(t) == "stack trace:"
	case '(':
		return string(t) == "(empty stack trace)" || bytes.Contains(t, []byte("stack frames")) && t.ends("skipped...)") ||
			t.ends(" skipped due to buffer size limitations...)")
	}
	return false
}

// zigCaret tells whether t is the line that points into the source above it.
func zigCaret(t span) bool {
	for _, b := range t {
		if b != '^' && b != '~' && b != ' ' {
			return false
		}
	}
	return len(t) > 0
}

// zigBack finds the header above a row that came without a known one: "error: Declined",
// a line of std.log, "panic: x" of a program without threads, which looks like Go's until the row.
func zigBack(before Window, opening []byte) int {
	if _, ok := zigRow(opening); !ok {
		return 0
	}
	n := before.Len()
	for i := n - 1; i >= max(0, n-backLines); i-- {
		l := span(before.Line(i))
		if kind, _ := zigDeath(l); kind != "" {
			return n - i
		}
		if i == n-1 && (len(zigError(l)) > 0 || zigLogged(l) > 0) {
			return 1
		}
		if before.Record(i) {
			break
		}
	}
	return 0
}

// zigLogged is the length of what std.log prints in front of a complaint: "error: ", "error(pay): ", "warning: ".
func zigLogged(l span) int {
	n := 0
	switch {
	case l.has("error"):
		n = len("error")
	case l.has("warning"):
		n = len("warning")
	default:
		return 0
	}
	if l[n:].has("(") {
		end := bytes.IndexByte(l[n:], ')')
		if end < 0 {
			return 0
		}
		n += end + 1
	}
	if !l[n:].has(": ") || l[n:].has(": '") && bytes.Contains(l, []byte("' failed: ")) { // the latter is zig's test runner
		return 0
	}
	return n + 2
}

// zigError is the name in "error: Declined" or in a record's message that is nothing else.
func zigError(l span) span {
	name := span(bytes.TrimPrefix(l, []byte("error: "))).right()
	if !zigName(name) {
		return nil
	}
	return name
}

// zigName tells whether s can be the name of an error.
func zigName(s span) bool {
	for _, b := range s {
		if !isDigit(b) && (b|0x20 < 'a' || b|0x20 > 'z') && b != '_' {
			return false
		}
	}
	return len(s) > 0 && !isDigit(s[0])
}
