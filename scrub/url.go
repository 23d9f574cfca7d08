package scrub

import "bytes"

// Passwords in URLs are where most of those in logs come from: a client that cannot
// connect prints the address it was given. What is looked for:
//
//	postgres://bob:secret@db/shop           also with @ : %40 in it, and with no user
//	postgres:\/\/bob:secret@db\/shop        JSON as PHP writes it
//	next=postgres%3A%2F%2Fbob%3Asecret%40db a URL in the query of another
//	bob:secret@tcp(db:3306)/shop            the Go driver of MySQL
//	jdbc:oracle:thin:bob/secret@db          Oracle, and sqlplus bob/secret@db

// verifyURL looks at what follows :// for a password: scheme://user:password@host.
// The password ends at the last @ before the path, so that it may hold an @ itself.
func (s *Scrubber) verifyURL(end int) {
	t := s.text
	stop := end
	for stop < len(t) && !hostStop.has(t[stop]) {
		stop++
	}
	s.walked(end, stop)
	colon := bytes.IndexByte(t[end:stop], ':')
	if colon < 0 {
		return
	}
	colon += end
	at := bytes.LastIndexByte(t[colon:stop], '@')
	if at < 0 {
		at = s.beyondPath(colon, stop)
	}
	if at > 0 {
		s.maskUserinfo(end, colon, colon+at)
	}
}

// verifyEscapedURL looks at \/ in case it is the second half of :\/\/, as PHP writes
// the slashes of a URL in JSON; in JSON inside JSON there are more backslashes.
func (s *Scrubber) verifyEscapedURL(end int) {
	t := s.text
	k := backslashesBefore(t, end-1)
	first := end - 1 - k - 1
	if first > k && t[first] == '/' && backslashesBefore(t, first) == k && t[first-k-1] == ':' {
		s.verifyURL(end)
	}
}

// beyondPath looks for the @ behind a / ? or #, which people forget to escape in a
// password. What stands before must not be the port of a host.
func (s *Scrubber) beyondPath(colon, stop int) int {
	t := s.text
	if stop == len(t) || stop == colon+1 || all(t[colon+1:stop], digits) || t[colon+1] == ':' || t[stop] == '\\' {
		return -1
	}
	limit := min(len(t), stop+128)
	i := stop
	for i < limit && (!hostStop.has(t[i]) || t[i] == '/' || t[i] == '?' || t[i] == '#') && t[i] != '=' && t[i] != '&' {
		i++
	}
	s.walked(stop, i)
	return bytes.LastIndexByte(t[colon:i], '@')
}

// maskUserinfo masks the password between the colon and the @. The user stays, unless
// the password says that the user is the token.
func (s *Scrubber) maskUserinfo(user, colon, at int) {
	pw := s.text[colon+1 : at]
	switch {
	// What is empty, a placeholder or masked already stays.
	case len(pw) == 0 || isNull(pw) || isTemplate(pw) || s.isReplacement(pw) || isReference(s.text, colon+1, at, nil, false):
	case string(pw) == "x-oauth-basic" && colon > user:
		if !s.isReplacement(s.text[user:colon]) {
			s.mark(detURLPassword, user, colon)
		}
	default:
		s.mark(detURLPassword, colon+1, at)
	}
}

// verifyEncodedURL looks at a URL that is itself a parameter of another: what follows
// %3A%2F%2F, where the signs of the URL are percent-encoded.
func (s *Scrubber) verifyEncodedURL(end int) {
	t := s.text
	colon, at, i := -1, -1, end
	for i < len(t) && !hostStop.has(t[i]) && t[i] != '&' {
		c, width := letter(t, i)
		switch {
		case width == 1 && c == '%', width > 1 && (c == '/' || c == '?' || c == '#'):
			goto done
		case c == ':' && colon < 0:
			colon = i + width
		case c == '@' && colon >= 0:
			at = i
		}
		i += width
	}
done:
	s.walked(end, i)
	if at > colon && colon >= 0 && !s.isReplacement(t[colon:at]) {
		s.mark(detURLPassword, colon, at)
	}
}

// verifyDSN looks back from @tcp( or @unix( for user:password, as the Go driver of
// MySQL has it.
func (s *Scrubber) verifyDSN(start int) {
	t := s.text
	i := start
	for i > 0 && start-i < longestLookBack*2 && !hostStop.has(t[i-1]) && t[i-1] != '=' && t[i-1] != ',' {
		i--
	}
	s.walked(i, start)
	if colon := bytes.IndexByte(t[i:start], ':'); colon > 0 {
		s.maskUserinfo(i, i+colon, start)
	}
}

// verifyOracle looks at what follows "thin:" and the like: user/password@host.
func (s *Scrubber) verifyOracle(end int) {
	t := s.text
	slash, i := -1, end
	for i < len(t) && i-end < longestLookBack*2 && t[i] != '@' && (!hostStop.has(t[i]) || t[i] == '/') {
		if t[i] == '/' && slash < 0 {
			slash = i
		}
		i++
	}
	s.walked(end, i)
	if slash > end && byteAt(t, i) == '@' {
		s.maskUserinfo(end, slash, i)
	}
}
