package record

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// members walks the members of one JSON object. It does not validate: it finds
// keys and values the way they stand, also in an object that was cut off, and
// never reads beyond it.
type members struct {
	b        []byte
	p        int
	key, val span // of the present member; key without quotes, val as it stands, quotes included
}

// walkObject starts at the brace at p.
func walkObject(b []byte, p int) members { return members{b: b, p: p + 1} }

// next goes to the next member; false at the end of the object or where the
// text is no JSON.
func (m *members) next() bool {
	b, p := m.b, m.p
	if p < len(b) && b[p] == ',' {
		p++
	}
	if p >= len(b) || b[p] != '"' {
		if p = m.seek(p); p < 0 {
			return false
		}
	}
	e := stringEnd(b, p+1)
	m.key = span{p + 1, e}
	p = e + 1
	if p >= len(b) || b[p] != ':' {
		if p = skipSpace(b, p); at(b, p) != ':' {
			m.p = len(b)
			return false
		}
	}
	p++
	if p < len(b) && b[p] <= ' ' {
		p = skipSpace(b, p)
	}
	m.val.at = p
	m.p = valueEnd(b, p)
	m.val.end = min(m.p, len(b))
	return m.val.end > p
}

// seek skips blanks and a comma to the quote of the next key; -1 if there is none.
func (m *members) seek(p int) int {
	if p = skipSpace(m.b, p); at(m.b, p) == ',' {
		p = skipSpace(m.b, p+1)
	}
	if at(m.b, p) == '"' {
		return p
	}
	m.p = len(m.b)
	return -1
}

// skipSpace skips what JSON calls whitespace.
func skipSpace(b []byte, p int) int {
	for p < len(b) && (b[p] == ' ' || b[p] == '\t' || b[p] == '\n' || b[p] == '\r') {
		p++
	}
	return p
}

// Patterns for looking at eight bytes at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// stringEnd gives the offset of the quote that ends the string whose text
// starts at p, or len(b) if none does.
func stringEnd(b []byte, p int) int {
	if p+8 <= len(b) { // most keys are short
		w := binary.LittleEndian.Uint64(b[p:])
		q, s := w^('"'*ones), w^('\\'*ones)
		hit := ((q - ones) &^ q & highs) | ((s - ones) &^ s & highs)
		if hit == 0 {
			return longStringEnd(b, p, p+8)
		}
		if i := p + bits.TrailingZeros64(hit)/8; b[i] == '"' {
			return i
		}
	}
	return longStringEnd(b, p, p)
}

// longStringEnd is stringEnd for a text that starts at start and is known to
// hold neither quote nor backslash before p.
func longStringEnd(b []byte, start, p int) int {
	for p < len(b) {
		i := bytes.IndexByte(b[p:], '"')
		if i < 0 {
			return len(b)
		}
		p += i
		q := p
		for q > start && b[q-1] == '\\' {
			q--
		}
		if (p-q)&1 == 0 {
			return p
		}
		p++
		start = p
	}
	return len(b)
}

// valueEnd gives the end of the value at p; beyond len(b) if it is cut off.
// A literal ends before the comma or bracket that follows it.
func valueEnd(b []byte, p int) int {
	switch at(b, p) {
	case '"':
		return stringEnd(b, p+1) + 1
	case '{', '[':
		return nestedEnd(b, p)
	}
	for p < len(b) && b[p] != ',' && b[p] != '}' && b[p] != ']' && class[b[p]]&blank == 0 {
		p++
	}
	return p
}

// nestedEnd gives the end of the object or array at p; beyond len(b) if it is cut off.
// Brackets are counted, not matched: the text is a log's, not a parser's test.
func nestedEnd(b []byte, p int) int {
	depth := 0
	for p < len(b) {
		switch b[p] {
		case '"':
			p = stringEnd(b, p+1)
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return p + 1
			}
		}
		p++
	}
	return len(b) + 1
}
