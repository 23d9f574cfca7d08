package record

import "bytes"

// tailWord reads a word behind the level. It gives the offset behind it if it
// is a name or a source location, and p if the message begins with it; last
// tells that the message begins at the offset.
//
//	com.acme.Pay - message      a name by its separator
//	support.inbox: message      a name by its colon, see namesLogger
//	payments.api message        a name by its dots, see loggerLike
//	main.go:34 message          a place
//	charge failed               the message
func (h *header) tailWord(p int) (end int, last bool) {
	b := h.b
	i := bytes.IndexByte(b[p:min(len(b), p+maxToken)], ' ')
	if i <= 0 || h.kind == Apache { // httpd's module is the logger; mod_wsgi puts its header before the rows of a trace
		return p, true
	}
	e := p + i
	q := skipBlanks(b, e)
	if m := h.separatedName(p, e, q); m > 0 {
		return m, true
	}
	if h.namedAlready() {
		return p, true
	}
	if b[e-1] == ':' {
		return h.colonWord(p, e)
	}
	if m := h.request(p, e, q); m > 0 {
		return m, true
	}
	if m := h.odoo(p, e, q); m > 0 {
		return m, true
	}
	if m := h.phrase(p, q); m > p {
		return m, true
	}
	if end, last = h.place(p, e); end > p {
		return end, last
	}
	if n := q - e; (n == 3 && has(b, q, `File "`) || n >= 5) && loggerLike(b[p:e]) { // oslo's header before the rows of a trace
		h.logger = span{p, e}
		return e + 1, true
	}
	if q == e+1 && loggerLike(b[p:e]) {
		h.logger = span{p, e}
		if at(b, q) == '[' { // log4j's "%c [%t] %m"
			if s, end, ok := group(b, q); ok && at(b, end) == ' ' && !s.empty() && nameLike(b, s) && threadLike(b, s) {
				h.thread = s
				return end + 1, true
			}
		}
		return q, true
	}
	return p, true
}

// namedAlready tells whether a group in brackets named the logger: JBoss prints
// "[stderr] (default task-1) com.acme.Declined: no funds", of which the last name
// is the type of an exception.
func (h *header) namedAlready() bool {
	for _, g := range h.groups[:h.n] {
		if namesItself(g.of(h.b)) {
			return true
		}
	}
	return false
}

// namesItself tells whether a name in brackets can only be a logger's.
func namesItself(w []byte) bool {
	return dotted(w) || string(w) == "stderr" || string(w) == "stdout"
}

// separatedName takes the word [p, e) as a name if a separator stands at q, with
// or without an MDC in brackets before it, and gives the start of the message; else 0.
//
//	com.acme.Pay - message            Pay : message         pay > message
//	com.acme.Pay {user=7} - message   Acme.Pay [(null)] - message
//	Rails -- message
func (h *header) separatedName(p, e, q int) int {
	b := h.b
	switch c := at(b, q); c {
	case '-', ':', '>':
		if class[at(b, q+1)]&blank != 0 {
			h.named(span{p, e})
			return skipOne(b, q+1)
		}
		if has(b, q, "-- ") {
			h.named(span{p, e})
			return q + len("-- ")
		}
	case '{', '[', '(':
		if g, end, ok := group(b, q); ok && h.separated(end) {
			h.named(span{p, e})
			if !g.empty() && c == '{' {
				h.meta = g
			}
			return skipOne(b, skipBlanks(b, end)+1)
		}
	}
	return 0
}

// request reads the bracket of OpenStack's loggers at q behind the name [p, e), and
// gives the start of the message; 0 if there is none.
//
//	nova.compute.manager [req-38101a0b 113d 54fad - - -] message
//	keystone [-] message      nova.wsgi [None req-38101a0b 113d 54fad] message
func (h *header) request(p, e, q int) int {
	b := h.b
	if m := h.instance(p, e, q); m > 0 {
		return m
	}
	if at(b, q) != '[' || !(has(b, q, "[- ") || has(b, q, "[-] ") || has(b, q, "[req-") || has(b, q, "[None req-")) {
		return 0
	}
	g, end, ok := group(b, q)
	if !ok || at(b, end) != ' ' {
		return 0
	}
	h.logger = span{p, e}
	if i := bytes.Index(g.of(b), []byte("req-")); i >= 0 {
		h.note("request_id", span{g.at + i, min(g.end, tokenEnd(b, g.at+i))})
	}
	return max(end+1, h.instance(p, e, end+1))
}

// odoo reads the name of Odoo's logger behind the database [p, e), which is "?" where
// none is open, and gives the start of the message; 0 if there is none.
//
//	shop odoo.http: message      ? werkzeug: message
func (h *header) odoo(p, e, q int) int {
	b := h.b
	if q != e+1 || h.pid.empty() && h.full || !(has(b, q, "odoo.") || has(b, q, "openerp.") || has(b, q, "werkzeug: ")) {
		return 0
	}
	t := tokenEnd(b, q)
	if t >= len(b) || b[t-1] != ':' {
		return 0
	}
	if b[p] != '?' {
		h.note("db", span{p, e})
	}
	h.logger = span{q, t - 1}
	return t + 1
}

// instance reads the machine that nova names at q, before the message and before every row of a trace:
//
//	nova.compute.manager [instance: 7ab3c1] Traceback (most recent call last):
func (h *header) instance(p, e, q int) int {
	if !has(h.b, q, "[instance: ") {
		return 0
	}
	g, end, ok := group(h.b, q)
	if !ok || end < len(h.b) && h.b[end] != ' ' {
		return 0
	}
	h.logger = span{p, e}
	h.note("instance", span{g.at + len("instance: "), g.end})
	return skipOne(h.b, end)
}

// phrase reads names that are introduced by a word; q is the offset of the next
// word. It gives the start of the message, or p.
//
//	in app: message                   Flask
//	from a.B in thread-4 - message    Play
func (h *header) phrase(p, q int) int {
	b := h.b
	f := 0
	if has(b, p, "in ") {
		if f = tokenEnd(b, q); f > q && b[f-1] == ':' && f < len(b) {
			h.logger = span{q, f - 1}
			return f + 1
		}
	}
	if has(b, p, "from ") {
		if f = tokenEnd(b, q); has(b, f, " in ") {
			if t := tokenEnd(b, f+4); has(b, t, " - ") {
				h.logger, h.thread = span{q, f}, span{f + 4, t}
				return t + 3
			}
		}
	}
	return p
}

// place reads a word [p, e) that says where the call stands: a source location,
// Rust's thread id, the spans of tracing. It answers p if it is none.
func (h *header) place(p, e int) (end int, last bool) {
	b := h.b
	if c := b[e-1]; isDigit(c) || c == ']' {
		switch end := callerEnd(b, p); {
		case end == e:
			h.caller = span{p, e}
			return e, false
		case end == e-1 && c == ']': // TensorFlow and vLLM: "engine.py:414] message"
			h.caller = span{p, end}
			return skipOne(b, e), true
		}
	}
	if has(b, p, "ThreadId(") {
		h.thread = span{p, e}
		return e, false
	}
	if m := spansEnd(b, p); m > p {
		h.meta = span{p, m}
		return m + 1, false
	}
	return p, true
}

// named takes the word s before a separator as the logger's name, with the
// line of the call if it ends in one.
func (h *header) named(s span) {
	if !h.full {
		return
	}
	b := h.b
	if c := callerEnd(b, s.at); c == s.end {
		h.caller = s
		return
	}
	if d := trailingLine(b, s); d > s.at {
		h.caller = s
		s.end = d - 1
	}
	if s.end > s.at && b[s.end-1] == ':' {
		s.end--
	}
	h.logger = s
}

// trailingLine gives the offset of the number in "payments.worker:23", or 0.
func trailingLine(b []byte, s span) int {
	d := s.end
	for d > s.at && isDigit(b[d-1]) {
		d--
	}
	if d < s.end && d > s.at+1 && b[d-1] == ':' {
		return d
	}
	return 0
}

// colonWord decides about a word with a colon, [p, e): "support.inbox: text"
// names a logger, "KeyError: 'x'" begins the message.
func (h *header) colonWord(p, e int) (int, bool) {
	b := h.b
	name := b[p : e-1]
	if c := callerEnd(b, p); c == e-1 {
		h.caller = span{p, e - 1}
		return e, false
	}
	if !h.nameBeforeColon(name) {
		return p, true
	}
	h.logger = span{p, e - 1}
	if q := skipBlanks(b, e); at(b, q) != 0 { // tracing may put the place of the call behind the target
		if c := callerEnd(b, q); c > q && at(b, c) == ':' && at(b, c+1) == ' ' {
			h.caller = span{q, c}
			return c + 2, true
		}
	}
	return skipOne(b, e), true
}

// nameBeforeColon tells whether a word before a colon names a logger in the format at
// hand: Spark's are capitalised; a chain of errors, "charge: debit: no funds", is
// what follows Go's own timestamp.
func (h *header) nameBeforeColon(name []byte) bool {
	switch {
	case h.shape == sparkStamp, h.shape == isoStamp && at(h.b, h.time.at+4) == '.': // ClickHouse
		return !exceptionLike(name)
	case h.shape == isoStamp && at(h.b, h.time.at+4) == '/' && h.tailed != pairTail && !dotted(name):
		return false
	}
	return namesLogger(name)
}

// spansEnd gives the offset of the last colon of tracing's spans at p,
// `request{id=7}:charge{w="w-2"}: `, or p.
// A word with a colon and no braces anywhere is a target: colonWord knows it.
func spansEnd(b []byte, p int) int {
	q, fields := p, 0
	for range 16 {
		r := q
		for r < len(b) && (class[b[r]]&wordRun != 0 || b[r] == '-') {
			r++
		}
		if r == q {
			return p
		}
		if at(b, r) == '{' {
			if _, end, ok := group(b, r); ok {
				r, fields = end, fields+1
			}
		}
		if at(b, r) != ':' {
			return p
		}
		if at(b, r+1) == ' ' {
			if fields == 0 {
				return p
			}
			return r
		}
		q = r + 1
		if at(b, q) == ':' {
			return p
		}
	}
	return p
}

// namesLogger tells a logger's name before a colon from an exception's type
// and from the first word of a message. A type that was taken for a logger would
// be lost to the trace below it, so what may be a type is not taken.
//
//	support.inbox:  ql.Driver:  app::ledger:  gateway:       loggers
//	KeyError:  a.B.DeclinedException:  SurePay::Declined:    exceptions
//	InsufficientFunds:  unhandledRejection:  http:           in doubt, so not
func namesLogger(name []byte) bool {
	if len(name) == 0 || bytes.IndexByte(name, '\\') >= 0 || exceptionLike(name) {
		return false
	}
	lastSeg := name
	if i := bytes.LastIndexByte(name, '.'); i >= 0 {
		lastSeg = name[i+1:]
	} else if i := bytes.LastIndex(name, []byte("::")); i >= 0 {
		lastSeg = name[i+2:]
		if len(lastSeg) == 0 || lastSeg[0] < 'a' {
			return false
		}
	} else if name[0] < 'a' && name[0] != '_' {
		return false // un-dotted and capitalised: Node's and Python's own error classes
	}
	if len(lastSeg) == 0 {
		return false
	}
	for _, c := range name {
		if class[c]&(wordRun|nameRun) == 0 {
			return false
		}
	}
	switch string(name) {
	case "crasher", "supervisor", "unhandledRejection", "uncaughtException", "panic", "error", "fatal", "warning", "exception", "cause", "http", "https":
		return false
	}
	return true
}

// loggerLike tells whether a word without any separator behind it is the name
