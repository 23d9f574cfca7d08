package scrub

// Addresses of network cards, UUIDs and the numbers of phones are long runs of digits and
// letters up to f; UUIDs and addresses have their dashes and colons at fixed places.

// shapeFinder tells how many bytes at the start of v have a shape, 0 if it is not there.
type shapeFinder struct {
	det  detector
	size int // bytes
	fits func(v []byte) bool
}

// shapeStride is the length of the shortest of the shapes, in bytes.
const shapeStride = 15

// addShapes notes the shapes and literals of the groups that are on.
func (tb *tables) addShapes(on func(group string) bool) {
	for group, f := range map[string]shapeFinder{
		GroupMAC: {detMAC, 17, isMAC}, GroupUUID: {detUUID, 36, isUUID}, GroupIMEI: {detIMEI, 15, isIMEI},
	} {
		if on(group) {
			tb.shapes = append(tb.shapes, f)
		}
	}
	tb.persons = on(GroupPerson)
	if on(GroupUserPath) {
		for _, text := range []string{"/home/", "/users/", `\users\`} {
			tb.lits = append(tb.lits, literal{text: text, kind: userPathLiteral, after: gateOf(word).plus(`\`)})
		}
	}
}

// sweepShapes looks for the shapes.
func (s *Scrubber) sweepShapes(t []byte) {
	done := 0
	for i := shapeStride - 1; i < len(t); i += shapeStride {
		if i < done || !hexRun.has(t[i]) {
			continue
		}
		a, b := s.runAround(hexRun, i, done)
		done = b
		for ; a+shapeStride <= b; a++ {
			if !alnum.has(t[a]) || ident.has(before(t, a)) {
				continue
			}
			for _, f := range s.shapes {
				if f.det == detMAC && (isPart(t, a-2) || isPart(t, a+f.size)) { // of a longer address
					continue
				}
				if a+f.size <= b && !ident.has(byteAt(t, a+f.size)) && f.fits(t[a:a+f.size]) {
					s.mark(f.det, a, a+f.size)
					a += f.size - 1
					break
				}
			}
		}
	}
}

// isPart tells whether :0a or -0a goes on at t[i], or the like before it.
func isPart(t []byte, i int) bool {
	return i >= 0 && (byteAt(t, i) == ':' && anyHex.has(byteAt(t, i+1)) || anyHex.has(byteAt(t, i)) && byteAt(t, i+1) == ':')
}

// isMAC tells whether v is like 00:1a:2b:3c:4d:5e, with colons or with dashes, and
// neither all zeros nor the address of a broadcast.
func isMAC(v []byte) bool {
	same := true
	for i, c := range v {
		if i%3 == 2 {
			if c != v[2] || c != ':' && c != '-' {
				return false
			}
			continue
		}
		if !anyHex.has(c) {
			return false
		}
		same = same && fold(c) == fold(v[0])
	}
	return !same
}

// isIMEI tells whether v is 15 digits that begin as type allocations do and pass the
// checksum.
func isIMEI(v []byte) bool {
	if !all(v, digits) || string(v[:2]) != "35" && string(v[:2]) != "86" && string(v[:2]) != "01" && string(v[:2]) != "99" {
		return false
	}
	var d [15]byte
	for i, c := range v {
		d[i] = c - '0'
	}
	return luhn(d[:])
}

// nobodys are directories beside those of people.
var nobodys = wordSet("shared public default all guest runner root www app ubuntu node deploy")

// verifyUserPath masks the name of a user in the path of a home directory.
func (s *Scrubber) verifyUserPath(start, end int) {
	t := s.text
	if c := t[start+1]; c == 'u' || word.has(before(t, start)) { // /users/7 of an API; host/Users/x of a URL
		return
	}
	for byteAt(t, end) == '\\' { // of JSON
		end++
	}
	i := end
	for i < len(t) && (word.has(t[i]) || t[i] == '.' || t[i] >= 0x80) && i-end < longestLookBack {
		i++
	}
	s.walked(start, i)
	if i > end && !nobodys[lowerASCII(string(t[end:i]))] && !s.isReplacement(t[end:i]) {
		s.mark(detUserPath, end, i)
	}
}
