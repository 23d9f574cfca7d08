package scrub

import (
	"bytes"
	"strings"
)

// schemes are the words that may stand first in an Authorization header and are not
// secret. With one credential behind it, a scheme ends at the next blank; the others
// have parameters up to the end of the header.
var schemes = map[string]struct{ single bool }{
	"basic": {true}, "bearer": {true}, "negotiate": {true}, "ntlm": {true}, "kerberos": {true}, "jwt": {true}, "bot": {true},
	"token": {false}, "apikey": {true}, "api-key": {true}, "key": {false}, "dpop": {true}, "ssws": {true}, "geniekey": {true},
	"splunk": {true}, "sso-key": {true}, "sharedkey": {true}, "sharedkeylite": {true},
	"digest": {}, "oauth": {}, "hawk": {}, "hmac": {}, "aws": {}, "aws4-hmac-sha256": {}, "mac": {}, "signature": {}, "vapid": {},
	"sharedaccesssignature": {}, "scram-sha-1": {}, "scram-sha-256": {}, "mutual": {}, "hoba": {}, "gnap": {}, "privatetoken": {},
}

// longestScheme is the length of the longest word in schemes, in bytes.
const longestScheme = 21

// schemeAt reads a scheme and the blanks behind it at t[i].
func schemeAt(t []byte, i int) (next int, single, ok bool) {
	var buf [longestScheme]byte
	j := i
	for ; j < len(t) && j-i < len(buf) && (word.has(t[j])); j++ {
		buf[j-i] = fold(t[j])
	}
	k := j
	for k < len(t) && (blank.has(t[k]) || t[k] == '+' && k == j) {
		k++
	}
	scheme, ok := schemes[string(buf[:j-i])]
	return k, scheme.single, ok && k > j
}

// maskHeader masks the credentials of an Authorization header, whose value begins at
// p.at in whatever way the header was printed.
func (s *Scrubber) maskHeader(n name, p place) {
	t := s.text
	// Access logs print headers with + for blanks, and maps of headers print lists of values.
	if t[p.at] == '+' && p.at+1 < len(t) { // a blank of a form
		p.at++
	}
	first, listed := p.at, false
	for p.at < len(t) && t[p.at] == '[' && !s.isMasked(p.at) { // ["Bearer x"], [Bearer x]
		p.at, listed = skipBlank(t, p.at+1), true
	}
	if p.at == len(t) || s.isMasked(p.at) {
		return
	}
	open := s.levelsAt(p.at)
	if _, _, ok := s.opensQuote(p.at, &open); ok {
		s.maskQuotedHeaders(n, p, listed, open)
		return
	}
	if listed && p.quoted || t[p.at] == '{' && s.isCollection(p.at) {
		p.at = first
		s.maskCollection(n, p)
		return
	}
	// With a scheme that is known, the scheme stays and tells what was tried. With none the
	// first word may be the secret itself, so all goes.
	at, single, ok := schemeAt(t, p.at)
	switch {
	case ok && (at == len(t) || s.isMasked(at)):
	case ok && (single || !hasParameter(t, at)):
		s.maskCredential(at)
	case ok:
		s.maskToHeaderEnd(n, at)
	case p.colon && !p.quoted && !isPolicy(t, p.at):
		s.maskToHeaderEnd(n, p.at)
	case !p.colon || p.quoted:
		s.maskText(n, p, p.at, s.bareEnd(p))
	}
}

// maskQuotedHeaders masks the header that stands in quotes at p.at, or the headers of a
// list. The scheme of each stays.
func (s *Scrubber) maskQuotedHeaders(n name, p place, listed bool, open levels) {
	t := s.text
	for i := p.at; ; {
		q, begin, ok := openQuote(t, i)
		if !ok {
			return
		}
		end, after := s.quotedEnd(begin, q, open)
		if at, _, ok := schemeAt(t, begin); ok {
			begin = min(at, end)
		}
		if s.judge(n, p, begin, end, true) {
			s.mark(detAuthHeader, begin, end)
		}
		i = skipBlank(t, after)
		if !listed || after == end || byteAt(t, i) != ',' {
			return
		}
		i = skipBlank(t, i+1)
	}
}

// hasParameter tells whether a parameter of a scheme such as Digest begins at t[i]:
// username="...". Without one the scheme has a single credential.
func hasParameter(t []byte, i int) bool {
	j := i
	for j < len(t) && word.has(t[j]) {
		j++
	}
	return j > i && byteAt(t, j) == '=' && byteAt(t, j+1) != '=' && !bareStop.has(byteAt(t, j+1)) || isQuote(byteAt(t, j+1)) && byteAt(t, j) == '='
}

// maskCredential masks the one word that follows a scheme.
func (s *Scrubber) maskCredential(i int) {
	open := s.levelsAt(i)
	end := 0
	if q, begin, ok := s.opensQuote(i, &open); ok {
		i = begin
		end, _ = s.quotedEnd(begin, q, open)
	} else {
		end = s.bareEnd(place{at: i})
	}
	if v := s.text[i:end]; len(v) > 0 && !isNull(v) && !isReference(s.text, i, end, nil, false) && !isTemplate(v) {
		s.mark(detAuthHeader, i, end)
	}
}

// maskToHeaderEnd masks up to the end of the header: a line break, raw or escaped, or
// the quote of the string that the header stands in.
func (s *Scrubber) maskToHeaderEnd(n name, i int) {
	end := s.headerEnd(n.start, i)
	v := bytes.TrimRight(s.text[i:end], " \t")
	if len(v) > 0 && !isNull(v) && !isProseNull(v) && !isTemplate(v) {
		s.mark(detAuthHeader, i, i+len(v))
	}
}

// headerEnd finds the end of a header whose name begins at t[start] and whose value
// goes on at t[i].
func (s *Scrubber) headerEnd(start, i int) int {
	t := s.text
	open := s.levelsAt(i)
	opened := byteAt(t, start-1) // -H 'Authorization: ...'
	j := i
loop:
	for j < len(t) && !lineBreak.has(t[j]) && t[j] != 0x1b {
		switch c := t[j]; {
		case c == '\\' || c == '"':
			k := backslashes(t, j)
			next := byteAt(t, j+k)
			if _, ok := open.ends(k); next == '"' && (ok || k == 0 && opened == '"') || k > 0 && (next == 'r' || next == 'n') {
				break loop
			}
			j += k
			if j >= len(t) || lineBreak.has(t[j]) {
				break loop
			}
		case c == '\'' && opened == '\'':
			break loop
		}
		j++
	}
	s.walked(i, j)
	return min(j, len(t))
}

// policyWords follow "authorization:" where it is not the name of a header.
var policyWords = strings.Fields("enabled disabled allow allowed denied deny rbac node webhook abac success successful granted not no missing required failed")

// isPolicy tells whether the word after "authorization:" speaks of a policy and is no
// credential.
func isPolicy(t []byte, i int) bool {
	for _, w := range policyWords {
		if hasPrefixFold(t, i, w) && !alnum.has(byteAt(t, i+len(w))) {
			return true
		}
	}
	return false
}

// Clients and proxies print credentials without the name of the header, too, and so do
// people who ask for help. "Basic" and "token" are words of sentences, so what follows must
// look like a credential.

// verifyScheme looks at a credential that stands without the name of its header, as
// in "sent Bearer abc...": the scheme ends at text[end] with one blank.
func (s *Scrubber) verifyScheme(kind literalKind, start, end int) {
	t := s.text
	if c := before(t, start); word.has(c) || c == '.' {
		return
	}
	i := skipBlank(t, end)
	stop, _ := s.runOf(token68, 0, i)
	v := bytes.TrimRight(t[i:stop], ".")
	if c := byteAt(t, stop); c == '(' || c == ':' && !s.isStrong(v, false) || isAttribute(t, i, stop) || isSetting(v) {
		return
	}
	secret := false
	switch kind {
	case basicLiteral:
		secret = isBasic(v)
	case bearerLiteral:
		secret = isBearer(v)
	case tokenWordLiteral: // "token" is a word of every parser, too
		secret = isBearer(v) && s.isStrong(v, false)
	}
	if secret {
		s.mark(detBearer, i, i+len(v))
	}
}

// isSetting tells whether v is a name with its value, as in "token_type=bearer
// expires_in=3600": the signs that fill up a credential stand only at its end.
func isSetting(v []byte) bool {
	return bytes.IndexByte(bytes.TrimRight(v, "="), '=') >= 0
}

// isAttribute tells whether t[i:stop] is the name of a parameter, as in the challenge
// Bearer realm="x": it ends in = and a quote follows.
func isAttribute(t []byte, i, stop int) bool {
	name, ok := bytes.CutSuffix(t[i:stop], []byte("="))
	if !ok || stop == len(t) || !isPlainWord(name) {
		return false
	}
	_, _, quoted := openQuote(t, stop)
	return quoted && len(name) < 20 || !bareStop.has(t[stop]) && t[stop] != '\\'
}

// isBearer tells whether v is a credential: long enough, and no word of a sentence.
func isBearer(v []byte) bool {
	if len(v) < 8 || isTemplate(v) || isPath(v) {
		return false
	}
	hasDigit, lower := false, true
	for _, c := range v {
		hasDigit = hasDigit || isDigit(c)
		lower = lower && (isLower(c) || c == '-')
	}
	return hasDigit || v[len(v)-1] == '=' || len(v) >= 20 && !lower
}

// isBasic tells whether v is base64 of user:password; a long one may be cut short.
func isBasic(v []byte) bool {
	if len(v) < 6 || !all(v, base64Any) {
		return false
	}
	for i := 0; i+4 <= len(v) && i < 64; i += 4 {
		if bytes.IndexByte(decode4(v[i:i+4]), ':') >= 0 {
			return true
		}
	}
	return len(v) >= 24 && isBearer(v)
}

// decode4 decodes four signs of base64; signs that are none count as zero bits.
func decode4(v []byte) []byte {
	n := uint32(0)
	for _, c := range v {
		n = n<<6 | uint32(max(0, strings.IndexByte(base64Alphabet, c)))
	}
	return []byte{byte(n >> 16), byte(n >> 8), byte(n)}
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
