package scrub

import (
	"bytes"
	"strings"
)

// Keys and values are not always parted by a sign of their own. In lists, calls and
// statements they are neighbours:
//
//	["--password","secret"]                 the arguments of a command
//	setProperty("X_TOKEN", "secret")        a call
//	('password', 'secret')                  a pair of Python, among the items of a dict
//	{password,<<"secret">>}                 Erlang
//	{"name":"PASSWORD","value":"secret"}    the environment of a container
//	s:8:"password";s:6:"secret";            PHP's serialize
//	ALTER ROLE bob PASSWORD 'secret'        SQL
//
// and ["password","email"] is a list of names, which must stay.

// afterComma handles keys and values that are neighbours in a list: arguments of a
// call or of a command line, tuples, Erlang's proplists, and JSON's
// {"name":"password","value":"..."}; and PHP's serialised s:8:"password";s:7:"...".
func (s *Scrubber) afterComma(n name, p place, c byte) (place, bool) {
	t := s.text
	i := p.at
	if c == ';' {
		at, ok := serialised(t, i)
		p.at = at
		return p, ok && p.quoted
	}
	i = skipBlank(t, i)
	if p.quoted {
		if at, ok := valueAttribute(t, i); ok {
			p.at = at
			return s.valueBegins(p, false)
		}
	}
	p.at = skipLiteralPrefix(t, i)
	q, begin, ok := openQuote(t, p.at)
	if !ok {
		return p, false
	}
	if isFlag(t, n.start) {
		p.flag = true
		return p, p.quoted
	}
	end, after := s.quotedEnd(begin, q, s.levelsAt(p.at))
	if p.quoted && isHeaderValue(n.k, t, begin, end) { // Node's rawHeaders is a flat list
		return p, true
	}
	return p, isPair(t, n.start, p.quoted, t[begin:end], after)
}

// isHeaderValue tells whether t[begin:end] can only be the value of the header k.
func isHeaderValue(k *key, t []byte, begin, end int) bool {
	switch k.kind {
	case headerKey:
		_, _, ok := schemeAt(t, begin)
		return ok
	case cookieKey:
		return bytes.IndexByte(t[begin:end], '=') > 0
	}
	return false
}

// serialised reads s:7:" at t[i], up to the quote.
func serialised(t []byte, i int) (at int, ok bool) {
	if !hasPrefixFold(t, i, "s:") {
		return 0, false
	}
	j := i + 2
	for j < len(t) && isDigit(t[j]) && j-i < 10 {
		j++
	}
	if j == i+2 || byteAt(t, j) != ':' {
		return 0, false
	}
	_, _, ok = openQuote(t, j+1)
	return j + 1, ok
}

// isPair tells whether the key that begins at t[start] and value form a pair rather
// than being two of a list of words, as in ["password","email"].
func isPair(t []byte, start int, quoted bool, value []byte, after int) bool {
	i := start
	for i > 0 && (t[i-1] == ':' || t[i-1] == '-') {
		i--
	}
	if quoted {
		if i == 0 || !isQuote(t[i-1]) {
			return false
		}
		for i--; i > 0 && t[i-1] == '\\'; i-- {
		}
	}
	if i == 0 {
		return false
	}
	switch t[i-1] {
	case '(':
		if !quoted {
			return false
		}
		if i >= 2 && ident.has(t[i-2]) { // put("password", "...")
			return true
		}
	case '{':
		if !quoted {
			return true
		}
	case '[', '<':
	default:
		return false
	}
	after = skipBlank(t, after)
	closed := after < len(t) && strings.IndexByte(")}]>", t[after]) >= 0
	return closed && !isPlainWord(value)
}

// isPlainWord tells whether v looks like the name of a field: letters and underscores.
func isPlainWord(v []byte) bool {
	for _, c := range v {
		if !isLetter(c) && c != '_' {
			return false
		}
	}
	return len(v) > 0
}

// valueInQuotes handles a quote, or a bracket with a quote, straight after a key and a
// blank: :password "x" of Clojure, PASSWORD 'x' and PASSWORD('x') of SQL.
func (s *Scrubber) valueInQuotes(n name, p place, i int) (place, bool) {
	t := s.text
	if p.quoted {
		return p, false
	}
	p.at = i
	if q, _, ok := openQuote(t, i); ok && p.spaced && q.char == '"' {
		return p, byteAt(t, n.start-1) == ':'
	}
	if n.k.det != detPassword || n.stem != n.start && t[n.stem-1] != '_' {
		return p, false
	}
	call := t[i] == '('
	if call {
		p.at = skipBlank(t, i+1)
	}
	q, _, ok := openQuote(t, p.at)
	return p, ok && q.char == '\'' && (p.spaced || call) && (!call || isUpper(t[n.stem]))
}

// nextLine handles values that stand on the line after the key: the value of an
// environment variable in YAML, and the body of a form's part.
func (s *Scrubber) nextLine(n name, p place, i int) (place, bool) {
	t := s.text
	next, breaks := skipBreaks(t, i)
	switch {
	case breaks == 2 && p.quoted && isFormField(t, n.start):
		p.at, p.line = next, true
		return p, next < len(t)
	case breaks != 1 || !followsName(t, n.start):
		return p, false
	}
	if !hasPrefixFold(t, next, "value:") || !blank.has(t[next-1]) {
		return p, false
	}
	p.at, p.colon = next+len("value:"), true
	return s.valueBegins(p, false)
}

// skipBreaks steps over blanks and line breaks, raw or escaped, and counts the latter.
func skipBreaks(t []byte, i int) (next, breaks int) {
	for i < len(t) && breaks < 3 {
		k := backslashesWithin(t, i, 8)
		c := byteAt(t, i+k)
		switch {
		case c == '\n' && k == 0 || c == 'n' && k > 0:
			breaks++
		case c != '\r' && !blank.has(c) && k == 0, c != 'r' && c != 't' && k > 0:
			return i, breaks
		}
		i += k + 1
	}
	return i, breaks
}

// isFormField tells whether name=" stands before t[i].
func isFormField(t []byte, i int) bool {
	if i == 0 || !isQuote(t[i-1]) {
		return false
	}
	i--
	return bytes.HasSuffix(t[:i-backslashesBefore(t, i)], []byte("name="))
}

// followsName tells whether "name:" stands before t[i].
func followsName(t []byte, i int) bool {
	for i > 0 && (blank.has(t[i-1]) || isQuote(t[i-1])) {
		i--
	}
	return i >= 5 && equalFold(t[i-5:i], "name:")
}
