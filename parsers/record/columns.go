package record

import "bytes"

// colonColumns reads what follows a time or level that is joined to its
// neighbours by colons, from the colon at p on:
//
//	ERROR:payments.api:message                          Python's default
//	INFO:2026-11-22 05:54:05,812:loggers.py:152:message
//	2026-11-22 05:30:00.123:WARN:oejs.HttpChannel:qtp-1: message     Jetty
//	2026-11-22T05:30:00: message                        pm2
func (h *header) colonColumns(p int) bool {
	b := h.b
	p++
	if class[at(b, p)]&blank != 0 {
		return h.colonBlank(skipBlanks(b, p))
	}
	if h.time.empty() {
		if s, end := stampAt(b, p); s != noStamp && (at(b, end) == ':' || at(b, end) == ' ') {
			h.shape, h.time, h.kind = s, span{p, end}, Text
			p = end + 1
		}
	}
	if h.level == Unknown {
		if l, n, c := levelAt(b, p); l != Unknown && (c == upperCase || at(b, p+n) == ':') {
			h.level = l
			if p = skipBlanks(b, p+n); at(b, p) != ':' {
				return h.tail(p)
			}
			p++
		}
	}
	return h.colonNames(p)
}

// colonBlank goes on behind a colon and blanks: the level, or the message.
func (h *header) colonBlank(p int) bool {
	if h.level == Unknown {
		return h.beforeLevel(p)
	}
	return h.settle(p)
}

// colonNames reads "name:" columns, of which the last is followed by the message.
// An exception's type ends the columns: "ERROR:root:KeyError: 'w-404'" has the
// logger root and the message "KeyError: 'w-404'".
func (h *header) colonNames(p int) bool {
	b := h.b
	for n := range 3 {
		if e := callerEnd(b, p); e > p && at(b, e) == ':' {
			h.caller = span{p, e}
			p = e + 1
			continue
		}
		e := p
		for e < len(b) && (class[b[e]]&wordRun != 0 || b[e] == '.' || b[e] == '-' || b[e] == '$' || b[e] == '@' || b[e] == '<' || b[e] == '>') {
			e++
		}
		if at(b, e) != ':' || exceptionLike(b[p:e]) || e > p && class[b[p]]&digit != 0 && !h.logger.empty() && h.caller.empty() && at(b, e+1) == ' ' {
			break
		}
		switch {
		case e == p:
		case class[b[p]]&digit != 0:
			h.caller = span{p, e}
		case h.logger.empty() && (n == 0 || h.kind == LevelFirst):
			h.logger = span{p, e}
		case h.thread.empty() && h.kind != LevelFirst:
			h.thread = span{p, e}
		default:
			return h.settle(p)
		}
		p = e + 1
		if class[at(b, p)]&blank != 0 {
			break
		}
		if h.kind == LevelFirst && !h.logger.empty() {
			break
		}
	}
	return h.settle(skipOne(b, p))
}

// pipeColumns reads columns separated by bars behind the level, from the bar
// at p on:
//
//	05:30:00.123 | ERROR    | shop.api:charge:53 - message     loguru
//	05:30:00.1234|ERROR|Acme.Pay|message                       NLog
//	05:30:00,123 | ERROR | main | a.B | 23 - bundle | message   Karaf
//	05:30:00,123 | ERROR | message | a.B | main                ActiveMQ
func (h *header) pipeColumns(p int) bool {
	b := h.b
	start := p + 1
	p = skipBlanks(b, start)
	if l, n, c := levelAt(b, p); l != Unknown && c == upperCase && has(b, p+n, " | ") && h.pipes { // Datadog's agent is named TRACE in its own log
		h.level, start = l, p+n+2
		p = skipBlanks(b, start)
	}
	if at(b, p) == '(' {
		if e := callerEnd(b, p+1); e > p+1 && has(b, e, " in ") {
			if i := bytes.Index(b[e:min(len(b), e+maxToken)], []byte(") | ")); i > 0 {
				h.caller = span{p + 1, e}
				return h.settle(e + i + len(") | "))
			}
		}
	}
	if e := loguruEnd(b, p); e > p {
		h.loguru(span{p, e})
		return h.settle(e + len(" - "))
	}
	h.tailed = pipeTail
	for range 4 {
		limit := min(len(b), p+maxToken)
		i := bytes.IndexByte(b[p:limit], '|')
		if i < 0 {
			break
		}
		s := trimmed(b, span{p, p + i})
		if !s.empty() {
			mdc := b[s.at] == '{' && b[s.end-1] == '}' && h.meta.empty()
			if !mdc && !nameLike(b, s) && !bundle(b, s) {
				break
			}
			h.column(s, mdc)
		}
		start = p + i + 1
		p = skipBlanks(b, start)
	}
	return h.settle(skipOne(b, start))
}

// column takes the name of a column of its own: thread or logger.
// Of two names the first that does not look like a thread is the logger.
// An MDC has braces around it.
func (h *header) column(s span, mdc bool) {
	switch {
	case mdc:
		h.meta = span{s.at + 1, s.end - 1}
	case isDigit(h.b[s.at]):
	case h.logger.empty() && !threadLike(h.b, s):
		h.logger = s
	case h.thread.empty():
		h.thread = s
	}
}

// bundle knows Karaf's "23 - org.acme.bundle - 1.0.0".
func bundle(b []byte, s span) bool {
	return isDigit(b[s.at]) && bytes.Contains(s.of(b), []byte(" - "))
}

// loguruEnd gives the end of loguru's "module:function:line" before " - ", or p.
func loguruEnd(b []byte, p int) int {
	limit := min(len(b), p+maxToken)
	i := bytes.IndexByte(b[p:limit], ' ')
	if i <= 0 || !has(b, p+i, " - ") {
		return p
	}
	if bytes.Count(b[p:p+i], []byte(":")) != 2 || !isDigit(b[p+i-1]) {
		return p
	}
	return p + i
}

// loguru splits "module:function:line".
func (h *header) loguru(s span) {
	i := bytes.IndexByte(s.of(h.b), ':')
	h.logger = span{s.at, s.at + i}
	h.caller = span{s.at + i + 1, s.end}
}

// spacedPlace takes a column of several words of which the last is a source
// location: Istio has "envoy config external/envoy/source/grpc_stream.h:155".
func (h *header) spacedPlace(s span) bool {
	i := bytes.LastIndexByte(s.of(h.b), ' ')
	if i < 0 || callerEnd(h.b, s.at+i+1) != s.end {
		return false
	}
	h.logger, h.caller = span{s.at, s.at + i}, span{s.at + i + 1, s.end}
	return true
}

// trimmed takes blanks off both ends of s.
func trimmed(b []byte, s span) span {
	for s.at < s.end && class[b[s.at]]&blank != 0 {
		s.at++
	}
	for s.end > s.at && class[b[s.end-1]]&blank != 0 {
		s.end--
	}
	return s
}

// tabColumns reads columns separated by tabs behind the level, from the tab at p on:
//
//	05:30:00.123Z ⇥ ERROR ⇥ settler ⇥ logs/main.go:33 ⇥ message ⇥ {"cents":3}   zap
//	05:30:00.123Z ⇥ ERROR ⇥ main ⇥ io.trino.Foo ⇥ message                        airlift
func (h *header) tabColumns(p int) bool {
	b := h.b
	p++
	h.tailed = zapTail
	for range 4 {
		i := bytes.IndexByte(b[p:min(len(b), p+maxToken)], '\t')
		if i < 0 {
			break
		}
		s := trimmed(b, span{p, p + i})
		if !s.empty() && b[s.at] == '[' && b[s.end-1] == ']' { // tslog
			s = span{s.at + 1, s.end - 1}
		}
		switch {
		case s.empty():
		case callerEnd(b, s.at) == s.end:
			h.caller = s
		case h.caller.empty() && h.spacedPlace(s):
		case !h.caller.empty() || !nameLike(b, s) || at(b, p+i+1) == '{':
			return h.settle(p)
		default:
			if !h.logger.empty() && h.thread.empty() {
				h.thread, h.logger = h.logger, span{}
			}
			h.logger = s
		}
		p += i + 1
	}
	if class[at(b, p)]&letter != 0 && h.logger.empty() && h.caller.empty() {
		if e := tokenEnd(b, p); e < len(b) && b[e-1] == ':' && dotted(b[p:e-1]) && !exceptionLike(b[p:e-1]) {
			h.logger = span{p, e - 1}
			return h.settle(skipOne(b, e))
		}
	}
	return h.settle(p)
}
