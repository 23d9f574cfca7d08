package record

// beforeLevel looks for the level among the first elements behind the time,
// from p on. Without a level the line is still a record: its message starts at p.
//
//	[main] INFO  a.B - message             a thread
//	25746 INFO nova.compute message        a process
//	- payments.api - ERROR - message       columns joined by dashes
//	| ERROR    | m:f:53 - message          columns joined by bars
//	pid=7 tid=abc class=Job INFO: message  pairs
func (h *header) beforeLevel(p int) bool {
	b, start := h.b, p
	for range maxElements {
		if p >= len(b) {
			break
		}
		c := b[p]
		var q int
		switch {
		case class[c]&letter != 0:
			if l, n := h.bareLevel(p); l != Unknown {
				return h.found(l, p+n)
			}
			if q = h.leadWord(p); h.level != Unknown {
				return h.settle(skipOne(b, q))
			}
		case c == '[' || c == '(' || c == '{' || c == '<':
			l, end := h.leadGroup(p)
			if l != Unknown && has(b, p, "[panic][") { // fern's [target][LEVEL], by the crate log-panics
				if s, e, ok := group(b, end); ok {
					if second := h.levelIn(s); second != Unknown {
						h.logger = trimmed(b, span{p + 1, end - 1})
						return h.found(second, e)
					}
				}
			}
			if l != Unknown {
				return h.found(l, end)
			}
			q = end
		case class[c]&digit != 0:
			q = h.leadNumber(p)
		default:
			q = h.leadMark(p)
		}
		if q == p {
			break
		}
		p = skipBlanks(b, q)
	}
	return h.noLevel(start)
}

// noLevel ends the search for a level: what was skipped belongs to the message.
// Go's standard logger is the common case: "main.go:34: message" or a bare message.
func (h *header) noLevel(p int) bool {
	h.n, h.logger, h.thread, h.pid, h.meta = 0, span{}, span{}, span{}, span{}
	if h.notes != nil {
		*h.notes = [2]note{}
	}
	b := h.b
	if at(b, p) == '-' && class[at(b, p+1)]&blank != 0 || at(b, p) == ':' && at(b, p+1) == ' ' {
		p = skipOne(b, p+1)
	}
	if e := callerEnd(b, p); e > p && at(b, e) == ':' && at(b, e+1) == ' ' {
		h.caller = span{p, e}
		return h.done(skipOne(b, e+1))
	}
	if q := tokenEnd(b, p); q > p && at(b, q+1) == 'k' {
		if m := kernelTag(b, q+1); m > 0 { // the kernel's line in a syslog file
			h.kind = Kernel
			return h.done(m)
		}
	}
	if e := namespaceEnd(b, p); e > p {
		h.logger = span{p, e}
		return h.done(e + 1)
	}
	return h.done(p)
}

// namespaceEnd knows the names of Node's debug package, "pay:settle message".
// The name has two parts at least, in small letters: "http: panic serving" is
// a message of Go, "GET /health" one of morgan.
func namespaceEnd(b []byte, p int) int {
	q := p
	parts := 0
	for {
		r := q
		for r < len(b) && (class[b[r]]&wordRun != 0 || b[r] == '-') {
			r++
		}
		if r == q || class[b[q]]&letter == 0 || b[q] < 'a' {
			return p
		}
		parts++
		if at(b, r) == ':' {
			q = r + 1
			continue
		}
		if parts < 2 || at(b, r) != ' ' {
			return p
		}
		return r
	}
}

// bareLevel reads a level word without brackets behind the time. A word in
// capitals is one; others need more, for prose starts with them as well.
//
//	05:30:00 ERROR message       capitals
//	05:30:12Z error message      small letters, see lowerLevel
//	|Error|  Error   CBS         a capital only where columns prove it
//	Error: no such file          not a level: the header of an exception
func (h *header) bareLevel(p int) (Level, int) {
	b := h.b
	l, n, c := levelAt(b, p)
	if l == Unknown {
		return h.letterMark(p)
	}
	if c == lowerCase && has(b, p, "panic") { // what Go's runtime and recovery middleware print
		return Unknown, 0
	}
	next := at(b, p+n)
	switch c {
	case upperCase:
		if n == 1 || !endsLevel(next) {
			return Unknown, 0
		}
		if h.goTime() && next == ' ' || n == 3 && next == ' ' && b[p+1] != 'O' || n == 4 && cutWord(b[p:p+n]) { // zerolog's ERR, not LOG; charm's ERRO
			h.tailed = pairTail
		}
	case titleCase: // "Error: no such file" is a message, "|Error|" and "Error   CBS" are levels
		if !(h.pipes && (next == '|' || next == ' ') || next == '\t' || next == ' ' && class[at(b, p+n+1)]&blank != 0 || h.dashes && has(b, p+n, " - ")) {
			return Unknown, 0
		}
	default:
		if !h.lowerLevel(l, p+n) {
			return Unknown, 0
		}
		if next == ':' && h.tailed == noTail { // winston
			h.tailed = jsonTail
		}
	}
	return l, n
}

// goTime tells whether the time is that of Go's standard logger, through which
// slog prints "ERROR message key=value" unless it is told otherwise.
func (h *header) goTime() bool {
	return h.shape == isoStamp && h.b[h.time.at+4] == '/' && h.time.at == 0
}

// endsLevel tells whether c may follow a level in capitals.
func endsLevel(c byte) bool {
	switch c {
	case ' ', ':', '\t', '|', '[', ']', '>', ',', '-', '/', ')', 0:
		return true
	}
	return false
}

// lowerLevel decides whether a word in small letters that ends at p is a
// level: "error: charge failed", "error   charge failed" and "error charge failed"
// are, "error handler installed" is not.
// Winston, Erlang and many hand-written formatters print small letters. The
// price of a mistake is an event for ordinary prose, so a word of prose behind
// the level decides against it.
func (h *header) lowerLevel(l Level, p int) bool {
	b := h.b
	switch at(b, p) {
	case ':':
		return (class[at(b, p+1)]&blank != 0 || p+1 == len(b)) && !nothing(b, p+1)
	case '|', '\t':
		return true
	case ' ':
		switch {
		case class[at(b, p+1)]&blank != 0, h.pipes, h.dashes && has(b, p, " - "):
			return true
		case l < Warning:
			return true
		case l == Fatal && at(b, p-1) != 'l': // "panic serving", "alert sent"; fatal and critical may stand alone
			return false
		}
		return !compound(b, p+1)
	}
	return false
}

// nothing tells whether "error:" is followed by a count of none: a statistic.
func nothing(b []byte, p int) bool {
	p = skipBlanks(b, p)
	e := skip(b, p, wordRun)
	switch string(b[p:e]) {
	case "0", "none", "null", "nil", "no", "false", "None":
		return e == len(b) || b[e] == ',' || b[e] == ';'
	}
	return false
}

// compound tells whether the word at p makes a noun of the level before it.
// "error budget 99 %" and "error rate 0.2 %" are what healthy services report
// all day long.
func compound(b []byte, p int) bool {
	e := skip(b, p, wordRun)
	if at(b, e) == '.' && class[at(b, e+1)]&letter != 0 { // the name of a logger
		return false
	}
	switch string(b[p:e]) {
	case "handler", "handlers", "handling", "budget", "rate", "rates", "ratio", "count", "counts", "counter", "counters",
		"page", "pages", "log", "logs", "code", "codes", "logging", "reporting", "reporter", "report", "reports", "tracking",
		"correction", "recovery", "threshold", "thresholds", "metrics", "metric", "free", "boundary", "margin", "detection",
		"messages", "level", "levels", "path", "section", "mass", "lines", "events", "total", "channel", "queue", "is", "was",
		"stats", "statistics", "summary", "injection", "budgets", "policy", "tolerance", "notification", "notifications":
		return true
	}
	return false
}

// leadGroup reads a group in brackets before the level. It may hold the level
// itself; else it is kept until the rest of the line tells what it is.
//
//	[main]  [4855]  [req-38101a0b]   kept
//	[ERROR]  [error    ]  [E]        the level
func (h *header) leadGroup(p int) (Level, int) {
	s, end, ok := group(h.b, p)
	if ok && h.b[p] == '{' && h.n > 0 && has(h.b, end, " <") { // ClickHouse's query
		if !s.empty() {
			h.note("query_id", s)
		}
		return Unknown, end
	}
	if !ok || s.empty() {
		return Unknown, p
	}
	if h.b[p] == '[' && !h.thread.empty() && has(h.b, s.at, "System] [MY-") { // MySQL's own news
		return Info, end
	}
	if l := h.levelIn(s); l != Unknown {
		h.bracketed = true
		switch {
		case s.end < end-1: // structlog pads the level
			h.tailed = pairTail
		case h.shape == isoStamp && at(h.b, h.time.at+10) == 'T':
			h.tailed = hclogTail
		}
		return l, end
	}
	if h.n == len(h.groups) {
		return Unknown, p
	}
	h.groups[h.n] = s
	h.n++
	return Unknown, end
}

// levelIn reads a group that is or ends in a level: ERROR, core:error, main/ERROR, E.
// A module in front of the level is httpd's, a thread in front of it Minecraft's
// and other games'.
func (h *header) levelIn(s span) Level {
	b := h.b
	if n := s.end - s.at; n == 1 {
		return letterLevel(b[s.at])
	}
	at0 := s.at
	l, n, _ := levelAt(b, at0)
	if l != Unknown && at0+n == s.end {
		return l
	}
	for i := s.end - 1; i > at0; i-- {
		if class[b[i]]&letter != 0 {
			continue
		}
		if b[i] != ':' && b[i] != '/' {
			break
		}
		l, n, c := levelAt(b, i+1)
		if l == Unknown || i+1+n != s.end || b[i] == '/' && c != upperCase {
			return Unknown
		}
		if b[i] == ':' {
			h.logger, h.kind = span{at0, i}, Apache
		} else {
			h.thread = span{at0, i}
		}
		return l
	}
	if l != Unknown && b[at0+n] == '#' { // Yesod's [Error#yesod-core]
		h.logger = span{at0 + n + 1, s.end}
		return l
	}
	return Unknown
}

// leadNumber reads a process or thread id before the level.
//
//	25746 INFO nova...   process        148 INFO dfs...   thread
//	0 [ERROR] [MY-010119] ...           connection of MySQL
func (h *header) leadNumber(p int) int {
	q := skip(h.b, p, digit)
	if class[at(h.b, q)]&letter != 0 || at(h.b, q) == '-' { // AWS Lambda's request
		return h.requestColumn(p)
	}
	if h.pipes && at(h.b, q) == '|' && q-p <= 10 { // NLog for ASP.NET
		h.note("event_id", span{p, q})
		return q
	}
	if class[at(h.b, q)]&blank == 0 || q-p > 10 {
		return p
	}
	switch {
	case at(h.b, skipBlanks(h.b, q)) == '[' && h.shape == isoStamp: // MySQL's connection
		h.thread = span{p, q}
	case h.pid.empty():
		h.pid = span{p, q}
	}
	return q
}

// leadMark skips what separates elements before the level.
func (h *header) leadMark(p int) int {
	b := h.b
	switch b[p] {
	case '|':
		h.pipes = true
		return p + 1
	case '-':
		if n := skip1(b, p, '-') - p; n <= 3 && class[at(b, p+n)]&blank != 0 {
			h.dashes = h.dashes || n == 1
			return p + n
		}
	case ':', ']', ';':
		if class[at(b, p+1)]&blank != 0 {
			return p + 1
		}
	}
	return p
}

// skip1 gives the end of the run of c at p.
func skip1(b []byte, p int, c byte) int {
	for p < len(b) && b[p] == c {
		p++
	}
	return p
}
