package record

import "bytes"

// postgres reads PostgreSQL's line behind the time, which ends at p. What
// stands before the severity is the operator's choice (log_line_prefix); the
// severity itself is proven by its word and by the two blanks behind its colon.
//
//	2026-11-22 05:28:01.123 UTC [123] app@pay ERROR:  division by zero
//	2026-11-22 05:28:01 UTC:10.0.0.1(5432):app@pay:[123]:ERROR:  division by zero
func (h *header) postgres(p int) bool {
	b := h.b
	if c := b[p-1]; c == 'Z' || class[c]&letter == 0 && b[p-3] != '+' && b[p-3] != '-' {
		return false
	}
	if c := at(b, p); c != ' ' && c != ':' {
		return false
	}
	i := bytes.Index(b[p:min(len(b), p+maxToken)], []byte(":  "))
	if i < 0 {
		return false
	}
	e := p + i
	q := e
	for q > p && class[b[q-1]]&(letter|digit) != 0 {
		q--
	}
	if c := b[q-1]; q == p || c != ' ' && c != ':' {
		return false
	}
	if !h.severity(b[q:e]) {
		return false
	}
	h.prefix(p, q)
	if h.level == Info && has(b, e+3, "server process (PID ") && bytes.Contains(b[e:], []byte(" terminated by signal ")) {
		h.level = Fatal // all that a crashed backend leaves, logged at LOG
	}
	return h.done(e + 3)
}

// severity takes PostgreSQL's words, in capitals.
// FATAL ends one session, PANIC the server; both outrank an error.
func (h *header) severity(w []byte) bool {
	h.kind = Postgres
	switch string(w) {
	case "DEBUG1", "DEBUG2", "DEBUG3", "DEBUG4", "DEBUG5":
		h.level = Debug
	case "INFO", "LOG":
		h.level = Info
	case "NOTICE":
		h.level = Notice
	case "WARNING":
		h.level = Warning
	case "ERROR":
		h.level = Error
	case "FATAL", "PANIC":
		h.level = Fatal
	case "DETAIL", "HINT", "QUERY", "CONTEXT", "LOCATION", "STATEMENT", "BACKTRACE":
		h.kind = Detail
	default:
		h.kind = None
		return false
	}
	return true
}

// prefix takes the process id and the rest of log_line_prefix, [p, q).
//
//	[123] app@pay   [123]: [3-1] user=app,db=pay,client=10.0.0.1   10.0.0.1(5432):app@pay:[123]
func (h *header) prefix(p, q int) {
	b := h.b
	if i := bytes.IndexByte(b[p:q], '['); i >= 0 {
		if d := skip(b, p+i+1, digit); d > p+i+1 && b[d] == ']' {
			h.pid = span{p + i + 1, d}
		}
	}
	for _, sep := range [...]byte{'=', '@'} {
		i := bytes.IndexByte(b[p:q], sep)
		if i < 0 {
			continue
		}
		s := p + i
		for s > p && class[b[s-1]]&wordRun != 0 {
			s--
		}
		e := s
		for e < q && class[b[e]]&(wordRun|nameRun) != 0 && b[e] != ':' {
			e++
		}
		h.meta = span{s, e}
		return
	}
}

// csvPID, csvSeverity and csvMessage are columns of PostgreSQL's csvlog, the time being 0.
const (
	csvPID      = 3
	csvSeverity = 11
	csvMessage  = 13
)

// postgresCSV reads the csvlog form behind the time, from the comma at p on:
//
//	2026-11-22 05:28:01.123 UTC,"app","pay",123,"10.0.0.1:5",6a.7b,3,"SELECT",2026-11-22 05:28:00 UTC,3/4,0,ERROR,42P01,"no such table",...
func (h *header) postgresCSV(p int) bool {
	b := h.b
	if class[b[p-1]]&letter == 0 || b[p-1] == 'Z' {
		return false
	}
	for n := 1; n < csvMessage; n++ {
		if at(b, p) != ',' {
			return false
		}
		p++
		e := csvEnd(b, p)
		switch {
		case n == csvPID:
			h.pid = span{p, e}
		case n == csvSeverity && !h.severity(b[p:e]):
			return false
		}
		p = e
	}
	if at(b, p) != ',' {
		return false
	}
	h.tailed = csvTail
	return h.done(p + 1)
}

// csvEnd gives the end of the column at p.
func csvEnd(b []byte, p int) int {
	if at(b, p) != '"' {
		for p < len(b) && b[p] != ',' {
			p++
		}
		return p
	}
	for p++; p < len(b); p++ {
		if b[p] == '"' {
			if at(b, p+1) != '"' {
				return p + 1
			}
			p++
		}
	}
	return p
}
