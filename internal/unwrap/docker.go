package unwrap

import "bytes"

// The json-file log of Docker (moby daemon/logger/jsonfilelog):
//
//	{"log":"text\n","stream":"stderr","attrs":{"tag":"api"},"time":"2026-11-22T05:30:00.1Z"}
//
// A line longer than 16 KiB comes in records of which only the last has the
// \n. The keys may stand in any order; any other key makes it the app's own
// JSON.

// jsonPiece reads a line of Docker's or journald's JSON; false if it is neither.
// The first key or two decide at once for nearly all JSON that apps write.
func (u *Unwrapper) jsonPiece(b []byte, pc *piece) bool {
	i := blanks(b, 1)
	if i+6 >= len(b) || b[i] != '"' {
		return false
	}
	switch c := b[i+1]; {
	case c == 'l' && b[i+2] == 'o' || c == 's' && b[i+2] == 't' || c == 'a' && b[i+2] == 't',
		c == 't' && b[i+2] == 'i' && !otherJSON(b, i):
		if u.allow.has(Docker) {
			return u.dockerPiece(b, pc)
		}
	case c == '_' || c >= 'A' && c <= 'Z':
		if u.allow.has(Journald) {
			return u.journaldPiece(b, pc)
		}
	}
	return false
}

// otherJSON reports whether the key behind "time":"...", which starts at i, is
// none of Docker's: Go's slog and bunyan put the time first, too.
func otherJSON(b []byte, i int) bool {
	const key = `"time":"`
	if !bytes.HasPrefix(b[i:], []byte(key)) {
		return false
	}
	end := stringEnd(b, i+len(key)-1)
	return end > 0 && end+3 < len(b) && b[end] == ',' && b[end+1] == '"' &&
		(b[end+2] != 'l' || b[end+3] != 'o') && b[end+2] != 's' && b[end+2] != 'a'
}

// dockerPiece reads a line of Docker's json-file; false if it is none.
func (u *Unwrapper) dockerPiece(b []byte, pc *piece) bool {
	if u.dockerUsual(b, pc) {
		return true
	}
	var text, stamp []byte
	stream := Unknown
	m := object(b)
	for {
		key, value, more := m.next()
		if !more {
			break
		}
		quoted := value[0] == '"'
		switch {
		case string(key) == "log" && quoted && text == nil:
			text = value[1 : len(value)-1]
		case string(key) == "time" && quoted && stamp == nil:
			stamp = value[1 : len(value)-1]
		case string(key) == "stream" && string(value) == `"stdout"`:
			stream = Stdout
		case string(key) == "stream" && string(value) == `"stderr"`:
			stream = Stderr
		case string(key) == "attrs" && value[0] == '{':
		default:
			return false
		}
	}
	if !m.ok || text == nil || stamp == nil {
		return false
	}
	if n, _ := rfc3339(stamp); n != len(stamp) {
		return false
	}
	return u.dockerText(text, stamp, stream, pc)
}

// dockerUsual reads a line exactly as Docker writes it without attrs.
func (u *Unwrapper) dockerUsual(b []byte, pc *piece) bool {
	const head, tail = `{"log":"`, `,"stream":"stdout","time":"`
	if !bytes.HasPrefix(b, []byte(head)) {
		return false
	}
	end := stringEnd(b, len(head)-1)
	if end < 0 || len(b) < end+len(tail)+20 {
		return false
	}
	var stream Stream
	switch string(b[end : end+len(tail)]) {
	case tail:
		stream = Stdout
	case `,"stream":"stderr","time":"`:
		stream = Stderr
	default:
		return false
	}
	rest := b[end+len(tail):]
	n, _ := rfc3339(rest)
	if n == 0 || string(rest[n:]) != `"}` {
		return false
	}
	return u.dockerText(b[len(head):end-1], rest[:n], stream, pc)
}

// dockerText fills the piece with the inside of "log", "time" and the stream.
func (u *Unwrapper) dockerText(text, stamp []byte, stream Stream, pc *piece) bool {
	pc.text, pc.escape, pc.stream = text, true, stream
	if pc.last = endsLine(text); pc.last {
		pc.text = text[:len(text)-2]
	} else if stream == Unknown {
		return false // app JSON may well have a "log" and a "time"
	}
	u.rec.Carrier, u.rec.Stream = Docker, stream
	u.rec.stamp, u.rec.layout = stamp, rfc3339Time
	return true
}

// endsLine reports whether the inside of a JSON string ends in an escaped line
// break, and not in an escaped backslash and an n.
func endsLine(b []byte) bool {
	n := len(b) - 1
	if n < 1 || b[n] != 'n' || b[n-1] != '\\' {
		return false
	}
	run := n
	for run > 0 && b[run-1] == '\\' {
		run--
	}
	return (n-run)%2 == 1
}
