package trace

// span is a piece of a line, borrowed like the line itself. Its methods are the
// few questions that grammars ask of a line; none allocates.
type span []byte

// has tells whether s begins with prefix.
func (s span) has(prefix string) bool {
	return len(s) >= len(prefix) && string(s[:len(prefix)]) == prefix
}

// ends tells whether s ends with suffix.
func (s span) ends(suffix string) bool {
	return len(s) >= len(suffix) && string(s[len(s)-len(suffix):]) == suffix
}

// indent is the number of leading blanks and tabs.
func (s span) indent() int {
	for i, b := range s {
		if !isBlank(b) {
			return i
		}
	}
	return len(s)
}

// left is s without leading blanks and tabs.
func (s span) left() span { return s[s.indent():] }

// right is s without trailing blanks, tabs and carriage returns.
func (s span) right() span {
	n := len(s)
	for n > 0 && (isBlank(s[n-1]) || s[n-1] == '\r') {
		n--
	}
	return s[:n]
}

// trim is s without either.
func (s span) trim() span { return s.right().left() }

// number reads s as a whole as a decimal of at most nine digits.
func (s span) number() (n int, ok bool) {
	if len(s) == 0 || len(s) > 9 {
		return 0, false
	}
	for _, b := range s {
		if !isDigit(b) {
			return 0, false
		}
		n = n*10 + int(b-'0')
	}
	return n, true
}

func isDigit(b byte) bool { return b-'0' < 10 }
