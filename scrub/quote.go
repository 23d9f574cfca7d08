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
	lit   []byte // its spelling if it is not written with backslashes: %22, &quot;
}

// openQuote reads the quote at t[i] and returns where the quoted text begins.
func openQuote(t []byte, i int) (q quote, next int, ok bool) {
	j := i + backslashesWithin(t, i, 64)
	if j == len(t) {
		return q, 0, false
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
// beyond the line, nor out of the string in double quotes that surrounds it. after
// is where to go on: behind the closing quote if there is one.
func (s *Scrubber) quotedEnd(i int, q quote, inString bool) (end, after int) {
	t := s.text
	for j := i; j < len(t); {
		switch c := t[j]; {
		case c == '\n' || c == '\r':
			return s.walked(i, j, j)
		case q.lit != nil:
			if c == q.lit[0] && bytes.HasPrefix(t[j:], q.lit) {
				return s.walked(i, j, j+len(q.lit))
			}
			if c == '"' || c == '\\' && byteAt(t, j+backslashes(t, j)) == '"' {
				return s.walked(i, j, j)
			}
			j++
		case c == '\\':
			k := backslashes(t, j)
			end, after, ok := q.endAt(t, j, k, inString)
			if ok {
				return s.walked(i, end, after)
			}
			j = after
		case c == q.char || c == '"' && inString:
			end, after, ok := q.endAt(t, j, 0, inString)
			if ok {
				return s.walked(i, end, after)
			}
			j = after
		default:
			j++
		}
	}
	return s.walked(i, len(t), len(t))
}

// endAt tells whether the k backslashes at t[j] and the quote behind them end the
// text; if not, after is where to go on. A doubled quote, as SQL and CSV write one
// inside a quoted text, does not end it.
func (q quote) endAt(t []byte, j, k int, inString bool) (end, after int, ok bool) {
	at := j + k
	if at >= len(t) {
		return 0, at, false
	}
	if t[at] != q.char {
		switch {
		case t[at] == '"' && inString && k%2 == 0:
			return at, at, true
		case k%2 == 1 && !lineBreak.has(t[at]):
			at++
		}
		return 0, at, false
	}
	own, ok := closes(k, q.depth)
	if !ok {
		return 0, at + 1, false
	}
	if k == 0 && q.depth == 0 && at+1 < len(t) && t[at+1] == q.char && (q.char == '\'' || !inString) {
		return 0, at + 2, false
	}
	if k%2 == 0 && q.depth > 0 {
		return at, at, true // the string around it ends here
	}
	return at - own, at + 1, true
}

// backslashesWithin is backslashes, but gives up at most.
func backslashesWithin(t []byte, i, most int) int {
	j := i
	for j < len(t) && t[j] == '\\' && j-i < most {
		j++
	}
	return j - i
}

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

// walked counts the bytes looked at; see the field work.
func (s *Scrubber) walked(from, end, after int) (int, int) {
	s.work += after - from + 1
	return end, after
}
