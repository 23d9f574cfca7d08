package record

import "bytes"

// group belongs to the message.
//
//	[http-nio-8080-exec-1]  [aiohttp.server]  (MainThread)  <main.go:3>   header
//	[parameters: ('w-404',)]  (code 51) declined  {"a":1}                message
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
		if !sep && !nameLike(b, s) && !h.oddGroup(s) && !h.namedNext(end) {
			return p
		}
	case '(':
		if next == ':' && class[at(b, end+1)]&blank != 0 {
			h.origin(s)
			return skipBlanks(b, end+1)
		}
		if class[next]&blank == 0 || !sep && bytes.IndexByte(s.of(b), ' ') >= 0 && h.logger.empty() && h.n == 0 {
			return p
		}
		h.inParens(s)
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

// inParens gives what stands in parentheses behind the level its meaning.
//
//	(main)  (default task-1)  (MyApp.java:13)  (1)
func (h *header) inParens(s span) {
	b := h.b
	switch {
	case s.empty():
	case callerEnd(b, s.at) == s.end:
		h.caller = s
	case skip(b, s.at, digit) == s.end:
		h.pid = s
	default:
		h.thread = s
	}
}

// oddGroup tells whether a group with blanks is part of a header all the same:
// httpd's [pid 7:tid 140] and [client 10.0.0.1:5], Solr's [c:x s:shard1].
func (h *header) oddGroup(s span) bool {
	b := h.b
	if h.kind == Apache || h.shape == ctimeStamp {
		return has(b, s.at, "pid ") || has(b, s.at, "client ") || has(b, s.at, "remote ") || has(b, s.at, "host ")
	}
	for p := s.at; p < s.end; {
		e := skip(b, p, wordRun)
		if c := at(b, e); e == p || e > p+8 || class[b[p]]&letter == 0 || c != ':' && c != '=' {
			return false
		}
		p = skip(b, e, wordRun|nameRun)
		if p < s.end && b[p] != ' ' {
			return false
		}
		p = skipBlanks(b, p)
	}
	return true
}

// before it is a thread's name, blanks or not:
//
//	[IPC Server handler 1 on 9000] org.apache.hadoop.ipc.Server: message
func (h *header) namedNext(p int) bool {
	b := h.b
	p = skipBlanks(b, p)
	e := tokenEnd(b, p)
	return e > p+1 && e-p <= maxToken && b[e-1] == ':' && dotted(b[p:e-1]) && !exceptionLike(b[p:e-1])
}

// the name waits among the groups.
func (h *header) tailName(s span, end int) int {
	b := h.b
	if at(b, end) == ':' && class[at(b, end+1)]&blank != 0 {
		end++
	}
	if h.n == 1 && h.bracketed && s.end-s.at == len("PlgpzkN5R1mz") && at(h.b, h.time.at-1) == '[' && at(h.b, h.time.at+19) == '.' && isDigit(h.b[h.groups[0].at]) {
		h.note("request_id", s) // Mojolicious
		return end
	}
	if h.n < len(h.groups) {
		h.groups[h.n] = s
		h.n++
	}
	return end
}
