package unwrap

import "bytes"

// unescape puts back the control characters that rsyslog and others write as
// three octal digits ($EscapeControlCharactersOnReceive): #011 TAB, #012 line
// break, #015 CR, #033 ESC. Anything else behind a # is left alone, and so are
// the numbers of tickets: "see #012, please".
func (u *Unwrapper) unescape(text []byte) []byte {
	i := nextEscape(text, 0)
	if i < 0 {
		return text
	}
	dst := u.text[:0]
	if u.own {
		dst = text[:0]
	}
	from := 0
	for ; i >= 0; i = nextEscape(text, from) {
		dst = append(dst, text[from:i]...)
		dst = append(dst, (text[i+2]-'0')<<3|(text[i+3]-'0'))
		from = i + 4
	}
	dst = append(dst, text[from:]...)
	if !u.own {
		u.text, u.own = dst, true
	}
	return u.plain(dst)
}

// nextEscape gives the index of the next escape from i on, -1 if there is none.
func nextEscape(b []byte, i int) int {
	for {
		n := bytes.IndexByte(b[i:], '#')
		if n < 0 || i+n+4 > len(b) {
			return -1
		}
		i += n
		switch string(b[i+1 : i+4]) {
		case "011", "012", "015", "033":
			if !isTicket(b, i) {
				return i
			}
		}
		i++
	}
}

// isTicket reports whether the escape at i reads like a number in a sentence: a
// blank in front, and behind it a single blank, a stop, or the end. Three stops
// are what a JVM writes behind a tab ("... 12 more").
func isTicket(b []byte, i int) bool {
	if i == 0 || b[i-1] != ' ' {
		return false
	}
	if i+4 == len(b) {
		return true
	}
	switch b[i+4] {
	case ' ':
		return i+5 == len(b) || b[i+5] != ' '
	case '.', ',', ';', ':', ')', '?', '!':
		return i+5 == len(b) || b[i+5] != b[i+4]
	}
	return false
}
