package record

import "bytes"

// quickKlog reads klog's header where it has its usual form:
//
//	I1122 05:58:41.367287   10071 main.go:87] controller up
func quickKlog(line []byte) (h Head, ok bool) {
	if len(line) < len("I1122 05:58:41.367287 1 a:1]") || !digitMask(load8(line, 1), 0x00FFFF00FFFFFFFF) {
		return Head{}, false
	}
	w := load8(line, 9)
	if line[5] != ' ' || line[8] != ':' || !digitMask(w, 0xFFFF00FFFF00FFFF) || line[11] != ':' || line[14] != '.' {
		return Head{}, false
	}
	l := letterLevel(line[0])
	p := 17
	for p < 24 && p < len(line) && isDigit(line[p]) {
		p++
	}
	if l == Unknown || p >= len(line) || line[p] != ' ' {
		return Head{}, false
	}
	b := line[:min(len(line), maxToken)]
	p = skipBlanks(b, p)
	p = skipBlanks(b, skip(b, p, digit))
	i := bytes.IndexByte(b[p:], ']')
	if i < 0 || bytes.IndexByte(b[p:p+i], ':') < 0 {
		return Head{}, false
	}
	if p += i + 1; p+1 >= len(line) {
		return Head{}, false
	}
	return Head{Kind: Klog, Level: l, Msg: skipOne(line, p), Embedded: closesObject(line) && embeds(line)}, true
}

// bracketSoon tells whether a bracket stands where an access log has its time:
// a line that begins with a small letter and a blank may be nothing else.
func bracketSoon(line []byte) bool {
	i := bytes.IndexByte(line[:min(len(line), maxHost)], '[')
	return i > 3 && line[i-1] == ' '
}

// quickAccess reads an access log line that begins with an IPv4 address.
// Every third line of a busy web server's machine is one of these.
func quickAccess(b []byte) (Head, bool) {
	p := 0
	for range 3 {
		q := skip(b, p, digit)
		if q == p || q > p+3 || at(b, q) != '.' {
			return Head{}, false
		}
		p = q + 1
	}
	i := bytes.IndexByte(b[:min(len(b), maxHost)], '[')
	if i < 4 || b[i-1] != ' ' || i+28 > len(b) {
		return Head{}, false
	}
	p = i + 1
	if !digitMask(load8(b, p), 0xFF0000000000FFFF) || b[p+2] != '/' || b[p+6] != '/' || monthAt(b, p+3) == 0 ||
		!digitMask(load8(b, p+8), 0xFF00FFFF00FFFFFF) || b[p+11] != ':' || b[p+14] != ':' ||
		!digitMask(load8(b, p+16), 0xFFFF0000FFFF00FF) || b[p+17] != ':' ||
		b[p+20] != ' ' || b[p+21] != '+' && b[p+21] != '-' || !isDigit(b[p+24]) || !isDigit(b[p+25]) || b[p+26] != ']' {
		return Head{}, false
	}
	return Head{Kind: Access}, true
}
