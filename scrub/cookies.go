package scrub

// cookieWords in the name of a cookie make its value secret.
var cookieWords = []string{"sess", "sid", "auth", "token", "csrf", "xsrf", "jwt", "key", "sudo", "symfony", "secret", "pass", "remember", "login"}

// isCookieName tells whether a cookie of that name is secret.
func isCookieName(name []byte) bool {
	for i := range name {
		for _, w := range cookieWords {
			if hasPrefixFold(name, i, w) {
				return true
			}
		}
	}
	return len(name) == 2 && equalFold(name, "su")
}

// maskCookies masks the secret ones of the cookies that begin at p.at: a=1; sid=x.
func (s *Scrubber) maskCookies(n name, p place) {
	t := s.text
	if c := s.cookies; c.start <= p.at && p.at < c.end || s.isMasked(p.at) {
		return
	}
	i := p.at
	if t[i] == '[' {
		i = skipBlank(t, i+1)
	}
	inString := s.inString(i)
	q, begin, quoted := openQuote(t, i)
	if quoted {
		i = begin
	}
	first := i
	pairs := 0
	for {
		eq, end := s.cookiePair(i, q, quoted, inString)
		if eq > i {
			pairs++
			if isCookieName(t[i:eq]) && !isNull(t[eq+1:end]) && !s.isReplacement(t[eq+1:end]) && !isTemplateOrEmpty(t[eq+1:end]) {
				s.mark(detCookie, eq+1, end)
			}
		}
		if i = end; byteAt(t, i) != ';' || eq <= 0 {
			break
		}
		i = skipBlank(t, i+1)
	}
	s.cookies = stretch{p.at, i}
	if pairs == 0 && n.k.name != "cookies" {
		n.k = &weakCookie
		p.at = first
		s.maskText(n, p, first, i)
	}
}

// weakCookie is what a cookie header is that holds no pair: a word of a sentence, or
// the bare value of a session.
var weakCookie = key{name: "cookie", kind: weakKey, det: detCookie}

func isTemplateOrEmpty(v []byte) bool { return len(v) == 0 || isTemplate(v) }

// cookiePair finds the = and the end of the pair at t[i]; eq is 0 if there is none.
func (s *Scrubber) cookiePair(i int, q quote, quoted, inString bool) (eq, end int) {
	t := s.text
	j := i
	for ; j < len(t) && t[j] != ';' && t[j] != 0x1b && !lineBreak.has(t[j]); j++ {
		if n := s.replacementAt(j); n > 0 {
			j += n - 1
			continue
		}
		c := t[j]
		switch {
		case c == '=' && eq == 0:
			eq = j
		case c == '"' && (inString || !quoted || q.char == '"'), c == '\'' && quoted && q.char == '\'', !quoted && c == '\'':
			return s.pairEnds(i, eq, j)
		case c == '\\':
			k := backslashes(t, j)
			if endsAtEscape(t, j+k) {
				return s.pairEnds(i, eq, j)
			}
			j += k
			if j >= len(t) || lineBreak.has(t[j]) {
				return s.pairEnds(i, eq, min(j, len(t)))
			}
		case !quoted && (c == ',' || c == ']' || c == '}' || c == ' ') && eq > 0:
			return s.pairEnds(i, eq, j)
		case !quoted && c == ' ':
			return s.pairEnds(i, eq, j)
		}
	}
	return s.pairEnds(i, eq, j)
}

func (s *Scrubber) pairEnds(i, eq, end int) (int, int) {
	s.work += end - i + 1
	return eq, end
}
