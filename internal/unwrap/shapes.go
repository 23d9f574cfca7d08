package unwrap

import "encoding/binary"

// shape is an eight-byte pattern of digits and fixed characters. A block of
// bytes is compared with it in one step: the lanes of flip turn the fixed
// characters into 0 and digits into 0..9, and adding slack carries any other
// value into the upper half of its lane.
type shape struct{ flip, slack uint64 }

// newShape reads "9" as any digit and everything else as itself.
func newShape(pattern string) (s shape) {
	for i := 7; i >= 0; i-- {
		flip, slack := uint64(pattern[i]), uint64(0x0f)
		if pattern[i] == '9' {
			flip, slack = '0', 6
		}
		s.flip, s.slack = s.flip<<8|flip, s.slack<<8|slack
	}
	return s
}

// fits reports whether the first eight bytes of b have the shape.
func (s shape) fits(b []byte) bool {
	x := binary.LittleEndian.Uint64(b) ^ s.flip
	return (x|(x+s.slack))&0xf0f0f0f0f0f0f0f0 == 0
}

var (
	yearMonth  = newShape("9999-99-")
	dayHour    = newShape("99T99:99")
	dayHourGap = newShape("99 99:99")
	clock      = newShape("99:99:99")
)

// rfc3339 gives the length of the RFC 3339 timestamp at the start of b and the
// number of digits of its fraction, or 0. The offset may lack its colon.
func rfc3339(b []byte) (n, fraction int) {
	if len(b) < 20 || !yearMonth.fits(b) || !dayHour.fits(b[8:]) ||
		b[16] != ':' || !digit(b[17]) || !digit(b[18]) {
		return 0, 0
	}
	n, fraction = fractionEnd(b, 19)
	if fraction < 0 || n == len(b) {
		return 0, 0
	}
	if b[n] == 'Z' {
		return n + 1, fraction
	}
	if z := zoneEnd(b, n); z > 0 {
		return z, fraction
	}
	return 0, 0
}

// fractionEnd reads ".123" at i, if it stands there. It gives the index behind
// it and its number of digits, -1 for a lone dot.
func fractionEnd(b []byte, i int) (end, digits int) {
	if i >= len(b) || b[i] != '.' {
		return i, 0
	}
	for end = i + 1; end < len(b) && digit(b[end]); end++ {
	}
	if end == i+1 {
		return i, -1
	}
	return end, end - i - 1
}

// zoneEnd reads +hh:mm or +hhmm at i and gives the index behind it, 0 if it is
// neither.
func zoneEnd(b []byte, i int) int {
	if len(b) < i+5 || b[i] != '+' && b[i] != '-' || !digit(b[i+1]) || !digit(b[i+2]) {
		return 0
	}
	m := i + 3
	if b[m] == ':' {
		m++
	}
	if len(b) < m+2 || !digit(b[m]) || !digit(b[m+1]) {
		return 0
	}
	return m + 2
}

// bsdStamp gives the length of an RFC 3164 timestamp at the start of b, with
// the fraction that journalctl -o short-precise adds, or 0.
func bsdStamp(b []byte) int {
	if len(b) < 15 || b[3] != ' ' || b[6] != ' ' || !clock.fits(b[7:]) ||
		!digit(b[5]) || !digit(b[4]) && b[4] != ' ' || !month(b) {
		return 0
	}
	n, fraction := fractionEnd(b, 15)
	if fraction < 0 {
		return 0
	}
	return n
}

func month(b []byte) bool {
	switch string(b[:3]) {
	case "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec":
		return true
	}
	return false
}

func weekday(b []byte) bool {
	switch string(b[:3]) {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return true
	}
	return false
}

func digit(c byte) bool { return c-'0' <= 9 }
