package trace

import "bytes"

// Glued is the offset at which another log record begins within line, behind a
// JVM frame or cause that no line break ended; 0 for nearly every line. log4j's
// %ex{short} and %ex{5} print so many lines and no line break behind the last.
func Glued(line []byte) int {
	l := span(line)
	if l.has("Caused by: ") {
		return javaGluedCause(l)
	}
	ind := l.indent()
	if l[ind:].has("... ") {
		return javaGluedElision(l)
	}
	if ind == 0 || ind+8 > len(l) || l[ind] != 'a' || l[ind+1] != 't' || l[ind+2] != ' ' || l[len(l)-1] == ')' {
		return 0
	}
	c, grade := javaFrame(line)
	if grade != javaSure || c.glued == 0 {
		return 0
	}
	return len(l.right()) - c.glued
}

// javaGluedElision finds the record behind "\t... 12 more".
func javaGluedElision(l span) int {
	const more = " more"
	if i := bytes.Index(l, []byte(more)); i > 0 && i+len(more) < len(l) && isDigit(l[i+len(more)]) {
		return i + len(more)
	}
	return 0
}

// javaGluedCause finds "2026-11-22 13:25:04,925 INFO" right behind a letter or
// digit of a message: with a blank before it, it may be part of the message.
func javaGluedCause(l span) int {
	for at := len("Caused by: ") + 1; at+24 < len(l); {
		i := bytes.IndexByte(l[at:], ':')
		if i < 0 {
			return 0
		}
		at += i + 1
		if begin := at - len("2026-11-22 13:"); begin > 0 && javaStamp(l[begin:]) && !isBlank(l[begin-1]) && l[begin-1] != '[' && l[begin-1] != '\'' && l[begin-1] != '"' {
			if javaLevelled(l[at : at+min(32, len(l)-at)]) {
				return begin
			}
		}
	}
	return 0
}

// javaStamp tells whether s begins with "2026-11-22 13:25:04" or the same with a T.
func javaStamp(s span) bool {
	const like = "0000-00-00 00:00:00"
	if len(s) < len(like) {
		return false
	}
	for i := range like {
		if like[i] == '0' && !isDigit(s[i]) || like[i] != '0' && s[i] != like[i] && (i != 10 || s[i] != 'T') {
			return false
		}
	}
	return true
}

func javaLevelled(s span) bool {
	for _, level := range [...]string{" INFO", " WARN", " ERROR", " DEBUG", " TRACE", " FATAL"} {
		if bytes.Contains(s, []byte(level)) {
			return true
		}
	}
	return false
}
