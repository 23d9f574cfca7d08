package scrub

import (
	"bytes"
	"strings"
)

// Text in logs is escaped in layers: a JSON string has \n and \u0026, a URL has %3D, a page
// has &quot;, a terminal has colours. The functions here read through all of them, so
// that the verifiers need to know one spelling only.

// lineStart returns where the line that holds t[i] begins.
func lineStart(t []byte, i int) int { return bytes.LastIndexByte(t[:i], '\n') + 1 }

// lineEnd returns the end of the line that holds t[i], without its LF.
func lineEnd(t []byte, i int) int {
	if n := bytes.IndexByte(t[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(t)
}

// before returns the byte that stands before t[i] for the eye of a reader: 0 at the
// start of the text and after an escape that ends in a letter or digit (\n, \u0026,
// %3D, an ANSI colour), which would otherwise look like part of the word.
func before(t []byte, i int) byte {
	if i <= 0 {
		return 0
	}
	c := t[i-1]
	if !alnum.has(c) {
		return c
	}
	if i >= 2 && t[i-2] == '\\' && strings.IndexByte("nrtbfv0", c) >= 0 {
		return 0
	}
	if i >= 4 && strings.IndexByte("nrtbfv0", c) >= 0 && hasPrefixFold(t, i-4, "%5c") {
		return 0
	}
	if i >= 3 && t[i-3] == '%' && anyHex.has(t[i-2]) && anyHex.has(c) {
		return 0
	}
	if i >= 6 && t[i-6] == '\\' && fold(t[i-5]) == 'u' && t[i-4] == '0' && t[i-3] == '0' && anyHex.has(t[i-2]) {
		return 0
	}
	if c == 'm' && endsColour(t, i) {
		return 0
	}
	return c
}

// escapeEnd returns how many letters and digits at t[i] are the end of an escape that
// begins before: 1 for \n, 5 for \u0026, 2 for %3D, else 0.
func escapeEnd(t []byte, i int) int {
	if i == 0 || i == len(t) {
		return 0
	}
	switch {
	case t[i-1] == '\\' && before(t, i+1) == 0:
		return 1
	case t[i-1] == '\\' && i+5 <= len(t) && before(t, i+5) == 0:
		return 5
	case t[i-1] == '%' && i+2 <= len(t) && before(t, i+2) == 0:
		return 2
	}
	return 0
}

// endsColour tells whether an ANSI colour such as ESC[1;32m ends at t[i], raw or with
// its ESC written as \x1b, \u001b or \033.
func endsColour(t []byte, i int) bool {
	j := i - 1
	for j > 0 && i-j < 16 && (isDigit(t[j-1]) || t[j-1] == ';') {
		j--
	}
	if j < 2 || t[j-1] != '[' {
		return false
	}
	t = t[:j-1]
	return t[len(t)-1] == 0x1b || bytes.HasSuffix(t, []byte("1b")) || bytes.HasSuffix(t, []byte("1B")) ||
		bytes.HasSuffix(t, []byte("033"))
}

// colour returns the length of the ANSI colour at t[i], 0 if there is none.
func colour(t []byte, i int) int {
	j := i + backslashesWithin(t, i, 8)
	switch {
	case j == i && byteAt(t, j) == 0x1b:
		j++
	case j == i:
		return 0
	case hasPrefixFold(t, j, `u001b`):
		j += 5
	case hasPrefixFold(t, j, `x1b`), hasPrefixFold(t, j, `033`):
		j += 3
	default:
		return 0
	}
	if j == len(t) || t[j] != '[' {
		return 0
	}
	for j++; j < len(t) && j-i < 24 && (isDigit(t[j]) || t[j] == ';'); j++ {
	}
	if j < len(t) && t[j] == 'm' {
		return j + 1 - i
	}
	return 0
}

// skipBlank steps over blanks, tabs, no-break spaces, %20 and ANSI colours.
func skipBlank(t []byte, i int) int {
	for i < len(t) {
		switch c := t[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == 0xc2 && i+1 < len(t) && t[i+1] == 0xa0:
			i += 2
		case c == '%' && i+2 < len(t) && t[i+1] == '2' && t[i+2] == '0':
			i += 3
		case c == 0x1b || c == '\\':
			n := colour(t, i)
			if n == 0 {
				return i
			}
			i += n
		default:
			return i
		}
	}
	return i
}

// letter reads the byte that t[i:] stands for, however it is escaped: %3D, %253D,
// \u003d, &#61; and &quot; are one sign each to whom they are meant for. It returns
// the byte and the length of its spelling; a length of 0 is the end of the text.
func letter(t []byte, i int) (byte, int) {
	if i >= len(t) {
		return 0, 0
	}
	switch t[i] {
	case '%':
		j := i + 1
		if j+1 < len(t) && t[j] == '2' && t[j+1] == '5' {
			j += 2
		}
		if c, ok := hexByte(t, j); ok {
			return c, j + 2 - i
		}
	case '\\':
		j := i
		for j < len(t) && t[j] == '\\' && j-i < 8 {
			j++
		}
		if j+4 < len(t) && fold(t[j]) == 'u' && t[j+1] == '0' && t[j+2] == '0' {
			if c, ok := hexByte(t, j+3); ok && c == '&' {
				c, n := entity(t, j+4)
				return c, j + 4 + n - i
			} else if ok {
				return c, j + 5 - i
			}
		}
	case '&':
		return entity(t, i)
	}
	return t[i], 1
}

// entities are the spellings of HTML and XML that loggers really print; "&amp;"
// before one of them is HTML that was escaped twice.
var entities = []struct {
	text string
	c    byte
}{
	{"quot;", '"'}, {"apos;", '\''}, {"#34;", '"'}, {"#39;", '\''}, {"#x22;", '"'}, {"#x27;", '\''},
	{"lt;", '<'}, {"gt;", '>'}, {"#61;", '='}, {"#x3d;", '='}, {"equals;", '='}, {"#58;", ':'}, {"colon;", ':'},
}

// entity reads what follows an ampersand at t[i]; how that is spelled does not matter.
func entity(t []byte, i int) (byte, int) {
	j := i + 1
	if hasPrefixFold(t, j, "amp;") {
		j += 4
	}
	for _, e := range entities {
		if hasPrefixFold(t, j, e.text) {
			return e.c, j + len(e.text) - i
		}
	}
	return '&', 1
}
