package record

import "bytes"

// upperLine reads lines that begin with a capital.
//
//	ERROR:payments:message  ERROR [main] a.B - message  ERRO[0001] message    a level
//	E1122 05:58:41.382403 ...  E, [2026-...  E/Tag( 12): ...  E 04-27 ...       a letter
//	Nov 22 05:30:00 ...  Sun Nov 22 ...                                        a time
//	PHP Fatal error:  ...
func (h *header) upperLine(p int) bool {
	b := h.b
	if p+1 >= len(b) {
		return false
	}
	switch c := b[p+1]; {
	case class[c]&digit != 0:
		return h.klogLine(p)
	case c == ',':
		return h.rubyLine(p)
	case c == '/':
		return h.logcatTag(p)
	case c == '(':
		return h.logcatProcess(p)
	case c == '[':
		if l := letterLevel(b[p]); l != Unknown {
			return h.levelTime(l, p+1)
		}
		return false
	case c == ' ':
		return h.letterTime(p)
	case class[c]&letter == 0:
		return h.lowerLine()
	}
	if c := b[p+1]; c >= 'a' {
		return h.titleLine(p)
	}
	if has(b, p, "PHP ") {
		return h.phpText(p)
	}
	l, n, c := levelAt(b, p)
	if l == Unknown || c != upperCase {
		return h.lowerLine()
	}
	switch end := p + n; at(b, end) {
	case ':':
		return h.levelColon(l, p, end)
	case '[':
		return h.levelTime(l, end)
	case ' ', '\t':
		return h.levelSpace(l, p, end)
	case '|':
		h.kind = LevelFirst
		return strongWord(b[p:end]) && h.found(l, end)
	}
	return false
}

// letterTime reads "E 04-27 13:23:32 httptools_impl.py:414] message".
func (h *header) letterTime(p int) bool {
	b := h.b
	l := letterLevel(b[p])
	if l == Unknown || class[at(b, p+2)]&digit == 0 {
		return false
	}
	s, end := stampAt(b, p+2)
	if s == noStamp || s == epochStamp || at(b, end) != ' ' {
		return false
	}
	h.level, h.shape, h.time = l, s, span{p + 2, end}
	return h.tail(end)
}

// titleLine reads lines that begin with the name of a month or weekday.
func (h *header) titleLine(p int) bool {
	b := h.b
	s, end := namedStamp(b, p)
	if s == noStamp {
		return h.lowerLine()
	}
	h.shape, h.time = s, span{p, end}
	if s == monthStamp && h.julLine(end) {
		return true
	}
	return h.afterTime(end)
}

// julLine knows the first of the two lines of java.util.logging: a date with
// AM or PM and the class and method, nothing else.
//
//	Nov 22, 2026 5:28:01 AM com.acme.Pay charge
//	Nov 22, 2026 5:28:01 AM com.acme.Pay$Inner <init>
func (h *header) julLine(end int) bool {
	b := h.b
	if at(b, end-1)|0x20 != 'm' || at(b, end) != ' ' {
		return false
	}
	p := end + 1
	e := tokenEnd(b, p)
	if e == p || !nameLike(b, span{p, e}) {
		return false
	}
	if e < len(b) {
		if m := tokenEnd(b, e+1); m == e+1 || m != len(b) || class[at(b, e+1)]&(letter|underscore) == 0 && b[e+1] != '<' {
			return false
		}
	} else if !dotted(b[p:e]) {
		return false
	}
	h.kind, h.logger = JUL, span{p, e}
	return h.done(len(b))
}

// strongWord tells the words that open a record by themselves from those that
// also open other lines: FAIL of test runners, NOTE and SUCCESS of tools.
//
//	FAIL: TestCharge (0.00s)    NOTE: the API changes    SUCCESS: 12 files
func strongWord(w []byte) bool {
	switch string(w) {
	case "TRACE", "FINEST", "FINER", "FINE", "CONFIG", "DEBUG", "VERBOSE", "INFO", "NOTICE", "WARN", "WARNING",
		"ERRO", "FATA", "DEBU", "ERROR", "SEVERE", "CRITICAL", "CRIT", "FATAL", "ALERT", "EMERG", "EMERGENCY", "PANIC", "SHOUT", "LOG":
		return true
	}
	return false
}

// cutWord knows the words that charm and logrus cut to four letters; nobody
// else writes them so.
func cutWord(w []byte) bool {
	return string(w) == "ERRO" || string(w) == "FATA" || string(w) == "DEBU"
}

// levelColon reads a line that begins with a level and a colon.
//
//	ERROR: charge failed                           uvicorn, Python, Bash
//	ERROR: 2026/11/22 05:30:00 main.go:3: message   Go with a prefix
//	ERROR:payments.api:charge failed               Python's default
//	NOTICE: PHP message: PHP Warning:  ...         PHP-FPM
func (h *header) levelColon(l Level, p, end int) bool {
	b := h.b
	if !strongWord(b[p:end]) || end+1 >= len(b) {
		return false
	}
	h.kind, h.level = LevelFirst, l
	if class[b[end+1]]&blank == 0 {
		return h.colonColumns(end)
	}
	q := skipBlanks(b, end+1)
	if has(b, q, "DATA RACE") || has(b, q, "ThreadSanitizer:") || has(b, q, "MemorySanitizer:") {
		return false // the opening of a race report, not of a record
	}
	if has(b, q, "PHP message: ") {
		return h.fpmMessage(q + len("PHP message: "))
	}
	if s, e := stampAt(b, q); s != noStamp && (at(b, e) == ' ' || at(b, e) == ':') {
		h.shape, h.time, h.kind = s, span{q, e}, Text
		return h.afterKnown(e)
	}
	return h.done(skipPad(b, end+1))
}

// afterKnown goes on behind a time that follows the level: Go's standard logger
// with a prefix, "ERROR: 2026/11/22 05:30:00 main.go:3: message".
func (h *header) afterKnown(p int) bool {
	b := h.b
	if at(b, p) == ':' {
		p++
	}
	q := skipBlanks(b, p)
	if e := callerEnd(b, q); e > q && at(b, e) == ':' {
		h.caller = span{q, e}
		q = skipBlanks(b, e+1)
	}
	return h.done(q)
}

// levelTime reads "ERRO[0001] message" of logrus, "EROR[11-22|05:30:00] message"
// of log15 and "E[2026-11-22|05:30:00.123] message" of Tendermint; the bracket is at p.
func (h *header) levelTime(l Level, p int) bool {
	b := h.b
	s, end, ok := group(b, p)
	if !ok || s.empty() {
		return false
	}
	if e := callerEnd(b, end); e > end && at(b, e) == ' ' { // logrus with ReportCaller: [..]/srv/main.go:16 main.main() message
		h.caller, end = span{end, e}, e
		if f := tokenEnd(b, e+1); has(b, f-2, "()") {
			end = f
		}
	}
	if class[at(b, end)]&blank == 0 && end < len(b) {
		return false
	}
	t, e := stampAt(b, s.at)
	switch {
	case t != noStamp && e == s.end:
		h.shape, h.time = t, s
	case skip(b, s.at, digit) == s.end && s.end-s.at >= 4 && p > 1:
	default:
		return false
	}
	h.level, h.tailed = l, pairTail
	return h.done(skipOne(b, end))
}

// levelSpace reads a line that begins with a level [p, end) and a blank.
//
//	ERROR 2026-11-22 05:30:00,123 views 4711 140123 message   Django's verbose form
//	ERROR [main] 2026-11-22 05:30:00,123 X.java:7 - message   Cassandra
//	ERROR a.B - message    ERROR app::db: message              SimpleLogger, env_logger
//	ERROR in ./src/index.js    ERROR     12    FATAL EXCEPTION: main   no record
func (h *header) levelSpace(l Level, p, end int) bool {
	b := h.b
	q := skipBlanks(b, end)
	if q >= len(b) {
		return false
	}
	h.kind = LevelFirst
	h.level = l
	if at(b, end) == '\t' {
		return strongWord(b[p:end]) && h.tabColumns(end)
	}
	switch c := b[q]; {
	case c == '<' && cutWord(b[p:end]):
		h.tailed = pairTail
		return h.tail(end)
	case class[c]&digit != 0:
		if s, e := stampAt(b, q); s != noStamp && s != epochStamp && class[at(b, e)]&blank != 0 {
			h.shape, h.time, h.kind = s, span{q, e}, Text
			if end-p == 3 { // Nim's chronicles
				h.tailed = pairTail
			}
			return h.afterLevelTime(skipBlanks(b, e))
		}
		return false
	case !strongWord(b[p:end]):
		return false
	case c == '[':
		return h.levelGroup(q)
	case c == '|':
		r := skipBlanks(b, q+1)
		return p == 0 && r > q+1 && class[at(b, r)]&letter != 0 && h.tail(q)
	case c == '-', c == ':':
		return class[at(b, q+1)]&blank != 0 && h.levelDash(q+2)
	case c == '(':
		s, e, ok := group(b, q)
		return ok && !s.empty() && at(b, e) != 0 && h.tail(q)
	case class[c]&letter != 0:
		return h.levelText(p, q)
	}
	return false
}

// levelDash goes on behind "ERROR - ": CodeIgniter has the time next,
// "ERROR - 2026-11-22 05:28:11 --> message".
func (h *header) levelDash(p int) bool {
	b := h.b
	if s, end := stampAt(b, p); s == isoStamp && end == len(b) {
		h.shape, h.time, h.kind = s, span{p, end}, Shelf
		return h.done(end)
	}
	if s, end := stampAt(b, p); s != noStamp && has(b, end, " --> ") {
		h.shape, h.time, h.kind = s, span{p, end}, Text
		return h.done(end + len(" --> "))
	}
	return h.done(p)
}

// levelGroup reads "ERROR [main] ..." and "ERROR [2026-11-22 05:30:00,123] ...".
func (h *header) levelGroup(q int) bool {
	b := h.b
	s, end, ok := group(b, q)
	if !ok || s.empty() || class[at(b, end)]&blank == 0 {
		return false
	}
	t, e := stampAt(b, s.at)
	switch {
	case t != noStamp && e == s.end:
		h.shape, h.time, h.kind = t, s, Text
		return h.tail(end)
	case !nameLike(b, s):
		return false
	}
	h.groups[0], h.n = s, 1
	r := skipBlanks(b, end)
	if t, e = stampAt(b, r); t != noStamp && t != epochStamp && class[at(b, e)]&blank != 0 { // Cassandra
		h.shape, h.time, h.kind = t, span{r, e}, Text
		return h.afterLevelTime(skipBlanks(b, e))
	}
	return h.tail(end)
}

// afterLevelTime goes on behind level and time: Django's verbose form has the
// module, process and thread next, all bare.
func (h *header) afterLevelTime(p int) bool {
	b := h.b
	e := tokenEnd(b, p)
	q := skipBlanks(b, e)
	d := skip(b, q, digit)
	if f := skip(b, d+1, digit); d > q && f > d+1 && at(b, d) == ' ' && at(b, f) == ' ' && nameLike(b, span{p, e}) {
		h.logger, h.pid, h.thread = span{p, e}, span{q, d}, span{d + 1, f}
		return h.settle(f + 1)
	}
	return h.tail(p)
}

// levelText decides about a line that begins with a level, a blank and a word at
// q: a record if that is a name that something separates from the message. Prose,
// headings and tables begin with a level and a word as well.
//
//	ERROR pay::ledger: message    ERROR com.acme.Pay - message   INFO pay: message
//	CRITICAL tickets open: 0    ERROR tests/test_pay.py - ImportError
func (h *header) levelText(p, q int) bool {
	b := h.b
	e := tokenEnd(b, q)
	if e-q > maxToken || e >= len(b) {
		return false
	}
	if end := skip(b, p, letter); cutWord(b[p:end]) {
		h.tailed = pairTail
		return h.tail(end)
	}
	if bytes.IndexByte(b[q:e], '/') >= 0 && b[e-1] != ':' { // pytest's summary
		return false
	}
	if f := tokenEnd(b, e+1); has(b, f, " - ") && f-e < maxToken && dotted(b[e+1:f]) && nameLike(b, span{q, e}) { // "%p %t %c - %m"
		h.thread, h.logger = span{q, e}, span{e + 1, f}
		return h.settle(f + 3)
	}
	end, last := h.tailWord(q)
	if !last {
		return end > q && h.tail(end)
	}
	return end > q && h.settle(end)
}
