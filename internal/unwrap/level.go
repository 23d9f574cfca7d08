package unwrap

// level looks for one prefix in front of the text of a line and remembers what
// it needs to judge the next one.
type level struct {
	allow carriers
	sure  bool // the carrier was configured: no evidence is asked for

	evidence
	found     prefix // the last prefix taken off
	undecided bool   // this line may have one, but nothing has vouched for it yet

	same   samePrefix // the last syslog prefix, to know the next one by
	name   []byte     // the last name of a container that was seen, not yet trusted
	column int        // where the pipe behind it stood
	built  []byte     // a writer put together from fields (RFC 5424)
}

// prefix is what a matcher found at the start of a line.
type prefix struct {
	carrier  Carrier
	severity Severity
	layout   stampLayout
	host     []byte
	writer   []byte
	stamp    []byte
}

// prefixes takes the prefixes off and puts what they say into the record; syslog
// tells whether one of them was syslog's.
func (u *Unwrapper) prefixes(text []byte) (rest []byte, syslog bool) {
	timed := false
	for i := range u.levels {
		l := &u.levels[i]
		n := l.match(text)
		if n == 0 {
			if i == 0 {
				u.attribute()
			}
			break
		}
		c := l.found.carrier
		if c == Timestamps && timed {
			break // the second time is the app's own
		}
		timed = timed || c == Timestamps
		syslog = syslog || c == Syslog
		l.same.last = l.same.last && i == 0 // further in, lines of several writers mix
		u.describe(&l.found)
		if text = text[n:]; len(text) == 0 {
			break
		}
	}
	return text, syslog
}

// attribute says whose a line without prefix is: behind a syslog line it belongs
// to the same message. syslog-ng and busybox write the further lines of a
// message as they are.
func (u *Unwrapper) attribute() {
	s := &u.levels[0].same
	if s.last && len(u.rec.Writer) == 0 {
		u.rec.Host, u.rec.Writer = s.host(), s.writer()
	}
}

// describe adds what a prefix says to the record. The time of the outermost
// carrier wins: it has a year and a zone most of the time.
func (u *Unwrapper) describe(p *prefix) {
	r := &u.rec
	if r.Carrier == Plain {
		r.Carrier = p.carrier
	}
	if r.layout == noStamp {
		r.layout, r.stamp = p.layout, p.stamp
	}
	if p.severity != NoSeverity {
		r.Severity = p.severity
	}
	if len(p.host) > 0 {
		r.Host = p.host
	}
	switch {
	case len(p.writer) == 0:
	case len(r.Writer) == 0:
		r.Writer = p.writer
	default:
		u.writer = append(u.writer[:0], r.Writer...)
		u.writer = append(append(u.writer, ' '), p.writer...)
		r.Writer = u.writer
	}
}

// match gives the length of the prefix at the start of b and describes it in
// found; 0 if there is none. Its first byte rules most grammars out.
func (l *level) match(b []byte) (n int) {
	switch c := b[0]; {
	case digit(c):
		n = l.digits(b)
	case class[c]&letter != 0:
		n = l.letters(b)
	case c == '[':
		n = l.bracket(b)
	case c == '<':
		n = l.priority(b)
	case c == ' ':
		n = l.continuation(b)
	}
	switch {
	case n > 0:
		l.same.last = l.found.carrier == Syslog && l.same.length > 0
	case !l.undecided && !l.unmoved():
		l.misfit(b)
	}
	l.undecided = false
	return n
}

// digits: the line starts with a digit.
func (l *level) digits(b []byte) int {
	switch {
	case len(b) < 11:
		return 0
	case b[4] == '-' || b[4] == '/': // a date
		if b[10] == 'T' {
			return l.stamped(b)
		}
		return 0
	case b[2] == ':':
		return l.foreman(b)
	case b[10] == '.':
		return l.epoch(b)
	}
	return l.named(b)
}

// letters: the line starts with a letter.
func (l *level) letters(b []byte) int {
	if len(b) > 15 && b[3] == ' ' {
		if n := bsdStamp(b); n > 0 {
			return l.syslog(b, n, bsdTime)
		}
		if weekday(b) {
			return l.full(b)
		}
	}
	return l.named(b)
}

// stamped: the line starts like an RFC 3339 timestamp.
func (l *level) stamped(b []byte) int {
	end, fraction := rfc3339(b)
	if end == 0 || end == len(b) || b[end] != ' ' {
		return 0
	}
	if fraction == 9 && l.knows(Timestamps) {
		return l.timestamps(b, end)
	}
	if named := end+1 < len(b) && class[b[end+1]]&hostByte != 0; named {
		if n := l.heroku(b, end); n > 0 {
			return n
		}
		if n := l.syslog(b, end, rfc3339Time); n > 0 {
			return n
		}
	}
	if fraction == 9 {
		return l.timestamps(b, end)
	}
	return 0
}
