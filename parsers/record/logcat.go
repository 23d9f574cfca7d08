package record

import "bytes"

// logcat reads the forms of Android's log that begin with a time, which ends
// at end; what the forms have in between differs, the level is one letter.
//
//	1234  1240 E AndroidRuntime: message                         threadtime; a user before it with -v uid
//	E/AndroidRuntime( 1234): message                             time
//	1234-1240/com.acme.pay E/AndroidRuntime: message             Android Studio until 2022
//	1234-1240  AndroidRuntime   com.acme.pay   E  message        Android Studio since
func (h *header) logcat(end int) bool {
	b := h.b
	p := skipBlanks(b, end)
	if p == end {
		return false
	}
	if at(b, p+1) == '/' {
		return h.logcatTag(p)
	}
	d := skip(b, p, digit)
	if at(b, d) == '-' && d > p {
		return h.studio(p, d)
	}
	var words [3]span
	for n := range len(words) + 1 {
		e := tokenEnd(b, p)
		if e == p+1 && n >= 2 && logcatLevel(b[p]) != Unknown {
			return h.logcatThread(p, words[:n])
		}
		if n == len(words) || e == p || e > p+maxGroup/4 {
			break
		}
		words[n] = span{p, e}
		p = skipBlanks(b, e)
	}
	return false
}

// logcatThread goes on at the letter of the threadtime form; ids are what
// stands before it, of which the last two are process and thread.
func (h *header) logcatThread(p int, ids []span) bool {
	b := h.b
	n := len(ids)
	pid, tid := ids[n-2], ids[n-1]
	if skip(b, pid.at, digit) != pid.end || skip(b, tid.at, digit) != tid.end {
		return false
	}
	i := bytes.IndexByte(b[p:min(len(b), p+maxToken)], ':')
	if i < 3 {
		return false
	}
	if n == 3 {
		h.note("uid", ids[0])
	}
	h.kind, h.level, h.pid, h.thread, h.logger = Logcat, logcatLevel(b[p]), pid, tid, trimmed(b, span{p + 2, p + i})
	return h.done(skipOne(b, p+i+1))
}

// logcatTag reads "E/AndroidRuntime( 1234): message" and "E/AndroidRuntime: message" at p.
// The tag may hold blanks before a process id only: "I/O error: no space" is a message.
func (h *header) logcatTag(p int) bool {
	b := h.b
	l := logcatLevel(b[p])
	i := bytes.IndexByte(b[p:min(len(b), p+maxToken)], ':')
	if l == Unknown || i < 3 {
		return false
	}
	end := p + i
	tag := span{p + 2, end}
	if b[end-1] == ')' {
		o := bytes.LastIndexByte(b[p:end], '(')
		if o < 3 {
			return false
		}
		id := trimmed(b, span{p + o + 1, end - 1})
		if id.empty() || skip(b, id.at, digit) != id.end {
			return false
		}
		wide := end-2-(p+o) >= len(" 1234") // the number is padded to five
		h.pid, tag.end = id, p+o
		if t := trimmed(b, tag); !wide && !nameLike(b, t) {
			return false
		}
	}
	tag = trimmed(b, tag)
	if h.pid.empty() && (class[at(b, end+1)]&blank == 0 || tag.end-tag.at < 3 || b[p] == 'A' && h.time.empty() || !nameLike(b, tag)) {
		return false
	}
	h.kind, h.level, h.logger = Logcat, l, tag
	return h.done(skipOne(b, end+1))
}

// logcatProcess reads the process and the thread form, "E( 1234) message  (Tag)"
// and "E( 1234: 1240) message". The tag stands at the end, which message splits off.
func (h *header) logcatProcess(p int) bool {
	b := h.b
	l := logcatLevel(b[p])
	s, end, ok := group(b, p+1)
	if l == Unknown || !ok || at(b, end) != ' ' {
		return false
	}
	h.pid = span{s.at, skip(b, s.at, digit)}
	if h.pid.empty() {
		return false
	}
	if h.pid.end < s.end {
		if b[h.pid.end] != ':' {
			return false
		}
		h.thread = trimmed(b, span{h.pid.end + 1, s.end})
	} else {
		h.tailed = tagTail
	}
	h.kind, h.level = Logcat, l
	return h.done(end + 1)
}

// logcatLong reads the head of the long form behind its time, which ends at p:
// "[ 11-22 05:28:01.123  1234: 1240 E/AndroidRuntime ]".
func (h *header) logcatLong(p int) bool {
	b := h.b
	if len(b) < 8 || b[1] != ' ' || at(b, len(b)-1) != ']' {
		return false
	}
	q := skipBlanks(b, p)
	d := skip(b, q, digit)
	if d == q || at(b, d) != ':' {
		return false
	}
	t := skipBlanks(b, d+1)
	e := tokenEnd(b, t)
	l := skipBlanks(b, e)
	if e == t || at(b, l+1) != '/' || logcatLevel(b[l]) == Unknown {
		return false
	}
	h.kind, h.level, h.pid, h.thread = LogcatLong, logcatLevel(b[l]), span{q, d}, span{t, e}
	h.logger = trimmed(b, span{l + 2, len(b) - 1})
	return h.done(len(b))
}

// studio reads what Android Studio shows behind the time: "1234-1240" up to a
// separator at d and beyond, then the package or the tag.
func (h *header) studio(p, d int) bool {
	b := h.b
	t := skip(b, d+1, digit)
	if t == d+1 {
		return false
	}
	h.pid, h.thread = span{p, d}, span{d + 1, t}
	if at(b, t) == '/' {
		e := tokenEnd(b, t)
		if at(b, e) != ' ' || at(b, e+2) != '/' {
			return false
		}
		if w := b[t+1 : e]; string(w) != "?" {
			h.note("process", span{t + 1, e})
		}
		return h.studioTag(e + 1)
	}
	if !has(b, t, "  ") {
		return false
	}
	tag := skipBlanks(b, t)
	i := bytes.Index(b[tag:min(len(b), tag+maxToken)], []byte("  "))
	if i <= 0 {
		return false
	}
	q := skipBlanks(b, tag+i)
	e := tokenEnd(b, q)
	l := skipBlanks(b, e)
	if e == q || logcatLevel(at(b, l)) == Unknown || !has(b, l+1, "  ") {
		return false
	}
	h.note("process", span{q, e})
	h.kind, h.level, h.logger = Logcat, logcatLevel(b[l]), span{tag, tag + i}
	return h.done(l + 3)
}

// studioTag reads "E/AndroidRuntime: message" at p.
func (h *header) studioTag(p int) bool {
	b := h.b
	i := bytes.IndexByte(b[p:min(len(b), p+maxToken)], ':')
	if logcatLevel(b[p]) == Unknown || i < 3 {
		return false
	}
	h.kind, h.level, h.logger = Logcat, logcatLevel(b[p]), trimmed(b, span{p + 2, p + i})
	return h.done(skipOne(b, p+i+1))
}

// logcatSeconds reads the monotonic form, whose seconds are padded on the left.
func (h *header) logcatSeconds(p int) bool {
	b := h.b
	q := skip(b, p, digit)
	e := skip(b, q+1, digit)
	return at(b, q) == '.' && e > q+1 && h.logcat(e)
}

// logcatLevel gives the level of Android's letters; A, assert, is the old name of F.
func logcatLevel(c byte) Level {
	switch c {
	case 'V', 'D', 'I', 'W', 'E', 'F':
		return letterLevel(c)
	case 'A':
		return Fatal
	}
	return Unknown
}

// logcatTail splits the tag in parentheses off the message of the process form.
//
//	FATAL EXCEPTION: main  (AndroidRuntime)
func (r *Record) logcatTail(m []byte) []byte {
	m = bytes.TrimRight(m, " \r")
	i := bytes.LastIndex(m, []byte("  ("))
	if i < 0 || m[len(m)-1] != ')' {
		return m
	}
	r.Logger = clean(bytes.TrimSpace(m[i+3:len(m)-1]), maxName)
	return m[:i]
}
