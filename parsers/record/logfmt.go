package record

import "bytes"

// pairs walks the key=value pairs of a logfmt line. Words without an equals
// sign are passed over.
type pairs struct {
	b        []byte
	p        int
	key, val span // val without its quotes
	quoted   bool
}

// next goes to the next pair; false at the end of the line.
func (w *pairs) next() bool {
	b := w.b
	for {
		p := skipBlanks(b, w.p)
		if p >= len(b) {
			return false
		}
		e := p
		for e < len(b) && class[b[e]]&(wordRun|keyRun) != 0 {
			e++
		}
		if e == p || at(b, e) != '=' {
			w.p = wordEnd(b, e)
			continue
		}
		w.key = span{p, e}
		w.value(e + 1)
		return true
	}
}

// wordEnd skips the rest of what is no pair, quoted text in one piece.
func wordEnd(b []byte, p int) int {
	if at(b, p) == '"' {
		return min(len(b), stringEnd(b, p+1)+1)
	}
	return max(p+1, tokenEnd(b, p))
}

// value reads the value at p: quoted as Go's %q writes it, or up to the next blank.
func (w *pairs) value(p int) {
	b := w.b
	if w.quoted = at(b, p) == '"'; w.quoted {
		e := stringEnd(b, p+1)
		w.val, w.p = span{p + 1, e}, min(len(b), e+1)
		return
	}
	if at(b, p) == '\'' { // structlog writes Python's quotes
		if e := apostropheEnd(b, p+1); e < len(b) && (e+1 == len(b) || class[b[e+1]]&blank != 0) {
			w.quoted, w.val, w.p = true, span{p + 1, e}, e+1
			return
		}
	}
	e := tokenEnd(b, p)
	w.val, w.p = span{p, e}, e
}

// apostropheEnd gives the offset of the apostrophe that ends the text that
// starts at p and has a blank or nothing behind it, or len(b).
func apostropheEnd(b []byte, p int) int {
	for p < len(b) {
		i := bytes.IndexAny(b[p:], "'\\")
		if i < 0 {
			return len(b)
		}
		if p += i; b[p] == '\'' {
			return p
		}
		p += 2
	}
	return len(b)
}

// logfmtHead finds the level among the pairs of the line: that of the key
// "level" where it is a known one, else the first other. A line without any pair
// that loggers write is none.
//
//	ts=... level=error msg="..."   time="..." level=error msg=...   lvl=eror msg=...
//	needed=900 wallet=w-2          no record: a line of somebody's message
func logfmtHead(line []byte) Head {
	if lonePair(line) {
		return Head{}
	}
	escape := bytes.IndexByte(line, '\\')
	if l := plainPair(line, escape); l != Unknown {
		return Head{Kind: Logfmt, Level: l, Embedded: escapesTrace(line, escape)}
	}
	w := pairs{b: line}
	known := false
	found := Unknown
	for w.next() {
		k := logfmtRole(w.key.of(line))
		switch k {
		case levelKey, wordKey, severityKey, pythonKey, numberKey, syslogKey:
			l := logfmtLevel(k, w.val.of(line))
			if string(w.key.of(line)) == "level" && l != Unknown {
				return Head{Kind: Logfmt, Level: l, Embedded: escapesTrace(line, escape)}
			}
			if found == Unknown {
				found = l
			}
		case timeKey, messageKey:
			known = true
		}
	}
	if !known && found == Unknown {
		return Head{}
	}
	return Head{Kind: Logfmt, Level: found, Embedded: escapesTrace(line, escape)}
}

// lonePair tells whether a line is one pair and nothing else: "level=ERROR" is a
// line of a configuration file.
func lonePair(b []byte) bool { return len(b) < maxKeyLine && bytes.IndexByte(b, ' ') < 0 }

// maxKeyLine is about how long one pair without a blank is in such a file.
const maxKeyLine = 64

// plainPair finds the pair "level" without walking the line, where an even
// number of quotes and no escape before it prove that it stands in no value.
//
//	ts=... caller=main.go:3 level=info msg="level=error lines are forwarded"
func plainPair(b []byte, escape int) Level {
	p := 0
	for {
		i := bytes.Index(b[p:], levelPairEnd)
		if i < 0 {
			return Unknown
		}
		p += i
		if p >= 2 && b[p-1] == 'e' && b[p-2] == 'l' && (p == 2 || b[p-3] == ' ') {
			break
		}
		p += len(levelPairEnd)
	}
	if escape >= 0 && escape < p || bytes.Count(b[:p-2], quoteByte)&1 != 0 {
		return Unknown
	}
	p += len(levelPairEnd)
	if l, n, _ := levelAt(b, p); l != Unknown && (p+n == len(b) || b[p+n] == ' ') {
		return l
	}
	return Unknown
}

var levelPairEnd = []byte("vel=")

// logfmtLevel is textLevel without numbers, which here are anything but levels.
func logfmtLevel(k role, w []byte) Level {
	if len(w) == 0 || isDigit(w[0]) {
		return Unknown
	}
	l := textLevel(k, w)
	if l == Fatal && k == severityKey && w[0] >= 'a' { // of an alert or a ticket, not of the record
		return Unknown
	}
	return l
}

// logfmtRole is roleOf with the names that only logfmt writers use: Heroku's
// router states its level as "at".
func logfmtRole(key []byte) role {
	switch string(key) {
	case "at":
		return levelKey
	case "event", "s", "@l", "@t", "log", "record", "context":
		return plainKey
	}
	return roleOf(key)
}
