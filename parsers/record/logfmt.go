package record

// pairs walks the key=value pairs of a logfmt line. Words without an equals
// sign are passed over.
type pairs struct {
	b        []byte
	p        int
	key, val span // val without its quotes
	quoted   bool
}

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

func (w *pairs) value(p int) {
	b := w.b
	if w.quoted = at(b, p) == '"'; w.quoted {
		e := stringEnd(b, p+1)
		w.val, w.p = span{p + 1, e}, min(len(b), e+1)
		return
	}
	e := tokenEnd(b, p)
	w.val, w.p = span{p, e}, e
}

// logfmtHead finds the level among the pairs of the line. A line without any
// pair that loggers write is none.
func logfmtHead(line []byte) Head {
	w := pairs{b: line}
	known := false
	for w.next() {
		switch k := logfmtRole(w.key.of(line)); k {
		case plainKey:
		case levelKey, severityKey, pythonKey, numberKey, syslogKey:
			if l := logfmtLevel(k, w.val.of(line)); l != Unknown {
				return Head{Kind: Logfmt, Level: l, Embedded: carriesTrace(line)}
			}
		case timeKey, messageKey:
			known = true
		}
	}
	if !known {
		return Head{}
	}
	return Head{Kind: Logfmt, Embedded: carriesTrace(line)}
}

// logfmtLevel is textLevel without numbers, which here are anything but levels.
func logfmtLevel(k role, w []byte) Level {
	if len(w) == 0 || isDigit(w[0]) {
		return Unknown
	}
	return textLevel(k, w)
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
