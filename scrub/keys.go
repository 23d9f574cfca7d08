package scrub

import "bytes"

// A key is found by its stem, and then looked at as a whole: DB_PASSWORD and
// spring.datasource.password end in the stem, password_2 and passwordHash go on with
// something that keeps the value secret, passwordless and password_file do not.

// longestKey bounds how far back the start of a key is looked for, in bytes.
const longestKey = 64

// verifyKey looks at a key whose name stands at text[start:end]: is it a whole key,
// does a value follow, is the value secret?
func (s *Scrubber) verifyKey(k *key, start, end int) {
	t := s.text
	if !k.isSpelled(t[start:end]) || s.stamps && s.isStamped(start, end) {
		return
	}
	end, ok := k.keyEnd(t, end)
	if !ok || k.edge && !wordBegins(t, start) {
		return
	}
	n := name{k: k, start: nameStart(t, start), stem: start, end: end}
	s.walked(n.start, end)
	if !s.isKey(n) {
		return
	}
	if k.kind == tokenKey && hasPrefixFold(t, n.start, "x-") {
		n.k = &tokenHeader
	}
	p, ok := s.findValue(n)
	if !ok || p.at >= len(t) {
		if s.prose && n.k.kind <= tokenKey {
			s.verifyProse(n)
		}
		return
	}
	switch n.k.kind {
	case headerKey:
		s.maskHeader(n, p)
	case cookieKey:
		s.maskCookies(n, p)
	default:
		s.maskValue(n, p)
	}
}

// tokenHeader is what a header such as X-Vault-Token is: its value is a token for sure.
var tokenHeader = key{name: "x-token", kind: strongKey, det: detToken}

// name is a key found in the text: text[start:end], of which text[stem:] made us look.
type name struct {
	k                *key
	start, stem, end int
}

// wordBegins tells whether a word begins at t[i], be it by a change of case.
func wordBegins(t []byte, i int) bool {
	c := before(t, i)
	return !alnum.has(c) || isUpper(t[i]) && isLower(c)
}

// nameStart walks back over the name that t[i] is part of.
func nameStart(t []byte, i int) int {
	j := i
	for j > 0 && i-j < longestKey && keyName.has(t[j-1]) && (t[j-1] != 'm' || !endsColour(t, j)) {
		j--
	}
	if n := escapeEnd(t, j); j+n <= i {
		j += n
	}
	for j < i && (t[j] == '-' || t[j] == '.') {
		j++
	}
	return j
}

// isKey applies the vetoes that concern the name alone.
func (s *Scrubber) isKey(n name) bool {
	t := s.text
	if n.k.exact && (n.start != n.stem || before(t, n.stem) != 0 && ident.has(before(t, n.stem))) {
		return false
	}
	if n.k.kind == queryKey && !isParameter(t, n.start) {
		return false
	}
	if len(s.allowedKeys) > 0 && s.isAllowedKey(t[n.start:n.end]) {
		return false
	}
	return n.k.kind != tokenKey || !countsTokens(t[n.start:n.stem])
}

// countsTokens tells whether the word before "token" makes it a number of tokens, or the
// name of a .NET assembly's public key.
func countsTokens(prefix []byte) bool {
	p := bytes.TrimRight(prefix, "_-.")
	for _, w := range []string{"max", "min", "total", "prompt", "completion", "num", "remaining", "unexpected", "publickey"} {
		if len(p) >= len(w) && equalFold(p[len(p)-len(w):], w) {
			return true
		}
	}
	return false
}

// isParameter tells whether a parameter of a URL or form begins at t[i].
func isParameter(t []byte, i int) bool {
	if i == 0 {
		return false
	}
	switch t[i-1] {
	case '?', '&', ';':
		return true
	}
	for _, sign := range []string{"%26", "%3f", `\u0026`} {
		if hasPrefixFold(t, i-len(sign), sign) {
			return true
		}
	}
	return false
}

// isAllowedKey tells whether the user listed the key, in whatever case. The name is
// folded into an array, since a string made for the look-up would be an allocation.
func (s *Scrubber) isAllowedKey(name []byte) bool {
	var buf [longestKey * 2]byte
	if len(name) > len(buf) {
		return false
	}
	for i, c := range name {
		buf[i] = fold(c)
	}
	_, ok := s.allowedKeys[string(buf[:len(name)])]
	return ok
}
