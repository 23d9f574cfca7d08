package scrub

import (
	"net/netip"
	"unsafe"
)

// What is known of people is left alone unless a group asks for it. It is replaced by
// a word for what it was, so that a log stays readable.
var placeholders = map[detector]string{detEmail: "[email]", detIP: "[ip]", detPhone: "[phone]", detSSN: "[us-ssn]", detMAC: "[mac]",
	detUUID: "[uuid]", detIMEI: "[imei]", detUserPath: "[user]"}

// longestLocal is the longest part before the @ of an e-mail address, in bytes.
const longestLocal = 64

// fileEndings look like the end of a domain and are none: icon@2x.png.
var fileEndings = wordSet("png jpg jpeg gif svg webp ico js css map json html")

// Addresses of machines on the local host are nobody's, and icon@2x.png is a file.

// verifyEmail looks at an @ at text[start].
func (s *Scrubber) verifyEmail(start int) {
	t := s.text
	i := start
	for i > 0 && start-i < longestLocal && mailLocal.has(t[i-1]) && (t[i-1] != 'm' || !endsColour(t, i)) {
		i--
	}
	i += escapeEnd(t, i)
	for i < start && (t[i] == '.' || t[i] == '-') {
		i++
	}
	j, label, dots := start+1, start+1, 0
	for j < len(t) && (alnum.has(t[j]) || t[j] == '-' || t[j] == '.' && j+1 < len(t) && alnum.has(t[j+1])) {
		if t[j] == '.' {
			dots++
			label = j + 1
		}
		j++
	}
	s.walked(i, j)
	last := t[label:j]
	if i >= start || dots == 0 || len(last) < 2 || !isPlainWord(last) || fileEndings[string(last)] || byteAt(t, j) == ':' && alnum.has(byteAt(t, j+1)) {
		return
	}
	s.mark(detEmail, i, j)
}

// verifyPhone looks at a plus sign at text[start]: 8 to 15 digits follow, the first of
// which is not 0, in groups with single separators.
func (s *Scrubber) verifyPhone(start int) {
	t := s.text
	if c := before(t, start); alnum.has(c) || c == '+' || !isDigit(byteAt(t, start+1)) || t[start+1] == '0' {
		return
	}
	i, end, n := start+1, start+1, 0
	for i < len(t) && n < 16 {
		switch c := t[i]; {
		case isDigit(c):
			n++
			end = i + 1
		case i == end && (c == ' ' || c == '-' || c == '.' || c == '(' || c == '/'):
		case c == '(' || c == ')' || c == ' ' && t[i-1] == ')':
		default:
			n += 16
		}
		i++
	}
	s.walked(start, i)
	if n &= 15; n >= 8 && !alnum.has(byteAt(t, end)) {
		s.mark(detPhone, start, end)
	}
}

// verifyMobile looks at a mobile number of Bangladesh: 01, a digit from 3 to 9 and
// eight more.
func (s *Scrubber) verifyMobile(start int) {
	end, _ := s.runOf(digits, 0, start)
	if c := before(s.text, start); end-start == 11 && !ident.has(c) && c != '.' && c != '-' && c != '+' && !ident.has(byteAt(s.text, end)) {
		s.mark(detPhone, start, end)
	}
}

// addressStride is the length of the shortest address of either version that is
// looked for, in bytes: 1.1.1.1.
const addressStride = 7

// sweepAddresses looks for IPv4 and IPv6 addresses.
func (s *Scrubber) sweepAddresses(t []byte) {
	done := 0
	for i := addressStride - 1; i < len(t); i += addressStride {
		if i < done || !address.has(t[i]) {
			continue
		}
		a, b := s.runAround(address, i, done)
		done = b
		for b > a && (t[b-1] == '.' || t[b-1] == ':' && byteAt(t, b-2) != ':') {
			b--
		}
		if b-a >= addressStride && b-a <= 45 && !ident.has(before(t, a)) && !ident.has(byteAt(t, b)) {
			s.addressIn(a, b)
		}
	}
}

// addressIn masks text[a:b] if it is an address, with a port or without. Addresses that
// every machine has are nobody's.
func (s *Scrubber) addressIn(a, b int) {
	t := s.text
	colons, dots := 0, 0
	port := b
	for i := a; i < b; i++ {
		switch t[i] {
		case ':':
			colons++
			port = i
		case '.':
			dots++
		}
	}
	if dots == 3 && colons <= 1 {
		b = port
	} else if colons < 2 {
		return
	}
	v := t[a:b]
	ip, err := netip.ParseAddr(unsafe.String(&v[0], len(v)))
	if err == nil && !ip.IsLoopback() && !ip.IsUnspecified() {
		s.mark(detIP, a, b)
	}
}

// ssnLength is that of 078-05-1120, in bytes.
const ssnLength = 11

// sweepSSN looks for US social security numbers.
func (s *Scrubber) sweepSSN(t []byte) {
	done := 0
	for i := ssnLength - 1; i < len(t); i += ssnLength {
		if i < done || !ssnRun.has(t[i]) {
			continue
		}
		a, b := s.runAround(ssnRun, i, done)
		done = b
		if b-a == ssnLength && isSSN(t[a:b]) && !ident.has(before(t, a)) && !ident.has(byteAt(t, b)) {
			s.mark(detSSN, a, b)
		}
	}
}

// isSSN tells whether v is ddd-dd-dddd with an area, group and serial that are issued.
func isSSN(v []byte) bool {
	if len(v) != ssnLength || v[3] != '-' || v[6] != '-' || !all(v[:3], digits) || !all(v[4:6], digits) || !all(v[7:], digits) {
		return false
	}
	area, group, serial := string(v[:3]), string(v[4:6]), string(v[7:])
	return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000"
}
