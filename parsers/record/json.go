package record

import "bytes"

// jsonHead finds the level among the members of the object itself: neither a
// nested object nor the text of a string can claim it. The member "level"
// decides where it names a known level, wherever it stands; else the first
// other member that does.
// Walking the members costs about ten nanoseconds each; plainLevel saves most
// lines from it.
func jsonHead(line []byte) Head {
	escape := bytes.IndexByte(line, '\\')
	if l := plainLevel(line, escape); l != Unknown {
		return Head{Kind: JSON, Level: l, Embedded: carriesTrace(line, escape)}
	}
	if has(line, 0, otlpOpen) {
		return otlpHead(line)
	}
	m := walkObject(line, 0)
	known, timed, clef := false, false, false
	found := Unknown
	for m.next() {
		k := roleOf(m.key.of(line))
		if k == plainKey {
			continue
		}
		known = true
		timed = timed || k == timeKey
		if k > nestKey {
			continue
		}
		if k == clefTime {
			clef = true
			continue
		}
		if k == letterKey && !timed {
			continue
		}
		l := jsonLevel(line, k, m.val)
		if l == Unknown {
			continue
		}
		if isLevel := string(m.key.of(line)) == "level"; isLevel || found == Unknown {
			found = l
			if isLevel || !moreLevels(line[m.val.end:]) {
				break
			}
		}
	}
	switch {
	case found == Unknown && clef:
		found = Info
	case !known:
		return Head{}
	case found == Unknown:
		found = impliedLevel(line)
	}
	return Head{Kind: JSON, Level: found, Embedded: carriesTrace(line, escape)}
}

// plainLevel finds the member "level" of an object without walking it, where
// what stands before it is plain: no escape, no nested object. escape is the
// offset of the line's first backslash, or -1. Then quotes come in pairs around strings, and an even number of them before the key proves
// that it is a key, and of the object itself.
func plainLevel(b []byte, escape int) Level {
	k := levelKeyAt(b, 0)
	if k < 1 || escape >= 0 && escape < k {
		return Unknown
	}
	if k > 1 {
		before := b[1:k]
		if before[skipBack(before)] != ',' || bytes.Count(before, quoteByte)&1 != 0 || bytes.IndexByte(before, '{') >= 0 {
			return Unknown
		}
	}
	p := k + len(`"level":`)
	if at(b, p) == ' ' {
		p++
	}
	if p >= len(b) {
		return Unknown
	}
	if b[p] == '"' {
		if l, n, _ := levelAt(b, p+1); l != Unknown && at(b, p+1+n) == '"' {
			return l
		}
	}
	return jsonLevel(b, levelKey, span{p, min(valueEnd(b, p), len(b))})
}

// impliedLevel is the level of a record that has no member for it, by two rules:
// klog's JSON states its verbosity as "v" for all but errors, which have "err"; and
// "status" is the level where Datadog's own members stand beside it.
func impliedLevel(b []byte) Level {
	const ts, caller, msg, err, v, datadog = 1, 2, 4, 8, 16, 32
	seen, status := 0, span{}
	m := walkObject(b, 0)
	for m.next() {
		switch key := m.key.of(b); string(key) {
		case "ts":
			seen |= ts
		case "caller":
			seen |= caller
		case "msg":
			seen |= msg
		case "err":
			seen |= err
		case "v":
			seen |= v
		case "status":
			status = m.val
		case "dd", "ddsource", "ddtags", "dd.trace_id", "dd.service", "dd.env", "dd.span_id", "dd.version":
			seen |= datadog
		}
	}
	switch {
	case seen == ts|caller|msg|err:
		return Error
	case seen&datadog != 0 && !status.empty():
		return quotedLevel(b, status)
	}
	return Unknown
}

var quoteByte = []byte{'"'}

// skipBack gives the offset of the last byte of b that is no blank, or 0.
func skipBack(b []byte) int {
	p := len(b) - 1
	for p > 0 && class[b[p]]&blank != 0 {
		p--
	}
	return p
}

// levelKeyAt gives the offset of the text `"level":` at or after p, or -1. It
// searches from the rarest letter on: quotes are everywhere in JSON.
func levelKeyAt(b []byte, p int) int {
	for {
		i := bytes.Index(b[p:], levelKeyEnd)
		if i < 0 {
			return -1
		}
		p += i
		if p >= 3 && b[p-1] == 'e' && b[p-2] == 'l' && b[p-3] == '"' {
			return p - 3
		}
		p += len(levelKeyEnd)
	}
}

var levelKeyEnd = []byte(`vel":`)

// moreLevels tells whether a member "level" may follow.
func moreLevels(rest []byte) bool { return levelKeyAt(rest, 0) >= 0 }

// jsonLevel reads the value of a member that may name the level.
func jsonLevel(b []byte, k role, val span) Level {
	switch c := b[val.at]; {
	case c == '"' && k != nestKey:
		return textLevel(k, unquoted(b, val))
	case class[c]&digit != 0:
		return numberLevel(b, k, val)
	case c == '{' && (k == nestKey || k == levelKey):
		return nestedLevel(b, val.at)
	}
	return Unknown
}

// unquoted is the text between the quotes of val, blanks trimmed.
func unquoted(b []byte, val span) []byte {
	s := span{val.at + 1, val.end}
	if s.end > s.at && b[s.end-1] == '"' {
		s.end--
	}
	return trimmed(b, s).of(b)
}

// textLevel reads a level written as a word, or as a number in quotes.
// Some writers quote numbers, some write E for error, some pad the word.
func textLevel(k role, w []byte) Level {
	switch {
	case len(w) == 0 || len(w) > longestWord+2:
		return Unknown
	case k == letterKey:
		return mongoLevel(w)
	case isDigit(w[0]):
		return numberLevel(w, k, span{0, len(w)})
	case len(w) == 1:
		return letterLevel(w[0])
	}
	for _, c := range w {
		if class[c]&letter == 0 {
			return oddLevel(w)
		}
	}
	return levelWord(w)
}

// oddLevel knows levels written with more than letters: "INFO2" of OpenTelemetry, slog's "ERROR+2".
func oddLevel(w []byte) Level {
	p := 0
	for p < len(w) && class[w[p]]&letter == 0 {
		p++
	}
	e := skip(w, p, letter)
	if e < len(w) && (w[e] == '+' || w[e] == '-') { // slog's ERROR+2
		return levelWord(w[p:e])
	}
	if e == p || skip(w, e, digit) != len(w) {
		return Unknown
	}
	return levelWord(w[p:e])
}

// mongoLevel reads F, E, W, I and D1 to D5.
func mongoLevel(w []byte) Level {
	if len(w) == 2 && w[0] == 'D' && isDigit(w[1]) {
		return Debug
	}
	if len(w) == 1 && bytes.IndexByte([]byte("FEWI"), w[0]) >= 0 {
		return letterLevel(w[0])
	}
	return Unknown
}

// numberLevel reads a level written as a number. What it means depends on the
// key and, for numbers below ten, on the format of the whole line b.
// The same number means different things: 40 is a warning of pino and an error
// of Python, 500 an error of Google and critical for Monolog. Numbers that fit no
// known scale are anything but a level: a hero's, an incident's, a log's verbosity.
func numberLevel(b []byte, k role, val span) Level {
	n, p := 0, val.at
	for ; p < val.end && isDigit(b[p]) && n < 1e6; p++ {
		n = n*10 + int(b[p]-'0')
	}
	if p < val.end && b[p] != '.' {
		return Unknown
	}
	switch {
	case k == numberKey:
		return otelLevel(n)
	case k == pythonKey:
		return pythonLevel(n)
	case k == wordKey:
		return Unknown
	case k == severityKey:
		if n < 100 {
			return Unknown
		}
		return googleLevel(n)
	case n < 10:
		if n < 8 && (k == syslogKey || bytes.Contains(b, []byte(`"short_message"`))) {
			return syslogLevel(n)
		}
		if n < 5 && k == levelKey && has(b, 0, `{"reqId":"`) { // Nextcloud and ownCloud
			return [...]Level{Debug, Info, Warning, Error, Fatal}[n]
		}
		return Unknown
	case n <= 60:
		return pinoLevel(n)
	case n >= 100 && n <= 600 && n%50 == 0:
		return monologLevel(n)
	case n >= 5000 && n <= 50000:
		return log4jLevel(n)
	}
	return Unknown
}

// pinoLevel reads the numbers of pino and bunyan: 10 trace ... 60 fatal, own
// levels at fives in between.
func pinoLevel(n int) Level {
	if n%5 != 0 {
		return Unknown
	}
	return [...]Level{Trace, Trace, Debug, Info, Warning, Error, Fatal}[n/10]
}

// pythonLevel reads the numbers of Python: 10 debug ... 50 critical.
func pythonLevel(n int) Level {
	return [...]Level{Trace, Debug, Info, Warning, Error, Fatal}[min(n/10, 5)]
}

// otelLevel reads OpenTelemetry's severity number, 1 to 24.
func otelLevel(n int) Level {
	if n < 1 || n > 24 {
		return Unknown
	}
	return [...]Level{Trace, Debug, Info, Warning, Error, Fatal}[(n-1)/4]
}

// googleLevel reads the numbers of Google's LogSeverity: 100 debug ... 800 emergency.
func googleLevel(n int) Level {
	return [...]Level{Unknown, Debug, Info, Notice, Warning, Error, Fatal, Fatal, Fatal}[min(n/100, 8)]
}

// monologLevel reads the numbers of Monolog: 100 debug ... 600 emergency.
func monologLevel(n int) Level {
	switch {
	case n >= 500:
		return Fatal
	case n >= 400:
		return Error
	case n >= 300:
		return Warning
	case n >= 250:
		return Notice
	case n >= 200:
		return Info
	}
	return Debug
}

// log4jLevel reads the numbers of log4j and logback: 5000 trace ... 50000 fatal.
func log4jLevel(n int) Level {
	return [...]Level{Trace, Debug, Info, Warning, Error, Fatal}[n/10000]
}

// nestedLevel looks for the level in an object inside the record: ECS's
// "log":{"level":...} and loguru's "record":{"level":{"name":...}}.
func nestedLevel(b []byte, p int) Level {
	m := walkObject(b, p)
	for m.next() {
		switch string(m.key.of(b)) {
		case "level":
			if b[m.val.at] == '{' {
				return namedLevel(b, m.val.at)
			}
			return jsonLevel(b, levelKey, m.val)
		case "name", "Name", "levelStr":
			if l := quotedLevel(b, m.val); l != Unknown {
				return l
			}
		}
	}
	return Unknown
}

// namedLevel reads a level that is an object with a name.
func namedLevel(b []byte, p int) Level {
	m := walkObject(b, p)
	for m.next() {
		if string(m.key.of(b)) == "name" {
			return quotedLevel(b, m.val)
		}
	}
	return Unknown
}

// quotedLevel reads a member whose value is a text that names the level.
func quotedLevel(b []byte, val span) Level {
	if b[val.at] != '"' {
		return Unknown
	}
	return textLevel(levelKey, unquoted(b, val))
}
