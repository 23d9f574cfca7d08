package record

// stamp is the shape of a timestamp. Each is documented with a sample.
type stamp uint8

const (
	noStamp     stamp = iota
	isoStamp          // 2026-11-22 05:30:00,123 +0000; T or _ between; - . or / in the date; fraction and zone may lack
	clockStamp        // 05:30:00.123, 5:30:00 AM, 5:30AM
	dmyStamp          // 22-Nov-2026 05:28:01.123 UTC, 22/Nov/2026:05:28:01 +0000, 22 Nov 2026 06:02:56.275, 22Nov2026 05:30:00
	monthStamp        // Nov 22 05:30:00, Nov 22, 2026 5:28:01 AM
	ctimeStamp        // Sun Nov 22 05:30:00.123456 2026, Sun Nov 22 05:30:00 UTC 2026
	usStamp           // 11/22/2026, 5:28:01 AM; 11/22/26 5:30:00:123 UTC; 22.11.2026 05:30:00 (day first with dots)
	sparkStamp        // 26/11/22 05:30:00 (year first)
	monthDay          // 11-22 05:28:01.123, 11-22|05:30:00.123
	packedStamp       // 20261122 05:30:00.123, 20261122-05:30:00:123, 20261122T053000Z, 261122 05:30:00, 261122 053000 148
	epochStamp        // 1795327121.29 seconds, 1795325244387 milliseconds, 1.795327121290706e+09
)

// stampAt reads a timestamp at p; end is p if there is none.
// Whether the numbers make a date is not asked here: a log with a 32nd of May
// still has one record a line.
func stampAt(b []byte, p int) (s stamp, end int) {
	if end = isoAt(b, p); end > p {
		return isoStamp, end
	}
	switch c := class[at(b, p)]; {
	case c&digit != 0:
		return digitStamp(b, p)
	case c&letter != 0:
		return namedStamp(b, p)
	}
	return noStamp, p
}

// Bytes of "dddd-dd-" and "dd dd:dd" that are digits.
const (
	isoDate  = 0x00FFFF00FFFFFFFF
	isoClock = 0xFFFF00FFFF00FFFF
)

// isoAt gives the end of an ISO-like timestamp at p, or p.
func isoAt(b []byte, p int) int {
	if p+19 > len(b) || !digitMask(load8(b, p), isoDate) {
		return p
	}
	sep := b[p+4]
	if sep != '-' && sep != '/' && sep != '.' || b[p+7] != sep {
		return p
	}
	if digitMask(load8(b, p+8), isoClock) && b[p+13] == ':' && b[p+16] == ':' && isDigit(b[p+17]) && isDigit(b[p+18]) {
		switch b[p+10] {
		case ' ', 'T', '_', '-':
			return zoneEnd(b, fractionEnd(b, p+19))
		}
	}
	return isoOddAt(b, p)
}

// isoOddAt knows the rarer joints between an ISO date and a clock:
// GIN's "2026/11/22 - 05:30:00", Airflow's "2026-11-22, 05:30:00 UTC", MariaDB's
// blank-padded hour, Unreal's "2018.10.29-16.56.37:542".
func isoOddAt(b []byte, p int) int {
	if !isDigit(b[p+8]) || !isDigit(b[p+9]) {
		return p
	}
	q := p + 10
	switch {
	case has(b, q, " - "):
		q += 3
	case has(b, q, ", "), has(b, q, "  "):
		q += 2
	case b[q] == '-' || b[q] == '_' || b[q] == ' ' || b[q] == 'T' || b[q] == '|':
		q++
	default:
		return p
	}
	end := clockEnd(b, q)
	if end == q {
		return p
	}
	return zoneEnd(b, end)
}

// clockEnd gives the end of [h]h:mm:ss[.fraction][ AM] at p, or p. Dots may
// stand for colons.
func clockEnd(b []byte, p int) int {
	q := skip(b, p, digit)
	if q == p || q > p+2 {
		return p
	}
	sep := at(b, q)
	if sep != ':' && sep != '.' || !twoDigits(b, q+1) {
		return p
	}
	if at(b, q+3) == sep && twoDigits(b, q+4) {
		return fractionEnd(b, q+6)
	}
	return p
}

// fractionEnd skips a fraction of a second: a dot, comma or colon and 1 to 9 digits.
//
//	.123456  ,812  :606
func fractionEnd(b []byte, p int) int {
	if c := at(b, p); c != '.' && c != ',' && c != ':' {
		return p
	}
	if q := skip(b, p+1, digit); q > p+1 && q <= p+10 {
		return q
	}
	return p
}

// zoneEnd skips a time zone at p: Z, +00:00, +0000, " +0000", " UTC".
//
//	05:30:00Z  05:30:00+00:00  05:30:00 +0000  05:30:00 UTC  05:30:00 +06
func zoneEnd(b []byte, p int) int {
	switch at(b, p) {
	case 'Z', 'z':
		if class[at(b, p+1)]&wordRun == 0 {
			return p + 1
		}
	case '+', '-':
		return offsetEnd(b, p, p)
	case ' ':
		switch c := at(b, p+1); {
		case c == '+' || c == '-':
			return offsetEnd(b, p+1, p)
		case c >= 'A' && c <= 'Z' && p+4 <= len(b):
			return namedZoneEnd(b, p)
		}
	}
	return p
}

// offsetEnd gives the end of a numeric zone at p, or no.
func offsetEnd(b []byte, p, no int) int {
	q := skip(b, p+1, digit)
	switch q - p {
	case 5: // +0000
		return q
	case 3: // +00:00, or +06 as PostgreSQL writes
		if at(b, q) == ':' && twoDigits(b, q+1) {
			return q + 3
		}
		if no < p && (class[at(b, q)]&blank != 0 || q == len(b)) {
			return q
		}
	}
	return no
}

// namedZoneEnd skips " UTC" and the like at p. Only zones that loggers are
// known to print are taken: four capitals after a time are more often a level.
func namedZoneEnd(b []byte, p int) int {
	q := skip(b, p+1, letter)
	if class[at(b, q)]&wordRun != 0 {
		return p
	}
	if at(b, q) == '/' { // Europe/Berlin
		if r := skip(b, q+1, wordRun|nameRun); at(b, r) == ']' {
			return r
		}
		return p
	}
	if _, ok := zoneOffset(b[p+1 : q]); ok {
		return q
	}
	return p
}

// zoneOffset gives the offset in seconds of a zone's name.
func zoneOffset(name []byte) (seconds int, ok bool) {
	const hour = 3600
	switch string(name) {
	case "UTC", "GMT", "Z", "WET":
		return 0, true
	case "CET", "BST", "WEST":
		return hour, true
	case "CEST", "EET", "SAST":
		return 2 * hour, true
	case "EEST", "MSK":
		return 3 * hour, true
	case "IST":
		return 5*hour + hour/2, true
	case "SGT", "HKT", "AWST":
		return 8 * hour, true
	case "JST", "KST":
		return 9 * hour, true
	case "AEST":
		return 10 * hour, true
	case "AEDT":
		return 11 * hour, true
	case "EST", "CDT":
		return -5 * hour, true
	case "EDT":
		return -4 * hour, true
	case "CST", "MDT":
		return -6 * hour, true
	case "MST", "PDT":
		return -7 * hour, true
	case "PST":
		return -8 * hour, true
	}
	return 0, false
}

// isDigit tells whether c is an ASCII digit.
func isDigit(c byte) bool { return c-'0' <= 9 }

// twoDigits tells whether two digits stand at p.
func twoDigits(b []byte, p int) bool {
	return p+1 < len(b) && isDigit(b[p]) && isDigit(b[p+1])
}
