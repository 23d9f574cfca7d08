package unwrap

import "bytes"

// The journal as JSON, one entry a line (systemd "Journal JSON Format"; made by
// journalctl -a -o json):
//
//	{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1795325400123456","MESSAGE":"text",
//	 "PRIORITY":"3","SYSLOG_IDENTIFIER":"pay-api","_PID":"4711","_HOSTNAME":"h"}
//
// The keys come in any order. A MESSAGE with an escape or with bytes that are
// no UTF-8 is an array of byte values; journald cuts a line at 48 KiB and says
// so in _LINE_BREAK.

// entry holds the raw values of the fields that matter here.
type entry struct {
	message, priority, identifier, comm, pid, stream, host, unit, time, lineBreak []byte
}

var cursorKey = []byte(`"__CURSOR"`)

// journaldPiece reads an entry of the journal; false if it is none.
func (u *Unwrapper) journaldPiece(b []byte, pc *piece) bool {
	if !bytes.Contains(b, cursorKey) {
		return false
	}
	var e entry
	m := object(b)
	for {
		key, value, more := m.next()
		if !more {
			break
		}
		e.set(key, value)
	}
	if !m.ok || !u.message(e.message) {
		return false
	}
	pc.text, pc.own = u.text, true
	u.rec.Carrier = Journald
	u.rec.Host, u.rec.Unit = unquoted(e.host), unquoted(e.unit)
	u.rec.stamp, u.rec.layout = unquoted(e.time), microTime
	u.rec.Severity = severityDigit(unquoted(e.priority))
	u.ident = append(u.ident[:0], unquoted(e.identifier)...)
	if len(u.ident) == 0 {
		u.ident = append(u.ident, unquoted(e.comm)...)
	}
	u.ident = appendPID(u.ident, unquoted(e.pid))
	if id := unquoted(e.stream); len(id) > 0 { // stdout and stderr of one process, and what it says by syslog, do not cut each other
		u.ident = append(append(u.ident, ' '), id...)
	}
	u.rec.Writer = u.ident

	pc.key = u.ident
	pc.last = string(unquoted(e.lineBreak)) != "line-max"
	return true
}

// set keeps the value if its key is one that matters.
func (e *entry) set(key, value []byte) {
	switch string(key) {
	case "MESSAGE":
		e.message = value
	case "PRIORITY":
		e.priority = value
	case "SYSLOG_IDENTIFIER":
		e.identifier = value
	case "_COMM":
		e.comm = value
	case "_PID":
		e.pid = value
	case "_STREAM_ID":
		e.stream = value
	case "_HOSTNAME":
		e.host = value
	case "_SYSTEMD_UNIT":
		e.unit = value
	case "__REALTIME_TIMESTAMP":
		e.time = value
	case "_LINE_BREAK":
		e.lineBreak = value
	}
}

// message puts the text of a MESSAGE into u.text: the inside of a string, or the
// bytes of an array; null, which stands for a text longer than journalctl was
// allowed to print, is empty. False if there is none, or several of them.
func (u *Unwrapper) message(value []byte) bool {
	u.text = u.text[:0]
	switch {
	case len(value) == 0 || bytes.HasPrefix(value, []byte(`["`)) || bytes.HasPrefix(value, []byte("[[")):
		return false
	case value[0] == '"':
		u.text = appendString(u.text, value[1:len(value)-1])
	case value[0] == '[':
		u.text = appendBytes(u.text, value)
	}
	return true
}

// appendBytes appends the byte values of a JSON array such as [27,91,51]. NUL
// and what is no byte is left out.
func appendBytes(dst, array []byte) []byte {
	n, seen := 0, false
	for _, c := range array {
		if digit(c) {
			n, seen = min(n*10+int(c-'0'), 256), true
			continue
		}
		if seen && n > 0 && n < 256 {
			dst = append(dst, byte(n))
		}
		n, seen = 0, false
	}
	return dst
}

// unquoted is the inside of a string value, nil for any other. The fields it is
// used for have no escapes in practice; if they do, those stay.
func unquoted(value []byte) []byte {
	if len(value) < 2 || value[0] != '"' {
		return nil
	}
	return value[1 : len(value)-1]
}

// severityDigit reads a syslog severity 0..7.
func severityDigit(b []byte) Severity {
	if len(b) != 1 || b[0] < '0' || b[0] > '7' {
		return NoSeverity
	}
	return Emergency + Severity(b[0]-'0')
}

// appendPID appends [pid], the way syslog tells processes apart.
func appendPID(dst, pid []byte) []byte {
	if len(pid) == 0 {
		return dst
	}
	dst = append(dst, '[')
	dst = append(dst, pid...)
	return append(dst, ']')
}
