package unwrap

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// members walks over the members of one JSON object without building anything.
// It checks no more than it needs to find where each value ends.
type members struct {
	b     []byte
	i     int
	comma bool // one more member must follow
	ok    bool // at the end: the whole line was one object
}

// object starts at the brace that b must begin with.
func object(b []byte) members { return members{b: b, i: 1} }

// next gives the next key without its quotes and the raw value; false at the
// closing brace and where the object is broken.
func (m *members) next() (key, value []byte, more bool) {
	i := blanks(m.b, m.i)
	if i < len(m.b) && m.b[i] == '}' {
		m.ok = !m.comma && blanks(m.b, i+1) == len(m.b)
		return nil, nil, false
	}
	end := stringEnd(m.b, i)
	if end < 0 {
		return nil, nil, false
	}
	key = m.b[i+1 : end-1]
	if i = blanks(m.b, end); i == len(m.b) || m.b[i] != ':' {
		return nil, nil, false
	}
	i = blanks(m.b, i+1)
	if end = valueEnd(m.b, i); end < 0 {
		return nil, nil, false
	}
	value = m.b[i:end]
	i = blanks(m.b, end)
	if m.comma = i < len(m.b) && m.b[i] == ','; m.comma {
		i++
	} else if i == len(m.b) || m.b[i] != '}' {
		return nil, nil, false
	}
	m.i = i
	return key, value, true
}

func blanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// stringEnd gives the index behind the closing quote of the string at i, -1 if
// there is none. Every backslash is looked at once.
func stringEnd(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return -1
	}
	for from := i + 1; ; {
		q := bytes.IndexByte(b[from:], '"')
		if q < 0 {
			return -1
		}
		q += from
		run := q
		for run > from && b[run-1] == '\\' {
			run--
		}
		if (q-run)%2 == 0 {
			return q + 1
		}
		from = q + 1
	}
}

// valueEnd gives the index behind the value at i, -1 if it does not end.
func valueEnd(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return stringEnd(b, i)
	case '{', '[':
		return nestEnd(b, i)
	}
	start := i
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
		i++
	}
	if i == start {
		return -1
	}
	return i
}

// nestEnd gives the index behind the object or array at i. It counts brackets
// and does not recurse, so depth costs nothing.
func nestEnd(b []byte, i int) int {
	for depth := 0; i < len(b); {
		switch b[i] {
		case '"':
			if i = stringEnd(b, i); i < 0 {
				return -1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

// appendString appends what the inside of a JSON string stands for. Half of a
// surrogate pair becomes U+FFFD, NUL is left out, and an escape that JSON does
// not have is kept as it was written.
func appendString(dst, src []byte) []byte {
	for {
		i := bytes.IndexByte(src, '\\')
		if i < 0 || i+1 == len(src) {
			return append(dst, src...)
		}
		dst = append(dst, src[:i]...)
		n := 2
		switch c := src[i+1]; c {
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'r':
			dst = append(dst, '\r')
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'u':
			dst, n = appendRune(dst, src[i:])
		default:
			dst = append(dst, '\\', c)
		}
		src = src[i+n:]
	}
}

// appendRune reads the \uXXXX at the start of b, or a pair of them, and gives
// the number of bytes read.
func appendRune(dst, b []byte) ([]byte, int) {
	r := hexRune(b)
	switch {
	case r < 0:
		return append(dst, '\\', 'u'), 2
	case r == 0:
		return dst, 6
	case utf16.IsSurrogate(r):
		if pair := utf16.DecodeRune(r, hexRune(b[6:])); pair != utf8.RuneError {
			return utf8.AppendRune(dst, pair), 12
		}
		r = utf8.RuneError
	}
	return utf8.AppendRune(dst, r), 6
}

// hexRune reads \uXXXX, -1 if it is none.
func hexRune(b []byte) (r rune) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	for _, c := range b[2:6] {
		switch {
		case digit(c):
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}
