package record

import "bytes"

// role is what a key of a JSON or logfmt record means.
type role uint8

const (
	plainKey    role = iota
	levelKey         // names the level by a word or a number
	severityKey      // the same with Google's numbers
	numberKey        // OpenTelemetry's severity number
	pythonKey        // number of a Python level
	syslogKey        // severity of syslog as a number or a word
	letterKey        // MongoDB's one-letter level
	clefKey          // level of Serilog's compact JSON, absent at information
	clefTime         // its time, by which the format is known
	nestKey          // an object that may hold the level: ECS's log, loguru's record
	timeKey          // when
	messageKey       // what
	loggerKey        // who
	threadKey        // which thread
	pidKey           // which process
	typeKey          // class of an exception
	valueKey         // text of an exception
	errorKey         // an exception: text, trace or object
	stackKey         // a trace
	templateKey      // message before its parameters were filled in
	evidenceKey      // means nothing here, but only records of logs have it
)

// jsonHead finds the level among the members of the object itself: neither a
// nested object nor the text of a string can claim it. The first member that
// names a known level decides.
func jsonHead(line []byte) Head {
	m := walkObject(line, 0)
	known, clef := false, false
	for m.next() {
		k := roleOf(m.key.of(line))
		if k == plainKey {
			continue
		}
		known = true
		if k <= nestKey {
			if k == clefTime {
				clef = true
			} else if l := jsonLevel(line, k, m.val); l != Unknown {
				return Head{Kind: JSON, Level: l, Embedded: carriesTrace(line)}
			}
		}
	}
	if !known {
		return Head{}
	}
	h := Head{Kind: JSON, Embedded: carriesTrace(line)}
	if clef {
		h.Level = Info
	}
	return h
}

// jsonLevel reads the value of a member that may name the level.
func jsonLevel(b []byte, k role, val span) Level {
	switch c := b[val.at]; {
	case c == '"':
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
	case k == severityKey && n >= 100:
		return googleLevel(n)
	case n < 10:
		if n < 8 && (k == syslogKey || k == severityKey || bytes.Contains(b, []byte(`"short_message"`))) {
			return syslogLevel(n)
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
				return nestedLevel(b, m.val.at)
			}
			return jsonLevel(b, levelKey, m.val)
		case "name", "Name", "levelStr":
			if b[m.val.at] == '"' {
				if l := textLevel(levelKey, unquoted(b, m.val)); l != Unknown {
					return l
				}
			}
		}
	}
	return Unknown
}
