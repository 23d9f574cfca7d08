package trace

import "bytes"

// The states.
const (
	// crystalHead: "Unhandled exception: first line", "Caused by: wallet unknown (Ledger::Unknown)", whose text may go on; next crystalRows.
	crystalHead State = iota + 1

	// crystalRows: "  from src/pay.cr:13:7 in 'charge'"; next crystalRows, crystalHead.
	crystalRows

	// crystalSignal: "Invalid memory access (signal 11) at address 0x8"; next crystalCode.
	crystalSignal

	// crystalCode: "[0x55f83f1c20c6] *Crystal::main_user_code<Int32>:Nil +6 in ./pay"; next crystalCode.
	crystalCode
)

const (
	crystalUnhandled = "Unhandled exception: "
	crystalSpawned   = "Unhandled exception in spawn"
	crystalCaused    = "Caused by: "
)

// Crystal is the grammar of Crystal: exceptions that nobody rescued, in the main
// fiber or in one that was spawned, those that Log and inspect_with_backtrace
// print, and what the runtime prints when a signal ends the program.
func Crystal() Language {
	return Language{
		Name:  "crystal",
		Title: "Crystal",
		Hints: []string{crystalUnhandled, crystalSpawned, "from ", "Invalid memory access (signal ", crystalOverflow, crystalNoRaise},
		Step:  crystalStep,
		Back:  crystalBack,
		Read:  crystalRead,
	}
}

func crystalStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	if s == Outside {
		return crystalOpen(l)
	}
	if s == crystalSignal || s == crystalCode {
		if _, ok := crystalCodeRow(l); ok {
			return crystalCode, Take
		}
		return Outside, No
	}
	if _, ok := crystalRow(l); ok {
		return crystalRows, Take
	}
	switch {
	case l.has(crystalUnhandled), l.has(crystalSpawned):
	case s == crystalHead:
		return s, Text
	case l.has(crystalCaused):
		return crystalHead, Hold
	}
	return Outside, No
}

func crystalOpen(l span) (State, Verdict) {
	switch {
	case l.indent() > 4: // the report of a failed test
	case l.indent() > 0:
		if _, ok := crystalRow(l); ok {
			return crystalRows, Take
		}
	case l.has(crystalSpawned + ": "), l.has(crystalSpawned + "(name: "):
		return crystalHead, Take // a guess would stand behind Python's, who knows "Unhandled exception in event loop"
	case l.has(crystalUnhandled):
		return crystalHead, Hold
	case crystalFault(l) != "":
		return crystalSignal, Hold
	default: // a carrier has eaten the indent
		if c, ok := crystalRow(l); ok && c.file.ends(".cr") {
			return crystalRows, Take
		}
	}
	return Outside, No
}

const (
	crystalOverflow = "Stack overflow (e.g., infinite or very deep recursion)"
	crystalNoRaise  = "Failed to raise an exception: "
)

// crystalFault names what ended a program without an exception.
func crystalFault(l span) string {
	switch {
	case l.has("Invalid memory access (signal 7)"):
		return "SIGBUS"
	case l.has("Invalid memory access (signal "):
		return "SIGSEGV"
	case l.has(crystalOverflow):
		return "StackOverflow"
	case l.has(crystalNoRaise):
		return "FailedRaise"
	}
	return ""
}

// crystalCall is one row; the slices are parts of the line.
type crystalCall struct {
	fn, file, mod, addr span
	line, col           int
	times               int // that the row stands for
}

// crystalRow reads "  from src/pay.cr:13:7 in 'charge'", "  from ./pay in '??'" and "  from ???".
func crystalRow(l span) (c crystalCall, ok bool) {
	t := l.trim()
	if !t.has("from ") {
		return c, false
	}
	t = t[len("from "):]
	if string(t) == "???" {
		return c, true
	}
	if !t.ends("'") {
		c.file, c.line, c.col, ok = nativePlace(t)
		return c, ok && c.file.ends(".cr")
	}
	in := bytes.Index(t, []byte(" in '"))
	if in < 1 || in+len(" in '") >= len(t) {
		return c, false
	}
	c.fn = t[in+len(" in '") : len(t)-1]
	if c.file, c.line, c.col, ok = nativePlace(t[:in]); !ok {
		c.file, c.mod = nil, t[:in]
	}
	return c, len(c.fn) > 0
}

// crystalCodeRow reads "[0x55f8] *deep<Int32>:Int32 +30 in ./pay (12 times)"; name, offset and file may be missing.
func crystalCodeRow(l span) (c crystalCall, ok bool) {
	t := l.trim()
	if !t.has("[0x") {
		return c, false
	}
	if c.addr, t, ok = nativeHex(t[1:]); !ok || !t.has("] ") {
		return c, false
	}
	t = t[len("] "):]
	if t.ends(" times)") {
		if open := bytes.LastIndex(t, []byte(" (")); open > 0 {
			if c.times, ok = t[open+2 : len(t)-len(" times)")].number(); ok {
				t = t[:open]
			}
		}
	}
	c.fn = t
	if plus := bytes.LastIndex(t, []byte(" +")); plus > 0 {
		rest := t[plus+2:]
		for len(rest) > 0 && isDigit(rest[0]) {
			rest = rest[1:]
		}
		if len(rest) < len(t)-plus-2 && (len(rest) == 0 || rest.has(" in ")) {
			c.fn, c.mod = t[:plus], rest[min(len(rest), len(" in ")):]
		}
	} else if in := bytes.LastIndex(t, []byte(" in ")); in > 0 {
		c.fn, c.mod = t[:in], t[in+len(" in "):]
	}
	return c, len(c.fn) > 0
}

// crystalBack finds "text (Class)" above a row. What stands above that may be the
// first line of its text as well as anything else, and goes to the record.
func crystalBack(before Window, opening []byte) int {
	n := before.Len()
	if _, ok := crystalRow(opening); !ok || n == 0 || len(crystalClass(before.Line(n-1))) == 0 {
		return 0
	}
	return 1
}

// crystalClass is the class in parentheses at the end of a message's last line.
func crystalClass(l span) span {
	t := l.right()
	open := bytes.LastIndexByte(t, '(')
	if !t.ends(")") || open < 1 || t[open-1] != ' ' {
		return nil
	}
	name := t[open+1 : len(t)-1]
	if len(name) == 0 || name[0] < 'A' || name[0] > 'Z' {
		return nil
	}
	for _, b := range name {
		switch {
		case isDigit(b), b|0x20 >= 'a' && b|0x20 <= 'z', b == '_', b == ':':
		default:
			return nil
		}
	}
	return name
}
