package record

import (
	"bytes"
	"strconv"
	"strings"
)

// Read gives all that a line says; hd is what Head said of it. A line of Kind
// None or Plain gives a record that is nothing but its message.
// Time that the line does not state stays zero; o completes what it states in part.
func (s *Scanner) Read(line []byte, hd Head, o Options) Record {
	if hd.Msg > 0 {
		if p := printed(line); p > 0 {
			return s.readPrinted(line, p, hd, o)
		}
	}
	r := Record{Kind: hd.Kind, Level: hd.Level}
	switch hd.Kind {
	case None, Plain:
		r.Message = clean(line, maxMessage)
	case JSON:
		readJSON(&r, line[min(hd.Msg, len(line)):], o)
		r.outerTime(line, hd, o)
	case Logfmt:
		readLogfmt(&r, line[min(hd.Msg, len(line)):], o)
		r.outerTime(line, hd, o)
	default:
		readText(&r, line, o)
	}
	return r
}

// outerTime takes the time in front of a record inside a line, if that has none.
func (r *Record) outerTime(line []byte, hd Head, o Options) {
	if hd.Msg == 0 || !r.Time.IsZero() {
		return
	}
	h := header{b: line[:min(len(line), maxHeader)], full: true}
	if h.open(openers[line[0]]) {
		r.Time = parseStamp(h.time.of(line), h.shape, o)
	}
}

// readText copies what the header of a text format says.
// The header is read again, this time with its spans.
func readText(r *Record, line []byte, o Options) {
	var notes [2]note
	h := header{notes: &notes}
	h.b, h.full = line[:min(len(line), maxHeader)], true
	h.shut = len(line) > 0 && line[len(line)-1] == '}'
	if len(line) == 0 || !h.open(openers[line[0]]) {
		r.Message = clean(line, maxMessage)
		return
	}
	r.Time = parseStamp(h.time.of(line), h.shape, o)
	r.Logger = clean(h.logger.of(line), maxName)
	r.Thread = clean(h.thread.of(line), maxName)
	r.PID = h.processID()
	if !h.caller.empty() {
		key := "caller"
		if h.kind == DotNet {
			key = "event_id"
		}
		r.field(key, clean(h.caller.of(line), maxName))
	}
	for _, n := range notes {
		if n.key != "" {
			r.field(n.key, clean(n.s.of(line), maxName))
		}
	}
	if !h.meta.empty() {
		r.context(h.meta.of(line))
	}
	r.Platform = h.platform()
	if h.msg == len(h.b) {
		h.msg = len(line)
	}
	h.b = line
	h.message(r)
}

// processID reads the number in "4711", "pid 7:tid 140" or "id=12".
func (h *header) processID() int {
	w := h.pid.of(h.b)
	p := 0
	for p < len(w) && !isDigit(w[p]) {
		p++
	}
	n, err := strconv.Atoi(string(w[p:skip(w, p, digit)]))
	if err != nil {
		return 0
	}
	return n
}

// platform is what the form of the header proves about the program, or the
// source file that it names.
func (h *header) platform() string {
	switch h.kind {
	case RubyLogger:
		return "ruby"
	case DotNet:
		return "csharp"
	case PHP:
		return "php"
	case JUL, Logcat, LogcatLong:
		return "java"
	}
	switch {
	case h.spring:
		return "java"
	case h.tailed == monologTail, has(h.b, h.time.end, " --> ") && h.time.at > 0:
		return "php"
	}
	return sourcePlatform(h.caller.of(h.b))
}

// sourcePlatform tells the platform from a source location such as "main.go:34".
// A file's extension proves the language of the logging call more surely than
// the form of the header: klog's form is glog's too.
func sourcePlatform(caller []byte) string {
	i := bytes.LastIndexByte(caller, ':')
	if i > 0 && isDigit(at(caller, i-1)) { // a column
		i = bytes.LastIndexByte(caller[:i], ':')
	}
	if i < 0 {
		return ""
	}
	file := caller[:i]
	if l := sourceLanguage(file[bytes.LastIndexByte(file, '.')+1:]); l != "other" {
		return l
	}
	return ""
}

// sourceLanguage gives the platform of a source file by its extension, "other"
// where Sentry has no word for it, and "" if it is not the extension of source code.
func sourceLanguage(ext []byte) string {
	switch string(ext) {
	case "go":
		return "go"
	case "py", "pyx":
		return "python"
	case "java", "kt", "scala", "groovy", "clj":
		return "java"
	case "rb":
		return "ruby"
	case "php":
		return "php"
	case "cs", "fs", "vb":
		return "csharp"
	case "js", "mjs", "cjs", "ts", "tsx", "jsx":
		return "node"
	case "rs", "cc", "cpp", "cxx", "c", "h", "hpp", "swift", "m", "mm":
		return "native"
	case "pl", "pm":
		return "perl"
	case "ex", "exs":
		return "elixir"
	case "hs":
		return "haskell"
	case "lua", "tcl", "jl", "r", "R", "ml", "dart", "zig", "nim", "cr", "erl", "d", "f90", "sh":
		return "other"
	}
	return ""
}

// clean copies text, blanks trimmed on the right, bounded, bytes that are no
// UTF-8 replaced.
// Control characters are left to whoever shows the text.
func clean(b []byte, limit int) string {
	if len(b) > limit {
		b = b[:limit]
		for len(b) > 0 && b[len(b)-1]&0xC0 == 0x80 {
			b = b[:len(b)-1]
		}
		if len(b) > 0 && b[len(b)-1] >= 0xC0 {
			b = b[:len(b)-1]
		}
	}
	// A byte that is no UTF-8 becomes three.
	return strings.TrimRight(bounded(strings.ToValidUTF8(string(b), "\uFFFD"), limit), " \t\r\n")
}

// field keeps a structured remain, within bounds. Empty values and a key that
// is there already are passed over.
func (r *Record) field(key string, v any) {
	if s, ok := v.(string); ok && s == "" || v == nil || len(r.Fields) >= maxFields || key == "" {
		return
	}
	if r.Fields == nil {
		r.Fields = make(map[string]any)
	}
	if len(key) > maxName {
		key = clean([]byte(key), maxName)
	}
	if _, taken := r.Fields[key]; !taken {
		r.Fields[key] = v
	}
}

// context keeps the pairs of an MDC, "a=1, b=2" or "a=1 b=2".
//
//	requestId=r-77, user=w-2          MDC
//	pid=4711 tid=abc class=SettleJob  Sidekiq
func (r *Record) context(b []byte) {
	if bytes.IndexByte(b, '=') < 0 {
		r.bare(b)
		return
	}
	for _, part := range bytes.FieldsFunc(b, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' }) {
		k, v, ok := bytes.Cut(part, []byte("="))
		if !ok || len(k) == 0 {
			continue
		}
		switch string(k) {
		case "pid":
			if n, err := strconv.Atoi(string(v)); err == nil {
				r.PID = n
				continue
			}
		case "tid":
			r.Thread = clean(v, maxName)
			continue
		}
		r.field(clean(k, maxName), clean(v, maxValue))
	}
}

// bare keeps what stands in brackets without keys: Sleuth's "app,trace,span",
// httpd's "client 10.0.0.1:5", the code of a message.
func (r *Record) bare(b []byte) {
	for _, word := range [...]string{"client ", "remote "} { // httpd, its mod_wsgi
		if addr, ok := bytes.CutPrefix(b, []byte(word)); ok {
			r.field("client", clean(addr, maxName))
			return
		}
	}
	if user, db, ok := bytes.Cut(b, []byte("@")); ok { // PostgreSQL
		r.field("user", clean(user, maxName))
		r.field("db", clean(db, maxName))
		return
	}
	parts := bytes.Split(b, []byte(","))
	switch {
	case len(parts) == 1 && messageCode(b):
		r.field("code", clean(b, maxName))
	case len(parts) >= 3:
		r.field("app", clean(parts[0], maxName))
		r.field("trace_id", clean(parts[1], maxName))
		r.field("span_id", clean(parts[2], maxName))
	}
}
