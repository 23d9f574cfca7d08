package trace

import "bytes"

// This file reads the crashes of Chromium and what is built on it (Electron,
// CEF), of Unity's players, of Mono, and of ClickHouse.

// cppEngineDeath tells whether t is the line with which one of them begins.
//
//	Received signal 11 SEGV_MAPERR 000000000000
//	Caught fatal signal - signo:11 code:1 errno:0 addr:0x3fb
//	Got a SIGSEGV while executing native code. This usually indicates
//	(version 19.17.4.11) (from thread 377) Received signal Segmentation fault (11).
func cppEngineDeath(t span) bool {
	switch t[0] {
	case 'R':
		return cppReceived(t) != cppNoSignal
	case 'C':
		return t.has("Caught fatal signal - signo:")
	case 'G':
		return t.has("Got a SIG") && bytes.Contains(t, []byte(" while executing native code"))
	case '(':
		return (t.has("(version ") || t.has("(from thread ")) && bytes.Contains(t, []byte(") Received signal "))
	}
	return false
}

// What follows "Received signal 11": Chromium's handler says why the kernel sent
// it. Without that a program may speak of its own shutdown, so a stack must follow.
const (
	cppNoSignal = iota
	cppBareSignal
	cppCodedSignal
)

func cppReceived(t span) int {
	if !t.has("Received signal ") {
		return cppNoSignal
	}
	n, rest, _ := nativeNumber(t[len("Received signal "):])
	switch n {
	case 4, 5, 6, 7, 8, 10, 11, 12, 31:
	default:
		return cppNoSignal
	}
	code := rest.left()
	for _, w := range [...]string{"SEGV_", "BUS_", "ILL_", "FPE_", "TRAP_", "<unknown>"} {
		if code.has(w) {
			return cppCodedSignal
		}
	}
	if len(rest) > 0 {
		return cppNoSignal
	}
	return cppBareSignal
}

// cppEngineName is the signal and the sentence of such a line.
func cppEngineName(t span) (typ, value string) {
	if i := bytes.Index(t, []byte("signo:")); i >= 0 {
		n, _, _ := nativeNumber(t[i+len("signo:"):])
		for name, number := range goSignals {
			if number == n {
				return name, string(t)
			}
		}
	}
	if i := bytes.Index(t, []byte("Received signal ")); i > 0 {
		t = t[i:]
	}
	if i := bytes.Index(t, []byte(". This usually")); i > 0 {
		t = t[:i]
	}
	if typ = cppSignalIn(t); typ == "" {
		typ = "signal"
	}
	return typ, string(t)
}

// cppEngineLine tells the lines that stand around their stacks.
func cppEngineLine(t span) bool {
	switch t[0] {
	case '#':
		return cppHouseTitle(t)
	case '=':
		return len(t) >= 40 && len(bytes.Trim(t, "=")) == 0
	case '(':
		return t.has("(query_id: ") || t.has("(version ")
	case 'A':
		return t.has("Address: ") || t.has("Address not mapped") || t.has("Access: ")
	case 'C':
		return t.has("Changed settings: ")
	case 'I':
		return t.has("Integrity check of the executable ")
	case 'M':
		return string(t) == "Managed Stacktrace:"
	case 'N':
		return string(t) == "Native stacktrace:"
	case 'O':
		return t.has("Obtained ") && t.ends(" stack frames.")
	case 'R':
		return t.has("Report this error to ")
	case 'S':
		return t.has("Signal description: ") || t.has("Stack trace: 0x")
	case 'U':
		return t.has("Unknown si_code")
	case 'a':
		if t.has("a fatal error in the mono runtime or one of the native libraries") {
			return true
		}
		return t.has("at ") && t.ends(">") && bytes.Contains(t, []byte(" <0x")) // managed
	case 'u':
		return string(t) == "used by your application."
	}
	return cppRegisters(t)
}

// cppRegisters reads a row of Chromium's registers: "r8: 00000000beeddead  r9: 00000000beeddead".
func cppRegisters(t span) bool {
	i := bytes.IndexByte(t[:min(len(t), 5)], ':')
	if i < 2 || i+10 > len(t) || t[i+1] != ' ' {
		return false
	}
	for _, b := range t[i+2 : i+10] {
		if !nativeDigit(b) {
			return false
		}
	}
	return t[i-1] >= 'a' && t[i-1] <= 'z' || isDigit(t[i-1])
}

const cppStackEnd = "[end of stack trace]"

// cppHashRow reads "#0 0x7f5f5acc9d07 base::debug::CollectStackTrace()" and
// "#0  0x007043a5642520 in __sigaction".
func cppHashRow(t span) (c nativeCall, n int, ok bool) {
	n, rest, ok := nativeNumber(t[1:])
	if !ok {
		return c, -1, false
	}
	if c.addr, rest, ok = nativeHex(rest.left()); !ok {
		return c, -1, false
	}
	rest = span(bytes.TrimPrefix(rest.left(), []byte("in "))).left()
	if c.mod, rest = nativeModule(rest); string(rest) != "<unknown>" {
		c.fn = rest
	}
	return c, n, true
}

// cppImageRow reads "0   Electron Framework   0x000000011c27d249 base::debug::CollectStackTrace() + 9".
func cppImageRow(t span) (c nativeCall, n int, ok bool) {
	n, rest, ok := nativeNumber(t)
	at := bytes.Index(rest, []byte(" 0x"))
	if !ok || at < 1 || !rest.has("  ") {
		return c, -1, false
	}
	if c.mod = rest[:at].trim(); string(c.mod) == "???" {
		c.mod = nil
	}
	if c.addr, rest, ok = nativeHex(rest[at+1:]); !ok || len(c.addr) < 10 {
		return c, -1, false
	}
	c.fn = rest.left()
	if plus := bytes.LastIndex(c.fn, []byte(" + ")); plus > 0 {
		c.fn = c.fn[:plus]
	}
	if string(c.fn) == "0x0" {
		c.fn = nil
	}
	return c, n, true
}

// cppMonoRow reads "0x7fff031151fe - /srv/libmono.so : mono_breakpoint_clean_code".
func cppMonoRow(t span) (c nativeCall, n int, ok bool) {
	var rest span
	if c.addr, rest, ok = nativeHex(t); !ok || !rest.has(" - ") {
		return c, -1, false
	}
	at := bytes.LastIndex(rest, []byte(" : "))
	if at < len(" - ") {
		return c, -1, false
	}
	c.mod = rest[len(" - "):at]
	if fn := rest[at+len(" : "):]; string(fn) != "(null)" && string(fn) != "Unknown" {
		c.fn = fn
	}
	return c, -1, true
}
