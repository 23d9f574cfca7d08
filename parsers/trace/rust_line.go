package trace

import "bytes"

const (
	rustFatal   = "fatal runtime error: "
	rustCrashed = "The application panicked (crashed)." // color-eyre
)

// rustSpot is a place in a source as printed.
type rustSpot struct {
	file      span
	line, col int
}

// rustTitle is the head of a panic taken apart; the slices are parts of the line.
type rustTitle struct {
	thread   span
	id       span // the thread's number, printed since Rust 1.91
	text     span // the message, where it stands on this line
	place    rustSpot
	old      bool // the message stands on this line
	open     bool // ... and goes on
	overflow bool // "has overflowed its stack"
}

// rustHeadLine reads the head of a panic, or of a stack overflow.
func rustHeadLine(t span) (h rustTitle, ok bool) {
	rest := t
	if t.has("thread '") {
		if rest, ok = h.named(t[len("thread '"):]); !ok {
			return h, false
		}
	}
	if h.overflow {
		return h, true
	}
	if !rest.has("panicked at ") {
		return h, false
	}
	rest = rest[len("panicked at "):].right()
	if len(rest) == 0 {
		return h, false
	}
	if rest[0] == '\'' {
		h.old = true
		h.text, h.place, ok = rustUnquote(rest[1:])
		if !ok {
			h.text, h.open = rest[1:], true
		}
		return h, len(h.thread) > 0 || !h.open
	}
	if rest[len(rest)-1] == ':' {
		rest = rest[:len(rest)-1]
	}
	h.place, ok = rustPlace(rest)
	return h, ok
}

// named reads the thread's name, which may hold anything, and its number.
func (h *rustTitle) named(t span) (rest span, ok bool) {
	at := bytes.Index(t, []byte(" panicked at "))
	if at < 0 {
		at = bytes.Index(t, []byte(" has overflowed its stack"))
		h.overflow = at >= 0
	}
	if at < 0 {
		return nil, false
	}
	name := t[:at]
	if name.ends(")") {
		open := bytes.LastIndex(name, []byte(" ("))
		if open < 0 {
			return nil, false
		}
		h.id, name = name[open+2:len(name)-1], name[:open]
	}
	if !name.ends("'") {
		return nil, false
	}
	h.thread = name[:len(name)-1]
	return t[at+1:], true
}

// rustUnquote reads "message', src/main.rs:7:16", the form before Rust 1.73,
// and "message': src/main.rs:7" of the crate log-panics.
func rustUnquote(t span) (text span, place rustSpot, ok bool) {
	end := bytes.LastIndexByte(t, '\'')
	if end < 0 || end+3 > len(t) || t[end+1] != ',' && t[end+1] != ':' || t[end+2] != ' ' {
		return t, place, false
	}
	place, ok = rustPlace(t[end+3:])
	return t[:end], place, ok
}

// rustPlace reads file:line[:column].
func rustPlace(t span) (p rustSpot, ok bool) {
	t = t.trim()
	file, n, ok := nodeNumberBehind(t)
	if !ok {
		return p, false
	}
	p.file, p.line = file, n
	if f, line, more := nodeNumberBehind(file); more {
		p.file, p.line, p.col = f, line, n
	}
	return p, p.file.ends(".rs") || p.file.ends(">") || bytes.ContainsAny(p.file, "/\\.") && bytes.IndexByte(p.file, ' ') < 0
}

// rustLine is a row of a backtrace: number, address, symbol.
type rustLine struct {
	number int
	addr   span
	symbol span
}

// rustRow reads "   3: pay::divide" and "   3:     0x55d3c2b0 - pay::divide::h0123456789abcdef".
func rustRow(l span) (r rustLine, ok bool) {
	t := l.trim()
	n := 0
	for n < len(t) && isDigit(t[n]) {
		n++
	}
	if n == 0 || n+2 > len(t) || t[n] != ':' || !isBlank(t[n+1]) {
		return r, false
	}
	if r.number, ok = t[:n].number(); !ok {
		return r, false
	}
	r.symbol = t[n+1:].left()
	if r.symbol.has("0x") {
		if dash := bytes.Index(r.symbol, []byte(" - ")); dash > 0 {
			r.addr, r.symbol = r.symbol[:dash], r.symbol[dash+3:].left()
		} else if bytes.IndexByte(r.symbol, ' ') < 0 {
			r.addr, r.symbol = r.symbol, nil
		}
	}
	return r, true
}

// rustAt reads "at ./src/main.rs:5:36" below a row.
func rustAt(t span) (p rustSpot, ok bool) {
	if !t.has("at ") {
		return p, false
	}
	return rustPlace(t[3:])
}

// rustPlain tells whether a line is the symbol of an inlined call, whose row has
// no number, after the carrier ate the indent.
func rustPlain(t span) bool {
	return bytes.Contains(t, []byte("::")) && !bytes.Contains(t, []byte(": ")) && !isDigit(t[0]) && t[0] != '['
}

// rustNote tells whether t is a trailer of a panic or of a report.
func rustNote(t span) bool {
	switch {
	case len(t) == 0:
		return false
	case t[0] == 'n':
		return t.has("note: run with `RUST_BACKTRACE=") || t.has("note: Run with `RUST_BACKTRACE=") || t.has("note: Some details are omitted") ||
			t.has("note: backtrace capture failed")
	case t[0] == 'B':
		return t.has("Backtrace omitted. Run with ")
	case t[0] == 'R':
		return t.has("Run with COLORBT_SHOW_HIDDEN=") || t.has("Run with RUST_BACKTRACE=")
	}
	return false
}

// rustRule tells whether t is one of color-eyre's titles, "━━━━ BACKTRACE ━━━━".
func rustRule(t span) bool { return t.has("━━") }

// rustHidden tells whether t stands for rows that color-eyre left out.
func rustHidden(t span) bool { return t.has("⋮") || t.has("[... omitted ") }

// rustDrawn tells whether t is a line of a report of error-stack.
func rustDrawn(t span) bool {
	return t.has("├") || t.has("╰") || t.has("│") || t.has("|-") || t.has("╰─▶")
}

// rustReported tells whether t is the line of such a report that names a place.
func rustReported(t span) bool {
	if at := bytes.Index(t, []byte("at ")); t.has("├") && at > 0 && at < 12 {
		p, ok := rustAt(t[at:])
		return ok && p.file.ends(".rs")
	}
	return false
}

// rustFirstRow tells whether a backtrace begins here without a title, as the crate log-panics prints it.
func rustFirstRow(r rustLine) bool {
	return r.number == 0 && (bytes.Contains(r.symbol, []byte("::")) || len(r.addr) > 0)
}

// rustAborts tells whether t is the last line of a process that may not unwind.
func rustAborts(t span) bool {
	return t.has("thread caused non-unwinding panic. abort") || t.has("thread panicked while processing panic. abort") || t.has(rustFatal) ||
		t.has("thread panicked while panicking. abort") || rustShell(t)
}

// rustShell tells whether t is what a shell says of a process that aborted.
func rustShell(t span) bool { return string(t) == "Aborted (core dumped)" || string(t) == "Aborted" }

func rustAllocation(t span) bool {
	return t.has("memory allocation of ") && (t.ends(" bytes failed") || t.ends(" bytes failed, aborting"))
}

// rustOwn tells whether a panic was raised by the runtime itself about another one.
func rustOwn(file span) bool {
	return file.ends("core/src/panicking.rs") || file.ends("core\\src\\panicking.rs")
}

// rustDebug is the length of the type's name where t is what #[derive(Debug)]
// prints: "Os { code: 2, ..", `Parse("x")`, "Declined(51)"; 0 if it is not.
func rustDebug(t span) int {
	n := 0
	for n < len(t) && (javaLetter(t[n]) || n > 0 && isDigit(t[n])) {
		n++
	}
	if n == 0 || t[0] < 'A' || t[0] > 'Z' {
		return 0
	}
	switch rest := t[n:]; {
	case rest.has(" { ") && rest.ends(" }"):
		colon := bytes.Index(rest, []byte(": "))
		if colon > 0 && bytes.IndexByte(rest[3:colon], ' ') < 0 {
			return n
		}
	case rest.has("(") && rest.ends(")") && len(rest) > 2:
		in := rest[1 : len(rest)-1]
		if _, ok := in.number(); ok || in[0] == '"' && in.ends(`"`) || rustDebug(in) > 0 {
			return n
		}
	}
	return 0
}

// rustReturned tells whether t is the Debug output of an error and nothing else,
// which is what main prints. A Box<dyn Error> made of text prints as a quoted text.
func rustReturned(t span) bool {
	return rustDebug(t) > 0 || len(t) > 2 && t[0] == '"' && bytes.IndexByte(t[1:], '"') == len(t)-2
}

// rustCausedBy tells the title above causes; snafu has two of its own.
func rustCausedBy(t span) bool {
	return string(t) == "Caused by:" || string(t) == "Caused by this error:" || t.has("Caused by these errors ") && t.ends(":")
}

// rustMiette tells the line of a report of miette that has the error's text.
func rustMiette(t span) bool { return t.has("× ") }

// rustSnippet tells the other lines of such a report: the source it speaks of, and advice.
func rustSnippet(l, t span) bool {
	for _, p := range [...]string{"help: ", "╭", "╰", "·", "diagnostic ", "Begin snippet for ", "snippet line ", "For more details, see:"} {
		if t.has(p) {
			return true
		}
	}
	_, rest, ok := nativeNumber(t)
	return ok && l.indent() > 0 && rest.has(" │")
}

func rustNumbered(l span) bool {
	_, ok := rustRow(l)
	return ok
}

// rustSorry is the first line of what human-panic prints.
const rustSorry = "Well, this is embarrassing."

const rustCrashedFor = " had a problem and crashed. To help us diagnose"

// rustInSorry is the Step below it.
func rustInSorry(t span) (State, Verdict) {
	switch {
	case len(t) == 0:
		return rustHuman, Hold
	case bytes.Contains(t, []byte(rustCrashedFor)), t.has("We have generated a report file at "):
		return rustHuman, Take
	case t.has("Thank you kindly!"):
		return Outside, Last
	case t.has("- "), t.has("We take privacy"):
		return rustHuman, Hold
	}
	return Outside, No
}
