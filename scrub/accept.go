package scrub

import "bytes"

// Whether a value is a secret depends on how telling its key is (keyKind). Three lists
// keep what is said about secrets apart from the secrets: words for "nothing" and for
// "hidden" (isNull), words that go on in a sentence (isProseNull), and templates and
// references to where a value comes from (template.go).

// judge tells whether text[begin:end] is a secret as the value of n. If it is not it may
// become one when a part of it is masked, so it is noted as a doubt.
func (s *Scrubber) judge(n name, p place, begin, end int, quoted bool) bool {
	v := s.text[begin:end]
	if s.accepts(n, p, v, quoted) && !isWorkingDirectory(s.text[n.start:n.end], v) {
		return true
	}
	s.doubts = append(s.doubts, stretch{begin, end})
	return false
}

// accepts tells whether v is a secret as the value of n. quoted says that v stood in
// quotes, so that it is known to be the whole value.
func (s *Scrubber) accepts(n name, p place, v []byte, quoted bool) bool {
	prose := p.colon && p.spaced && !quoted
	if prose && before(s.text, n.start) == '/' && isPlainWord(v) { // open /run/secrets/password: permission denied
		return false
	}
	if !quoted && len(v) > 1 && v[len(v)-1] == ':' && isNull(v[:len(v)-1]) { // api_key=None: refused
		return false
	}
	if isMessage(v) || len(v) == 0 || isNull(v) || prose && isProseNull(v) || isTemplate(v) || p.spaced && !quoted && isBind(v) || s.isReplacement(v) {
		return false
	}
	switch n.k.kind {
	case tokenKey:
		if len(v) >= longestCount && all(v, digits) {
			return true
		}
		if isNumber(v) || hasNoLetters(v) || isObject(v) || isSentence(v) {
			return false
		}
		return !p.spaced || p.quoted || p.flag || s.isStrong(v, false) || n.stem > n.start && isMixed(v, shortestMixedToken)
	case weakKey:
		return s.isStrong(v, false)
	case idKey:
		return s.isStrong(v, true)
	case pinKey:
		return len(v) >= 4 && len(v) <= 8 && all(v, digits)
	case panKey:
		return isCardNumber(v)
	case cvvKey:
		return (len(v) == 3 || len(v) == 4) && all(v, digits)
	case ssnKey:
		return isSSN(v) || len(v) == 9 && all(v, digits)
	case queryKey:
		return len(v) >= 8 && !s.holdsReplacement(v)
	}
	return true
}

// longestCount is the length from which a number is no count and no time any more: 2026
// has 13 digits in milliseconds, and no model has read 10^15 tokens.
const longestCount = 16

// shortestMixedToken is the length from which letters of both cases alone are taken for a
// token under a name such as sumoToken; "token" alone is what parsers expect.
const shortestMixedToken = 12

// isReplacement tells whether v is what an earlier run left here.
func (s *Scrubber) isReplacement(v []byte) bool {
	return len(v) > 0 && s.replacementIn(v, 0) == len(v)
}

// all tells whether every byte of v is in ss.
func all(v []byte, ss set) bool {
	for _, c := range v {
		if !ss.has(c) {
			return false
		}
	}
	return true
}

// isCardNumber tells whether v has 12 to 19 digits and nothing else but blanks and
// dashes between them. A number under a key that says "card" need not pass a checksum.
func isCardNumber(v []byte) bool {
	n := 0
	for _, c := range v {
		switch {
		case isDigit(c):
			n++
		case c != ' ' && c != '-':
			return false
		}
	}
	return n >= 12 && n <= 19 && isDigit(v[0]) && isDigit(v[len(v)-1])
}

// isNull tells whether v says that there is no value, or that it is hidden.
func isNull(v []byte) bool {
	if isRepeated(v) || len(v) == 1 && hasNoLetters(v) {
		return true
	}
	var buf [16]byte
	if len(v) > len(buf) {
		return false
	}
	for i, c := range v {
		buf[i] = fold(c)
	}
	switch string(buf[:len(v)]) {
	case "", "null", "nil", "none", "undefined", "true", "false", "yes", "no", "nan", "n/a", "-", "?",
		"[filtered]", "[redacted]", "redacted", "<redacted>", "(redacted)", "[hidden]", "(hidden)", "<hidden>", "hidden",
		"[masked]", "<masked>", "masked", "(null)", "(none)", "<nil>", "<null>", "<none>", "<empty>", "(empty)", "[removed]", "filtered",
		"(nil)", "{}", "[]", "()", "protected", "concealed", "sensitive", "suppressed", "omitted":
		return true
	}
	return false
}

// isRepeated tells whether v is nothing but stars, dots, x, bullets or dashes.
func isRepeated(v []byte) bool {
	if len(v) == 0 {
		return false
	}
	c := fold(v[0])
	if bytes.HasPrefix(v, []byte("•")) || bytes.HasPrefix(v, []byte("●")) {
		return len(bytes.Trim(v, "•●")) == 0
	}
	if c != '*' && c != '.' && c != 'x' && c != '-' && c != '_' && c != '#' {
		return false
	}
	for _, d := range v {
		if fold(d) != c {
			return false
		}
	}
	return true
}

// isProseNull tells whether v, after a colon and a blank, reads like the rest of a
// sentence or like a type: "password: incorrect", "password: string".
func isProseNull(v []byte) bool {
	var buf [16]byte
	v = bytes.TrimRight(v, ".!?:")
	if len(v) > len(buf) {
		return false
	}
	for i, c := range v {
		buf[i] = fold(c)
	}
	switch string(buf[:len(v)]) {
	case "incorrect", "required", "invalid", "expired", "missing", "wrong", "mismatch", "changed", "reset", "ok", "failed", "must",
		"should", "is", "not", "cannot", "for", "length", "too",
		"refused", "denied", "rejected", "permission", "no", "unknown", "empty", "unauthorized", "forbidden",
		"the", "a", "an", "your", "this", "that", "in", "on", "of", "or", "and", "with", "was", "has", "see", "if", "read", "write",
		"string", "str", "text", "bool", "boolean", "int", "number", "varchar", "any", "optional", "bytes":
		return true
	}
	return false
}

// messageWords begin what validators say about a field: "password":["is too short"].
var messageWords = []string{"is ", "must ", "can't ", "cannot ", "can not ", "should ", "has ", "too ", "may not ", "does ", "was ", "please ", "needs "}

// isMessage tells whether v is a sentence about a value rather than the value.
func isMessage(v []byte) bool {
	for _, w := range messageWords {
		if hasPrefixFold(v, 0, w) {
			return bytes.Count(v, []byte{' '}) >= 2 || hasPrefixFold(v, 0, "is ") || hasPrefixFold(v, 0, "too ")
		}
	}
	return false
}

// isSentence tells whether v has three words or more: a token with its scheme has two.
func isSentence(v []byte) bool { return bytes.Count(v, []byte{' '}) >= 2 }

// isNumber tells whether v is a number: a count of tokens, a time, an amount.
func isNumber(v []byte) bool {
	for _, c := range v {
		if !isDigit(c) && c != '.' && c != '-' && c != '+' && c != '_' {
			return false
		}
	}
	return true
}

// hasNoLetters tells whether v is all punctuation: "unexpected token ;".
func hasNoLetters(v []byte) bool {
	for _, c := range v {
		if alnum.has(c) || c >= 0x80 {
			return false
		}
	}
	return true
}

// isObject tells whether v is how a program prints an object rather than a value:
// Token{df0 ...}, android.os.BinderProxy@9dd3ab.
func isObject(v []byte) bool {
	if i := bytes.IndexByte(v, '{'); i > 0 {
		return all(v[:i], dotted)
	}
	i := bytes.IndexByte(v, '@')
	return i > 0 && i+1 < len(v) && all(v[i+1:], anyHex) && all(bytes.ReplaceAll(v[:i], []byte("$"), nil), dotted)
}

// strongSpan is how much of a long value decides whether it is strong, in bytes.
const strongSpan = 64

// isStrong tells whether v by itself looks like a secret. id says that it stands under
// the name of an identifier, where a UUID is one. What was masked in v already does not
// count, or masking a part of it could make the rest look strong.
func (s *Scrubber) isStrong(v []byte, id bool) bool {
	v = v[:min(len(v), strongSpan)]
	var hasDigit, hasUpper, hasLower, hasDot bool
	n := 0
	for i := 0; i < len(v); i++ {
		if s.begins[v[i]] {
			if r := s.replacementIn(v, i); r > 0 {
				i += r - 1
				continue
			}
		}
		n++
		switch c := v[i]; {
		case isDigit(c):
			hasDigit = true
		case isUpper(c):
			hasUpper = true
		case isLower(c):
			hasLower = true
		case c == '.':
			hasDot = true
		case c == ' ':
			return false
		}
	}
	if n < 8 || !(hasDigit && (hasUpper || hasLower)) && !(n >= 24 && hasUpper && hasLower && !hasDot) {
		return false
	}
	return !isHarmless(v, id)
}

// holdsReplacement tells whether a part of v was masked by an earlier run.
func (s *Scrubber) holdsReplacement(v []byte) bool {
	for i := range v {
		if s.replacementIn(v, i) > 0 {
			return true
		}
	}
	return false
}

// isHarmless tells whether v is one of the things that look strong and are not.
func isHarmless(v []byte, id bool) bool {
	switch {
	case hasPrefixFold(v, 0, "0x"), isDate(v), isVersion(v), isObject(v), isMail(v), isPath(v), isCall(v), isReverseDomain(v):
		return true
	case id:
		return isUUID(v)
	}
	return false
}

// The shapes below were met in ordinary logs under session, auth, sid, dsn and token:
// ZooKeeper's session ids (0x14ed...), mail status codes (dsn=5.1.1), Java objects
// (Session@7f31245a), users, hosts, files and times.

// isDate tells whether v begins like 2006-01-02, 02/Jan/2006 or 12:34:56.
func isDate(v []byte) bool {
	shape := func(pattern string) bool {
		for i := range len(pattern) {
			switch c := pattern[i]; c {
			case '0':
				if !isDigit(v[i]) {
					return false
				}
			case 'a':
				if !isLetter(v[i]) {
					return false
				}
			default:
				if v[i] != c {
					return false
				}
			}
		}
		return true
	}
	return shape("00:00:00") || len(v) >= 10 && (shape("0000-00-00") || shape("0000/00/00")) || len(v) >= 11 && shape("00/aaa/0000")
}

// isVersion tells whether v is a version or an address: v1.2.3-rc1, 10.0.0.1:80.
func isVersion(v []byte) bool {
	v = bytes.TrimPrefix(v, []byte("v"))
	i, dots := 0, 0
	for i < len(v) && (isDigit(v[i]) || v[i] == '.') {
		if v[i] == '.' {
			dots++
		}
		i++
	}
	return dots >= 2 && (i == len(v) || v[i] == '-' || v[i] == '+' || v[i] == ':' || v[i] == '/')
}

// isReverseDomain tells whether v begins like com.apple.xpc.activity: three words or
// more of lower-case letters.
func isReverseDomain(v []byte) bool {
	dots, i := 0, 0
	for i < len(v) && (isLower(v[i]) || v[i] == '.' && i > 0 && v[i-1] != '.') {
		if v[i] == '.' {
			dots++
		}
		i++
	}
	return dots >= 2
}

// isMail tells whether v is an e-mail address, or user@host.name: sessions and auth
// messages name users.
func isMail(v []byte) bool {
	i := bytes.IndexByte(v, '@')
	return i > 0 && bytes.IndexByte(v[i:], '.') > 1
}

// isPath tells whether v is the name of a file or a URL.
func isPath(v []byte) bool { return isFilePath(v) || bytes.Contains(v, []byte("://")) }

// isFilePath tells whether v names a file, from the root, from here or from a drive.
func isFilePath(v []byte) bool {
	return bytes.HasPrefix(v, []byte("/")) || bytes.HasPrefix(v, []byte("./")) || bytes.HasPrefix(v, []byte("../")) ||
		bytes.HasPrefix(v, []byte("~/")) || len(v) > 2 && isLetter(v[0]) && v[1] == ':' && v[2] == '\\'
}

// isUUID tells whether v has the shape 8-4-4-4-12. Under the name of an identifier it
// is one, and what ties the lines of a request together; under api_key it is a key.
func isUUID(v []byte) bool {
	if len(v) != 36 {
		return false
	}
	for i, c := range v {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !anyHex.has(c) {
			return false
		}
	}
	return true
}
