package trace

import (
	"bytes"
	"strings"
)

// cppRow reads a row of a stack: of glog and abseil ("@ 0x55 f()"), of
// backtrace_symbols ("./pay(main+0x12c)[0x5621]"), of boost and std::stacktrace
// (" 0# f() at pay.cc:4"). n is its number; -1 if it has none.
func cppRow(l span) (c nativeCall, n int, ok bool) {
	t := l.trim()
	if len(t) == 0 {
		return c, -1, false
	}
	switch {
	case t.has("@ "):
		return cppAtRow(t)
	case t[0] == '#':
		return cppHashRow(t)
	case t.has("0x"):
		return cppMonoRow(t)
	}
	number, rest, numbered := nativeNumber(t)
	switch {
	case numbered && rest.has(". "):
		return cppHouseRow(rest[2:].left(), number)
	case numbered && rest.has("  "):
		return cppImageRow(t)
	}
	if t.ends("]") {
		return cppSymbols(t)
	}
	if numbered && rest.has("# ") {
		return cppNumbered(rest[2:].left(), number)
	}
	return c, -1, false
}

// cppAtRow reads "@     0x7f0a6cd851ed  google::LogMessage::Fail()"; abseil has the frame's size in front of the name.
func cppAtRow(t span) (c nativeCall, n int, ok bool) {
	rest := t[1:].left()
	if c.addr, rest, ok = nativeHex(rest); !ok {
		i := 0
		for i < len(rest) && nativeDigit(rest[i]) {
			i++
		}
		if i < 8 {
			return c, -1, false
		}
		c.addr, rest = rest[:i], rest[i:]
	}
	rest = rest.left()
	if _, after, is := nativeNumber(rest); is && after.has(" ") {
		rest = after.left()
	}
	if after, is := bytes.CutPrefix(rest, []byte("(unknown)")); is && len(after) > 0 {
		rest = span(after).left()
	}
	c.fn = rest
	return c, -1, len(rest) > 0 || c.addr != nil
}

// cppSymbols reads "./pay(_ZN7surepay2btEv+0x1f)[0x5621082613ab]".
func cppSymbols(t span) (c nativeCall, n int, ok bool) {
	i := bytes.LastIndexByte(t, '[')
	if i < 2 {
		return c, -1, false
	}
	addr, rest, ok := nativeHex(t[i+1 : len(t)-1])
	if !ok || len(rest) > 0 {
		return c, -1, false
	}
	c.addr = addr
	t = t[:i].right()
	if !t.ends(")") {
		c.mod = t
		return c, -1, len(t) > 0 && bytes.IndexByte(t, '/') >= 0
	}
	open := cppOpening(t)
	if open < 1 {
		return c, -1, false
	}
	in := t[open+1 : len(t)-1]
	if plus := bytes.LastIndex(in, []byte("+0x")); plus >= 0 {
		in = in[:plus]
	}
	c.mod, c.fn = t[:open], in
	if file, line, col, is := nativePlace(c.mod); is && len(in) > 0 && bytes.IndexByte(file, ' ') < 0 { // MariaDB: "sql/handler.cc:4421(handler::ha_write_row(unsigned char const*))[0x55]"
		c.mod, c.file, c.line, c.col = nil, file, line, col
		if line == 0 {
			c.file = nil
		}
	}
	if i := bytes.LastIndexByte(c.mod, ' '); i > 0 && bytes.IndexByte(c.mod[i:], ':') > 0 && isDigit(c.mod[len(c.mod)-1]) { // Redis writes its address over its arguments
		c.mod = c.mod[:i]
	}
	return c, -1, bytes.IndexByte(c.mod, ' ') < 0 || c.mod.has("postgres: ") || bytes.IndexByte(c.mod, '/') == 0
}

// cppOpening finds the bracket that the last one closes: a demangled name has its own.
func cppOpening(t span) int {
	depth := 0
	for i := len(t) - 1; i > 0; i-- {
		switch t[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// cppNumbered reads what follows the number of a row of boost or std::stacktrace.
func cppNumbered(t span, n int) (c nativeCall, _ int, ok bool) {
	if len(t) == 0 {
		return c, n, false
	}
	if i := bytes.LastIndex(t, []byte(" in ")); i > 0 {
		c.mod, t = t[i+len(" in "):], t[:i]
	} else if i := bytes.LastIndex(t, []byte(" at ")); i > 0 {
		if file, line, col, is := nativePlace(t[i+len(" at "):]); is {
			c.file, c.line, c.col, t = file, line, col, t[:i]
		}
	}
	if addr, rest, is := nativeHex(t); is {
		c.addr, t = addr, rest.left()
	}
	c.fn = t
	return c, n, c.mod != nil || c.line > 0 || c.addr != nil
}

// cppBack takes the line above the first row of a stack that a handler of the
// program's own printed, if it is not a log record; above the rows of a server,
// and of glog's checks, the record that says why it dies.
func cppBack(before Window, opening []byte) int {
	n := before.Len()
	if n == 0 {
		return 0
	}
	t := span(opening).trim()
	if t.has("*** Check failure stack trace: ***") {
		return cppBackTo(before, 10, func(int) bool { return false }, true)
	}
	if cppDeath(t) != cppNothing || cppHouseTitle(t) {
		return 0
	}
	if t.has("0. ") {
		return cppHouseBack(before)
	}
	if up := cppBackTo(before, backLines, func(i int) bool { return cppGotSignal(before.Line(i)) }, false); up > 0 {
		return up
	}
	if before.Record(n - 1) {
		return 0
	}
	l := span(before.Line(n - 1))
	if len(l.trim()) == 0 || len(l) > 300 {
		return 0
	}
	for i := n - 1; i >= max(0, n-cppMost) && len(span(before.Line(i)).trim()) > 0; i-- { // "ERROR order was lost", and set in below it "caused by: no funds"
		if before.Record(i) || span(before.Line(i)).indent() == 0 {
			return n - i
		}
	}
	return 1
}

// cppBackTo finds a line above; record says that any log record will do. Of
// records in a row (Redis) the search goes on.
func cppBackTo(before Window, most int, is func(i int) bool, record bool) int {
	n := before.Len()
	for i := n - 1; i >= max(0, n-most); i-- {
		if is(i) || record && before.Record(i) {
			return n - i
		}
	}
	return 0
}

// cppLongest bounds what an exception says, in bytes.
const cppLongest = 8 << 10

// cppReader takes the lines of one crash.
type cppReader struct {
	rows       []nativeCall
	typ, value string
	shell      [2]string  // what the shell calls the signal, and its line
	place      nativeCall // of an assertion
	fatal      bool       // a logger ended the program, after it logged the value
	says       bool       // within what an exception says
	server     bool       // a database said the value
	died       bool
	lead       string
}

// cppRead is the Read of the language.
func cppRead(lines [][]byte) (Trace, bool) {
	if t, ok := cppDebugged(lines); ok {
		return t, true
	}
	var r cppReader
	for i, raw := range lines {
		r.line(span(raw), i)
	}
	if r.typ == "" && r.shell[0] == "" && len(r.rows) == 0 {
		return Trace{}, false
	}
	r.value = strings.TrimRight(r.value, " \n")
	r.name()
	if len(r.rows) == 0 && r.place.line > 0 {
		r.rows = []nativeCall{r.place}
	}
	t := Trace{Died: r.died, Lead: r.lead}
	nativeCrash(&t, r.typ, r.value, cppOwn(r.rows))
	if kind := cppDeath(span(lines[0]).trim()); kind == cppSignal || kind == cppGlibc || kind == cppNamed {
		t.Exceptions[0].Mechanism.Synthetic = true
	}
	return t, true
}

// cppDebugged reads an exception below which a debugger tells of the signal that it ended in, and where.
func cppDebugged(lines [][]byte) (Trace, bool) {
	for i := 1; i < len(lines); i++ {
		if gdbTitle(span(lines[i]).trim()) != gdbSignal {
			continue
		}
		t, ok := gdbRead(lines[i:])
		said, named := cppRead(lines[:i])
		if !ok || !named || len(t.Exceptions) == 0 {
			return t, false
		}
		x, why := &t.Exceptions[0], &said.Exceptions[0]
		x.Type, x.Value, x.Mechanism = why.Type, why.Value, why.Mechanism
		return t, true
	}
	return Trace{}, false
}

func (r *cppReader) line(l span, i int) {
	t := l.trim()
	if c, _, ok := cppRow(l); ok {
		r.rows, r.says = append(r.rows, c), false
		return
	}
	if len(r.rows) > 0 && l.indent() >= 16 {
		if file, line, col, ok := nativePlace(t); ok {
			c := &r.rows[len(r.rows)-1]
			c.file, c.line, c.col = file, line, col
			return
		}
	}
	if len(r.rows) == 1 && len(t) > 0 && (string(t) == "Backtrace:" || cppServer(t) && isDigit(t[0])) { // below "EIP:", which the stack has once more
		r.rows = nil
	}
	kind := cppDeath(t)
	if kind == cppNothing {
		switch what, ok := bytes.CutPrefix(t, []byte("what():")); {
		case ok && r.value == "":
			r.value, r.says = string(span(what).left()), true
		case r.says && len(r.value) > cppLongest:
		case r.says:
			r.value += "\n" + string(l.right())
		case i == 0, cppGotSignal(t) && r.typ == "":
			r.value = strings.TrimSuffix(strings.TrimPrefix(string(t), "UTC - "), " ;")
			r.server = r.server || cppGotSignal(t)
			r.died = r.died || r.server
		case i < cppMost && len(r.rows) == 0 && r.typ == "" && len(t) > 0 && !r.server:
			r.value += "\n" + string(t)
		}
		return
	}
	r.died, r.says = true, false
	r.fatal = r.fatal || t.has("*** Check failure stack trace: ***")
	if kind == cppAssert {
		r.place = cppAssertedAt(string(t))
	}
	ty, v := cppName(kind, t)
	switch {
	case ty == "":
	case kind == cppShell, kind == cppNamed: // says less than anything else
		r.shell = [2]string{ty, v}
	case r.typ == "", r.typ == "SIGABRT" && ty != "terminate":
		r.typ, r.value, r.says = ty, v, t.has("libc++abi")
	}
}

// name settles what the crash is called.
func (r *cppReader) name() {
	if r.typ == "" && r.value == "" {
		r.typ, r.value = r.shell[0], r.shell[1]
	}
	if r.typ != "" || r.value == "" || r.houseError() {
		return
	}
	if rest, ok := strings.CutPrefix(r.value, "Check failed: "); ok {
		r.typ, r.value = "Check failed", rest
		return
	}
	if r.typ = cppSignalIn(span(r.value)); r.typ == "" {
		r.typ = r.shell[0]
	}
	if r.typ == "" || r.fatal {
		r.typ = "error"
	}
}

// cppOwn leaves out the functions of a logger that only end the program.
func cppOwn(rows []nativeCall) []nativeCall {
	for i := range rows {
		if fn := nativeName(string(rows[i].fn)); !strings.HasPrefix(fn, "google::LogMessage") && !strings.HasPrefix(fn, "google::ErrnoLogMessage") &&
			!strings.HasPrefix(fn, "base::debug::") && !strings.HasPrefix(fn, "logging::LogMessage") && !strings.HasPrefix(fn, "absl::log_internal::") && !strings.HasPrefix(fn, "absl::lts_") {
			return rows[i:]
		}
	}
	return rows
}

// cppName is the type and the value that a line gives to the crash.
func cppName(kind int, t span) (typ, value string) {
	s := string(t)
	switch kind {
	case cppUncaught:
		return cppThrownName(s)
	case cppGlibc:
		if _, text, ok := strings.Cut(s, "': "); ok && strings.HasPrefix(s, "*** Error in `") {
			s, _, _ = strings.Cut(text, ": 0x")
		}
		s, _, _ = strings.Cut(strings.TrimPrefix(s, "*** "), " ***")
		return "SIGABRT", s
	case cppAssert:
		return "Assertion failed", cppAsserted(s)
	case cppRedis:
		return cppSignalIn(t), s
	case cppShell:
		signal, _, _ := cppKilled(t)
		return signal, s
	case cppNamed:
		signal, program, _ := cppScript(t)
		return signal, cppWord(signal) + ": " + string(program)
	case cppSignal:
		if cppEngineDeath(t) {
			return cppEngineName(t)
		}
		if i := strings.Index(s, "SIG"); i >= 0 {
			n := i
			for n < len(s) && (s[n] >= 'A' && s[n] <= 'Z' || isDigit(s[n])) {
				n++
			}
			return s[i:n], strings.Trim(s, "* ")
		}
	}
	return "", ""
}

// cppThrownName reads the exception that reached the runtime.
func cppThrownName(s string) (typ, value string) {
	if _, name, ok := strings.Cut(s, "an instance of '"); ok {
		return strings.TrimSuffix(name, "'"), ""
	}
	if _, name, ok := strings.Cut(s, "exception of type "); ok {
		typ, value, _ = strings.Cut(name, ": ")
		return typ, value
	}
	_, text, ok := strings.Cut(s, "abi: ")
	if !ok {
		text = s
	}
	return "terminate", text
}

// cppWord is what the C library calls a signal.
func cppWord(signal string) string {
	for _, w := range cppWords {
		if w.signal == signal {
			return w.text
		}
	}
	return signal
}
