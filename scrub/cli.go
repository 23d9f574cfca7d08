package scrub

import "bytes"

// Command lines get into logs through shells, cron, Docker and CI, as one text or as the
// list of their arguments. Long flags (--password x, --token=x) are keys like any other;
// short ones mean something only behind the name of their program:
//
//	mysql -u root -psecret            the value stands right behind -p; -p alone asks for it
//	["redis-cli","-a","secret"]       a list of arguments
//	curl -u bob:secret https://...    only what follows the colon

// command is a program that takes a secret in a short flag.
type command struct {
	name     string
	flag     string // with its dash
	attached bool   // the value may stand right behind the flag
	apart    bool   // the value may be the next word
	pair     bool   // the value is user:password
}

// commands are looked for as whole words, also with a path before them.
var commands = [...]command{
	{"mysql", "-p", true, false, false},
	{"mysqldump", "-p", true, false, false},
	{"mysqladmin", "-p", true, false, false},
	{"mysqlimport", "-p", true, false, false},
	{"mariadb", "-p", true, false, false},
	{"sshpass", "-p", true, true, false},
	{"curl", "-u", true, true, true},
	{"curl", "--user", false, true, true},
	{"curl", "--proxy-user", false, true, true},
	{"redis-cli", "-a", false, true, false},
	{"docker login", "-p", true, true, false},
	{"podman login", "-p", true, true, false},
	{"helm registry login", "-p", true, true, false},
	{"mongo", "-p", false, true, false},
	{"mongosh", "-p", false, true, false},
	{"mongodump", "-p", false, true, false},
	{"ldapsearch", "-w", true, true, false},
	{"ldapmodify", "-w", true, true, false},
	{"openssl", "-passin pass:", true, false, false},
	{"openssl", "-passout pass:", true, false, false},
	{"zip", "-P", false, true, false},
	{"unzip", "-P", false, true, false},
}

const mostCommands = len(commands)

// longestCommand is generous: a mysqldump has its password in the first hundred bytes, but
// a curl may have its headers first. It bounds how far the flag is looked for, in bytes.
const longestCommand = 512

// verifyCommand looks at the words after the name of a command, which ends at
// text[end], for its flag.
func (s *Scrubber) verifyCommand(index, start, end int) {
	t, c := s.text, &commands[index]
	if !equalFold(t[start:end], c.name) {
		return
	}
	if b := before(t, start); ident.has(b) || b == '-' || b == '.' {
		return
	}
	seen := &s.commandLines[index]
	if seen.start <= start && start < seen.end {
		return
	}
	limit := min(len(t), end+longestCommand)
	inString := s.levelsAt(start)[0]
	i := end
	for i < limit && (!lineBreak.has(t[i]) || t[i-1] == '\\' || t[i-1] == '\r') && t[i] != '|' && t[i] != ';' && !(inString && t[i] == '"' && t[i-1] != '\\' && !inList(t, i)) {
		if t[i] == '-' && wordStarts(t, i) && bytes.HasPrefix(t[i:], []byte(c.flag)) && !isLongFlag(t, i) {
			s.maskFlag(c, i+len(c.flag))
		}
		i++
	}
	s.walked(end, i)
	*seen = stretch{start, i}
}

// isLongFlag tells whether a flag that begins like -p is another one.
func isLongFlag(t []byte, i int) bool {
	for _, f := range []string{"-port", "-protocol", "-path", "-plugin", "-pipe", "-print", "-user"} {
		if hasPrefixFold(t, i, f) && !ident.has(byteAt(t, i+len(f))) {
			return true
		}
	}
	return false
}

// inList tells whether the quote at t[i] parts the elements of a list of arguments.
func inList(t []byte, i int) bool {
	c, next := t[i-1], byteAt(t, i+1)
	return next == ',' || next == ']' || c == ',' || c == '[' || c == ' ' && next == '-'
}

// wordStarts tells whether t[i] begins an argument: after a blank, or in quotes.
func wordStarts(t []byte, i int) bool {
	c := t[i-1]
	return blank.has(c) || lineBreak.has(c) || isQuote(c) || c == ',' || c == 'n' && before(t, i-1) == '\\'
}

// maskFlag masks the value of a flag that ends at t[i].
func (s *Scrubber) maskFlag(c *command, i int) {
	t := s.text
	if i >= len(t) {
		return
	}
	n := name{k: &flagValue, start: i, stem: i, end: i}
	p := place{at: i}
	switch {
	case c.attached && !blank.has(t[i]) && !isQuote(t[i]) && t[i] != '\\' && t[i] != ',':
	case c.attached && isQuote(t[i]) && i+1 < len(t) && !blank.has(t[i+1]) && t[i+1] != ',' && t[i+1] != ']':
	case c.apart && t[i] == '=':
		p.at++
	case c.apart && blank.has(t[i]):
		if p.at = skipBlank(t, i); byteAt(t, p.at) == '-' {
			return
		}
	case c.apart:
		at, ok := nextArgument(t, i)
		if !ok {
			return
		}
		p.at = at
	default:
		return
	}
	if p.at < len(t) {
		s.maskArgument(c, n, p)
	}
}

// nextArgument steps from the quote that ends one argument of a list to the quote that
// begins the next: "-p","secret".
func nextArgument(t []byte, i int) (at int, ok bool) {
	_, i, ok = openQuote(t, i)
	if !ok {
		return 0, false
	}
	i = skipBlank(t, i)
	if byteAt(t, i) == ',' {
		i = skipBlank(t, i+1)
	}
	_, _, ok = openQuote(t, i)
	return i, ok
}

// maskArgument masks the argument at p.at, or what follows the colon in it.
func (s *Scrubber) maskArgument(c *command, n name, p place) {
	if !c.pair {
		s.maskValue(n, p)
		return
	}
	t := s.text
	begin, end := p.at, 0
	open := s.levelsAt(p.at)
	if q, next, ok := s.opensQuote(p.at, &open); ok {
		begin = next
		end, _ = s.quotedEnd(next, q, open)
	} else {
		end = s.bareEnd(p)
	}
	colon := bytes.IndexByte(t[begin:end], ':')
	if colon < 0 || isTemplate(t[begin:end]) {
		return
	}
	if p.at = begin + colon + 1; p.at == end && begin+1 < end && s.isStrong(t[begin:end-1], true) { // a token as the user, no password
		end, p.at = end-1, begin
	}
	if _, _, ok := openQuote(t, p.at); ok && p.at == end { // bob:'secret'
		s.maskValue(n, p)
		return
	}
	if s.judge(n, p, p.at, end, true) {
		s.mark(detFlag, p.at, end)
	}
}

// flagValue is the key under which the value of a short flag is masked.
var flagValue = key{name: "flag", kind: strongKey, det: detFlag}
