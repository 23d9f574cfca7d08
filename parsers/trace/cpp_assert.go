package trace

import "strings"

// cppAssertedAt is where an assertion stands: "pay: pay.cc:71: int main(int, char**): Assertion `x' failed.".
func cppAssertedAt(s string) (c nativeCall) {
	if cppTrap(span(s)) {
		_, c = cppTrapped(s)
		return c
	}
	if at, _, ok := strings.Cut(s, ": Assertion `"); ok {
		parts := strings.SplitN(at, ": ", 3)
		for i, p := range parts[:min(2, len(parts))] {
			if file, line, col, ok := nativePlace(span(p)); ok {
				c.file, c.line, c.col = file, line, col
				c.fn = span(cppBare(strings.Join(parts[i+1:], ": ")))
				return c
			}
		}
		return c
	}
	if _, at, ok := strings.Cut(s, ", file "); ok { // macOS, Windows
		file, rest, _ := strings.Cut(at, ", line ")
		c.file = span(strings.TrimSpace(file))
		c.line, _, _ = nativeNumber(span(rest))
		if _, fn, ok := strings.Cut(s, ", function "); ok {
			fn, _, _ = strings.Cut(fn, ", file ")
			c.fn = span(cppBare(fn))
		}
		return c
	}
	if _, at, ok := strings.Cut(s, " in file "); ok { // Qt
		file, rest, _ := strings.Cut(at, ", line ")
		c.file = span(file)
		c.line, _, _ = nativeNumber(span(rest))
		return c
	}
	if rest, ok := strings.CutPrefix(s, "ERROR:"); ok { // GLib
		parts := strings.SplitN(rest, ":", 4)
		if len(parts) == 4 {
			c.file, c.fn = span(parts[0]), span(parts[2])
			c.line, _ = span(parts[1]).number()
		}
		return c
	}
	if i := strings.LastIndex(s, " ("); i > 0 && strings.HasSuffix(s, ")") { // musl
		parts := strings.Split(s[i+2:len(s)-1], ": ")
		if len(parts) == 3 {
			c.file, c.fn = span(parts[0]), span(parts[1])
			c.line, _ = span(parts[2]).number()
		}
	}
	return c
}

// cppBare is a function without the type of its result: "ledger::settle(int)"
// of "std::pair<int, int> ledger::settle(int)".
func cppBare(fn string) string {
	depth := 0
	at := 0
	for i := range len(fn) {
		switch fn[i] {
		case '<', '[', '{':
			depth++
		case '>', ']', '}':
			depth--
		case ' ':
			if depth == 0 {
				at = i + 1
			}
		case '(':
			if depth == 0 && i > at && !strings.HasPrefix(fn[i:], "(anonymous") {
				return fn[at:]
			}
		}
		if strings.HasPrefix(fn[i:], "operator") && depth == 0 {
			return fn[at:]
		}
	}
	return fn
}

// cppAsserted is the expression that did not hold.
func cppAsserted(s string) string {
	if cppTrap(span(s)) {
		expr, _ := cppTrapped(s)
		return expr
	}
	if _, expr, ok := strings.Cut(s, ": Assertion `"); ok {
		return strings.TrimSuffix(expr, "' failed.")
	}
	if rest, ok := strings.CutPrefix(s, `ASSERT: "`); ok {
		expr, _, _ := strings.Cut(rest, `" in file `)
		return expr
	}
	if _, expr, ok := strings.Cut(s, ": assertion failed"); ok {
		return strings.TrimLeft(expr, ": ")
	}
	s = strings.TrimPrefix(s, "Assertion failed: ")
	if i := strings.LastIndex(s, " ("); i > 0 && strings.HasSuffix(s, ")") {
		return s[:i]
	}
	return s
}
