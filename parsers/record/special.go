package record

import "bytes"

// klogLine reads klog and glog: "E1122 05:58:41.382403   10087 main.go:99] message",
// with the year since glog 0.6.
//
//	E1122 05:58:41.382403   10087 main.go:99] message
//	E20261122 06:03:06.838423 12322 pay.cc:22] message
func (h *header) klogLine(p int) bool {
	b := h.b
	l := letterLevel(b[p])
	q := skip(b, p+1, digit)
	if l == Unknown || q != p+5 && q != p+9 || at(b, q) != ' ' {
		return false
	}
	end := clockEnd(b, q+1)
	if end == q+1 || at(b, end) != ' ' {
		return false
	}
	t := skipBlanks(b, end)
	d := skip(b, t, digit)
	f := skipBlanks(b, d)
	i := bytes.IndexByte(b[f:min(len(b), f+maxToken)], ']')
	if i < 0 || bytes.IndexByte(b[f:f+i], ':') < 0 {
		return false
	}
	h.kind, h.level, h.shape, h.time = Klog, l, packedStamp, span{p + 1, end}
	h.thread, h.caller = span{t, d}, span{f, f + i}
	return h.done(skipOne(b, f+i+1))
}

// rubyLine reads Ruby's "E, [2026-11-22T05:28:10.031628 #24294] ERROR -- billing: message".
// The first letter repeats the level, A stands for any; the name may be empty.
func (h *header) rubyLine(p int) bool {
	b := h.b
	if !has(b, p+1, ", [") {
		return false
	}
	end := isoAt(b, p+4)
	if end == p+4 {
		return false
	}
	q := skipBlanks(b, end)
	if at(b, q) == '#' {
		d := skip(b, q+1, digit)
		h.pid = span{q + 1, d}
		q = d
	}
	if at(b, q) != ']' {
		return false
	}
	q = skipBlanks(b, q+1)
	l, n, _ := levelAt(b, q)
	if l == Unknown && has(b, q, "ANY") {
		n = 3
	}
	r := skipBlanks(b, q+n)
	if n == 0 || !has(b, r, "-- ") {
		return false
	}
	r += 3
	i := bytes.Index(b[r:min(len(b), r+maxName)], []byte(": "))
	if i < 0 {
		if i = bytes.IndexByte(b[r:min(len(b), r+maxName)], ':'); i < 0 || r+i+1 != len(b) {
			return false
		}
	}
	h.kind, h.level, h.shape, h.time = RubyLogger, l, isoStamp, span{p + 4, end}
	h.logger = span{r, r + i}
	return h.done(r + i + 2)
}

// erlangLine reads "=ERROR REPORT==== 22-Nov-2026::05:31:18.489673 ===".
func (h *header) erlangLine() bool {
	b := h.b
	i := bytes.Index(b[:min(len(b), 40)], []byte(" REPORT==== "))
	if i < 0 {
		return false
	}
	switch string(b[1:i]) {
	case "ERROR", "CRASH", "SUPERVISOR":
		h.level = Error
	case "WARNING":
		h.level = Warning
	case "INFO", "PROGRESS":
		h.level = Info
	case "NOTICE":
		h.level = Notice
	case "CRITICAL", "ALERT", "EMERGENCY":
		h.level = Fatal
	case "DEBUG":
		h.level = Debug
	default:
		return false
	}
	p := i + len(" REPORT==== ")
	if s, end := digitStamp(b, p); s == dmyStamp {
		h.shape, h.time = s, span{p, end}
	}
	h.kind = Erlang
	return h.done(len(b))
}

// juliaLine reads "┌ Error: message".
func (h *header) juliaLine() bool {
	b := h.b
	const corner = "┌ "
	if !has(b, 0, corner) {
		return false
	}
	l, n, c := levelAt(b, len(corner))
	if l == Unknown || c != titleCase || !has(b, len(corner)+n, ": ") {
		return false
	}
	h.kind, h.level = Julia, l
	return h.done(len(corner) + n + 2)
}

// angleLine reads "<3>Acme.Pay[0] message" of .NET for systemd and other
// writers that put syslog's priority in front, and "<nil> ERR message" of zerolog.
// Lists and markup begin with a number in brackets as well: text must follow at once.
func (h *header) angleLine() bool {
	b := h.b
	if has(b, 0, "<nil> ") {
		if l, n, c := levelAt(b, 6); l != Unknown && c == upperCase && n == 3 {
			return h.found(l, 6+n)
		}
		return false
	}
	q := skip(b, 1, digit)
	if q == 1 || q > 4 || at(b, q) != '>' || class[at(b, q+1)]&(letter|digit) == 0 && at(b, q+1) != '[' {
		return false
	}
	prio := 0
	for _, c := range b[1:q] {
		prio = prio*10 + int(c-'0')
	}
	h.kind, h.level = LevelFirst, syslogLevel(prio&7)
	q++
	if n := bootSeconds(b, q); n > 0 {
		h.kind = Kernel
		return h.done(q + n)
	}
	if s, end := stampAt(b, q); s == monthStamp && at(b, end) == ' ' { // BSD syslog: time and host
		if e := tokenEnd(b, end+1); e < len(b) && nameLike(b, span{end + 1, e}) {
			h.shape, h.time = s, span{q, end}
			h.note("host", span{end + 1, e})
			return h.done(e + 1)
		}
	}
	if i := bytes.IndexByte(b[q:min(len(b), q+maxName)], '['); i > 0 && dotted(b[q:q+i]) {
		if e := skip(b, q+i+1, digit); has(b, e, "] ") {
			h.logger = span{q, q + i}
			q = e + 2
		}
	}
	return h.done(q)
}

// syslogLevel gives the level of a syslog severity, 0 to 7.
func syslogLevel(severity int) Level {
	return [...]Level{Fatal, Fatal, Fatal, Error, Warning, Notice, Info, Debug}[severity&7]
}

// phpText reads what PHP writes: "PHP Fatal error:  message in file:line".
// The words stay in the message: PHP's grammar of traces begins with them.
//
//	PHP Fatal error:  Uncaught X: no in /x.php:3      error_log, with or without time
//	PHP message: queue drained                        what a worker of PHP-FPM wrote
func (h *header) phpText(p int) bool {
	b := h.b
	h.kind = PHP
	q := p
	if has(b, q, "PHP ") {
		q += 4
		i := bytes.IndexByte(b[q:min(len(b), q+40)], ':')
		if i > 0 {
			if l := phpLevel(b[q : q+i]); l != Unknown {
				h.level = l
			}
		}
		if h.time.empty() && h.level == Unknown && h.caller.empty() {
			h.kind = None
			return false
		}
	}
	return h.done(p)
}

// fpmMessage reads what a worker of PHP-FPM wrote, at p: a record of its own
// (Laravel's errorlog channel), or PHP's words.
//
//	[2026-11-22 05:28:14] production.ERROR: no funds {"exception":...}
func (h *header) fpmMessage(p int) bool {
	if at(h.b, p) == '[' {
		in := *h
		in.kind, in.level = None, Unknown
		if in.bracketLine(p) && in.level != Unknown && in.msg < len(in.b) {
			*h = in
			return true
		}
	}
	h.level = Unknown // FPM's own level says nothing about what a child wrote
	return h.phpText(p) || h.done(p)
}

// fpmText reads what a worker of PHP-FPM wrote, in quotes behind
// "said into stderr: " at p.
func (h *header) fpmText(p int) bool {
	b := h.b
	q := p + len("said into stderr: ")
	if at(b, q) != '"' {
		return h.beforeLevel(p)
	}
	q++
	for _, prefix := range [...]string{"NOTICE: ", "PHP message: "} {
		if has(b, q, prefix) {
			q += len(prefix)
		}
	}
	return h.fpmMessage(q)
}

// phpLevel gives the level of the words in front of PHP's messages.
func phpLevel(w []byte) Level {
	switch string(w) {
	case "Fatal error", "Parse error", "Core error", "Compile error":
		return Fatal
	case "Recoverable fatal error", "Catchable fatal error":
		return Error
	case "Warning", "Core warning", "Compile warning", "User warning":
		return Warning
	case "Notice", "Deprecated", "Strict Standards", "Strict standards":
		return Info
	}
	return Unknown
}
