package scrub

// longestTag bounds how far the end of an XML tag is looked for, in bytes.
const longestTag = 256

// isElement tells whether the name at t[i] is that of an XML element: <password,
// <ns:password, or the same with &lt; for <.
func isElement(t []byte, i int) bool {
	j := i
	if j > 0 && t[j-1] == ':' {
		for j--; j > 0 && i-j < 32 && ident.has(t[j-1]) && !hasPrefixFold(t, j-6, `\u003c`); j-- {
		}
	}
	if j == 0 {
		return false
	}
	if t[j-1] == '<' {
		return true
	}
	return t[j-1] == ';' && hasPrefixFold(t, j-4, "&lt;") || hasPrefixFold(t, j-6, `\u003c`)
}

// elementWithAttributes handles <password type="x">...: the value follows the end of
// the tag, or is its attribute value="...".
func (s *Scrubber) elementWithAttributes(p place, i int) (place, bool) {
	t := s.text
	for j := i; j < len(t) && j-i < longestTag && t[j] != '<' && !lineBreak.has(t[j]); j++ {
		s.work++
		if c, width := letter(t, j); c == '>' {
			p.at, p.element = j+width, true
			return p, t[j-1] != '/'
		}
		if at, ok := valueAttribute(t, j); ok && blank.has(t[j-1]) {
			p.at = at
			return s.valueBegins(p, false)
		}
	}
	return p, false
}

// nextElement handles a name that is itself the text of an element, and its value the
// text of the next: <name>password</name><value>...</value>, <key>..</key><string>...
func (s *Scrubber) nextElement(p place) (place, bool) {
	t := s.text
	i := p.at
	if byteAt(t, i) != '/' {
		return p, false
	}
	for i < len(t) && i-p.at < 32 && t[i] != '>' {
		i++
	}
	i, _ = skipBreaks(t, min(i+1, len(t)))
	for _, tag := range []string{"<value>", "<string>"} {
		if hasPrefixFold(t, i, tag) {
			p.at, p.element = i+len(tag), true
			return p, true
		}
	}
	return p, false
}

// elementEnd finds the end of the text of an element that begins at t[i].
func (s *Scrubber) elementEnd(i int) int {
	t := s.text
	j := i
	inString := s.inString(i)
	for ; j < len(t) && t[j] != '<' && !lineBreak.has(t[j]); j++ {
		if t[j] == '\\' {
			k := backslashes(t, j)
			if hasPrefixFold(t, j+k, "u003c") || inString && k%2 == 0 && byteAt(t, j+k) == '"' {
				break
			}
			j += k
			if j == len(t) || lineBreak.has(t[j]) {
				break
			}
		} else if t[j] == '"' && inString || t[j] == '&' && hasPrefixFold(t, j, "&lt;") {
			break
		}
	}
	s.work += j - i + 1
	return j
}
