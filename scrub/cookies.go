package scrub

// Cookies come as the browser sends them, all in one header,
//
//	Cookie: theme=dark; sid=8f3a...; csrftoken=x
//
// or as the server sets them, one a header with attributes behind,
//
//	Set-Cookie: PHPSESSID=8f3a...; path=/; HttpOnly
//
// and in logs either may be in quotes, in a list, in a map, or in a curl command.

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

// pair is one cookie: text[name:eq] is its name, text[begin:end] its value, without the
// quotes if it has some. next is where the pair ends. Without an = eq is 0.
type pair struct{ name, eq, begin, end, next int }

// maskCookies masks the secret ones of the cookies that begin at p.at: a=1; sid=x, or
// a list of such headers.
func (s *Scrubber) maskCookies(n name, p place) {
	t := s.text
	if c := s.cookies; c.start <= p.at && p.at < c.end || s.isMasked(p.at) {
		return
	}
	i, listed := p.at, t[p.at] == '['
	if listed {
		i = skipBlank(t, i+1)
	}
	open := s.levelsAt(i)
	// A list of headers is walked to its end: Node gives set-cookie as one.
	for i < len(t) {
		q, begin, quoted := s.opensQuote(i, &open)
		if !quoted {
			s.maskBareCookies(n, p, i, &open)
			return
		}
		inside := open
		if q.char == '"' && q.depth < len(open) {
			inside[q.depth] = true
		}
		end, after := s.quotedEnd(begin, q, open)
		if s.cookieList(begin, q, true, &inside) == 0 {
			s.maskWeakCookie(n, p, begin, end)
		}
		s.cookies = stretch{p.at, after}
		i = skipBlank(t, after)
		if !listed || after == end || byteAt(t, i) != ',' {
			return
		}
		i = skipBlank(t, i+1)
	}
}

// maskBareCookies masks cookies that are not in quotes.
func (s *Scrubber) maskBareCookies(n name, p place, i int, open *levels) {
	switch c := s.text[i]; {
	case c == '{' && s.isCollection(i):
		n.k = &weakCookie
		s.maskCollection(n, p)
	case p.quoted || s.cookieList(i, quote{}, false, open) == 0:
		p.at = i
		s.maskWeakCookie(n, p, i, s.bareEnd(p))
	}
	s.cookies = stretch{p.at, max(p.at, s.cookies.end)}
}

// maskWeakCookie masks a header that holds no pair.
func (s *Scrubber) maskWeakCookie(n name, p place, begin, end int) {
	if n.k.name != "cookies" && begin < end {
		n.k = &weakCookie
		s.maskText(n, p, begin, end)
	}
}

// cookieList masks the cookies at t[i] and returns how many there are.
func (s *Scrubber) cookieList(i int, q quote, quoted bool, open *levels) (pairs int) {
	t := s.text
	for {
		c := s.cookieAt(i, q, quoted, open)
		if c.eq > 0 {
			pairs++
			s.maskCookie(c)
		}
		if i = c.next; byteAt(t, i) != ';' || c.eq == 0 {
			s.cookies.end = i
			return pairs
		}
		i = skipBlank(t, i+1)
	}
}

// weakCookie is what a cookie header is that holds no pair: a word of a sentence, or
// the bare value of a session.
var weakCookie = key{name: "cookie", kind: weakKey, det: detCookie}

// maskCookie masks the value of one cookie if its name says that it is secret: the theme
// and the language of a user may help to understand an error.
func (s *Scrubber) maskCookie(c pair) {
	v := s.text[c.begin:c.end]
	if isCookieName(s.text[c.name:c.eq]) && len(v) > 0 && !isNull(v) && !isTemplate(v) && !s.isReplacement(v) {
		s.mark(detCookie, c.begin, c.end)
	}
}

// cookieAt reads the pair at t[i].
func (s *Scrubber) cookieAt(i int, q quote, quoted bool, open *levels) pair {
	t := s.text
	c := pair{name: i}
	j := i
	for j < len(t) && !s.endsCookie(j, q, quoted, c.eq > 0) {
		if t[j] == '=' && c.eq == 0 {
			c.eq, c.begin = j, j+1
			if q, begin, ok := s.opensQuote(j+1, open); ok && begin > j+1 { // a="b"
				c.begin = begin
				c.end, c.next = s.quotedEnd(begin, q, *open)
				return c
			}
		}
		j += max(1, s.replacementAt(j), backslashes(t, j))
	}
	s.walked(i, j)
	c.end, c.next = min(j, len(t)), min(j, len(t))
	return c
}

// endsCookie tells whether t[i] ends a cookie, or all of them.
func (s *Scrubber) endsCookie(i int, q quote, quoted, value bool) bool {
	switch c := s.text[i]; c {
	case ';', 0x1b, '\r', '\n', '"':
		return true
	case '\\':
		return endsAtEscape(s.text, i+backslashes(s.text, i))
	case '\'':
		return !quoted || q.char == '\''
	case ',', ']', '}':
		return !quoted && value && s.replacementAt(i) == 0
	case ' ':
		return !quoted
	}
	return false
}
