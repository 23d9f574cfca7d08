package record

import (
	"bytes"
	"strings"
)

// message takes the message of a text line and splits off what some formats
// put behind it.
// Blanks before the message are the indent of a row of a trace at most: a
// person would not quote them.
func (h *header) message(r *Record) {
	m := bytes.TrimLeft(h.b[h.msg:], " \t")
	if h.kind == Apache || h.kind == PHP {
		h.phpLines(r, m)
		return
	}
	switch h.kind {
	case Klog:
		m = r.klog(m)
	case Nginx:
		m = r.nginx(m)
	}
	m = h.splitTail(r, m)
	m = r.erlangProcess(m)
	switch {
	case h.swiftLog():
		m = r.swift(m)
	case h.kind == LevelFirst && has(h.b, 0, "[ "):
		m = r.vapor(m)
	}
	if h.shut && r.Stack == "" && embeds(m) {
		m = r.jsonTail(m)
	}
	r.Message = unfolded(clean(m, maxMessage))
}

// splitTail splits off what the format at hand puts behind, or before, a message.
func (h *header) splitTail(r *Record, m []byte) []byte {
	switch h.tailed {
	case monologTail:
		if bytes.Contains(h.b[:h.msg], []byte("said into std")) { // PHP-FPM quotes the whole
			m = bytes.TrimSuffix(m, []byte(`"`))
		}
		m = r.monolog(m)
	case pairTail:
		m = r.named(r.pairTail(m))
	case hclogTail:
		if c := pairsStart(m); c > 2 && m[c-2] == ':' {
			m = r.pairTail(m)
		}
	case kafkaTail:
		if h.logger.empty() && h.level != Unknown {
			m = r.kafka(m)
		}
	case zapTail:
		m = r.zap(m)
	case pipeTail:
		if h.logger.empty() {
			m = r.pipes(m)
		}
	case csvTail:
		m = bytes.ReplaceAll(bytes.Trim(m[:csvEnd(m, 0)], `"`), []byte(`""`), []byte(`"`))
	case richTail:
		m = r.rich(m)
	case angleTail:
		m = bytes.TrimRight(m, " >\r")
	case crystalTail:
		m = r.source(m)
	case dancerTail:
		m = r.dancer(m)
	case jsonTail:
		m = r.jsonTail(m)
	case tagTail:
		m = r.logcatTail(m)
	}
	return m
}

// phpLines takes a message of PHP, as PHP or httpd logs it.
func (h *header) phpLines(r *Record, m []byte) {
	r.Message = clean(m, maxMessage)
	if bytes.Contains(h.b[:h.msg], []byte("said into std")) {
		r.Message = strings.TrimSuffix(r.Message, `"`)
	}
	if strings.Contains(r.Message, `\n`) {
		r.unescape()
	}
	r.Message = phpMessage(r.Message)
}

// phpMessage takes the level off a message of PHP.
func phpMessage(m string) string {
	if rest, ok := strings.CutPrefix(m, "PHP "); ok {
		if level, text, ok := strings.Cut(rest, ":"); ok && phpLevel([]byte(level)) != Unknown {
			return strings.TrimLeft(text, " ")
		}
	}
	return m
}

// unescape undoes the \n that httpd writes for the line breaks of what a
// module logs; a trace of PHP stands in one line then.
//
//	PHP Fatal error:  Uncaught X: no in /x.php:3\\nStack trace:\\n#0 /x.php(5): f()
func (r *Record) unescape() {
	text := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\"`, `"`).Replace(r.Message)
	if strings.Contains(text, "\nStack trace:\n") {
		r.Stack = bounded(text, maxStack)
		text, _, _ = strings.Cut(text, "\n")
	}
	r.Message = text
}

// monolog splits context and extra, two JSON values, off Monolog's message.
// Behind an exception the context goes on in the next lines and is cut here.
//
//	charge failed {"user":8912} []
//	charge of 7 failed {"userId":8912,"exception":"[object] (...)       the rest on the next lines
func (r *Record) monolog(m []byte) []byte {
	for p, tries := 0, 0; tries < 16; {
		i := bytes.IndexByte(m[p:], ' ')
		if i < 0 {
			break
		}
		p += i + 1
		c := at(m, p)
		if c == '[' && at(m, p+1) != ']' || c != '{' && c != '[' {
			continue
		}
		end := p + 2
		if c == '{' {
			if at(m, p+1) != '"' {
				continue
			}
			end = nestedEnd(m, p)
		}
		tries++
		rest := bytes.Trim(m[min(end, len(m)):], " \r\n")
		if end <= len(m) && len(rest) > 0 && rest[0] != '{' && rest[0] != '[' {
			continue
		}
		if c == '{' {
			r.object(m, p, 0)
		}
		if len(rest) > 1 && rest[0] == '{' && end <= len(m) {
			r.object(rest, 0, 0)
		}
		return bytes.TrimRight(m[:p], " ")
	}
	return m
}

// pairTail splits key=value pairs off the end of a console logger's message;
// all of the tail must be pairs.
//
//	settle failed                  batch=77 error="short of funds"
func (r *Record) pairTail(m []byte) []byte {
	cut := pairsStart(m)
	if cut < 0 || opened(m[:cut]) {
		return m
	}
	w := pairs{b: m, p: cut}
	for w.next() {
		r.pair(w.key.of(m), w.val.of(m), w.quoted)
	}
	return bytes.TrimRight(bytes.TrimRight(m[:cut], " "), ":")
}

// opened tells whether a brace waits for its end: what follows belongs to the
// value in front of it, "Channel{local=/10.0.0.1:9200, remote=/10.0.0.2:5123}".
func opened(m []byte) bool {
	return bytes.Count(m, []byte("{")) > bytes.Count(m, []byte("}"))
}

// pairsStart gives the offset from which m is key=value pairs up to its end, or -1.
func pairsStart(m []byte) int {
	start := -1
	for p := 0; p < len(m); {
		p = skipBlanks(m, p)
		e := p
		for e < len(m) && class[m[e]]&(wordRun|keyRun) != 0 {
			e++
		}
		if e == p || at(m, e) != '=' {
			start = -1
			p = wordEnd(m, e)
			continue
		}
		if start < 0 {
			start = p
		}
		if at(m, e+1) == '"' {
			p = stringEnd(m, e+2) + 1
		} else {
			p = tokenEnd(m, e+1)
		}
	}
	return start
}

// kafka splits the logger in parentheses off the end of the message.
//
//	Creating /brokers/ids/0 (is it secure? false) (kafka.zk.KafkaZkClient)
func (r *Record) kafka(m []byte) []byte {
	m = bytes.TrimRight(m, " \r")
	if len(m) == 0 || m[len(m)-1] != ')' {
		return m
	}
	i := bytes.LastIndex(m, []byte(" ("))
	if i < 0 {
		return m
	}
	name := m[i+2 : len(m)-1]
	if !dotted(name) || exceptionLike(name) {
		return m
	}
	if d := trailingLine(name, span{0, len(name)}); d > 0 {
		r.field("caller", clean(name, maxName))
		name = name[:d-1]
	}
	r.Logger = clean(name, maxName)
	return m[:i]
}
