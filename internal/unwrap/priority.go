package unwrap

import "bytes"

// Syslog with its priority in front (RFC 3164 §4.1.1, RFC 5424 §6.2.1, and the
// kernel's log as /dev/kmsg gives it):
//
//	<11>1 2026-11-22T05:30:00.123456+00:00 host app 4711 ID47 [sd@1 k="v"] text
//	<11>Nov 22 05:30:00 host app[4711]: text
//	<11>app[4711]: text
//	<4>[ 8912.123456] text

// priority reads a prefix that starts with <PRI>.
func (l *level) priority(b []byte) (n int) {
	pri := span(b, 1, number)
	if pri == 1 || pri > 4 || pri == len(b) || b[pri] != '>' || !l.allow.has(Syslog) {
		return 0
	}
	value := 0
	for _, c := range b[1:pri] {
		value = value*10 + int(c-'0')
	}
	if value > 191 { // 23 facilities of 8 severities
		return 0
	}
	if n = l.behindPriority(b, pri+1); n > 0 {
		l.found.severity = Emergency + Severity(value%8)
	}
	return n
}

// behindPriority tries what may follow <PRI>, which ends at i.
func (l *level) behindPriority(b []byte, i int) int {
	rest := b[i:]
	if len(rest) > 2 && rest[0] == '1' && rest[1] == ' ' {
		return l.rfc5424(b, i+2)
	}
	if n := bsdStamp(rest); n > 0 {
		return l.after(i, l.syslog(rest, n, bsdTime))
	}
	if n, _ := rfc3339(rest); n > 0 {
		return l.after(i, l.syslog(rest, n, rfc3339Time))
	}
	if len(rest) > 0 && rest[0] == '[' {
		if n := uptime(rest); n > 0 && n < len(rest) && rest[n] == ' ' {
			l.bare(prefix{carrier: Syslog})
			return i + n + 1
		}
	}
	if n := l.syslog(b, i-1, noStamp); n > 0 {
		return n
	}
	if l.sure {
		l.bare(prefix{carrier: Syslog})
		return i
	}
	return 0
}

// after adds the length of what stands in front of a prefix, if there is one.
func (l *level) after(front, n int) int {
	if n == 0 {
		return 0
	}
	l.same.length += front
	return front + n
}

// rfc5424 reads the header behind the version and the structured data.
func (l *level) rfc5424(b []byte, i int) int {
	var f [5][]byte // timestamp, host, app, process id, message id
	for k := range f {
		gap := bytes.IndexByte(b[i:min(len(b), i+256)], ' ')
		if gap < 1 {
			return 0
		}
		f[k] = b[i : i+gap]
		i += gap + 1
	}
	if n, _ := rfc3339(f[0]); n != len(f[0]) && string(f[0]) != "-" {
		return 0
	}
	if i = structuredEnd(b, i); i == 0 {
		return 0
	}
	if i < len(b) {
		i += 1 + len(b[i+1:]) - len(withoutBOM(b[i+1:]))
	}
	l.bare(prefix{carrier: Syslog, host: value(f[1]), layout: rfc3339Time, stamp: f[0]})
	l.built = append(l.built[:0], value(f[2])...)
	l.built = appendPID(l.built, value(f[3]))
	l.found.writer = l.built
	if f[0][0] == '-' {
		l.found.layout = noStamp
	}
	return i
}

// bare sets found to a prefix that is not made of "host app[pid]: ".
func (l *level) bare(p prefix) { l.found, l.same.length = p, 0 }

// value is a header field, empty for "-".
func value(field []byte) []byte {
	if string(field) == "-" {
		return nil
	}
	return field
}

// structuredEnd gives the index behind the structured data at i: "-" or one or
// more [id name="value"]. It is 0 if they are broken or not followed by a blank
// or the end of the line.
func structuredEnd(b []byte, i int) int {
	if i < len(b) && b[i] == '-' {
		i++
	} else {
		start := i
		for i < len(b) && b[i] == '[' {
			if i = elementEnd(b, i); i == 0 {
				return 0
			}
		}
		if i == start {
			return 0
		}
	}
	if i < len(b) && b[i] != ' ' {
		return 0
	}
	return i
}

// elementEnd gives the index behind the bracket that closes the one at i. Inside
// quotes a backslash protects the next byte.
func elementEnd(b []byte, i int) int {
	quoted := false
	for i++; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i + 1
		}
	}
	return 0
}
