package scrub

// longestCollection bounds how many bytes of a list or object under a key are masked.
const longestCollection = 8 << 10

// isCollection tells whether a list or object opens at t[i] rather than a value that
// begins with a bracket: {bcrypt}$2a$..., {{ template }}.
func (s *Scrubber) isCollection(i int) bool {
	t := s.text
	if t[i] == '{' && (byteAt(t, i+1) == '{' || schemeOfHash(t, i) > i) {
		return false
	}
	return !isNullInBrackets(t[i:min(len(t), i+64)], closingOf(t[i]))
}

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
	depth, i, limit := 0, p.at, min(len(t), p.at+longestCollection)
	last := byte('[')
	inString := s.inString(p.at)
	for i < limit {
		c := t[i]
		switch {
		case c == '[' || c == '{' || c == '(':
			depth++
			i++
		case c == ']' || c == '}' || c == ')':
			depth--
			i++
			if depth <= 0 {
				limit = i
			}
		case lineBreak.has(c):
			if last != ',' && last != '[' && last != '{' && last != ':' && last != ']' && last != '}' || !blankLineOrIndent(t, i) {
				limit = i
				continue
			}
			i++
			continue
		case c == ',' || c == ':' || c == '=' || c == '>' || c == ';':
			i++
		case blank.has(c):
			i++
			continue
		default:
			next := s.maskScalar(n, p, i, inString)
			if next <= i {
				limit = i
				continue
			}
			i = next
			c = 'v'
		}
		last = c
	}
	s.work += i - p.at
	s.collections[strength] = stretch{p.at, i}
}

// blankLineOrIndent tells whether the line after the break at t[i] is indented or
// closes a bracket, as pretty-printed JSON does.
func blankLineOrIndent(t []byte, i int) bool {
	for i < len(t) && lineBreak.has(t[i]) {
		i++
	}
	return i < len(t) && (blank.has(t[i]) || t[i] == ']' || t[i] == '}')
}

// maskScalar masks the scalar at t[i] unless a separator behind it shows that it is
// the name of a member. It returns where to go on.
func (s *Scrubber) maskScalar(n name, p place, i int, inString bool) int {
	t := s.text
	p.quoted, p.spaced, p.colon = true, false, false
	i0 := i
	if i = skipLiteralPrefix(t, i); i != i0 && i > i0+3 {
		i = i0
	}
	if q, begin, ok := openQuote(t, i); ok {
		end, after := s.quotedEnd(begin, q, inString)
		if after == end && (byteAt(t, end) == '"' && inString) {
			if s.accepts(n, p, t[begin:end], true) {
				s.mark(n.k.det, begin, end)
			}
			return i0 // the string around the collection ends here
		}
		if !isMember(t, after) && s.accepts(n, p, t[begin:end], true) {
			s.mark(n.k.det, begin, end)
		}
		return after
	}
	if isQuote(t[i]) || t[i] == '\\' {
		return i0
	}
	p.at = i
	s.bare[0] = stretch{}
	end := s.bareScalarEnd(p)
	if end == i {
		return i + 1
	}
	if !isMember(t, end) && s.accepts(n, p, t[i:end], false) {
		s.mark(n.k.det, i, end)
	}
	return end
}

// bareScalarEnd finds the end of a scalar without quotes: as a bare value, but a
// colon or equals sign ends it too, for it may be the name of a member.
func (s *Scrubber) bareScalarEnd(p place) int {
	end := s.bareEnd(p)
	for i := p.at; i < end; i++ {
		if c := s.text[i]; c == '=' || c == ':' {
			return i
		}
	}
	return end
}

// isMember tells whether the scalar that ends at t[i] names a member of an object.
func isMember(t []byte, i int) bool {
	i = skipBlank(t, i)
	return i < len(t) && (t[i] == ':' || t[i] == '=')
}

// maskBlock masks the block scalar of YAML whose | or > stands at t[i]: the lines of
// the same record that are indented deeper than the key.
func (s *Scrubber) maskBlock(n name, i int) bool {
	t := s.text
	for i++; i < len(t) && (t[i] == '-' || t[i] == '+' || isDigit(t[i]) || blank.has(t[i])); i++ {
	}
	if i < len(t) && t[i] == '\r' {
		i++
	}
	if byteAt(t, i) != '\n' {
		return false
	}
	indent := indentOf(t, lineStart(t, n.start))
	for i < len(t) && t[i] == '\n' {
		begin, end := i+1, lineEnd(t, i+1)
		in := indentOf(t, begin)
		if begin+in < end && in <= indent {
			break
		}
		if end > begin && t[end-1] == '\r' {
			s.maskLine(n, begin+in, end-1)
		} else {
			s.maskLine(n, begin+in, end)
		}
		i = end
	}
	return true
}

func (s *Scrubber) maskLine(n name, begin, end int) {
	s.work += end - begin + 1
	if begin < end && !s.isReplacement(s.text[begin:end]) {
		s.mark(n.k.det, begin, end)
	}
}

func indentOf(t []byte, i int) int {
	j := i
	for j < len(t) && blank.has(t[j]) {
		j++
	}
	return j - i
}
