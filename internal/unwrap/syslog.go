package unwrap

import "bytes"

// Syslog as it lies in files (RFC 3164 §4.1, rsyslog's traditional and RFC 3339
// templates, syslog-ng, busybox, journalctl's short outputs):
//
//	Nov 22 05:30:00 pay-host-1 pay-api[4711]: text
//	2026-11-22T05:30:00.123456+00:00 pay-host-1 pay-api[4711]: text
//	Nov 22 05:30:00 pay-host-1 kernel: text
//	Nov 22 05:30:00 pay-api[4711]: text
//
// What makes it syslog is the colon behind a program with a process id; without
// an id, a BSD timestamp or a host known from other lines.

// samePrefix remembers the last syslog prefix behind its timestamp, because a
// program that crashes writes hundreds of lines with the same one.
type samePrefix struct {
	bytes []byte // " pay-host-1 pay-api[4711]: ", blank included even if the line lacked it
	gap   int    // the host is bytes[1:gap]; 0: there is none
	tag   int    // the writer is bytes[tag:colon]
	colon int

	length int    // of the last prefix with its timestamp
	last   bool   // no other prefix has come since
	known  []byte // the last host seen together with a process id, blank included
}

func (s *samePrefix) host() []byte   { return s.bytes[min(1, s.gap):s.gap] }
func (s *samePrefix) writer() []byte { return s.bytes[s.tag:s.colon] }

// syslog reads the prefix whose timestamp ends at end.
func (l *level) syslog(b []byte, end int, layout stampLayout) int {
	s, tail := &l.same, b[end:]
	if len(s.bytes) == 0 || !bytes.HasPrefix(tail, s.bytes) {
		if !l.allow.has(Syslog) {
			return 0
		}
		if !l.readTail(tail, layout) {
			return l.hostOnly(b, end, layout)
		}
	}
	l.found = prefix{carrier: Syslog, layout: layout, stamp: b[:end], host: s.host(), writer: s.writer()}
	s.length = end + len(s.bytes)
	return min(s.length, len(b))
}

// hostOnly reads a line of a host that is known from other lines, but without a
// program: "Nov 22 05:30:00 host last message repeated 2 times".
func (l *level) hostOnly(b []byte, end int, layout stampLayout) int {
	host := l.same.known
	n := end + len(host)
	if len(host) == 0 || len(b) <= n || b[n] != ' ' || !bytes.HasPrefix(b[end:], host) {
		return 0
	}
	l.bare(prefix{carrier: Syslog, layout: layout, stamp: b[:end], host: host[1:]})
	return n + 1
}

// readTail reads " host app[pid]: " into l.same. The byte in front of the host is
// a blank, or the bracket of <14>.
func (l *level) readTail(b []byte, layout stampLayout) bool {
	if len(b) < 3 || b[0] != ' ' && b[0] != '>' {
		return false
	}
	gap, tag := 0, 1
	if n := span(b, 1, hostByte); n < len(b) && b[n] == ' ' && b[n-1] != ':' {
		if n == 1 || isLevel(b[1:n]) {
			return false
		}
		gap, tag = n, n+1
	}
	end := span(b, tag, tagByte)
	colon, pid, named := pidEnd(b, end)
	if end == tag || colon == len(b) || b[colon] != ':' || colon > maxSyslogPrefix || isLevel(b[tag:end]) {
		return false
	}
	if colon+1 < len(b) && b[colon+1] != ' ' {
		return false
	}
	if named && layout != bsdTime {
		pid = false // main[worker-1]: is as likely a thread
	}
	if !pid && !l.sure && !l.anonymous(b[:gap], layout) {
		return false
	}
	s := &l.same
	s.bytes = append(append(s.bytes[:0], b[:colon+1]...), ' ')
	s.gap, s.tag, s.colon = gap, tag, colon
	if pid && gap > 0 {
		s.known = append(s.known[:0], b[:gap]...)
	}
	return true
}

// maxSyslogPrefix bounds host and program: 255 bytes of DNS name and the 48 that
// RFC 5424 allows an app name.
const maxSyslogPrefix = 320

// pidEnd reads [4711] at i. ok is false if nothing like it stands there; named if
// it is no number: some programs put a connection or a unit there.
func pidEnd(b []byte, i int) (end int, ok, named bool) {
	if i >= len(b) || b[i] != '[' {
		return i, false, false
	}
	end = span(b, i+1, tagByte)
	if end >= len(b) || b[end] != ']' || end == i+1 {
		return i, false, false
	}
	return end + 1, true, span(b, i+1, number) != end
}

// anonymous reports whether " host app: " without a process id is syslog all the
// same. " worker payment: failed" behind an RFC 3339 timestamp is not.
func (l *level) anonymous(host []byte, layout stampLayout) bool {
	return len(host) > 0 && (layout == bsdTime || bytes.Equal(host, l.same.known))
}

// continuation: journalctl indents the further lines of a message by the length
// of the prefix.
func (l *level) continuation(b []byte) int {
	s := &l.same
	if !s.last || len(b) < s.length || len(bytes.TrimLeft(b[:s.length], " ")) > 0 {
		return 0
	}
	l.found = prefix{carrier: Syslog, host: s.host(), writer: s.writer()}
	return s.length
}
