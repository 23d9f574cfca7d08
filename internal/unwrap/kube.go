package unwrap

import "bytes"

// What kubectl and its relatives put in front of the text:
//
//	[pod/pay-7c9f5d8b6-x2x4k/api] text            kubectl logs --prefix
//	2026-11-22T05:30:00.123456789Z text           kubectl logs --timestamps, docker logs -t
//	pay-7c9f5d8b6-x2x4k api text                  stern
//	[pay-7c9f5d8b6-x2x4k api] text                kubetail

// bracket reads a prefix that starts with a square bracket.
func (l *level) bracket(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	if bytes.HasPrefix(b, []byte("[pod/")) {
		return l.podPrefix(b)
	}
	if b[1] == ' ' || digit(b[1]) {
		if n := uptime(b); n > 0 {
			return l.syslog(b, n, noStamp)
		}
	}
	n := span(b, 1, nameByte)
	if n == len(b) || b[n] != ' ' || !isPod(b[1:n]) || !l.allow.has(Stern) {
		return 0
	}
	end := span(b, n+1, nameByte)
	return l.bracketed(b, end, prefix{carrier: Stern, writer: b[1:end]})
}

// podPrefix reads "[pod/name/container] ".
func (l *level) podPrefix(b []byte) int {
	slash := span(b, 5, nameByte)
	if slash == len(b) || b[slash] != '/' || !l.allow.has(Kubectl) {
		return 0
	}
	end := span(b, slash+1, nameByte)
	if slash == len("[pod/") || end == slash+1 {
		return 0
	}
	return l.bracketed(b, end, prefix{carrier: Kubectl, writer: b[1:end]})
}

// bracketed ends a prefix whose closing bracket must stand at end, before a blank
// or the end of the line.
func (l *level) bracketed(b []byte, end int, p prefix) int {
	if end >= len(b) || b[end] != ']' || end+1 < len(b) && b[end+1] != ' ' {
		return 0
	}
	l.found = p
	return min(end+2, len(b))
}

// stern reads "pod container ", of which the pod ends at n.
func (l *level) stern(b []byte, n int) int {
	end := span(b, n+1, nameByte)
	if end == n+1 || end < len(b) && b[end] != ' ' || !l.allow.has(Stern) {
		return 0
	}
	if !l.vouch(Stern, l.firstOr(3)) {
		l.undecided = true
		return 0
	}
	l.found = prefix{carrier: Stern, writer: b[:end]}
	return min(end+1, len(b))
}

// isPod reports whether a name ends like the pods of a Deployment: the hash of
// its ReplicaSet and five characters of its own. Kubernetes makes both from an
// alphabet without vowels and without 0, 1 and 3, so that no word comes out.
func isPod(name []byte) bool {
	n := len(name)
	if n < 13 || name[n-6] != '-' {
		return false
	}
	hash := bytes.LastIndexByte(name[:n-6], '-')
	return hash > 0 && n-6-hash > 6 && n-6-hash <= 11 && isHash(name[hash+1:n-6]) && isHash(name[n-5:])
}

func isHash(b []byte) bool {
	for _, c := range b {
		if bytes.IndexByte([]byte("bcdfghjklmnpqrstvwxz2456789"), c) < 0 {
			return false
		}
	}
	return true
}

// timestamps reads the time that kubectl and docker put before every line. They
// print nine digits of fraction, always; so do a few loggers, and where a level
// follows, the time is taken for a logger's unless other lines have shown that
// it stands before everything.
func (l *level) timestamps(b []byte, end int) int {
	if !l.allow.has(Timestamps) {
		return 0
	}
	certain := l.sure || l.knows(Timestamps) && l.trust >= 2*firstTrust
	if !certain && (hasLevel(b[end+1:]) || !l.vouch(Timestamps, l.firstOr(8))) {
		l.undecided = true
		return 0
	}
	l.found = prefix{carrier: Timestamps, layout: rfc3339Time, stamp: b[:end]}
	return end + 1
}

// hasLevel reports whether one of the first three words is a log level, as it is
// behind a time that a logger wrote. Nothing else counts: Go's "panic: " and
// "fatal error: ", "Error in process", and "INFO: text" that its logger writes
// without a time.
func hasLevel(b []byte) bool {
	for range 3 {
		b = bytes.TrimLeft(b, " ")
		if len(b) > 9 && yearMonth.fits(b[1:]) {
			return false // [2026-11-22 ...] is the logger's own time
		}
		if len(b) > 0 && b[0] == '[' {
			n := span(b, 1, letter)
			closing := bytes.TrimLeft(b[n:], " ") // structlog pads: [info     ]
			if isLevel(b[1:n]) && len(closing) > 0 && closing[0] == ']' {
				return true
			}
		}
		gap := bytes.IndexAny(b[:min(len(b), 64)], " \t")
		if gap < 0 || digit(b[0]) {
			return false
		}
		if isBareLevel(b[:gap]) {
			return true
		}
		b = b[gap:]
	}
	return false
}

// isBareLevel reports whether a word is a level as loggers write it: INFO, or
// one of the few that are written small and begin no sentence of a crash.
func isBareLevel(word []byte) bool {
	switch string(word) {
	case "trace", "debug", "info", "warn", "warning", "error":
		return true
	}
	return upper(word) && isLevel(word)
}
