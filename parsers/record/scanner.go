package record

// Scanner reads the lines of one stream. The zero value is ready; it is used by
// one goroutine at a time. What it learns of a stream only saves looking again:
// it answers for every line as a fresh one would.
type Scanner struct {
	word, mask uint64 // the last level word and the byte behind it, as they stand
	level      Level
	width      int // of the word
	wrote      letterCase
	names      [4]knownName
	group      [2]uint64 // the first 16 bytes of the last long name in brackets
}

// Head tells what the beginning of a line says. It does not allocate, and its
// time does not depend on the length of the line except for JSON and logfmt, where
// it is linear.
func (s *Scanner) Head(line []byte) Head {
	if len(line) == 0 {
		return Head{}
	}
	first := openers[line[0]]
	switch first {
	case noOpener:
		return Head{}
	case jsonOpener:
		return jsonHead(line)
	case digitOpener, bracketOpener:
		if h, ok := s.quick(line); ok {
			if h.Kind == Text {
				if c := line[len(line)-1]; c == '}' || c == ']' {
					h.Embedded = closesObject(line) && embeds(line)
				}
			}
			return h
		}
	case upperOpener:
		if isDigit(at(line, 1)) {
			if h, ok := quickKlog(line); ok {
				return h
			}
		}
	case blankOpener: // most often a row of a trace
		p := skipBlanks(line, 0)
		if p >= len(line) || p > 2 && p <= maxIndent || openers[line[p]] != upperOpener && openers[line[p]] != digitOpener {
			return Head{}
		}
	case parenOpener:
		return s.printedHead(line, printed(line))
	case hashOpener:
		if at(line, 1) != '#' {
			return Head{}
		}
	case lowerOpener:
		p := keyEnd(line)
		switch at(line, p) {
		case '=':
			return logfmtHead(line)
		case ':': // an exception's type, as a rule
			if at(line, p+1) == ' ' && at(line, p+2) != '[' && line[0] != 'k' {
				if _, n, _ := levelAt(line, 0); n != p {
					return Head{}
				}
			}
		}
		if h, done := s.lowerHead(line, p); done {
			return h
		}
	}
	h := textHead(line, first)
	if h.Kind != None && h.Kind != Access && !h.Embedded && closesObject(line) {
		h.Embedded = embeds(line)
	}
	return h
}

// lowerHead decides about a line that begins with a small letter where its first word
// is enough; done is false if header must read on.
// The first word ends at p.
func (s *Scanner) lowerHead(line []byte, p int) (h Head, done bool) {
	switch at(line, p) {
	case ':':
	case ' ':
		switch at(line, p+1) {
		case 'k':
			if kernelTag(line, p+1) > 0 {
				return Head{}, false
			}
		case 's':
			if n := printed(line); n > 0 {
				return s.printedHead(line, n), true
			}
		}
		if p <= 3 || !bracketSoon(line) {
			return Head{}, true
		}
	default:
		return Head{}, true
	}
	return Head{}, false
}

// maxIndent is the deepest indent of rows of traces and of what is printed below
// a message; only rich indents a record, and deeper.
const maxIndent = 8

// maxHeader bounds how much of a line is looked at for a header of a text format.
const maxHeader = 1 << 10

// textHead reads the header of a line that quick leaves alone.
// Everything that tells records of text apart stands within the first maxHeader bytes.
func textHead(line []byte, first opener) Head {
	h := header{b: line[:min(len(line), maxHeader)], shut: line[len(line)-1] == '}'}
	if !h.open(first) {
		return Head{}
	}
	if h.kind == Logfmt {
		return logfmtHead(line)
	}
	if h.msg == len(h.b) {
		h.msg = len(line)
	}
	if h.kind == Text && h.level == Unknown {
		if in := inner(line[h.msg:]); in.Level != Unknown {
			in.Msg = h.msg
			return in
		}
	}
	return Head{Kind: h.kind, Level: h.level, Msg: h.msg}
}

// inner reads a message that is a JSON or logfmt record of its own: what pm2,
// AWS Lambda and many a wrapper print is their own time and then the program's line.
//
//	2026-11-22T05:30:00: {"level":"error","msg":"charge failed"}
func inner(m []byte) Head {
	switch {
	case len(m) < 2:
	case m[0] == '{':
		return jsonHead(m)
	case openers[m[0]] == lowerOpener && at(m, keyEnd(m)) == '=':
		return logfmtHead(m)
	}
	return Head{}
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
	parenOpener
	hashOpener
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
	t['('], t['#'] = parenOpener, hashOpener
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
	case hashOpener:
		return h.webLogic()
	case parenOpener:
		return false
	}
	return h.accessLine()
}

// blankLine reads lines that begin with blanks: a level padded on the left
// (log4j's %5p, tracing, apex), a time (tracing's pretty form), consola's " ERROR  message",
// and rich, which leaves the time out where it repeats.
func (h *header) blankLine() bool {
	b := h.b
	p := skipBlanks(b, 0)
	if p >= len(b) || b[p-1] != ' ' {
		return false
	}
	switch openers[b[p]] {
	case digitOpener:
		if end := isoAt(b, p); p <= 2 && end > p {
			h.shape, h.time = isoStamp, span{p, end}
			return h.afterTime(end)
		}
		return h.logcatSeconds(p)
	case upperOpener:
		if p > 2 && p <= maxIndent {
			return false
		}
		l, n, c := levelAt(b, p)
		if l == Unknown || c != upperCase {
			return false
		}
		switch end := p + n; {
		case p > 2:
			return h.richLine(l, p, end)
		case at(b, end) == '[':
			return h.levelTime(l, end)
		case p == 1 && has(b, end, "  ") && class[at(b, end+2)]&(letter|digit) != 0 && strongWord(b[p:end]):
			h.kind, h.level = LevelFirst, l
			return h.done(end + 2)
		case at(b, end) == ' ':
			return h.levelSpace(l, p, end)
		}
	}
	return false
}

// richLine reads a line of rich's handler for Python: the level [p, end) in a
// column of eight, the place of the call at the right margin.
//
//	ERROR    charge failed                       worker.py:23
func (h *header) richLine(l Level, p, end int) bool {
	b := h.b
	m := p + len("CRITICAL ")
	if m >= len(b) || skipBlanks(b, end) != m || b[m] == ' ' {
		return false
	}
	t := len(b)
	for t > m && b[t-1] == ' ' {
		t--
	}
	q := t
	for q > m && b[q-1] != ' ' {
		q--
	}
	if callerEnd(b, q) != t {
		return false
	}
	h.level, h.tailed = l, richTail
	return h.done(m)
}
