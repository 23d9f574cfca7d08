package scrub

import "bytes"

// Under a telling key a list or an object is secret in all its scalars:
//
//	"passwords": ["a", "b"]        {"credentials": {"user": "x", "key": "..."}}
//	password=[a, b]                secrets: {a: x, b: y}
//
// The names of members stay, and so do null, true and false.

// longestCollection bounds how many bytes of a list or object under a key are masked. It
// is there for a bracket that never closes; real ones are far shorter.
const longestCollection = 1 << 20

// isCollection tells whether a list or object opens at t[i] rather than a value that
// begins with a bracket: {bcrypt}$2a$..., {{ template }}.
func (s *Scrubber) isCollection(i int) bool {
	t := s.text
	if t[i] == '{' && (byteAt(t, i+1) == '{' || schemeOfHash(t, i) > i) {
		return false
	}
	return !isNullInBrackets(t[i:min(len(t), i+64)], closingOf(t[i]))
}

// closingOf is the bracket that closes what c opens.
func closingOf(c byte) byte {
	if c == '[' {
		return ']'
	}
	return '}'
}

// maskCollection masks every scalar of the list or object that opens at p.at, save
// the names of an object's members. It goes on to the next line only where the text
// is laid out as pretty-printed JSON is: a bracket or comma ends the line.
func (s *Scrubber) maskCollection(n name, p place) {
	strength := n.k.kind
	if w := &s.collections[strength]; w.start <= p.at && p.at < w.end {
		return // part of a collection that was masked by the same rule
	}
	t := s.text
	i, limit := p.at, min(len(t), p.at+longestCollection)
	open := s.levelsAt(p.at)
	last, depth := byte(0), 0 // last is the sign before i; v stands for a scalar
	for i < limit {
		next, c := i+1, t[i]
		switch {
		case c == '[' || c == '{' || c == '(':
			depth++
		case c == ']' || c == '}' || c == ')':
			if depth--; depth <= 0 {
				limit = next
			}
		case len(breakAt(t, i)) > 0:
			next, c = continues(t, i, last), last
		case isJSONSpace(c):
			c = last
		case c == ',' || c == ':' || c == '=' || c == '>' || c == ';':
		default:
			next, c = s.maskScalar(n, p, i, &open), 'v'
		}
		if next <= i {
			break
		}
		i, last = next, c
	}
	s.walked(p.at, i)
	s.collections[strength] = stretch{p.at, i}
}

// continues returns where a list or object goes on after the line break at t[i], as
// pretty-printed JSON does: a line ends with a comma or a bracket and the next is
// indented, or a closing bracket is what comes next. If it does not, it returns i.
func continues(t []byte, i int, last byte) int {
	next, breaks := skipBreaks(t, i)
	c := byteAt(t, next)
	switch {
	case breaks != 1:
	case c == ']' || c == '}':
		return next
	case (last == ',' || last == '[' || last == '{') && next > i+len(breakAt(t, i)):
		return next
	}
	return i
}

// maskScalar masks the scalar at t[i] unless a separator behind it shows that it is
// the name of a member. It returns where to go on.
func (s *Scrubber) maskScalar(n name, p place, i int, open *levels) int {
	t := s.text
	p.quoted, p.spaced, p.colon = true, false, false
	i0 := i
	i = skipLiteralPrefix(t, i)
	if q, begin, ok := openQuote(t, i); ok {
		if q.char == '"' && q.lit == nil && q.depth < len(open) && open[q.depth] {
			return i0 // the string around the collection ends here
		}
		end, after := s.quotedEnd(begin, q, *open)
		if !isMember(t, after) && s.judge(n, p, begin, end, true) {
			s.markValue(n, begin, end)
		}
		s.odd = s.odd || after == end || isQuote(byteAt(t, after))
		return after
	}
	if isQuote(t[i]) || t[i] == '\\' {
		return i0
	}
	end := s.scalarEnd(i)
	if end == i {
		return i + 1
	}
	if !isMember(t, end) && s.judge(n, p, i, end, false) {
		s.markValue(n, i, end)
		s.odd = s.odd || isQuote(byteAt(t, end))
	}
	return end
}

// scalarEnd finds the end of a scalar without quotes at t[i]: as that of a bare value,
// but a separator ends it too, for it may be the name of a member, and a bracket.
func (s *Scrubber) scalarEnd(i int) int {
	t := s.text
	j := i
	for j < len(t) && !bareStop.has(t[j]) && t[j] != '[' && t[j] != '{' && t[j] != '(' && !isSeparator(t, j) {
		if t[j] == '\\' {
			k := backslashes(t, j)
			if endsAtEscape(t, j+k) {
				break
			}
			j += k - 1
		}
		j++
	}
	s.walked(i, j)
	return j
}

// isMember tells whether the scalar that ends at t[i] names a member of an object.
func isMember(t []byte, i int) bool {
	return isSeparator(t, skipBlank(t, i))
}

// isSeparator tells whether the sign at t[i] parts a member from its value. The signs
// that fill up base64 do not.
func isSeparator(t []byte, i int) bool {
	switch byteAt(t, i) {
	case ':':
		return true
	case '=':
		next := byteAt(t, i+1)
		return next != 0 && next != '=' && (next == ' ' || isQuote(next) || !bareStop.has(next))
	}
	return false
}

// maskBlock masks the block scalar of YAML whose | or > stands at t[i]: the lines of
// the same record that are indented deeper than the key. The line breaks may be
// escaped, when the text is in a string.
func (s *Scrubber) maskBlock(n name, i int) bool {
	t := s.text
	c, width := letter(t, i)
	if c != '|' && c != '>' || n.k.kind != strongKey && n.k.kind != tokenKey {
		return false
	}
	for i += width; i < len(t) && (t[i] == '-' || t[i] == '+' || isDigit(t[i]) || blank.has(t[i])); i++ {
	}
	sign := breakAt(t, i)
	if len(sign) == 0 {
		return false
	}
	indent := n.start - lineBegin(t, n.start, sign)
	first := -1
	for bytes.HasPrefix(t[i:], sign) {
		begin := i + len(sign)
		end := lineStop(t, begin, sign)
		in := indentOf(t, begin)
		if begin+in < end && in <= indent {
			break
		}
		if s.maskLine(n, begin+in, end); first < 0 {
			first = begin
		}
		i = end
	}
	if first >= 0 && i >= s.done {
		s.from, s.done = first, i // no key in the block needs a look of its own
	}
	return true
}

// breakAt returns the line break at t[i]: raw, or escaped with its backslashes, with a
// carriage return before it or not.
func breakAt(t []byte, i int) []byte {
	k := backslashesWithin(t, i, 8)
	j := i + k
	switch {
	case k == 0 && byteAt(t, j) == '\r' && byteAt(t, j+1) == '\n':
		return t[i : j+2]
	case k == 0 && byteAt(t, j) == '\n', k > 0 && byteAt(t, j) == 'n':
		return t[i : j+1]
	case k > 0 && byteAt(t, j) == 'r' && bytes.HasPrefix(t[j+1:], t[i:j]) && byteAt(t, j+1+k) == 'n':
		return t[i : j+2+k]
	}
	return nil
}

// lineBegin returns where the line of t[i] begins, if lines are parted by sign. It
// counts the blanks before the key only, and the dash of a list.
func lineBegin(t []byte, i int, sign []byte) int {
	j := i
	for j > 0 && (blank.has(t[j-1]) || t[j-1] == '-' || isQuote(t[j-1])) && !bytes.HasSuffix(t[:j], sign) {
		j--
	}
	return j
}

// lineStop returns where the line of t[i] ends, if lines are parted by sign: at the
// latest at the end of the string or of the real line.
func lineStop(t []byte, i int, sign []byte) int {
	j := i
	for j < len(t) && !lineBreak.has(t[j]) && !(len(sign) > 1 && sign[0] == '\\' && t[j] == '"') && !bytes.HasPrefix(t[j:], sign) {
		j++
	}
	for j > i && byteAt(t, j) == '"' && t[j-1] == '\\' {
		j--
	}
	return j
}

// maskLine masks one line of a block: its line break and its indentation stay.
func (s *Scrubber) maskLine(n name, begin, end int) {
	s.walked(begin, end)
	if begin < end && !s.isReplacement(s.text[begin:end]) {
		s.mark(n.k.det, begin, end)
	}
}

// indentOf counts the blanks and tabs at t[i].
func indentOf(t []byte, i int) int {
	j := i
	for j < len(t) && blank.has(t[j]) {
		j++
	}
	return j - i
}
