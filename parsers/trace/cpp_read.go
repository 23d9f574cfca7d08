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
	if t.has("@ ") {
		return cppAtRow(t)
	}
	if t.ends("]") {
		return cppSymbols(t)
	}
	if n, rest, ok := nativeNumber(t); ok && rest.has("# ") {
		return cppNumbered(rest[2:].left(), n)
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
	open := bytes.LastIndexByte(t, '(')
	if open < 1 {
		return c, -1, false
	}
	in := t[open+1 : len(t)-1]
	if plus := bytes.LastIndex(in, []byte("+0x")); plus >= 0 {
		in = in[:plus]
	}
	c.mod, c.fn = t[:open], in
	return c, -1, bytes.IndexByte(c.mod, ' ') < 0 || bytes.IndexByte(c.mod, '/') == 0
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
// program's own printed, if it is not a log record.
func cppBack(before Window, opening []byte) int {
	n := before.Len()
	if cppDeath(span(opening).trim()) != cppNothing || n == 0 || before.Record(n-1) {
		return 0
	}
	if l := span(before.Line(n - 1)); len(l.trim()) == 0 || len(l) > 300 {
		return 0
	}
	return 1
}

// cppRead is the Read of the language.
func cppRead(lines [][]byte) (Trace, bool) {
	var rows []nativeCall
	typ, value, died := "", "", false
	for i, raw := range lines {
		l := span(raw)
		t := l.trim()
		if c, _, ok := cppRow(l); ok {
			rows = append(rows, c)
			continue
		}
		if len(rows) > 0 && l.indent() >= 16 {
			if file, line, col, ok := nativePlace(t); ok {
				c := &rows[len(rows)-1]
				c.file, c.line, c.col = file, line, col
				continue
			}
		}
		kind := cppDeath(t)
		if kind == cppNothing {
			if what, ok := bytes.CutPrefix(t, []byte("what():")); ok && value == "" {
				value = string(span(what).left())
			} else if i == 0 {
				value = string(t)
			}
			continue
		}
		died = true
		if ty, v := cppName(kind, t); ty != "" && (typ == "" || typ == "SIGABRT") {
			typ, value = ty, v
		}
	}
	if typ == "" && len(rows) == 0 {
		return Trace{}, false
	}
	t := Trace{Died: died}
	nativeCrash(&t, typ, value, rows)
	if kind := cppDeath(span(lines[0]).trim()); kind == cppSignal || kind == cppGlibc {
		t.Exceptions[0].Mechanism.Synthetic = true
	}
	return t, true
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
	case cppSignal:
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

// cppAsserted is the expression that did not hold.
func cppAsserted(s string) string {
	if _, expr, ok := strings.Cut(s, ": Assertion `"); ok {
		return strings.TrimSuffix(expr, "' failed.")
	}
	return strings.TrimPrefix(s, "Assertion failed: ")
}
