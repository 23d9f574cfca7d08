package trace

import "bytes"

// dartCall is one row; the slices are parts of the line.
type dartCall struct {
	fn        span // Wallet.debit.<anonymous closure>
	place     span // package:acme/wallet.dart, file:///srv/pay.dart, dart:async
	line, col int
	addr, pc  span // of machine code: as loaded, and within its file
}

// dartIsRow tells whether a line is a row of a stack.
func dartIsRow(l span) bool {
	t := l.trim()
	if len(t) > 0 && t[0] == '#' {
		_, ok := dartRow(t)
		return ok
	}
	_, ok := dartShort(t)
	return ok
}

// dartRow reads a row of the VM.
//
//	#0      Wallet.debit (package:acme/wallet.dart:12:5)
//	#12     new Wallet.of (file:///srv/pay.dart:15)
//	#00 abs 000000723d6346d7 virt 00000000001e26d7 _kDartIsolateSnapshotInstructions+0x1e26d7
func dartRow(t span) (c dartCall, ok bool) {
	if len(t) < 8 || t[0] != '#' || !isDigit(t[1]) {
		return c, false
	}
	i := 1
	for i < len(t) && i < 8 && isDigit(t[i]) {
		i++
	}
	rest := t[i:].left()
	if len(rest) == len(t)-i {
		return c, false
	}
	if rest.has("abs ") {
		return dartAddress(rest)
	}
	if !rest.ends(")") {
		return c, false
	}
	at := bytes.LastIndex(rest, []byte(" ("))
	if at < 1 {
		return c, false
	}
	c.fn = rest[:at].right()
	return c, c.locate(rest[at+2 : len(rest)-1])
}

// locate reads what stands in the parentheses of a row.
func (c *dartCall) locate(t span) bool {
	c.place = t
	if rest, n, ok := nodeNumberBehind(t); ok {
		c.place, c.line = rest, n
		if rest, m, two := nodeNumberBehind(rest); two {
			c.place, c.line, c.col = rest, m, n
		}
	}
	return dartPlace(c.place)
}

// dartPlace tells whether t names a file of Dart.
func dartPlace(t span) bool {
	switch {
	case t.has("dart:"), t.has("package:"), t.has("org-dartlang-"):
		return bytes.IndexByte(t, ' ') < 0 && len(t) > len("package:")
	case t.ends(".dart"):
		return len(t) > len(".dart")
	}
	return t.has("asset:") || t.has("data:application/dart")
}

// dartAddress reads a row of machine code behind its number.
func dartAddress(t span) (c dartCall, ok bool) {
	for len(t) > 0 {
		at := bytes.IndexByte(t, ' ')
		if at < 0 {
			c.fn = t
			break
		}
		word, rest := t[:at], t[at:].left()
		if string(word) != "abs" && string(word) != "virt" {
			c.fn = word
			break
		}
		n := 0
		for n < len(rest) && nativeDigit(rest[n]) {
			n++
		}
		if n < 6 {
			return c, false
		}
		if word[0] == 'a' {
			c.addr = rest[:n]
		} else {
			c.pc = rest[:n]
		}
		t = rest[n:].left()
	}
	return c, len(c.addr) > 0
}

// dartShort reads a row of package:stack_trace: the place, two blanks or more, the member.
//
//	package:acme/wallet.dart 12:5      Wallet.debit
//	dart:async                         _Timer._runTimers
//	bin/pay.dart 66                    main
func dartShort(t span) (c dartCall, ok bool) {
	end := bytes.IndexByte(t, ' ')
	if end < 6 || !t.has("dart:") && !t[:end].ends(".dart") {
		return c, false
	}
	c.place = t[:end]
	rest := t[end:]
	if len(rest) > 1 && isDigit(rest[1]) {
		stop := bytes.IndexByte(rest[1:], ' ')
		if stop < 0 || !c.lineAndColumn(rest[1:1+stop]) {
			return c, false
		}
		rest = rest[1+stop:]
	}
	if !rest.has("  ") {
		return c, false
	}
	c.fn = rest.left()
	return c, dartMember(c.fn)
}

func (c *dartCall) lineAndColumn(t span) (ok bool) {
	line, col := t, span(nil)
	if colon := bytes.IndexByte(t, ':'); colon > 0 {
		line, col = t[:colon], t[colon+1:]
		if c.col, ok = col.number(); !ok {
			return false
		}
	}
	c.line, ok = line.number()
	return ok
}

// dartMember tells whether t is the name of a member: no blanks but behind "new".
func dartMember(t span) bool {
	t = bytes.TrimPrefix(t, []byte("new "))
	t = bytes.TrimPrefix(t, []byte("get "))
	if len(t) == 0 || !javaLetter(t[0]) && t[0] != '<' && t[0] != '[' {
		return false
	}
	for i, b := range t {
		if b == ' ' && !t[:i].ends("<anonymous") && !t[:i].ends("operator") {
			return false
		}
	}
	return true
}

// dartSign is the level that the sign in front of a message of package:logger stands for; "" if it is none.
func dartSign(t span) string {
	switch {
	case t.has("⛔"):
		return "error"
	case t.has("👾"), t.has("🔥"):
		return "fatal"
	case t.has("⚠"):
		return "warning"
	case t.has("💡"):
		return "info"
	case t.has("🐛"):
		return "debug"
	}
	return ""
}
