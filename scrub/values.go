package scrub

import (
	"bytes"
)

// A value ends where its quote closes, or if it has none at the first blank, comma,
// semicolon, ampersand, quote, bracket or line break, raw or escaped. The mark never takes
// the closing quote, its backslashes or a bracket, so what parsed before parses still.

// maskValue masks what stands at p as the value of n, if it is secret.
func (s *Scrubber) maskValue(n name, p place) {
	t := s.text
	if p.element {
		s.maskElement(n, p)
		return
	}
	if p.line {
		s.maskQuoted(n, p, p.at, s.headerEnd(n.start, p.at))
		return
	}
	if _, _, ok := openQuote(t, p.at); ok {
		open := s.levelsAt(p.at)
		if q, begin, ok := s.opensQuote(p.at, &open); ok {
			end, _ := s.quotedEnd(begin, q, open)
			s.maskQuoted(n, p, begin, end)
		}
		return
	}
	switch c := t[p.at]; {
	case s.replacementAt(p.at) > 0:
		s.maskText(n, p, p.at, s.bareEnd(p))
	case (c == '[' || c == '{') && s.isCollection(p.at):
		s.maskCollection(n, p)
	case p.colon && s.maskBlock(n, p.at):
	case p.flag && (c == '-' || isProse(t, p.at)):
	default:
		end := s.bareEnd(p)
		s.maskText(n, p, p.at, s.setting(n, end))
	}
}

// longestSetting bounds how far a value of a connection string goes beyond a blank.
const longestSetting = 64

// setting returns the end of a value that ends at text[end] so far. Between semicolons,
// in a connection string, a blank is part of it: ;Password=two words;Timeout=3.
func (s *Scrubber) setting(n name, end int) int {
	t := s.text
	before := n.start
	for before > 0 && t[before-1] == ' ' {
		before--
	}
	if before == 0 || t[before-1] != ';' || byteAt(t, end) != ' ' {
		return end
	}
	i := end
	for i < len(t) && i-end < longestSetting && (!bareStop.has(t[i]) || t[i] == ' ') && t[i] != '=' && t[i] != '\\' {
		i++
	}
	s.walked(end, i)
	if byteAt(t, i) == ';' {
		return i
	}
	return end
}

// replacementAt returns the length of the replacement that an earlier run left at
// t[i], 0 if there is none.
func (s *Scrubber) replacementAt(i int) int { return s.replacementIn(s.text, i) }

// replacementIn is replacementAt for any text. It is asked for every byte of a value, so
// a table of first bytes says no before anything is compared.
func (s *Scrubber) replacementIn(t []byte, i int) int {
	if i >= len(t) || !s.begins[t[i]] {
		return 0
	}
	for _, r := range s.replacements {
		if bytes.HasPrefix(t[i:], r) {
			return len(r)
		}
		if s.stamps {
			if n := s.stamped(t, i, r); n > 0 {
				return n
			}
		}
	}
	return 0
}

// isMasked tells whether a replacement stands at t[i], as the whole value.
func (s *Scrubber) isMasked(i int) bool {
	t := s.text
	n := s.replacementAt(i)
	return n > 0 && (i+n == len(t) || bareStop.has(t[i+n]) || t[i+n] == '\\')
}

// maskQuoted masks text[begin:end], which stands in quotes. Pairs inside the quotes
// are found by themselves; what counts here is the value as a whole.
func (s *Scrubber) maskQuoted(n name, p place, begin, end int) {
	if s.judge(n, p, begin, end, true) {
		s.markValue(n, begin, end)
	}
}

// markValue marks text[begin:end] as the value of n.
func (s *Scrubber) markValue(n name, begin, end int) {
	keep := 0
	if n.k.kind == panKey {
		keep = s.keepDigits
	}
	s.markKeeping(n.k.det, begin, end, keep)
}

// maskText masks text[begin:end], which no quotes surround.
func (s *Scrubber) maskText(n name, p place, begin, end int) {
	t := s.text
	v := t[begin:end]
	if p.element {
		begin += len(v) - len(bytes.TrimLeft(v, " \t"))
		v = bytes.TrimSpace(v)
		end = begin + len(v)
	}
	switch n.k.kind {
	case pinKey, panKey, cvvKey, ssnKey: // what stands behind digits is no part of them
		end = endOfDigits(t, begin, end)
	}
	if s.judge(n, p, begin, end, p.element) && (p.element || !isReference(s.text, begin, end, s.text[n.start:n.end], p.spaced)) {
		s.markValue(n, begin, end)
	}
}

// longestDigits is that of a card number with a blank after every four digits, in bytes,
// and something to spare. What is longer is no number, however it ends.
const longestDigits = 28

// endOfDigits takes off t[i:end] what may stand behind a number: a full stop, a bracket, what
// goes on in a form.
func endOfDigits(t []byte, i, end int) int {
	head := t[i:min(end, i+longestDigits)]
	if n := bytes.IndexAny(head, "%>"); n > 0 {
		return i + n
	}
	if n := bytes.IndexByte(head, '+'); n > 0 && n < 8 && n != 4 || n == 4 && !isDigit(byteAt(t, i+5)) {
		return i + n
	}
	if len(head) == end-i {
		return i + len(bytes.TrimRight(head, ".!?:"))
	}
	return end
}

// isWorkingDirectory tells whether the key is PWD or OLDPWD and v a path: shells have
// these variables in every environment.
func isWorkingDirectory(key, v []byte) bool {
	return (equalFold(key, "pwd") || equalFold(key, "oldpwd")) && isFilePath(v)
}

// bareEnd finds the end of a value that is not quoted.
func (s *Scrubber) bareEnd(p place) int {
	t := s.text
	which := 0
	if p.percent {
		which = 1
	}
	if m := &s.bare[which]; m.start <= p.at && p.at < m.end {
		return m.end
	}
	i := p.at
	if j := schemeOfHash(t, i); j > i { // {bcrypt}$2a$..., {SSHA}...
		i = j
	}
	for i < len(t) && !bareStop.has(t[i]) {
		if n := s.replacementAt(i); n > 0 {
			i += n
			continue
		}
		switch t[i] {
		case '\\':
			k := backslashes(t, i)
			if endsAtEscape(t, i+k) {
				goto done
			}
			i += k
			continue
		case '%':
			if c, n := letter(t, i); p.percent && n > 1 && bareStop.has(c) {
				goto done
			}
		case '#':
			if p.url {
				goto done
			}
		case 0xc2:
			if byteAt(t, i+1) == 0xa0 {
				goto done
			}
		}
		i++
	}
done:
	s.walked(p.at, i)
	s.bare[which] = stretch{p.at, i}
	return i
}

// stretch is a piece of the text that has been walked: [start,end).
type stretch struct{ start, end int }

// endsAtEscape tells whether the byte t[i], which backslashes precede, ends a bare
// value: an escaped quote, line break or tab, or \u0026 for &.
func endsAtEscape(t []byte, i int) bool {
	switch c := byteAt(t, i); c {
	case 0, '"', '\'', '`', 'n', 'r', 't', '\n', '\r':
		return true
	case 'u':
		if byteAt(t, i+1) == '0' && byteAt(t, i+2) == '0' {
			c, ok := hexByte(t, i+3)
			return ok && bareStop.has(c)
		}
	}
	return false
}

// schemeOfHash steps over {name} with the hash right behind it.
func schemeOfHash(t []byte, i int) int {
	j := i
	if j < len(t) && t[j] == '{' {
		for j++; j < len(t) && j-i < 24 && word.has(t[j]); j++ {
		}
		if byteAt(t, j) == '}' && j > i+1 && j+1 < len(t) && !bareStop.has(t[j+1]) {
			return j + 1
		}
	}
	return i
}

// proseWords are the words that follow a flag when a person writes about it.
var proseWords = []string{"to ", "is ", "the ", "a ", "or ", "and ", "flag", "option", "for ", "with ", "instead", "on ", "not ", "must ",
	"should ", "cannot ", "requires", "required", "value", "argument", "parameter", "was ", "has ", "in ", "if ", "via "}

// isProse tells whether the words at t[i] go on about a flag rather than give its value:
// "use --password to ...".
func isProse(t []byte, i int) bool {
	for _, w := range proseWords {
		if hasPrefixFold(t, i, w) {
			return true
		}
	}
	return false
}
