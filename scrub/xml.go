package scrub

// XML and HTML print a key and its value in three ways:
//
//	<password>secret</password>             the text of an element, CDATA or not
//	<add key="Password" value="secret"/>    two attributes
//	<name>password</name><value>secret      two elements, as Hadoop and plists have it
//
// and any of them may be escaped, as &lt; in a page or \u003c in JSON.

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
	return t[j-1] == ';' && (hasPrefixFold(t, j-4, "&lt;") || hasPrefixFold(t, j-8, "u0026lt;")) || hasPrefixFold(t, j-5, "u003c")
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
	for width := 0; i < len(t) && i-p.at < 32; i += width {
		var c byte
		if c, width = letter(t, i); c == '>' {
			i += width
			break
		}
	}
	i, _ = skipBreaks(t, i)
	for _, tag := range []string{"<value>", "<string>"} {
		if at, ok := spells(t, i, tag); ok {
			p.at, p.element = at, true
			return p, true
		}
	}
	return p, false
}

// spells tells whether t[i:] reads like low, whichever of its signs are escaped.
func spells(t []byte, i int, low string) (next int, ok bool) {
	for k := range len(low) {
		c, width := letter(t, i)
		if width == 0 || fold(c) != low[k] {
			return 0, false
		}
		i += width
	}
	return i, true
}

// endsElement tells whether the escape behind the backslashes, at t[i], is a < or &lt;.
func endsElement(t []byte, i int) bool {
	return hasPrefixFold(t, i, "u003c") || hasPrefixFold(t, i, "u0026lt;")
}

// maskElement masks the text of the element that begins at p.at, on the same line or on
// the next, plain or as <![CDATA[...]]>.
func (s *Scrubber) maskElement(n name, p place) {
	if next, breaks := skipBreaks(s.text, p.at); breaks == 1 && next < len(s.text) {
		p.at = next
	}
	if at, ok := spells(s.text, p.at, "<![cdata["); ok {
		s.maskText(n, p, at, s.cdataEnd(at))
		return
	}
	s.maskText(n, p, p.at, s.elementEnd(p.at))
}

// cdataEnd finds the ]]> that ends the text at t[i], or the end of its line.
func (s *Scrubber) cdataEnd(i int) int {
	t := s.text
	open := s.levelsAt(i)
	j := i
	for ; j < len(t) && !lineBreak.has(t[j]); j++ {
		if t[j] == '"' {
			if own, ok := open.ends(backslashesBefore(t, j)); ok {
				j -= own
				break
			}
		} else if t[j] == ']' {
			if _, ok := spells(t, j, "]]>"); ok {
				break
			}
		}
	}
	s.walked(i, j)
	return max(i, j)
}

// elementEnd finds the end of the text of an element that begins at t[i].
func (s *Scrubber) elementEnd(i int) int {
	t := s.text
	j := i
	open := s.levelsAt(i)
	for ; j < len(t) && t[j] != '<' && !lineBreak.has(t[j]); j++ {
		if t[j] == '\\' {
			k := backslashes(t, j)
			if _, ok := open.ends(k); ok && byteAt(t, j+k) == '"' || endsElement(t, j+k) {
				break
			}
			j += k
			if j == len(t) || lineBreak.has(t[j]) {
				break
			}
		} else if t[j] == '"' && open[0] || t[j] == '&' && hasPrefixFold(t, j, "&lt;") {
			break
		}
	}
	s.walked(i, j)
	return j
}
