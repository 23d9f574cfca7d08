package record

import "bytes"

// digitLine reads lines that begin with a digit at p.
// The ISO form is tried first: nearly all lines that begin with a digit have it.
func (h *header) digitLine(p int) bool {
	b := h.b
	if end := isoAt(b, p); end > p {
		h.shape, h.time = isoStamp, span{p, end}
		return h.afterTime(end)
	}
	s, end := digitStamp(b, p)
	switch s {
	case noStamp:
		return h.idLine(p)
	case monthDay:
		h.shape, h.time = s, span{p, end}
		if h.logcat(end) {
			return true
		}
	case epochStamp:
		h.shape, h.time = s, span{p, end}
		if h.logcat(end) {
			return true
		}
		return h.afterTime(end) && h.level != Unknown
	}
	h.shape, h.time = s, span{p, end}
	return h.afterTime(end)
}

// idLine reads lines that begin with a number that is no time: Redis's process
// id, log4j's milliseconds since the start, an address.
//
//	12170:S 22 Nov 2026 ...   467 [main] INFO a.B - message   10.0.0.1 - - [22/Nov/...
func (h *header) idLine(p int) bool {
	b := h.b
	q := skip(b, p, digit)
	switch c := at(b, q); {
	case c == ':' && q-p <= 8 && class[at(b, q+1)]&letter != 0 && at(b, q+2) == ' ':
		return h.redisLine(p, q)
	case c == ' ' && q-p <= 2 && class[at(b, q+1)]&letter != 0 && at(b, q+4) == ' ' && at(b, q+7) == ':':
		return h.nodeRED(q + 5)
	case c == ' ' && at(b, q+1) == '[':
		s, end, ok := group(b, q+1)
		if !ok || at(b, end) != ' ' {
			return false
		}
		l, n, c := levelAt(b, skipBlanks(b, end))
		if l == Unknown || c != upperCase {
			return false
		}
		h.thread = s
		return h.found(l, skipBlanks(b, end)+n)
	case c == '.' && skip(b, q+1, digit) == q+4: // seconds since the device's start
		if h.logcat(q + 4) {
			return true
		}
	}
	return h.accessLine()
}

// nodeRED reads "22 Nov 05:30:00 - [error] [function:pay] message" of Node-RED, from
// the time of day at p on. Without a year that is no timestamp.
func (h *header) nodeRED(p int) bool {
	end := clockEnd(h.b, p)
	if end == p || !has(h.b, end, " - ") {
		return false
	}
	return h.beforeLevel(end + 1)
}

// redisLine reads "12170:S 22 Nov 2026 06:02:56.277 # message"; the letter is the
// role of the process, the mark the level.
// Marks are those of redis.conf: . debug, - verbose, * notice, # warning.
func (h *header) redisLine(p, q int) bool {
	b := h.b
	s, end := digitStamp(b, q+3)
	if s != dmyStamp || at(b, end) != ' ' || at(b, end+2) != ' ' {
		return false
	}
	switch b[end+1] {
	case '.':
		h.level = Debug
	case '-':
		h.level = Info
	case '*':
		h.level = Notice
	case '#':
		h.level = Warning
	default:
		return false
	}
	if has(b, end+3, "Redis ") && bytes.Contains(b[end:], []byte(" crashed by signal: ")) {
		h.level = Fatal
	}
	h.kind, h.pid, h.shape, h.time = Redis, span{p, q}, s, span{q + 3, end}
	return h.done(end + 3)
}

// skipOne skips one blank at p: more of them belong to the message.
func skipOne(b []byte, p int) int {
	if at(b, p) == ' ' {
		p++
	}
	return p
}

// clf are the bytes of "dd/Mon/yyyy:" that are digits, as two words at 0 and 4.
const maxHost = 120

// accessLine reads the common log format: host, identity, user, time in
// brackets, request.
//
//	10.0.0.1 - frank [22/Nov/2026:05:30:00 +0000] "GET / HTTP/1.1" 200 12
//	pay.example.com:443 ::1 - - [22/Nov/2026 05:54:10] "GET / HTTP/1.1" 200 -
func (h *header) accessLine() bool {
	b := h.b
	i := bytes.IndexByte(b[:min(len(b), maxHost)], '[')
	if i < 4 || b[i-1] != ' ' || i+22 > len(b) || b[i+3] != '/' || b[i+7] != '/' {
		return false
	}
	s, end := digitStamp(b, i+1)
	if s != dmyStamp || at(b, end) != ']' {
		return false
	}
	h.kind, h.shape, h.time = Access, s, span{i + 1, end}
	return h.done(0)
}
