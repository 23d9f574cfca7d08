package unwrap

import "bytes"

// Prefixes that start with the name of a container or process, padded so that
// the text of all of them starts in one column:
//
//	web-1   | text                                  docker compose
//	web_1   | text                                  docker-compose 1.x
//	web.1.k7m2n9x4c8v5b6z3p1q0w2e4r@node-1 | text   docker service logs
//	05:30:00 web.1  | text                          foreman, honcho

// named reads a prefix that starts with a bare name.
func (l *level) named(b []byte) int {
	n := span(b, 0, nameByte)
	if n >= len(b) || b[n] != ' ' || n == 0 {
		return 0
	}
	pipe := n + 1
	for pipe < len(b) && b[pipe] == ' ' {
		pipe++
	}
	switch {
	case pipe < len(b) && b[pipe] == '|':
		return l.compose(b, n, pipe)
	case pipe == n+1 && (isPod(b[:n]) || l.sure):
		return l.stern(b, n)
	}
	return 0
}

// compose reads "name  | ", of which the name ends at n. Tables look alike: their
// first cells change from row to row, but the name of a container comes again.
func (l *level) compose(b []byte, n, pipe int) int {
	name, end := b[:n], behindPipe(b, pipe)
	if end == 0 || !l.allow.has(Compose) || isLevel(name) || !hasLetter(name) {
		return 0
	}
	padded := pipe >= n+2 // compose puts two blanks behind the longest name
	numbered := isNumbered(name)
	need := int8(1)
	switch {
	case l.sure:
	case l.knows(Compose):
		if pipe != l.column && !numbered {
			return 0
		}
	case !padded:
		return 0
	case l.plain || !numbered:
		if pipe != l.column || !bytes.Equal(name, l.name) {
			l.startOver()
		}
		l.plain, l.undecided = true, true
		l.name = append(l.name[:0], name...)
		need = 3
		if numbered {
			need = 2
		}
	}
	l.column = pipe
	if !l.vouch(Compose, need) {
		return 0
	}
	l.found = prefix{carrier: Compose, writer: name}
	return end
}

// foreman reads "05:30:00 name.1  | ".
func (l *level) foreman(b []byte) int {
	if len(b) < 12 || !clock.fits(b) || b[8] != ' ' || !l.allow.has(Foreman) {
		return 0
	}
	n := span(b, 9, nameByte)
	pipe := n
	for pipe < len(b) && b[pipe] == ' ' {
		pipe++
	}
	end := behindPipe(b, pipe)
	if n == 9 || pipe == n || end == 0 {
		return 0
	}
	name := b[9:n]
	if !isNumbered(name) && !l.sure && !(string(name) == "system" && l.knows(Foreman)) {
		return 0
	}
	l.vouch(Foreman, 1)
	l.found = prefix{carrier: Foreman, writer: name, layout: clockTime, stamp: b[:8]}
	return end
}

// behindPipe gives the index of the text behind "| ", 0 if there is none. The
// blank may be missing on an empty line.
func behindPipe(b []byte, pipe int) int {
	switch {
	case pipe >= len(b) || b[pipe] != '|':
		return 0
	case pipe+1 == len(b):
		return pipe + 1
	case b[pipe+1] == ' ':
		return pipe + 2
	}
	return 0
}

// isNumbered reports whether a name ends in the number of a replica: web-1,
// web_1, web.1, or a task of a swarm service.
func isNumbered(name []byte) bool {
	if at := bytes.IndexByte(name, '@'); at > 0 {
		return bytes.Count(name[:at], []byte{'.'}) >= 2
	}
	n := len(name)
	for n > 0 && digit(name[n-1]) {
		n--
	}
	return n < len(name) && n > 1 && (name[n-1] == '-' || name[n-1] == '_' || name[n-1] == '.')
}

func hasLetter(name []byte) bool {
	for _, c := range name {
		if class[c]&letter != 0 {
			return true
		}
	}
	return false
}
