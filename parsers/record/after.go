package record

import "bytes"

// afterLevel reads what stands between the level, which ends at p, and the message.
func (h *header) afterLevel(p int) bool {
	b := h.b
	switch at(b, p) {
	case ':':
		if class[at(b, p+1)]&blank != 0 || p+1 == len(b) {
			return h.settle(skipBlanks(b, p+1))
		}
		return h.colonColumns(p)
	case '|':
		return h.pipeColumns(p)
	case '\t':
		return h.tabColumns(p)
	case '>', ',', ']', ')':
		p++
	}
	return h.tail(p)
}

// settle gives the groups before the level their meaning and ends the header at p.
func (h *header) settle(p int) bool {
	for _, g := range h.groups[:h.n] {
		h.assign(g)
	}
	return h.done(p)
}

// assign decides what a group in brackets was.
func (h *header) assign(g span) {
	b := h.b
	first := b[g.at]
	switch {
	case class[first]&digit != 0 && skip(b, g.at, digit) == g.end:
		if h.pid.empty() {
			h.pid = g
		}
	case callerEnd(b, g.at) == g.end:
		h.caller = g
	case h.logger.empty() && !threadLike(b, g):
		h.logger = g
	case h.thread.empty():
		h.thread = g
	}
}

// threadLike tells a thread's name from a logger's: pools number their threads.
func threadLike(b []byte, s span) bool {
	w := s.of(b)
	if string(w) == "main" || string(w) == "MainThread" {
		return true
	}
	last := w[len(w)-1]
	return isDigit(last) && (bytes.IndexByte(w, '-') >= 0 || bytes.IndexByte(w, ' ') >= 0 || bytes.IndexByte(w, '#') >= 0 || bytes.IndexByte(w, '_') >= 0)
}

// tail reads elements behind the level until the message begins.
func (h *header) tail(p int) bool {
	b := h.b
	for range maxElements {
		p = skipBlanks(b, p)
		if p >= len(b) {
			break
		}
		c := b[p]
		q := p
		switch {
		case class[c]&(letter|underscore) != 0:
			end, last := h.tailWord(p)
			if last {
				return h.settle(end)
			}
			q = end
		case c == '[' || c == '(' || c == '{' || c == '<':
			q = h.tailGroup(p)
		case c == '-' || c == ':' || c == '>':
			if class[at(b, p+1)]&blank != 0 {
				return h.settle(skipBlanks(b, p+1))
			}
			if n := skip1(b, p, '-') - p; n > 1 && n <= 3 && class[at(b, p+n)]&blank != 0 {
				q = p + n
			}
		case c == '|':
			return h.pipeColumns(p)
		case class[c]&digit != 0:
			if e := skip(b, p, digit); has(b, e, " --- ") {
				h.pid, q = span{p, e}, e
			}
		}
		if q == p {
			break
		}
		p = q
	}
	return h.settle(p)
}

// tailGroup reads a group in brackets behind the level; it answers p if the
// group belongs to the message.
func (h *header) tailGroup(p int) int {
	b := h.b
	s, end, ok := group(b, p)
	if !ok || end >= len(b) {
		return p
	}
	next := b[end]
	sep := h.separated(end)
	switch b[p] {
	case '[':
		if s.empty() && !sep {
			return p
		}
		if !sep && next != '[' && next != ':' && class[next]&blank == 0 {
			return p
		}
		if !sep && !nameLike(b, s) {
			return p
		}
	case '(':
		if next == ':' && class[at(b, end+1)]&blank != 0 {
			h.origin(s)
			return skipBlanks(b, end+1)
		}
		if class[next]&blank == 0 || !sep && bytes.IndexByte(s.of(b), ' ') >= 0 && h.logger.empty() {
			return p
		}
		h.thread = s
		return end
	case '{':
		if !sep {
			return p
		}
		h.meta = s
		return end
	default:
		if e := callerEnd(b, s.at); e == s.end && e > s.at {
			h.caller = s
			return end
		}
		return p
	}
	if s.empty() {
		return end
	}
	return h.tailName(s, end)
}

// tailName gives a name in square brackets behind the level its meaning: the
// thread if a logger follows, else the logger.
func (h *header) tailName(s span, end int) int {
	b := h.b
	if at(b, end) == ':' && class[at(b, end+1)]&blank != 0 {
		end++
	}
	if h.n < len(h.groups) {
		h.groups[h.n] = s
		h.n++
	}
	return end
}

// separated tells whether " - " or " : " follows at p.
func (h *header) separated(p int) bool {
	q := skipBlanks(h.b, p)
	c := at(h.b, q)
	return q > p && (c == '-' || c == ':') && class[at(h.b, q+1)]&blank != 0
}

// origin reads pino-pretty's "(name/pid on host)" and "(pid)".
func (h *header) origin(s span) {
	b := h.b
	e := s.end
	if i := bytes.Index(s.of(b), []byte(" on ")); i >= 0 {
		e = s.at + i
	}
	d := e
	for d > s.at && isDigit(b[d-1]) {
		d--
	}
	switch {
	case d < e && d > s.at && b[d-1] == '/':
		h.pid, h.logger = span{d, e}, span{s.at, d - 1}
	case d < e && d == s.at:
		h.pid = span{d, e}
	default:
		h.thread = span{s.at, e}
	}
}

// nameLike tells whether a group can be the name of a logger or thread rather
// than the beginning of a message.
func nameLike(b []byte, s span) bool {
	for i := s.at; i < s.end; i++ {
		if class[b[i]]&(wordRun|nameRun) == 0 {
			return false
		}
	}
	return s.end > s.at
}
