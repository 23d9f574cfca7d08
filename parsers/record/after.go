package record

import "bytes"

// afterLevel reads what stands between the level, which ends at p, and the message.
// What follows the level at once tells columns from free elements:
//
//	ERROR: message       ERROR:root:message      a colon
//	|ERROR|Pay|message   ⇥ERROR⇥main.go:3⇥...    bars and tabs
//	ERROR> x.pl:4 - ...  [ERROR] message         anything else: a row of elements
func (h *header) afterLevel(p int) bool {
	b := h.b
	switch at(b, p) {
	case ':':
		if class[at(b, p+1)]&blank == 0 && p+1 < len(b) {
			return h.colonColumns(p)
		}
		if !h.time.empty() && h.dotNet(h.level, p+2) {
			return true
		}
		q := skipPad(b, p+1)
		if e := bunyanEnd(b, q); e > q {
			h.origin(span{q, e})
			return h.settle(e + 2)
		}
		return h.settle(q)
	case '|':
		return h.pipeColumns(p)
	case '\t':
		return h.tabColumns(p)
	case '[': // Luanti: "ERROR[Main]: message", also before the rows of a trace
		if s, end, ok := group(b, p); ok && has(b, end, ": ") && nameLike(b, s) {
			h.thread = s
			return h.settle(end + len(": "))
		}
	case ' ':
		if has(b, p, " [] [") || has(b, p, " [NCLS") {
			if h.odl(p + 1) {
				return true
			}
		}
	case '>', ',', ']', ')':
		p++
	}
	return h.tail(p)
}

// odl goes on behind the level of GlassFish and Payara: the code of the message,
// the logger, pairs, and two brackets that open the message on the next line.
//
//	[2026-11-22T05:28:01.123+0000] [Payara 5.2022] [SEVERE] [] [com.acme.pay] [tid: _ThreadID=7] [levelValue: 1000] [[
func (h *header) odl(p int) bool {
	b := h.b
	if !has(b, len(b)-3, " [[") {
		return false
	}
	_, end, ok := group(b, p)
	if !ok || at(b, end+1) != '[' {
		return false
	}
	s, _, ok := group(b, end+1)
	if !ok || s.empty() || !nameLike(b, s) {
		return false
	}
	h.n, h.logger = 0, s
	return h.done(len(b))
}

// bunyanEnd gives the end of the "name/pid on host" that bunyan's pretty
// printer puts before ": message", or p.
func bunyanEnd(b []byte, p int) int {
	e := skip(b, p, wordRun|nameRun)
	if !has(b, e, " on ") {
		return p
	}
	if e = tokenEnd(b, e+4); e < len(b) && b[e-1] == ':' {
		return e - 1
	}
	return p
}

// settle gives the groups before the level their meaning and ends the header at p.
// Head does not ask for the meaning, only where the message begins.
func (h *header) settle(p int) bool {
	if !h.full {
		return h.done(p)
	}
	for i, g := range h.groups[:h.n] {
		h.assign(g, i == h.n-1)
	}
	return h.done(p)
}

// assign decides what a group in brackets was.
// The order of the cases matters: what has a form of its own (a number, a source
// location, pairs) comes before what is merely a name.
func (h *header) assign(g span, last bool) {
	b := h.b
	if b[g.at] == '{' && b[g.end-1] == '}' && g.end-g.at > 2 { // Airflow 1.10's {{taskinstance.py:1152}}
		g = span{g.at + 1, g.end - 1}
	}
	w := g.of(b)
	switch {
	case class[w[0]]&digit != 0 && skip(w, 0, digit) == len(w):
		if (h.logger.empty() || !h.caller.empty()) && h.pid.empty() { // a thread's number where a logger is named: log4net
			h.pid = g
		} else if h.thread.empty() {
			h.thread = g
		}
	case has(w, 0, "pid "):
		h.pid = g
	case has(w, 0, "client "), has(w, 0, "remote "):
		h.meta = g
	case callerEnd(b, g.at) == g.end:
		h.caller = g
	case h.spring && last:
		h.thread = g
	case atLine(w) > 0: // ZooKeeper's thread:Class@line
		i := g.at + atLine(w)
		h.caller, h.logger, h.thread = span{i, g.end}, span{i, g.at + bytes.LastIndexByte(w, '@')}, span{g.at, i - 1}
	case h.spring, bytes.IndexByte(w, '=') > 0, bytes.IndexByte(w, ',') > 0, messageCode(w):
		h.meta = g
	case h.logger.empty() && linedName(b, g) > 0:
		h.logger, h.caller = span{g.at, linedName(b, g)}, span{trailingLine(b, g), g.end}
	case h.logger.empty() && !threadLike(b, g):
		h.logger = g
	case h.thread.empty():
		h.thread = g
	}
}

// linedName gives the end of the name in Salt's "salt.minion      :1605", a logger
// with the line of the call, or 0.
func linedName(b []byte, g span) int {
	d := trailingLine(b, g)
	if d == 0 {
		return 0
	}
	s := trimmed(b, span{g.at, d - 1})
	if !nameLike(b, s) || bytes.IndexByte(s.of(b), ':') >= 0 || !dotted(s.of(b)) && s.end == d-1 {
		return 0
	}
	return s.end
}

// threadLike tells a thread's name from a logger's: pools number their threads.
//
//	main  http-nio-8080-exec-1  settler-3  0x00007f5b3c0f83e0  MemtableFlushWriter:1
//	com.acme.Pay  ledger  aiohttp.server     loggers
func threadLike(b []byte, s span) bool {
	w := s.of(b)
	if string(w) == "main" || string(w) == "MainThread" {
		return true
	}
	if has(w, 0, "0x") {
		return true
	}
	last := w[len(w)-1]
	return isDigit(last) && (bytes.IndexByte(w, ':') >= 0 || bytes.IndexByte(w, '-') >= 0 || bytes.IndexByte(w, ' ') >= 0 || bytes.IndexByte(w, '#') >= 0 || bytes.IndexByte(w, '_') >= 0)
}

// tail reads elements behind the level until the message begins.
// Every round takes one element; a round that takes none ends the header, as
// does a separator. Seen in the wild, in this order or another:
//
//	[thread] a.B - message                          log4j
//	4711 --- [app] [thread] a.B : message           Spring Boot
//	[pid 7:tid 140] [client 10.0.0.1:5] message     httpd
//	(name/4711): message                            pino-pretty
//	7#7: *1 message                                 nginx
func (h *header) tail(p int) bool {
	b := h.b
	from, start := p, p
	for range maxElements {
		start, p = p, skipBlanks(b, p)
		if p >= len(b) {
			break
		}
		c := b[p]
		q := p
		switch {
		case class[c]&(letter|underscore) != 0:
			end, last := h.tailWord(p)
			if last && end == p {
				break
			}
			if last {
				return h.settle(end)
			}
			q = end
		case c == '[' || c == '(' || c == '{' || c == '<':
			q = h.tailGroup(p)
		case c == '-' || c == ':' || c == '>':
			if class[at(b, p+1)]&blank != 0 {
				if c == '-' && start == from && h.shape == isoStamp && b[h.time.end-1] == 'Z' && has(b, h.time.end, "  ") {
					h.tailed = crystalTail
				}
				return h.settle(skipOne(b, p+1))
			}
			if n := skip1(b, p, '-') - p; n > 1 && n <= 3 && class[at(b, p+n)]&blank != 0 {
				q = p + n
				h.spring = n == 3
			}
		case c == '.' && h.spring: // a logger's name that was cut on the left
			end, last := h.tailWord(p)
			if last {
				return h.settle(end)
			}
			q = end
		case c == '|':
			return h.pipeColumns(p)
		case c == '?', class[c]&digit != 0:
			end, last := h.tailNumber(p)
			if last {
				return h.done(end)
			}
			q = end
		}
		if q == p {
			break
		}
		p = q
	}
	if h.bracketed || start > from {
		return h.settle(skipOne(b, start))
	}
	return h.settle(skipPad(b, start))
}

// tailNumber reads a number behind the level, or the mark that Odoo prints where
// no database is open; last tells that the message begins at end.
func (h *header) tailNumber(p int) (end int, last bool) {
	b := h.b
	if b[p] == '?' {
		m := h.odoo(p, p+1, p+2)
		return max(p, m), m > 0
	}
	e := skip(b, p, digit)
	switch {
	case has(b, e, " --- "):
		h.pid = span{p, e}
		return e, false
	case at(b, e) == '#':
		m := h.nginx(p, e)
		return m, m > p
	}
	return p, false
}

// nginx reads "7#7: *1 " of nginx: process, thread and connection. e is the
// end of the first number.
//
//	2026/11/22 05:28:01 [error] 7#7: *1 open() failed, client: 10.0.0.1
func (h *header) nginx(p, e int) int {
	b := h.b
	q := skip(b, e+1, digit)
	if q == e+1 || !has(b, q, ": ") {
		return p
	}
	h.kind, h.pid, h.thread = Nginx, span{p, e}, span{e + 1, q}
	q += 2
	if at(b, q) == '*' {
		if r := skip(b, q+1, digit); r > q+1 && at(b, r) == ' ' {
			q = r + 1
		}
	}
	return q
}

// skipPad skips the blanks that a format puts behind a header at p: one, or as
// many as pad a level. What is indented more is the message of a formatter that
// prefixes every line of a trace: the indent is part of it.
// Levels are padded to at most eight columns; a gap wider than 16 separates
// columns, as in Windows' component log.
func skipPad(b []byte, p int) int {
	q := skipBlanks(b, p)
	switch n := q - p; {
	case n <= 4, n > 16:
		return q
	}
	return p + 1
}

// messageCode knows the codes of servers, such as MySQL's MY-010119.
func messageCode(w []byte) bool {
	i := bytes.IndexByte(w, '-')
	if i < 1 || skip(w, i+1, digit) != len(w) || i+1 == len(w) {
		return false
	}
	for _, c := range w[:i] {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// atLine gives the offset of the class in "thread:Class@86", or -1.
func atLine(w []byte) int {
	i := bytes.LastIndexByte(w, '@')
	if i < 1 || i+1 == len(w) || skip(w, i+1, digit) != len(w) {
		return -1
	}
	return bytes.LastIndexByte(w[:i], ':') + 1
}

// tailGroup reads a group in brackets behind the level; it answers p if the
// namedNext tells whether a dotted name and a colon follow at p, so that the group
// tailName gives a name in square brackets behind the level its meaning: the
// thread if a logger follows, else the logger.
// Which of both it is shows only when the whole header is known; until then
// separated tells whether " - " or " : " follows at p.
func (h *header) separated(p int) bool {
	q := skipBlanks(h.b, p)
	c := at(h.b, q)
	return q > p && (c == '-' || c == ':') && class[at(h.b, q+1)]&blank != 0
}

// origin reads pino-pretty's "(name/pid on host)" and "(pid)".
//
//	pay-api/4711   pay-api/4711 on pay-7c9f5d   4711   MainThread
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
