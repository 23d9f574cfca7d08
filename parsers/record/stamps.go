package record

// digitStamp reads the timestamps other than ISO that begin with a digit.
func digitStamp(b []byte, p int) (stamp, int) {
	q := skip(b, p, digit)
	c := at(b, q)
	switch n := q - p; {
	case c == ':' && n <= 2:
		return clockAt(b, p)
	case n <= 2:
		return dayStamp(b, p, q)
	case (n == 6 || n == 8) && (c == ' ' || c == '-' || c == 'T' || c == '_'):
		return packedAt(b, p, q)
	case c == '.' || n == 10 || n == 13:
		return epochAt(b, p, q)
	}
	return noStamp, p
}

// clockAt reads a time of day, with AM or PM.
//
//	05:30:00.123   5:30:00 AM   5:30AM
func clockAt(b []byte, p int) (stamp, int) {
	end := clockEnd(b, p)
	if end == p { // zerolog's 5:30AM
		q := skip(b, p, digit)
		if at(b, q) == ':' && twoDigits(b, q+1) && halfDay(b, q+3) > 0 {
			return clockStamp, q + 3 + halfDay(b, q+3)
		}
		return noStamp, p
	}
	return clockStamp, zoneEnd(b, end+halfDay(b, end))
}

// halfDay gives the length of "AM", " AM", "PM" or " PM" at p, or 0. Newer
// JDKs and ICU put a narrow no-break space in between.
func halfDay(b []byte, p int) int {
	q := p
	switch {
	case at(b, q) == ' ':
		q++
	case has(b, q, "\u202f"), has(b, q, "\u00a0"):
		q += len("\u202f")
		if b[p] == 0xC2 {
			q = p + len("\u00a0")
		}
	}
	if c := at(b, q) | 0x20; (c == 'a' || c == 'p') && at(b, q+1)|0x20 == 'm' && class[at(b, q+2)]&wordRun == 0 {
		return q + 2 - p
	}
	return 0
}

// dayStamp reads the timestamps that begin with a day, a month or a short
// year: one or two digits up to q.
func dayStamp(b []byte, p, q int) (stamp, int) {
	c := at(b, q)
	switch {
	case c == '.' && q-p == 1 && has(b, skip(b, q+1, digit), "e+"):
		return epochAt(b, p, q)
	case class[c]&letter != 0 && monthAt(b, q) > 0: // 22Nov2026
		return dmyAt(b, p, q)
	case (c == '-' || c == '/' || c == ' ' || c == '.') && monthAt(b, q+1) > 0:
		return dmyAt(b, p, q+1)
	case c == '/' || c == '.':
		return slashAt(b, p, q)
	case c == '-' && twoDigits(b, q+1) && q-p == 2:
		if s := at(b, q+3); s == ' ' || s == '|' || s == 'T' {
			if end := clockEnd(b, q+4); end > q+4 {
				return monthDay, zoneEnd(b, end)
			}
		}
	}
	return noStamp, p
}

// dmyAt reads what follows the day of a date with a month's name at m.
//
//	22-Nov-2026 05:28:01.123  22/Nov/2026:05:28:01 +0000  22 Nov 2026 06:02:56.275
//	22Nov2026 05:30:00  22-Nov-2026::05:31:18.489673
func dmyAt(b []byte, p, m int) (stamp, int) {
	q := m + 3
	if c := at(b, q); c == '-' || c == '/' || c == ' ' || c == '.' {
		q++
	}
	if !twoDigits(b, q) || !twoDigits(b, q+2) {
		return noStamp, p
	}
	q += 4
	for range 2 { // Erlang has two colons
		if c := at(b, q); c == ' ' || c == ':' || c == ',' || c == 'T' {
			q++
		}
	}
	if end := clockEnd(b, q); end > q {
		return dmyStamp, zoneEnd(b, end)
	}
	return noStamp, p
}

// slashAt reads d/d/d and d.d.d dates followed by a time of day.
//
//	11/22/2026, 5:28:01 AM     en-US, Nest
//	11/22/2026 05:30:00.123    Akka
//	11/22/26 5:30:00:123 UTC   WebSphere
//	26/11/22 05:30:00          Spark: year first
//	22.11.2026 05:30:00        day first
func slashAt(b []byte, p, q int) (stamp, int) {
	sep := b[q]
	r := skip(b, q+1, digit)
	y := skip(b, r+1, digit)
	if n := r - q - 1; n < 1 || n > 2 || at(b, r) != sep || y-r-1 != 2 && y-r-1 != 4 {
		return noStamp, p
	}
	short := y-r-1 == 2
	if at(b, y) == ',' {
		y++
	}
	if c := at(b, y); c != ' ' && c != ':' && c != '-' && c != 'T' {
		return noStamp, p
	}
	y++
	end := clockEnd(b, y)
	if end == y {
		return noStamp, p
	}
	half := halfDay(b, end)
	s := usStamp
	if short && half == 0 && sep == '/' && q-p == 2 && r-q == 3 && at(b, end-4) != ':' {
		s = sparkStamp
	}
	return s, zoneEnd(b, end+half)
}

// packedAt reads dates of six or eight digits up to q, with a time of day.
//
//	20261122 05:30:00.123  20171223-22:15:29:606  20261122T053000Z  261122 05:30:00  081109 203615
func packedAt(b []byte, p, q int) (stamp, int) {
	if end := clockEnd(b, q+1); end > q+1 {
		return packedStamp, zoneEnd(b, end)
	}
	// "261122  5:30:00" is how old MySQL pads the hour.
	if at(b, q+1) == ' ' {
		if end := clockEnd(b, q+2); end > q+2 {
			return packedStamp, end
		}
	}
	r := skip(b, q+1, digit)
	if r-q-1 != 6 || class[at(b, r)]&letter != 0 && b[r] != 'Z' {
		return noStamp, p
	}
	return packedStamp, zoneEnd(b, fractionEnd(b, r))
}

// epochAt reads seconds or milliseconds since 1970, from 2001 on.
// A bare number of ten digits is a number more often than a time: callers take
// it only together with a level.
func epochAt(b []byte, p, q int) (stamp, int) {
	if b[p] != '1' && b[p] != '2' {
		return noStamp, p
	}
	n := q - p
	switch {
	case n == 1 && at(b, q) == '.': // zap's 1.795327121290706e+09
		r := skip(b, q+1, digit)
		if r-q > 6 && has(b, r, "e+") && twoDigits(b, r+2) {
			return epochStamp, r + 4
		}
	case n == 10 && at(b, q) == '.':
		if r := skip(b, q+1, digit); r > q+1 && r < q+11 && class[at(b, r)]&letter == 0 {
			return epochStamp, r
		}
	case (n == 10 || n == 13) && class[at(b, q)]&(letter|underscore|nameRun) == 0:
		return epochStamp, q
	}
	return noStamp, p
}

// namedStamp reads the timestamps that begin with the name of a month or weekday.
func namedStamp(b []byte, p int) (stamp, int) {
	if monthAt(b, p) > 0 {
		return monthFirst(b, p)
	}
	if !weekdayAt(b, p) {
		return noStamp, p
	}
	q := p + 3
	if at(b, q) == ',' { // Sun, 22 Nov 2026 05:30:00 GMT
		q = skipBlanks(b, q+1)
		if s, end := digitStamp(b, q); s == dmyStamp {
			return dmyStamp, end
		}
		return noStamp, p
	}
	q = skipBlanks(b, q)
	if monthAt(b, q) == 0 {
		return noStamp, p
	}
	return ctimeAt(b, p, q)
}

// monthFirst reads "Nov 22 05:30:00" and "Nov 22, 2026 5:28:01 AM".
//
//	Nov 22 05:30:00   Nov  2 05:30:00.123   Nov 22, 2026 5:28:01 AM   Nov 22 2026 05:30:00
func monthFirst(b []byte, p int) (stamp, int) {
	d := skipBlanks(b, p+3)
	q := skip(b, d, digit)
	if q == d || q > d+2 || d == p+3 {
		return noStamp, p
	}
	if at(b, q) == ',' {
		q++
	}
	if at(b, q) != ' ' {
		return noStamp, p
	}
	q++
	if twoDigits(b, q) && twoDigits(b, q+2) && at(b, q+2) != ':' {
		q += 4
		if at(b, q) == ',' {
			q++
		}
		if at(b, q) != ' ' {
			return noStamp, p
		}
		q++
	}
	end := clockEnd(b, q)
	if end == q {
		return noStamp, p
	}
	return monthStamp, zoneEnd(b, end+halfDay(b, end))
}

// ctimeAt reads "Nov 22 05:30:00.123456 2026" at m, behind a weekday.
func ctimeAt(b []byte, p, m int) (stamp, int) {
	s, q := monthFirst(b, m)
	if s == noStamp {
		return noStamp, p
	}
	if c := at(b, q); c == '+' || c == '-' {
		return jsDate(b, p, q)
	}
	if q = zoneEnd(b, q); at(b, q) == ' ' && twoDigits(b, q+1) && twoDigits(b, q+3) && !isDigit(at(b, q+5)) {
		return ctimeStamp, q + 5
	}
	return noStamp, p
}

// jsDate goes on at the offset of JavaScript's own form of a date,
// "Sun Nov 22 2026 05:30:00 GMT+0100 (Central European Standard Time)".
func jsDate(b []byte, p, q int) (stamp, int) {
	e := offsetEnd(b, q, q)
	if e == q {
		return noStamp, p
	}
	if has(b, e, " (") {
		if _, end, ok := group(b, e+1); ok {
			e = end
		}
	}
	return monthStamp, e
}

// monthAt gives the number of the month whose English abbreviation stands at p
// in title case, or 0.
func monthAt(b []byte, p int) int {
	if p+3 > len(b) {
		return 0
	}
	switch uint32(b[p]) | uint32(b[p+1])<<8 | uint32(b[p+2])<<16 {
	case 'J' | 'a'<<8 | 'n'<<16:
		return 1
	case 'F' | 'e'<<8 | 'b'<<16:
		return 2
	case 'M' | 'a'<<8 | 'r'<<16:
		return 3
	case 'A' | 'p'<<8 | 'r'<<16:
		return 4
	case 'M' | 'a'<<8 | 'y'<<16:
		return 5
	case 'J' | 'u'<<8 | 'n'<<16:
		return 6
	case 'J' | 'u'<<8 | 'l'<<16:
		return 7
	case 'A' | 'u'<<8 | 'g'<<16:
		return 8
	case 'S' | 'e'<<8 | 'p'<<16:
		return 9
	case 'O' | 'c'<<8 | 't'<<16:
		return 10
	case 'N' | 'o'<<8 | 'v'<<16:
		return 11
	case 'D' | 'e'<<8 | 'c'<<16:
		return 12
	}
	return 0
}

// weekdayAt tells whether an abbreviated English weekday stands at p.
func weekdayAt(b []byte, p int) bool {
	if p+3 > len(b) {
		return false
	}
	switch string(b[p : p+3]) {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return true
	}
	return false
}
