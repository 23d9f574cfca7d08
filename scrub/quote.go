package scrub

import "bytes"

// quote is the sign that opens a quoted value, and so the one that closes it.
//
// A JSON text inside a string has its quotes escaped, once more for every level:
// \" stands one level deep, \\\" two. A quote of one level never closes one of
// another, and the backslashes of the closing quote are not part of the value.
type quote struct {
	char  byte   // " ' or `
	depth int    // how often it is escaped
	lit   []byte // its spelling if it is not one of these: %22, &quot;, \'
}

// openQuote reads the quote at t[i] and returns where the quoted text begins.
func openQuote(t []byte, i int) (q quote, next int, ok bool) {
	j := i + backslashesWithin(t, i, 64)
	if j == len(t) {
		return q, 0, false
	}
	if t[j] == '\'' && j > i { // JSON does not escape it, so any number of backslashes may stand here
		return quote{char: '\'', lit: t[i : j+1]}, j + 1, true
	}
	if isQuote(t[j]) {
		depth, ok := depthOf(j - i)
		return quote{char: t[j], depth: depth}, j + 1, ok
	}
	if c, n := letter(t, i); n > 1 && isQuote(c) {
		return quote{char: c, lit: t[i : i+n]}, i + n, true
	}
	return q, 0, false
}

// isQuote tells whether c is one of the signs that programs put round a value.
func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// depthOf tells how deep a quote with k backslashes stands: 0, 1, 3, 7 ... are the
// numbers that escaping yields.
func depthOf(k int) (depth int, ok bool) {
	for ; k > 0; k = (k - 1) / 2 {
		if k%2 == 0 {
			return 0, false
		}
		depth++
	}
	return depth, true
}

// closes tells whether a quote after k backslashes ends a text that opened depth
// levels deep, and how many of the backslashes belong to that quote.
func closes(k, depth int) (own int, ok bool) {
	switch {
	case k%2 == 0:
		return 0, true // ends it, or the string around it
	case depth == 0:
		return 0, false
	}
	own, ok = closes((k-1)/2, depth-1)
	return 2*own + 1, ok
}

// quotedEnd finds the end of the text that q opened before t[i]. It never reaches
// beyond the line, nor out of a string that is open around it. after is where to go on:
// behind the closing quote if there is one.
func (s *Scrubber) quotedEnd(i int, q quote, open levels) (end, after int) {
	t := s.text
	if q.char == '"' && q.lit == nil && q.depth < len(open) {
		open[q.depth] = true
	}
	for j := i; j < len(t); {
		switch c := t[j]; {
		case lineBreak.has(c):
			return s.ended(i, j, j)
		case q.lit != nil && c == q.lit[0] && bytes.HasPrefix(t[j:], q.lit):
			return s.ended(i, j, j+len(q.lit))
		case c == '\\' || isQuote(c):
			end, after, ok := q.endAt(t, j, &open)
			if ok {
				return s.ended(i, end, after)
			}
			j = after
		default:
			j++
		}
	}
	return s.ended(i, len(t), len(t))
}

// endAt tells whether the quote at t[j], or behind the backslashes there, ends the
// text; if not, after is where to go on. A doubled quote, as SQL and CSV write one
// inside a quoted text, does not end it.
func (q quote) endAt(t []byte, j int, open *levels) (end, after int, ok bool) {
	k := backslashes(t, j)
	at := j + k
	switch c := byteAt(t, at); {
	case c == '"':
		own, ok := open.ends(k)
		switch {
		case !ok:
			return 0, at + 1, false
		case q.char != '"' || q.lit != nil || own != 1<<q.depth-1:
			return at - own, at - own, true // the end of a string around it
		case k == 0 && byteAt(t, at+1) == '"' && !endsString(t, at+2):
			return 0, at + 2, false
		}
		return at - own, at + 1, true
	case c == q.char && q.lit == nil:
		own, ok := closes(k, q.depth)
		if !ok || k == 0 && byteAt(t, at+1) == c {
			return 0, at + 1 + min(1, max(0, 1-k)), false
		}
		return at - own, at + 1, true
	case k%2 == 0 && k > 0 || lineBreak.has(c):
		return 0, at, false
	}
	return 0, min(at+1, len(t)), false
}

// backslashesWithin is backslashes, but gives up at most.
func backslashesWithin(t []byte, i, most int) int {
	j := i
	for j < len(t) && t[j] == '\\' && j-i < most {
		j++
	}
	return j - i
}

// backslashes counts the backslashes at t[i].
func backslashes(t []byte, i int) int {
	j := i
	for j < len(t) && t[j] == '\\' {
		j++
	}
	return j - i
}

// byteAt returns t[i], and 0 beyond the end.
func byteAt(t []byte, i int) byte {
	if i < 0 || i >= len(t) {
		return 0
	}
	return t[i]
}

// ended counts the walk to the end of a quoted text.
func (s *Scrubber) ended(from, end, after int) (int, int) {
	s.walked(from, after)
	return end, after
}

// backslashesBefore counts the backslashes that end before t[i].
func backslashesBefore(t []byte, i int) int {
	j := i
	for j > 0 && t[j-1] == '\\' {
		j--
	}
	return i - j
}
