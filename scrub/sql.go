package scrub

// Statements that set a password are logged by the databases themselves, in slow-query
// and audit logs and in the errors of migrations. PASSWORD 'x' is handled as a key
// (pair.go); what is here is the older way of Oracle, MySQL and MariaDB:
//
//	CREATE USER bob IDENTIFIED BY 'secret'
//	ALTER USER bob IDENTIFIED WITH mysql_native_password BY 'secret'

// verifyIdentified looks at IDENTIFIED BY (and IDENTIFIED WITH plugin BY/AS): the
// password follows in quotes or, with Oracle, as it is.
func (s *Scrubber) verifyIdentified(start, end int) {
	t := s.text
	if !s.inStatement(start) {
		return
	}
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

// inStatement tells whether the word at t[i] is part of a statement rather than of a
// sentence: it is in capitals, or the line speaks of a user, role or grant before.
func (s *Scrubber) inStatement(i int) bool {
	t := s.text
	if isUpper(t[i]) && isUpper(t[i+1]) {
		return true
	}
	for j := i; j > 0 && i-j < 2*longestLookBack && !lineBreak.has(t[j-1]); j-- {
		s.work++
		switch fold(t[j]) {
		case 'u', 'r', 'g':
			if isWord(t, j, "user") || isWord(t, j, "role") || isWord(t, j, "grant") {
				return true
			}
		}
	}
	return false
}

// sqlPassword is the key under which a password of an SQL statement is masked.
var sqlPassword = key{name: "identified by", kind: strongKey, det: detSQL}
