package record

import "bytes"

// leadWord reads a word before the level: a key=value pair of Sidekiq or
// Elixir, or the name of a logger or thread if the level follows at once.
//
//	pid=4711 tid=abc class=Job     Sidekiq 5 and later, Elixir's metadata
//	4711 TID-oh7zx Job JID-9f3     Sidekiq 4
//	app.ERROR:                     Monolog, level and all
//	payments.api  root  host-1     a name
//	6a1c2f9e-0000-...⇥             the request of AWS Lambda
func (h *header) leadWord(p int) int {
	b := h.b
	e := tokenEnd(b, p)
	if e == p || e-p > maxToken {
		return p
	}
	if eq := skip(b, p, wordRun); at(b, eq) == '=' {
		if h.meta.empty() {
			h.meta.at = p
		}
		h.meta.end = e
		return e
	}
	if at(b, e) == '\t' {
		if q := h.requestColumn(p); q > p {
			return q
		}
	}
	if has(b, p, "TID-") {
		h.thread, h.sidekiq = span{p, e}, true
		return e
	}
	if h.sidekiq { // the job's class and id
		return e
	}
	if h.monolog(p, e) {
		return e
	}
	if (h.dashes || h.pipes) && h.levelColumn(e) {
		if h.logger.empty() {
			h.logger = span{p, e}
		}
		return e
	}
	name := span{p, e}
	if c := b[e-1]; c == ':' || c == ',' {
		name.end--
	}
	if !h.levelFollows(p, e) {
		return p
	}
	if c := callerEnd(b, name.at); c > name.at && c == name.end {
		h.caller = name
		return e
	}
	if own, pid, thread, ok := h.process(name); ok {
		name, h.pid, h.thread = own, pid, thread
	}
	if h.logger.empty() {
		h.logger = name
	} else {
		h.thread = name
	}
	return e
}

// process splits the word by which NSLog names the program: name, process, thread.
//
//	2026-11-22 05:28:11.413 pay[4242:f743ccc0] ERROR message
func (h *header) process(word span) (name, pid, thread span, ok bool) {
	b := h.b
	open := bytes.IndexByte(b[word.at:word.end], '[') + word.at
	if open <= word.at || b[word.end-1] != ']' {
		return name, pid, thread, false
	}
	end := skip(b, open+1, digit)
	pid = span{open + 1, end}
	if pid.empty() || b[end] != ':' {
		return name, pid, thread, false
	}
	thread.at = end + 1
	for end++; end < word.end && hexDigit(b[end]); end++ {
	}
	thread.end = end
	return span{word.at, open}, pid, thread, !thread.empty() && end == word.end-1
}

// hexDigit tells whether c is a hexadecimal digit.
func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// requestColumn reads the request of AWS Lambda at p, which has a column of its
// own before the level's. It answers p if there is none.
//
//	6a1c2f9e-0000-4b1c-8e1a-4b6f0c6f5f11⇥ERROR⇥message
func (h *header) requestColumn(p int) int {
	b := h.b
	e := tokenEnd(b, p)
	if at(b, e) != '\t' || e-p > len("6a1c2f9e-0000-4b1c-8e1a-4b6f0c6f5f11") {
		return p
	}
	if l, n, c := levelAt(b, e+1); l == Unknown || c != upperCase || at(b, e+1+n) != '\t' {
		return p
	}
	if string(b[p:e]) != "undefined" {
		h.note("request_id", span{p, e})
	}
	return e
}

// monolog knows "channel.LEVEL:" at [p, e).
//
//	[2026-11-22 05:30:00] production.ERROR: message {"user":1} []
func (h *header) monolog(p, e int) bool {
	b := h.b
	i := e - 1
	if b[i] != ':' {
		return false
	}
	for i > p && b[i-1] >= 'A' && b[i-1] <= 'Z' {
		i--
	}
	if i <= p+1 || b[i-1] != '.' {
		return false
	}
	l, n, _ := levelAt(b, i)
	if l == Unknown || i+n != e-1 {
		return false
	}
	h.level, h.logger, h.tailed = l, span{p, i - 1}, monologTail
	return true
}

// levelColumn tells whether one of the next columns, separated by dashes or
// bars, is a level in capitals.
//
//   - payments.api - [worker.py:23] - ERROR - message
func (h *header) levelColumn(p int) bool {
	b := h.b
	for range 4 {
		q := skipBlanks(b, p)
		if c := at(b, q); c != '-' && c != '|' || class[at(b, q+1)]&blank == 0 {
			return false
		}
		q = skipBlanks(b, q+1)
		if at(b, q) == '[' {
			_, end, ok := group(b, q)
			if !ok {
				return false
			}
			p = end
			continue
		}
		p = tokenEnd(b, q)
		if p-q > maxToken {
			return false
		}
		if l, n, c := levelAt(b, q); l != Unknown && c == upperCase && q+n == p {
			return true
		}
	}
	return false
}

// levelFollows tells whether behind the word [p, e) a level stands that is plainly
// one, so that the word must be a name.
// A message may mention a level as its second word: "got ERROR from upstream".
// Dots or the number of a process in the word, a wide gap, a colon, a bracket or Python's milliseconds speak
// for a header; nothing of the kind leaves the line without a level.
func (h *header) levelFollows(p, e int) bool {
	b := h.b
	q := skipBlanks(b, e)
	wide := q > e+1
	dashed := has(b, q, "- ")
	if dashed {
		q += 2
	}
	switch c := at(b, q); {
	case c == '[':
		s, _, ok := group(b, q)
		if !ok || s.end-s.at > longestWord {
			return false
		}
		l, n, _ := levelAt(b, s.at)
		return l != Unknown && s.at+n == s.end
	case class[c]&letter == 0:
		return false
	}
	l, n, c := levelAt(b, q)
	if l == Unknown {
		// Two names may come in a row: logger and thread.
		if f := tokenEnd(b, q); !dashed && h.logger.empty() && has(b, f, " [") && dotted(b[p:e]) {
			return h.levelFollows(q, f)
		}
		return dashed && h.dashes && h.levelFollows(q, tokenEnd(b, q))
	}
	after := at(b, q+n)
	switch {
	case dashed:
		return c == upperCase || has(b, q+n, " - ")
	case c != upperCase || !endsLevel(after):
		return c == lowerCase && after == ':' && b[e-1] == ']'
	case wide, after == ':', has(b, q+n, " ["), has(b, q+n, " - "), class[at(b, q+n+1)]&blank != 0:
		return true
	}
	if dotted(b[p:e]) || at(b, h.time.end-4) == ',' {
		return true
	}
	_, _, _, own := h.process(span{p, e})
	return own
}

// tokenEnd gives the end of the run without blanks at p.
func tokenEnd(b []byte, p int) int {
	if p >= len(b) {
		return p
	}
	end := len(b)
	if i := bytes.IndexByte(b[p:], ' '); i >= 0 {
		end = p + i
	}
	if i := bytes.IndexByte(b[p:end], '\t'); i >= 0 {
		end = p + i
	}
	return end
}
