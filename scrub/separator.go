package scrub

import "strings"

// What may stand between a key and its value, over and above = and : with blanks, is the
// sum of how languages print maps and structures:
//
//	key=>"v"  key := v  key ?= v  key += v  Ruby, PHP, Go, make
//	key: Some("v")  key=b'v'  key: @"v"      what marks or wraps a literal
//	var key string = "v"  key: &str = "v"    a type in between
//	\"key\":\"v\"  &quot;key&quot;:&quot;v  escaped, once or more
//	key%3Dv  key\u003dv                      escaped signs
//	user[key]=v  **key**: v  ESC[1mkey=      brackets, Markdown, colours
//
// A bare blank, ==, !=, -> and :: separate no value: they compare, call or name.

// place is where the value of a key begins, and what the way there tells about it.
type place struct {
	at      int
	spaced  bool // blanks stand round the separator
	colon   bool // the separator is a colon
	quoted  bool // the name of the key is in quotes
	percent bool // the separator is percent-encoded, and so is what ends the value
	flag    bool // a command line: the next word is the value
	element bool // XML: the value reaches to the next <
	url     bool // a parameter of a URL
	line    bool // the value is the rest of the line
}

// findValue steps from a key over all that may stand between it and its value.
func (s *Scrubber) findValue(n name) (p place, ok bool) {
	t := s.text
	i, quotes := skipClosers(t, n.end)
	p.quoted = quotes > 0
	j := skipBlank(t, i)
	p.spaced = j > i
	c, width := letter(t, j)
	p.percent = width > 1 && t[j] == '%'
	p.at = j + width
	switch c {
	case '=':
		p.url = isParameter(t, n.start)
		return s.afterEquals(p, width == 1)
	case ':':
		return s.afterColon(n, p, width == 1)
	case '?', '.', '+', '|':
		return s.afterCompound(p, c)
	case '>':
		p.element = j == i
		return p, p.element && isElement(t, n.start)
	case ',', ';':
		return s.afterComma(n, p, c)
	case '<':
		return s.nextElement(p)
	case '"', '\'', '(':
		return s.valueInQuotes(n, p, j)
	case '\\':
		if _, _, ok := openQuote(t, j); ok {
			return s.valueInQuotes(n, p, j)
		}
		return s.nextLine(n, p, j)
	case '\r', '\n':
		return s.nextLine(n, p, j)
	}
	if !p.spaced {
		return p, false
	}
	return s.afterBlank(n, p, j)
}

// skipClosers steps over the quotes and brackets that close a key: "password",
// user[password], ["password"], **password**.
func skipClosers(t []byte, i int) (next, quotes int) {
	for range 4 {
		if j := i + backslashesWithin(t, i, 64); j > i && isQuote(byteAt(t, j)) {
			quotes++
			i = j + 1
			continue
		}
		c, width := letter(t, i)
		switch {
		case c == '"' || c == '\'':
			quotes++
			i += width
		case width > 0 && (c == ']' || c == '*' || c == '`'):
			i += width
		default:
			return i, quotes
		}
	}
	return i, quotes
}

// afterEquals handles what may follow the first = of a separator: => is one, ==
// and =~ compare.
func (s *Scrubber) afterEquals(p place, raw bool) (place, bool) {
	switch c, width := letter(s.text, p.at); {
	case c == '>':
		p.at += width
		return s.valueBegins(p, true)
	case raw && (c == '=' || c == '~') && width == 1:
		return p, false
	}
	return s.valueBegins(p, false)
}

// afterColon handles what may follow the first colon: :=, ::= and :::= assign, :: is the path of
// a name (Token::new), and digits may be a line number.
func (s *Scrubber) afterColon(n name, p place, raw bool) (place, bool) {
	t := s.text
	p.colon = true
	switch {
	case raw && p.at < len(t) && t[p.at] == '=':
		p.at, p.colon = p.at+1, false
	case raw && byteAt(t, p.at) == ':':
		i := p.at + 1
		if byteAt(t, i) == ':' { // :::= of POSIX make
			i++
		}
		if byteAt(t, i) != '=' {
			return p, false
		}
		p.at, p.colon = i+1, false
	case raw && !p.quoted && isLineNumber(t, p.at):
		return p, false
	case raw && s.typedAssignment(&p):
		return s.valueBegins(p, false)
	}
	return s.valueBegins(p, false)
}

// isLineNumber tells whether what follows a colon is a line number, as in
// "Token:123)": at most five digits and then a bracket, a colon or the end.
func isLineNumber(t []byte, i int) bool {
	j := i
	for j < len(t) && isDigit(t[j]) && j-i < 6 {
		j++
	}
	return j > i && j-i < 6 && (j == len(t) || t[j] == ')' || t[j] == ':' || lineBreak.has(t[j]))
}

// afterCompound handles ?= .= += and ||=.
func (s *Scrubber) afterCompound(p place, c byte) (place, bool) {
	t := s.text
	if c == '|' && p.at < len(t) && t[p.at] == '|' {
		p.at++
	}
	if p.at >= len(t) || t[p.at] != '=' || byteAt(t, p.at+1) == '=' {
		return p, false
	}
	p.at++
	return s.valueBegins(p, false)
}

// valueBegins steps over blanks and over what marks a literal before its quote:
// b'...' of Python, @"..." of C#, &"..." and Some("...") of Rust, <<"..." of Erlang.
func (s *Scrubber) valueBegins(p place, arrow bool) (place, bool) {
	t := s.text
	i := skipBlank(t, p.at)
	if arrow && len(breakAt(t, i)) > 0 { // PHP's var_dump breaks the line after =>
		if i, _ = skipBreaks(t, i); !hasPrefixFold(t, i, "string(") {
			return p, false
		}
	}
	p.spaced = p.spaced || i > p.at
	p.at = skipLiteralPrefix(t, i)
	return p, p.at < len(t)
}

// wrappers are calls and constructors that printers put round a value.
var wrappers = []string{
	"some(", "ok(", "just ", "secretstr(", "secretbytes(", "secret(", "password(", "string(", "str(", "bytes(", "text(",
	"optional(", "new string(", "char[](",
}

// skipLiteralPrefix returns the place of the quote if only a prefix or a wrapper stands
// before it at t[i], else i. Without it the b of b'...' would be taken for the value, for
// a bare value ends at the quote.
func skipLiteralPrefix(t []byte, i int) int {
	if i >= len(t) || isQuote(t[i]) {
		return i
	}
	for j, n := i, 0; n < 3; n++ {
		if _, _, ok := openQuote(t, j); ok && j > i {
			return j
		}
		c, width := letter(t, j)
		if strings.IndexByte("burfln@$&<", fold(c)) < 0 || width == 0 {
			break
		}
		j += width
	}
	for _, w := range wrappers {
		if !hasPrefixFold(t, i, w) {
			continue
		}
		j := i + len(w)
		for j < len(t) && (isDigit(t[j]) || t[j] == ')' || t[j] == ' ') { // string(7) "..."
			j++
		}
		if _, _, ok := openQuote(t, j); ok {
			return j
		}
	}
	return i
}

// afterBlank handles a key with a blank behind it and no separator next: the flags
// of a command line, the value attribute of XML, a type before the =.
func (s *Scrubber) afterBlank(n name, p place, i int) (place, bool) {
	t := s.text
	if isFlag(t, n.start) && !p.quoted {
		p.flag, p.at = true, i
		return p, true
	}
	if at, ok := valueAttribute(t, i); ok {
		p.at = at
		return s.valueBegins(p, false)
	}
	if isElement(t, n.start) {
		return s.elementWithAttributes(p, i)
	}
	p.at = i
	if s.typedAssignment(&p) || n.k.det == detPassword && s.setsPassword(&p) {
		return s.valueBegins(p, false)
	}
	return p, false
}

// setsPassword steps over the account in SET PASSWORD FOR 'bob'@'%' = '...'.
func (s *Scrubber) setsPassword(p *place) bool {
	t := s.text
	if !hasPrefixFold(t, p.at, "for ") {
		return false
	}
	i := p.at
	for i < len(t) && i-p.at < longestKey && !lineBreak.has(t[i]) && t[i] != '=' {
		i++
	}
	s.walked(p.at, i)
	p.at = skipBlank(t, min(i+1, len(t)))
	q, _, ok := openQuote(t, p.at)
	return ok && q.char == '\'' && byteAt(t, i) == '='
}

// typeWords are the types that may stand between a key and its =.
var typeWords = []string{"string", "str", "'static str", "text", "[]byte", "char*", "char *", "any", "object", "secretstr"}

// typedAssignment steps over a type and the = behind it: var password string = "...".
func (s *Scrubber) typedAssignment(p *place) bool {
	t := s.text
	i := skipBlank(t, p.at)
	if c, width := letter(t, i); c == '&' { // Rust
		i += width
	}
	for _, w := range typeWords {
		if !hasPrefixFold(t, i, w) {
			continue
		}
		j := skipBlank(t, i+len(w))
		if j < len(t) && t[j] == '=' && byteAt(t, j+1) != '=' {
			p.at, p.colon = j+1, false
			return true
		}
	}
	return false
}

// isFlag tells whether the name that begins at t[i] is a flag of a command line.
func isFlag(t []byte, i int) bool {
	if i == 0 || t[i-1] != '-' {
		return false
	}
	if i >= 2 && t[i-2] == '-' {
		c := before(t, i-2)
		return !word.has(c) && c != '.'
	}
	c := before(t, i-1) // -storepass x, as Java and Go have it
	return c == 0 || blank.has(c) || isQuote(c)
}

// valueAttribute reads value= (or value": as JSON has it) at t[i], the second half of
// <add key="Password" value="..."/> and {"name":"password","value":"..."}.
func valueAttribute(t []byte, i int) (at int, ok bool) {
	if _, next, ok := openQuote(t, i); ok {
		i = next
	}
	if !hasPrefixFold(t, i, "value") {
		return 0, false
	}
	i, _ = skipClosers(t, i+len("value"))
	i = skipBlank(t, i)
	c, width := letter(t, i)
	return i + width, c == '=' || c == ':'
}
