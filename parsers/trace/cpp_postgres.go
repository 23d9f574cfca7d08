package trace

import (
	"bytes"
	"strings"
)

// cppTrap tells whether a line is a failed assertion of PostgreSQL:
//
//	TRAP: FailedAssertion("nkeys > 0", File: "nodeSort.c", Line: 77, PID: 12)
//	TRAP: failed Assert("nkeys > 0"), File: "nodeSort.c", Line: 77, PID: 12
func cppTrap(t span) bool {
	return t.has("TRAP: ") && bytes.Contains(t, []byte(`, File: "`)) && bytes.Contains(t, []byte(`", Line: `))
}

// cppTrapped is the expression that did not hold, and where it stands.
func cppTrapped(s string) (expr string, c nativeCall) {
	head, at, _ := strings.Cut(s, `, File: "`)
	file, rest, _ := strings.Cut(at, `", Line: `)
	c.file = span(file)
	c.line, _, _ = nativeNumber(span(rest))
	_, expr, _ = strings.Cut(head, `("`)
	return strings.TrimSuffix(strings.TrimSuffix(expr, ")"), `"`), c
}
