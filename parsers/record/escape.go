package record

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescape undoes the escapes of a JSON or Go string, also of one that was
// cut off, in the lenient way that finds the text of a trace again: an escape that
// neither knows stays as it is.
// A trace that lost a backslash is still a trace; an error would lose all of it.
func unescape(b []byte) string {
	var sb strings.Builder
	sb.Grow(len(b))
	for p := 0; p < len(b); {
		if b[p] != '\\' || p+1 == len(b) {
			sb.WriteByte(b[p])
			p++
			continue
		}
		p = escape(&sb, b, p)
	}
	return strings.ToValidUTF8(sb.String(), "\uFFFD")
}

// escape writes the meaning of the escape at p and gives the offset behind it.
func escape(sb *strings.Builder, b []byte, p int) int {
	switch c := b[p+1]; c {
	case 'n':
		sb.WriteByte('\n')
	case 't':
		sb.WriteByte('\t')
	case 'r':
		sb.WriteByte('\r')
	case 'b', 'f', 'a', 'v':
		sb.WriteByte(' ')
	case '"', '\\', '/', '\'':
		sb.WriteByte(c)
	case 'u':
		return unicodeEscape(sb, b, p)
	case 'x':
		if n, ok := hexAt(b, p+2, 2); ok {
			sb.WriteByte(byte(n))
			return p + 4
		}
		sb.WriteString(`\x`)
	default:
		sb.WriteByte('\\')
		sb.WriteByte(c)
	}
	return p + 2
}

// unicodeEscape writes the rune of \uXXXX at p, or of two of them that make a pair.
func unicodeEscape(sb *strings.Builder, b []byte, p int) int {
	n, ok := hexAt(b, p+2, 4)
	if !ok {
		sb.WriteString(`\u`)
		return p + 2
	}
	p += 6
	if n >= 0xD800 && n < 0xDC00 && at(b, p) == '\\' && at(b, p+1) == 'u' {
		if low, ok := hexAt(b, p+2, 4); ok && low >= 0xDC00 && low < 0xE000 {
			sb.WriteRune(rune(0x10000 + (n-0xD800)<<10 + (low - 0xDC00)))
			return p + 6
		}
	}
	if n >= 0xD800 && n < 0xE000 {
		sb.WriteRune(utf8.RuneError)
		return p
	}
	sb.WriteRune(rune(n))
	return p
}

// hexAt reads a number of so many hexadecimal digits at p.
func hexAt(b []byte, p, digits int) (int, bool) {
	if p+digits > len(b) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[p:p+digits]), 16, 32)
	return int(n), err == nil
}

// bounded cuts text to at most limit bytes, at the border of a rune.
func bounded(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
