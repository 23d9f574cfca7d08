package scrub

import "bytes"

// levels tells which strings in double quotes are open at a place. A string inside a
// string has its quotes escaped, and so on: level 0 is opened by ", level 1 by \", level
// 2 by \\\". A quote of a level that is open ends the string of that level, and with it
// whatever a value inside of it looked like.
type levels [4]bool

// levelOf tells the level of a double quote that has k backslashes before it, and how
// many of these belong to the quote; the others are escaped backslashes.
func levelOf(k int) (level, own int) {
	for ; k%2 == 1; k = (k - 1) / 2 {
		level++
	}
	return level, 1<<level - 1
}

// toggle opens or closes a string. What was open inside of it is closed with it.
func (lv *levels) toggle(level int) {
	if level >= len(lv) {
		return
	}
	lv[level] = !lv[level]
	for i := level + 1; i < len(lv); i++ {
		lv[i] = false
	}
}

// ends tells whether a double quote after k backslashes ends an open string, and how
// many of the backslashes belong to it.
func (lv *levels) ends(k int) (own int, ok bool) {
	level, own := levelOf(k)
	return own, level < len(lv) && lv[level]
}

// parity counts the double quotes of a text from the start of each line. It is asked
// for rising places, so that a text is walked once.
type parity struct {
	pos  int // counted up to here
	open levels
}

// at returns what is open before t[i].
func (p *parity) at(t []byte, i int) levels {
	if i < p.pos {
		*p = parity{pos: lineStart(t, i)}
	} else if n := bytes.LastIndexByte(t[p.pos:i], '\n'); n >= 0 { // strings end with the line
		*p = parity{pos: p.pos + n + 1}
	}
	p.pos, p.open = countQuotes(t, p.pos, i, p.open)
	return p.open
}

// countQuotes walks from pos to i. The position it returns may lie behind i, when t[i]
// is an escaped byte.
func countQuotes(t []byte, pos, i int, open levels) (int, levels) {
	for pos < i {
		switch t[pos] {
		case '\\':
			k := backslashes(t, pos)
			pos += k
			switch c := byteAt(t, pos); {
			case c == '"':
				level, _ := levelOf(k)
				open.toggle(level)
			case k%2 == 0 || c == '\n':
				continue
			}
		case '"':
			open.toggle(0)
		case '\n':
			open = levels{}
		}
		pos++
	}
	return pos, open
}

// levelsAt returns what is open before text[i]. The count is kept for the start of the
// literal at hand, which only rises; from there to i is short.
func (s *Scrubber) levelsAt(i int) levels {
	t := s.text
	at := max(min(s.at, i), s.quotes.pos)
	open := s.quotes.at(t, at)
	s.work += i - at + 1 // quotes are counted from afar, but only those of a mark could matter
	if i > s.quotes.pos {
		_, open = countQuotes(t, s.quotes.pos, i, open)
	}
	return open
}

// opensQuote is openQuote for a place where a value should begin: a quote that closes
// the string which the key stands in does not open a value, it means there is none.
// Since a stray quote earlier in the line may mislead the count, what follows must
// look like the end of a string, too.
func (s *Scrubber) opensQuote(i int, open *levels) (q quote, begin int, ok bool) {
	t := s.text
	q, begin, ok = openQuote(t, i)
	if !ok {
		return q, 0, false
	}
	closing := q.char != '"' || q.lit != nil || q.depth < len(open) && open[q.depth]
	if closing && endsString(t, begin) && !s.closesSoon(q, begin) {
		return q, 0, false
	}
	return q, begin, true
}

// closesSoon tells whether a quote that cannot be counted opens a value that begins with
// a blank or a semicolon: the same quote follows on the line.
func (s *Scrubber) closesSoon(q quote, i int) bool {
	t := s.text
	if c := byteAt(t, i); q.char != '\'' || c != ' ' && c != ';' && c != ':' {
		return false
	}
	limit := min(len(t), i+2*longestLookBack)
	j := i
	for j < limit && !lineBreak.has(t[j]) && t[j] != '\'' {
		j++
	}
	s.walked(i, j)
	return byteAt(t, j) == '\''
}

// endsString tells whether what follows at t[i] is what follows the end of a string: a
// comma, a closing bracket, a blank, the end.
func endsString(t []byte, i int) bool {
	switch byteAt(t, i) {
	case 0, ',', '}', ']', ')', ':', ';', '+', '\n', '\r', ' ', '\t':
		return true
	case '\\':
		c := byteAt(t, i+backslashesWithin(t, i, 64))
		return c == '"' || c == 'n' || c == 'r'
	case '"':
		return true
	}
	return false
}
