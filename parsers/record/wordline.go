package record

import "bytes"

// keyEnd gives the end of the word that opens the line and may be a logfmt key.
func keyEnd(b []byte) int {
	e := 0
	for e < len(b) && class[b[e]]&(wordRun|keyRun) != 0 {
		e++
	}
	return e
}

// lowerLine reads the remaining lines that begin with a letter.
//
//	level=error msg="..."   info: Acme.Pay[0]   pay.exe: [ERROR] message
//	java.lang.X: message    error: message      main.main()   ordinary lines
func (h *header) lowerLine() bool {
	b := h.b
	e := keyEnd(b)
	if c := at(b, e); c == ':' && b[0] == 'k' || c == ' ' && at(b, e+1) == 'k' {
		if h.kernelLine(e) {
			return true
		}
	}
	switch at(b, e) {
	case '=':
		h.kind = Logfmt
		return true
	case ':':
		return h.wordColon(e)
	case ' ':
		if b[0] >= '0' && class[b[0]]&letter != 0 && e > 3 {
			return h.accessLine()
		}
	}
	return false
}

// wordColon reads lines that begin with a word and a colon: the console logger
// of .NET, winston's "info: message", "program: [ERROR] message".
// A bare "error: " is the header of an exception in Bun and Deno and the text of
// any command line tool: it opens no record.
func (h *header) wordColon(e int) bool {
	b := h.b
	if at(b, e+1) != ' ' {
		return h.nameLevel(e) || h.accessLine()
	}
	l, n, c := levelAt(b, 0)
	switch {
	case l != Unknown && n == e && c == lowerCase:
		if h.dotNet(l, e+2) {
			return true
		}
		h.tailed = jsonTail
		if h.shut && l == Error && bytes.Contains(b, []byte(` {"`)) { // winston's simple format
			h.kind, h.level = LevelFirst, l
			return h.done(e + 2)
		}
		if l == Error || l == Fatal || b[0] == 'f' || string(b[:e]) == "warning" || string(b[:e]) == "note" || string(b[:e]) == "default" {
			return false
		}
		h.kind, h.level = LevelFirst, l
		return h.done(e + 2)
	case at(b, e+2) == '[':
		s, end, ok := group(b, e+2)
		if !ok || at(b, end) != ' ' {
			return false
		}
		if l, n, _ := levelAt(b, s.at); l != Unknown && s.at+n == s.end {
			h.kind, h.level, h.logger = LevelFirst, l, span{0, e}
			return h.done(end + 1)
		}
	}
	return false
}

// nameLevel reads "Zigbee2MQTT:error 2026-11-22 05:30:00: message"; e is the end of the name.
func (h *header) nameLevel(e int) bool {
	b := h.b
	l, n, _ := levelAt(b, e+1)
	p := skipBlanks(b, e+1+n)
	if l == Unknown || p == e+1+n {
		return false
	}
	s, end := stampAt(b, p)
	if s != isoStamp || !has(b, end, ": ") {
		return false
	}
	h.level, h.logger, h.shape, h.time = l, span{0, e}, s, span{p, end}
	return h.done(end + len(": "))
}

// dotNet reads ".NET's console head behind "fail: ", category and event id:
// "Acme.Pay[0]", the message below it or, in the single-line form, behind it.
//
//	fail: Acme.Pay[0]    info: Microsoft.Hosting.Lifetime[14]    crit: Acme.Pay[0] message
func (h *header) dotNet(l Level, p int) bool {
	b := h.b
	if p >= len(b) {
		return false
	}
	i := bytes.IndexByte(b[p:min(len(b), p+maxName)], '[')
	if i <= 0 {
		return false
	}
	q := p + i
	r := q + 1
	if at(b, r) == '-' {
		r++
	}
	e := skip(b, r, digit)
	if e == r || at(b, e) != ']' || bytes.IndexByte(b[p:q], ' ') >= 0 {
		return false
	}
	h.level, h.logger, h.caller = l, span{p, q}, span{q + 1, e}
	h.kind = DotNet
	if e+1 < len(b) {
		if b[e+1] != ' ' {
			return false
		}
		e++
	}
	return h.done(e + 1)
}
