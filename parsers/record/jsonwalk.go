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
	cut      bool // the line ends inside val
}

// walkObject starts at the brace at p.
func walkObject(b []byte, p int) members { return members{b: b, p: p + 1} }

// next goes to the next member; false at the end of the object or where the
// text is no JSON.
func (m *members) next() bool {
	b := m.b
	p := skipSpace(b, m.p)
	if at(b, p) == ',' {
		p = skipSpace(b, p+1)
	}
	if at(b, p) != '"' {
		m.p = p
		return false
	}
	e := stringEnd(b, p+1)
	if e >= len(b) {
		m.p = e
		return false
	}
	m.key = span{p + 1, e}
	p = skipSpace(b, e+1)
	if at(b, p) != ':' {
		m.p = p
		return false
	}
	p = skipSpace(b, p+1)
	m.val.at = p
	m.p = valueEnd(b, p)
	m.val.end = min(m.p, len(b))
	m.cut = m.p > len(b)
	return m.val.end > p
}

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
	for range 4 { // most keys and values are short
		if p+8 > len(b) {
			break
		}
		w := binary.LittleEndian.Uint64(b[p:])
		q, s := w^('"'*ones), w^('\\'*ones)
		hit := ((q - ones) &^ q & highs) | ((s - ones) &^ s & highs)
		if hit == 0 {
			p += 8
			continue
		}
		p += bits.TrailingZeros64(hit) / 8
		if b[p] == '"' {
			return p
		}
		p += 2
	}
	return longStringEnd(b, p)
}

func longStringEnd(b []byte, p int) int {
	start := p
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
