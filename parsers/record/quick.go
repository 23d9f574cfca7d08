package record

import "bytes"

// quick reads the commonest headers in one pass and without filling anything in:
//
//	2026-11-22 05:30:00,123 INFO  [main] com.acme.Pay - message
//	2026-11-22 05:30:00.123  INFO 4711 --- [main] com.acme.Pay : message
//	05:30:00.123 [main] INFO  com.acme.Pay - message
//	[2026-11-22 05:30:00 +0000] [4855] [INFO] message
//	2026-11-22T05:30:00.123Z [info] message
//
// It takes a line only where the elements leave no doubt, and answers ok ==
// false for all others, which header then reads. The two must agree wherever
// quick answers; FuzzHead holds them to it.
func (s *Scanner) quick(b []byte) (h Head, ok bool) {
	p := 0
	if b[0] == '[' {
		p = 1
	}
	end := quickTime(b, p)
	if end == 0 {
		return quickAccess(b)
	}
	if p == 1 {
		if b[end] != ']' {
			return Head{}, false
		}
		end++
	}
	msg, level := s.quickLevel(b, end)
	return Head{Kind: Text, Level: level, Msg: msg}, msg > 0
}

// quickTime gives the offset of the byte behind an ISO time or a time of day
// at p, which is sure to exist, or 0.
// Nothing shorter than 28 bytes is worth the pain of checking every index.
func quickTime(b []byte, p int) int {
	if p+28 > len(b) {
		return 0
	}
	end := p + 19
	switch {
	case digitMask(load8(b, p), isoDate) && b[p+4] == b[p+7] && (b[p+4] == '-' || b[p+4] == '/') &&
		digitMask(load8(b, p+8), isoClock) && (b[p+10] == ' ' || b[p+10] == 'T') &&
		b[p+13] == ':' && b[p+16] == ':' && isDigit(b[p+17]) && isDigit(b[p+18]):
	case b[p+2] == ':' && b[p+5] == ':' && digitMask(load8(b, p), 0xFFFF00FFFF00FFFF):
		end = p + 8
	default:
		return 0
	}
	if c := b[end]; c == '.' || c == ',' {
		frac := end
		for end++; isDigit(b[end]) && end < len(b)-1; end++ {
		}
		if end-frac < 2 || end-frac > 10 {
			return 0
		}
	}
	switch b[end] {
	case ' ', ']':
	case 'Z':
		end++
	default:
		return 0
	}
	if end+7 < len(b) && b[end] == ' ' && (b[end+1] == '+' || b[end+1] == '-') {
		if w := load8(b, end+2); digitMask(w, 0xFFFFFFFF) && (b[end+6] == ']' || b[end+6] == ' ') {
			end += 6
		} else {
			return 0
		}
	}
	return end
}

// quickLevel goes on behind the time: one or two groups in brackets, and the
// level. It gives the start of the message, or 0 if in doubt.
func (s *Scanner) quickLevel(b []byte, p int) (int, Level) {
	named := false
	for n := range 3 {
		if p >= len(b) || b[p] != ' ' {
			break
		}
		if p = skipBlanks(b, p); p >= len(b) {
			break
		}
		c := b[p]
		if c >= 'a' && c <= 'z' && n == 0 {
			return quickPlain(b, p), Unknown
		}
		if c == '[' {
			l, n, _ := s.levelAt(b, p+1)
			if l != Unknown && at(b, p+1+n) == ']' {
				return s.quickTail(b, p+n+2, true, named), l
			}
			e := s.quickGroup(b, p)
			if l != Unknown || e == 0 || e == p+2 && class[b[p+1]]&digit == 0 || !quickGroupName(b, p+1, e) {
				break
			}
			named = named || s.namesItself(b[p+1:e])
			p = e + 1
			continue
		}
		if c < 'B' || c > 'Z' || c == 'P' { // AM and PM would belong to the time
			break
		}
		l, n, written := s.levelAt(b, p)
		if l == Unknown || written != upperCase {
			break
		}
		return s.quickTail(b, p+n, false, named), l
	}
	return 0, Unknown
}

// quickPlain reads a line without a level, whose message starts at p or, behind
// the place of the call, after it: "main.go:34: message" of Go's standard logger.
// It gives the start of the message, or 0 if in doubt.
// A second word in capitals or in brackets may be a level: that is left to header.
func quickPlain(b []byte, p int) int {
	i := bytes.IndexByte(b[p:min(len(b), p+maxToken)], ' ')
	if i <= 0 || p+i+1 >= len(b) {
		return 0
	}
	e := p + i
	next := b[e+1]
	if next < 'a' || next > 'z' || next == 'k' && has(b, e+1, "kernel: ") {
		return 0
	}
	if l, _, _ := levelAt(b, p); l != Unknown {
		return 0
	}
	if l, _, _ := levelAt(b, e+1); l != Unknown {
		return 0
	}
	w := b[p:e]
	if w[i-1] != ':' {
		if skip(w, 0, letter) == i {
			return p
		}
		return 0
	}
	if skip(w, 0, letter) == i-1 {
		return p
	}
	if callerEnd(b, p) != e-1 || has(b, tokenEnd(b[:min(len(b), e+maxToken)], e+1), " [") {
		return 0
	}
	return e + 1
}

// quickGroup gives the offset of the bracket that closes the one at p, if only a
// name, padded on the left at most, stands in between; else 0. Names of threads begin
// alike in all lines of a stream.
func (s *Scanner) quickGroup(b []byte, p int) int {
	p++
	if p < len(b) && b[p] == ' ' {
		p = skipBlanks(b, p)
	}
	e := p
	if e+16 <= len(b) && load8(b, e) == s.group[0] && load8(b, e+8) == s.group[1] {
		e += 16
	}
	for e < len(b) && class[b[e]]&(wordRun|nameRun) != 0 {
		e++
	}
	if e == p || e-p > maxGroup/2 || at(b, e) != ']' {
		return 0
	}
	if e-p >= 16 {
		s.group = [2]uint64{load8(b, p), load8(b, p+8)}
	}
	return e
}

// levelAt is levelAt with the word of the line before tried first.
func (s *Scanner) levelAt(b []byte, p int) (Level, int, letterCase) {
	w := load8(b, p)
	if w&s.mask == s.word && s.word != 0 {
		return s.level, s.width, s.wrote
	}
	l, n, c := levelAt(b, p)
	if l != Unknown && n < 8 && p+n < len(b) { // with the byte behind it, which ends the word
		s.mask = ^uint64(0) >> (64 - 8*(n+1))
		s.word, s.level, s.width, s.wrote = w&s.mask, l, n, c
	}
	return l, n, c
}

// quickGroupName tells whether the group [p, e) cannot end in a level, as
// "core:error" and "main/ERROR" do.
func quickGroupName(b []byte, p, e int) bool {
	for e > p && class[b[e-1]]&letter != 0 {
		e--
	}
	return e == p || b[e-1] != ':' && b[e-1] != '/'
}

// quickTail goes on behind the level until the message begins; 0 if in doubt.
// bracketed tells that the level stands in brackets, so that blanks behind it
// pad nothing; named that a group before it has named the logger.
func (s *Scanner) quickTail(b []byte, p int, bracketed, named bool) int {
	for n := range 4 {
		if p >= len(b) || b[p] != ' ' {
			return 0
		}
		start := p
		if p = skipBlanks(b, p); p >= len(b) {
			return 0
		}
		switch c := b[p]; {
		case class[c]&letter != 0:
			if bracketed || n > 0 {
				start++
			} else {
				start = skipPad(b, start)
			}
			return s.quickWord(b, start, p, named)
		case c == '[':
			e := s.quickGroup(b, p)
			if e == 0 {
				return 0
			}
			named = named || s.namesItself(b[p+1:e])
			p = e + 1
		case class[c]&digit != 0:
			e := skip(b, p, digit)
			if !has(b, e, " --- ") {
				return 0
			}
			p = e + 4
		default:
			return 0
		}
	}
	return 0
}

// quickWord decides about the first word behind the level, at p: the name of a
// logger if " - " or " : " follows, or if it is dotted; the message if it is
// nothing but letters, which then begins at start. named tells that the logger
// is known already. It gives the start of the message, or 0 if in doubt.
//
//	com.acme.Pay - message   com.acme.Pay    : message   shop.views:123 message
//	request completed        in doubt: names with digits, colons, brackets
func (s *Scanner) quickWord(b []byte, start, p int, named bool) int {
	i := bytes.IndexByte(b[p:min(len(b), p+maxToken)], ' ')
	if i <= 0 {
		return 0
	}
	e := p + i
	q := skipBlanks(b, e)
	if q >= len(b) {
		return 0
	}
	switch b[q] {
	case '-', ':', '>':
		if q+1 < len(b) && b[q+1] == ' ' {
			return skipOne(b, q+1)
		}
		return 0
	case '{', '[', '(':
		return 0
	}
	if named {
		return start
	}
	w := b[p:e]
	if class[w[i-1]]&letter != 0 {
		return s.quickName(b, start, q, w)
	}
	n := i
	for n > 1 && isDigit(w[n-1]) {
		n--
	}
	if n < i && w[n-1] == ':' && q == e+1 && s.nameForm(w[:n-1])&(dottedName|sourceName) == dottedName { // views:123
		return q
	}
	return 0
}

// quickName is quickWord for a word w that ends in a letter; q is the offset of
// the next one.
func (s *Scanner) quickName(b []byte, start, q int, w []byte) int {
	if string(w) == "in" || string(w) == "from" {
		return 0
	}
	if skip(w, 0, letter) == len(w) {
		return start
	}
	f := s.nameForm(w)
	if f&dottedName == 0 || bytes.IndexByte(w, ':') >= 0 {
		return 0
	}
	switch {
	case f&loggerName == 0:
		return start
	case b[q-2] == ' ': // padded, or oslo's header before the rows of a trace
		return 0
	}
	return q
}

// Forms of a word.
const (
	dottedName uint8 = 1 << iota // dotted
	sourceName                   // ends as a source file does
	loggerName                   // loggerLike
)

// knownName remembers what was found out about a word: a program has few loggers.
type knownName struct {
	n, form uint8
	text    [30]byte
}

// namesItself is namesItself for a group, which may be padded on the left.
func (s *Scanner) namesItself(w []byte) bool {
	if isDigit(w[0]) { // a process: no name begins so
		return false
	}
	w = w[skipBlanks(w, 0):]
	if bytes.IndexByte(w, '.') >= 0 {
		return s.nameForm(w)&dottedName != 0
	}
	return string(w) == "stderr" || string(w) == "stdout"
}

// nameForm gives the forms of a word.
// The answer for a dotted word is remembered; the words of messages are not
// dotted and cannot push the names out.
func (s *Scanner) nameForm(w []byte) uint8 {
	n := len(w)
	k := &s.names[(n+int(w[n-1]))%len(s.names)]
	if int(k.n) == n && string(k.text[:n]) == string(w) {
		return k.form
	}
	form := uint8(0)
	if dotted(w) {
		form = dottedName
	}
	if sourceLanguage(w[bytes.LastIndexByte(w, '.')+1:]) != "" {
		form |= sourceName
	}
	if loggerLike(w) {
		form |= loggerName
	}
	if form&dottedName != 0 && n <= len(k.text) {
		k.n, k.form = uint8(copy(k.text[:], w)), form
	}
	return form
}
