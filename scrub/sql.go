package scrub

// verifyIdentified looks at IDENTIFIED BY (and IDENTIFIED WITH plugin BY/AS): the
// password follows in quotes or, with Oracle, as it is.
func (s *Scrubber) verifyIdentified(end int) {
	t := s.text
	i := skipBlank(t, end)
	if hasPrefixFold(t, i, "with ") {
		i = skipBlank(t, i+len("with "))
		for i < len(t) && (ident.has(t[i]) || t[i] == '\'' || t[i] == '"') && i-end < 64 {
			i++
		}
		i = skipBlank(t, i)
	}
	switch {
	case hasPrefixFold(t, i, "by "), hasPrefixFold(t, i, "as "):
		i = skipBlank(t, i+3)
	default:
		return
	}
	if hasPrefixFold(t, i, "password ") {
		i = skipBlank(t, i+len("password "))
	}
	n := name{k: &sqlPassword, start: i, stem: i, end: i}
	p := place{at: i, spaced: true}
	if i < len(t) {
		s.maskValue(n, p)
	}
}

// sqlPassword is the key under which a password of an SQL statement is masked.
var sqlPassword = key{name: "identified by", kind: strongKey, det: detSQL}
