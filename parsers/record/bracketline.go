package record

import "bytes"

// bracketLine reads lines that begin with a bracket: around the time, the
// level, both, a thread, or a process.
//
//	[2026-11-22 05:30:00,123] ...   the time          [ERROR] message     the level
//	[E 261122 05:30:00 web:12] ...  both              [main] ERROR ...    a thread
//	[ 3846.639479] message          the kernel        [ Info: message     Julia
//	[signal SIGSEGV ...]  [stacktrace]  [Errno 2] ... rows of traces and messages: no record
func (h *header) bracketLine(p int) bool {
	b := h.b
	q := skipBlanks(b, p+1)
	if class[at(b, q)]&(digit|letter) == 0 {
		return false
	}
	if s, end := stampAt(b, q); s != noStamp && s != epochStamp {
		h.shape, h.time = s, span{q, end}
		return h.inBracket(end)
	}
	if has(b, p, "[ Info: ") {
		h.kind, h.level = Julia, Info
		return h.done(p + len("[ Info: "))
	}
	if class[b[q]]&digit != 0 {
		return h.numberBracket(q)
	}
	if l, n, c := levelAt(b, q); l != Unknown && n > 1 {
		return h.levelBracket(l, q, q+n, c)
	}
	if at(b, q+1) == ' ' && letterLevel(b[q]) != Unknown {
		return h.letterBracket(q)
	}
	return h.nameBracket(p, q)
}

// inBracket reads what stands between the time and its closing bracket:
//
//	[05:28:01 ERR]                                   Serilog
//	[2026-11-22T05:28:01Z ERROR pay::ledger]         env_logger
//	[2026-11-22 05:30:00,123: ERROR/ForkPoolWorker-1] Celery
func (h *header) inBracket(p int) bool {
	b := h.b
	if h.logcatLong(p) {
		return true
	}
	i := bytes.IndexByte(b[p:min(len(b), p+maxGroup)], ']')
	if i < 0 {
		return false
	}
	end := p + i
	q := p
	if at(b, q) == ':' {
		q++
	}
	q = skipBlanks(b, q)
	if q < end {
		if l, n, _ := levelAt(b, q); l != Unknown && q+n <= end {
			return h.levelInBracket(l, q+n, end)
		}
		if at(b, q) == '#' {
			h.pid = span{q + 1, end}
		}
	}
	return h.afterBracket(end + 1)
}

// levelInBracket goes on behind a level inside the bracket that closes at end.
// One blank only is skipped behind the bracket: Celery sends what a task prints
// through its logger, and the rows of a trace keep their indent that way.
func (h *header) levelInBracket(l Level, p, end int) bool {
	b := h.b
	h.level = l
	if at(b, p) == '/' {
		h.thread = span{p + 1, end}
		if name, m := celeryTask(b, skipOne(b, end+1)); m > 0 {
			h.logger = name
			return h.done(m)
		}
	} else if s := trimmed(b, span{p, end}); !s.empty() {
		h.logger = s
	}
	if at(b, end+1) == ':' && class[at(b, end+2)]&blank != 0 { // Paper's "[05:28:01 ERROR]: message"
		end++
	}
	return h.settle(skipOne(b, end+1))
}

// celeryTask gives the name of the task in "shop.tasks.pay[0d8e-...]: ", which
// Celery puts before what a task logs, and the start of the message, 0 if there is none.
func celeryTask(b []byte, p int) (name span, msg int) {
	e := p
	for e < len(b) && (class[b[e]]&wordRun != 0 || b[e] == '.' || b[e] == '?') {
		e++
	}
	if e == p || at(b, e) != '[' {
		return span{}, 0
	}
	if _, end, ok := group(b, e); ok && has(b, end, ": ") {
		return span{p, e}, end + len(": ")
	}
	return span{}, 0
}

// afterBracket goes on behind the bracket around the time.
// PHP and PHP-FPM are known by the form of the date, "22-Nov-2026 05:28:11".
func (h *header) afterBracket(p int) bool {
	b := h.b
	q := skipBlanks(b, p)
	if h.shape == dmyStamp {
		if has(b, q, "PHP ") {
			return h.phpText(q)
		}
		if has(b, q, "WARNING: [pool ") {
			if m := bytes.Index(b[q:min(len(b), q+maxGroup)], []byte(`said into std`)); m > 0 {
				return h.fpmText(q + m)
			}
		}
	}
	if at(b, p) == ':' && class[at(b, p+1)]&blank != 0 {
		q = skipBlanks(b, p+1)
	}
	if h.shape == usStamp && h.webSphere(q) {
		return true
	}
	h.tailed = kafkaTail
	if h.shape == sparkStamp || h.shape == clockStamp {
		h.tailed = richTail
	}
	return h.beforeLevel(q)
}

// numberBracket reads "[ 3846.639479] message" of the kernel and "[4711] [ERROR] message".
// The six digits behind the dot tell the kernel's seconds from a version.
func (h *header) numberBracket(q int) bool {
	b := h.b
	r := skip(b, q, digit)
	switch at(b, r) {
	case '-': // fern's [2026-11-22][05:30:00][module][LEVEL]
		if t := q + len("2026-11-22]["); has(b, q+10, "][") && clockEnd(b, t) > t && at(b, clockEnd(b, t)) == ']' {
			h.shape, h.time = isoStamp, span{q, clockEnd(b, t)}
			return h.beforeLevel(skipBlanks(b, clockEnd(b, t)+1))
		}
	case '.':
		if e := skip(b, r+1, digit); e == r+7 && at(b, e) == ']' && at(b, e+1) == ' ' {
			h.kind = Kernel
			return h.done(e + 2)
		}
	case ']':
		h.pid = span{q, r}
		return h.levelNext(r + 1)
	case ':', '/':
		return h.chromiumLine(q, r)
	}
	return false
}

// levelNext reads a line whose first group said neither time nor level: the
// level, or the time, must follow at once.
//
//	[4711] [ERROR] message   [main] ERROR a.B - message   [pay] 2026/11/22 05:30:00 message
func (h *header) levelNext(p int) bool {
	b := h.b
	q := skipBlanks(b, p)
	if q >= len(b) || q == p {
		return false
	}
	switch c := b[q]; {
	case c == '[':
		s, end, ok := group(b, q)
		if !ok {
			return false
		}
		if l := h.levelIn(s); l != Unknown {
			h.bracketed = true
			return h.found(l, end)
		}
		if t, e := stampAt(b, s.at); t != noStamp && e == s.end {
			h.shape, h.time = t, s
			return h.afterBracket(end)
		}
	case class[c]&digit != 0:
		if s, end := stampAt(b, q); s != noStamp && s != epochStamp {
			h.shape, h.time = s, span{q, end}
			return h.afterTime(end)
		}
	case class[c]&letter != 0:
		l, n, cs := levelAt(b, q)
		if l == Unknown {
			break
		}
		if has(b, q+n, " @") { // Dancer's "[app:4711] error @2026-11-22 05:30:00> message"
			if s, end := stampAt(b, q+n+2); s != noStamp && at(b, end) == '>' {
				h.level, h.shape, h.time, h.tailed = l, s, span{q + n + 2, end}, dancerTail
				g := h.groups[0]
				if i := bytes.IndexByte(g.of(b), ':'); i > 0 {
					h.logger, h.pid, h.n = span{g.at, g.at + i}, span{g.at + i + 1, g.end}, 0
				}
				return h.settle(skipOne(b, end+1))
			}
		}
		if cs == upperCase && class[at(b, q+n)]&blank != 0 {
			return h.found(l, q+n)
		}
	}
	return false
}

// levelBracket reads a line that begins with a level in a bracket; the word ends at p.
//
//	[error] message        [ERROR   ] message      [ERROR] 2026-11-22 05:30:00 message
//	[INFO  ledger] message [ERROR 05:30:00] x.lua:3: message
func (h *header) levelBracket(l Level, q, p int, c letterCase) bool {
	b := h.b
	r := skipBlanks(b, p)
	h.kind = LevelFirst
	if r > p && c == lowerCase { // structlog pads the level
		h.tailed = pairTail
	}
	if has(b, q, "FAIL") || has(b, q, "fail") || p < len(b) && b[p] == ' ' && (has(b, q, "PANIC ") || has(b, q, "panic ")) { // test runners, recovering middleware
		return false
	}
	if at(b, r) == ']' {
		if c == titleCase && at(b, r+1) != ' ' || r+1 == len(b) {
			return false
		}
		if mavenSummary(b, r+1) {
			return h.done(skipBlanks(b, r+1))
		}
		return h.afterFirstLevel(l, r+1)
	}
	if r == p || c == titleCase {
		return false
	}
	i := bytes.IndexByte(b[r:min(len(b), r+maxGroup)], ']')
	if i < 0 || at(b, r+i+1) != ' ' {
		return false
	}
	h.level = l
	if s, end := stampAt(b, r); s != noStamp && end == r+i {
		h.shape, h.time, h.kind = s, span{r, end}, Text
		return h.tail(end + 1)
	}
	if !nameLike(b, span{r, r + i}) {
		return false
	}
	h.logger = span{r, r + i}
	return h.done(skipOne(b, r+i+1))
}

// mavenSummary knows what Maven prints under [ERROR] about errors that it has
// reported before.
// The summary repeats in ten lines what one line has said.
func mavenSummary(b []byte, p int) bool {
	p = skipBlanks(b, p)
	return p == len(b) || has(b, p, "Tests run: ") || has(b, p, "-> [Help") || has(b, p, "Re-run Maven") ||
		has(b, p, "To see the full stack trace") || has(b, p, "For more information about the errors")
}

// afterFirstLevel goes on behind a level that opens the line: a time may follow.
func (h *header) afterFirstLevel(l Level, p int) bool {
	b := h.b
	h.level, h.bracketed = l, true
	if at(b, p) == ':' {
		p++
	}
	q := skipBlanks(b, p)
	if q == p && at(b, p) != '[' {
		return false
	}
	if s, end := stampAt(b, q); s != noStamp {
		h.shape, h.time, h.kind = s, span{q, end}, Text
		if e := tokenEnd(b, end+1); at(b, end) == '\t' && at(b, e) == '\t' && e-end == len("\t6a1c2f9e-0000-4b1c-8e1a-4b6f0c6f5f11") { // AWS Lambda
			h.note("request_id", span{end + 1, e})
			return h.done(e + 1)
		}
		return h.tail(end)
	}
	if class[at(b, q)]&digit != 0 { // HAProxy's day and time: 325/053000 (1) : message
		if e := skip(b, q, digit); at(b, e) == '/' {
			if f := skip(b, e+1, digit); has(b, f, " (") {
				return h.tail(f)
			}
		}
	}
	if at(b, q) == '[' {
		if s, end, ok := group(b, q); ok {
			if t, e := stampAt(b, s.at); t != noStamp && e == s.end {
				h.shape, h.time, h.kind = t, s, Text
				return h.tail(end)
			}
		}
	}
	if class[at(b, q)]&(letter|underscore) != 0 { // words that follow a level with nothing around are the message
		return h.plainTail(p, q)
	}
	return h.tail(p)
}

// plainTail takes the word at p for a name only where a separator proves it;
// start is the end of what came before it.
//
//	[ERROR] plugin/errors: 2 example.com. A: timeout     CoreDNS
//	[error] p.c.s.AkkaHttpServer - bind failed           Play
//	[error] charge failed: no funds                      message
func (h *header) plainTail(start, p int) bool {
	b := h.b
	e := tokenEnd(b, p)
	if q := skipBlanks(b, e); at(b, q) == '-' && class[at(b, q+1)]&blank != 0 && e-p <= maxToken && dotted(b[p:e]) {
		h.logger = span{p, e}
		return h.done(skipOne(b, q+1))
	}
	if e > p && b[e-1] == ':' && e < len(b) && bytes.IndexByte(b[p:e], '/') > 0 && nameLike(b, span{p, e - 1}) { // CoreDNS: plugin/errors:
		h.logger = span{p, e - 1}
		return h.done(skipOne(b, e))
	}
	return h.done(skipOne(b, start))
}

// letterBracket reads tornado's "[E 261122 05:30:00 web:1789] message" and
// Jupyter's "[E 2026-11-22 05:30:00.123 ServerApp] message".
// Both come from tornado's formatter, which shortens the level to one letter.
func (h *header) letterBracket(q int) bool {
	b := h.b
	p := skipBlanks(b, q+1)
	s, end := stampAt(b, p)
	if s == noStamp {
		return false
	}
	i := bytes.IndexByte(b[end:min(len(b), end+maxGroup)], ']')
	if i < 0 {
		return false
	}
	h.level, h.shape, h.time = letterLevel(b[q]), s, span{p, end}
	if r := trimmed(b, span{end, end + i}); !r.empty() {
		if d := trailingLine(b, r); d > 0 {
			h.caller = r
			r.end = d - 1
		}
		h.logger = r
	}
	p = end + i + 1
	if at(b, p) == ':' {
		p++
	}
	return h.done(skipOne(b, p))
}

// nameBracket reads lines that begin with a name in a bracket.
//
//	[main] ERROR com.acme.Pay - message      SLF4J's simple logger
//	[Nest] 4711  - 11/22/2026, 5:28:01 AM   ERROR [Handler] message
//	[GIN] 2026/11/22 - 05:58:52 | 200 | ...
func (h *header) nameBracket(p, q int) bool {
	b := h.b
	s, end, ok := group(b, p)
	if !ok || at(b, end) != ' ' && at(b, end) != '[' {
		return false
	}
	if has(b, p, "[pid: ") && bytes.Contains(s.of(b), []byte("|app: ")) { // uWSGI
		h.kind = Access
		return h.done(0)
	}
	switch string(s.of(b)) {
	case "GIN":
		if t, e := stampAt(b, end+1); t == isoStamp {
			h.kind, h.shape, h.time = Access, t, span{end + 1, e}
			return h.done(0)
		}
	case "Nest":
		return h.nestLine(s, end)
	}
	if l := h.levelIn(s); l != Unknown && h.kind != Apache {
		h.bracketed = true
		return h.found(l, end)
	}
	h.kind, h.logger, h.thread = None, span{}, span{}
	h.groups[0], h.n = s, 1
	return h.levelNext(end)
}

// nestLine reads Nest's "[Nest] 4711  - 11/22/2026, 5:28:01 AM   ERROR [Handler] message".
// The level is padded on the left, and LOG is Nest's word for info.
func (h *header) nestLine(s span, end int) bool {
	b := h.b
	p := skipBlanks(b, end)
	q := skip(b, p, digit)
	r := skipBlanks(b, q)
	if q == p || at(b, r) != '-' {
		return false
	}
	r = skipBlanks(b, r+1)
	t, e := stampAt(b, r)
	if t == noStamp {
		return false
	}
	h.pid, h.shape, h.time = span{p, q}, t, span{r, e}
	return h.beforeLevel(skipBlanks(b, e))
}
