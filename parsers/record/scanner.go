package record

// Scanner reads the lines of one stream. The zero value is ready; it is used by
// one goroutine at a time.
type Scanner struct{}

// Head tells what the beginning of a line says. It does not allocate, and its
// time does not depend on the length of the line except for JSON and logfmt, where
// it is linear.
func (s *Scanner) Head(line []byte) Head {
	if len(line) == 0 {
		return Head{}
	}
	switch first := openers[line[0]]; first {
	case noOpener:
		return Head{}
	case jsonOpener:
		return jsonHead(line)
	default:
		var h header
		h.b = line
		if !h.open(first) {
			return Head{}
		}
		if h.kind == Logfmt {
			return logfmtHead(line)
		}
		return Head{Kind: h.kind, Level: h.level, Msg: h.msg}
	}
}

// opener says what kind of record a first byte may open.
type opener uint8

const (
	noOpener opener = iota
	jsonOpener
	digitOpener
	bracketOpener
	upperOpener
	lowerOpener
	blankOpener
	equalOpener
	angleOpener
	hostOpener
	boxOpener
)

var openers = func() (t [256]opener) {
	for c := '0'; c <= '9'; c++ {
		t[c] = digitOpener
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] = lowerOpener
		t[c-32] = upperOpener
	}
	t['_'], t['@'] = lowerOpener, lowerOpener
	t['{'], t['['], t[' '], t['='], t['<'] = jsonOpener, bracketOpener, blankOpener, equalOpener, angleOpener
	t[':'], t['-'] = hostOpener, hostOpener
	t[0xE2] = boxOpener // ┌
	return t
}()

// open reads the header of a line by its first byte.
func (h *header) open(first opener) bool {
	switch first {
	case digitOpener:
		return h.digitLine(0)
	case bracketOpener:
		return h.bracketLine(0)
	case upperOpener:
		return h.upperLine(0)
	case lowerOpener:
		return h.lowerLine()
	case blankOpener:
		return h.blankLine()
	case equalOpener:
		return h.erlangLine()
	case angleOpener:
		return h.angleLine()
	case boxOpener:
		return h.juliaLine()
	}
	return h.accessLine()
}

// blankLine reads lines that begin with one or two blanks: a level padded on
// the left (log4j's %5p, tracing) or a time (tracing's pretty form).
func (h *header) blankLine() bool {
	p := skipBlanks(h.b, 0)
	if p > 2 || p >= len(h.b) || h.b[p-1] != ' ' {
		return false
	}
	switch openers[h.b[p]] {
	case digitOpener:
		if end := isoAt(h.b, p); end > p {
			h.shape, h.time = isoStamp, span{p, end}
			return h.afterTime(end)
		}
	case upperOpener:
		if l, n, c := levelAt(h.b, p); l != Unknown && c == upperCase && at(h.b, p+n) == ' ' {
			return h.levelSpace(l, p, p+n)
		}
	}
	return false
}
