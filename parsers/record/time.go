package record

import "time"

// clock is a timestamp taken apart. Parts that the text does not have stay -1
// (date) or 0 (time of day).
type clock struct {
	year, month, day     int
	hour, min, sec, nsec int
	half                 byte // 'a' or 'p'
	zone                 *time.Location
}

// parseStamp gives the time that the text of a stamp states; zero if a part
// of it is out of range.
// The shape says in which order the numbers stand; separators do not matter any more.
func parseStamp(b []byte, s stamp, o Options) time.Time {
	if s == noStamp || len(b) == 0 {
		return time.Time{}
	}
	if s == epochStamp {
		return parseEpoch(b)
	}
	c := clock{year: -1, month: -1, day: -1}
	r := reader{b: b}
	c.date(&r, s)
	if s == packedStamp && r.p < len(b) && !hasColon(b[r.p:]) {
		c.packedTime(&r)
	} else {
		c.timeOfDay(&r)
	}
	if s == ctimeStamp {
		c.zone = r.zone()
		c.year = r.number()
	} else {
		c.zone = r.zone()
	}
	return c.resolve(o)
}

// date reads the date in front of the time of day.
func (c *clock) date(r *reader, s stamp) {
	switch s {
	case isoStamp:
		c.year, c.month, c.day = r.number(), r.number(), r.number()
	case dmyStamp:
		c.day, c.month, c.year = r.number(), r.monthName(), r.number()
	case monthStamp, ctimeStamp:
		if weekdayAt(r.b, 0) {
			r.p = 3
		}
		c.month, c.day = r.monthName(), r.number()
		if s == monthStamp && r.yearNext() {
			c.year = r.number()
		}
	case usStamp:
		dots := at(r.b, 2) == '.' || at(r.b, 1) == '.'
		c.month, c.day, c.year = r.number(), r.number(), r.number()
		if dots || c.month > 12 {
			c.month, c.day = c.day, c.month
		}
	case sparkStamp:
		c.year, c.month, c.day = r.number(), r.number(), r.number()
		if c.month > 12 { // rich writes 11/22/26
			c.year, c.month, c.day = c.day, c.year, c.month
		}
	case monthDay:
		c.month, c.day = r.number(), r.number()
	case packedStamp:
		c.packedDate(r)
	}
	if c.year >= 0 && c.year < 100 {
		c.year += 2000
	}
}

// packedDate reads yyyymmdd, yymmdd, or klog's mmdd.
func (c *clock) packedDate(r *reader) {
	start := r.p
	n := r.number()
	switch r.p - start {
	case 8:
		c.year = n / 10000
	case 6:
		c.year = n / 10000
	case 4:
	default:
		return
	}
	c.month, c.day = n/100%100, n%100
}

// packedTime reads hhmmss.
func (c *clock) packedTime(r *reader) {
	n := r.number()
	c.hour, c.min, c.sec = n/10000, n/100%100, n%100
	c.nsec = r.fraction()
}

// timeOfDay reads hh:mm:ss with fraction and AM or PM.
func (c *clock) timeOfDay(r *reader) {
	c.hour, c.min = r.number(), r.number()
	if r.p < len(r.b) && (r.b[r.p] == ':' || r.b[r.p] == '.') {
		c.sec = r.number()
		c.nsec = r.fraction()
	}
	if n := halfDay(r.b, r.p); n > 0 {
		c.half = r.b[r.p+n-2] | 0x20
		r.p += n
	}
}

// resolve gives the time, its missing parts taken from o.
// A time without a date is of the reference's day, or of the day before where it
// would else lie in the future; one without a year likewise.
func (c *clock) resolve(o Options) time.Time {
	if c.half == 'p' && c.hour < 12 {
		c.hour += 12
	} else if c.half == 'a' && c.hour == 12 {
		c.hour = 0
	}
	loc := c.zone
	if loc == nil {
		if loc = o.Location; loc == nil {
			loc = time.UTC
		}
	}
	ref := o.Ref.In(loc)
	dateless, yearless := c.month < 0, c.year < 0
	if dateless {
		c.month, c.day = int(ref.Month()), ref.Day()
	}
	if yearless {
		c.year = ref.Year()
	}
	if c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31 || c.hour < 0 || c.hour > 24 || c.min > 59 || c.sec > 60 || (dateless || yearless) && o.Ref.IsZero() {
		return time.Time{}
	}
	t := time.Date(c.year, time.Month(c.month), c.day, c.hour, c.min, c.sec, c.nsec, loc)
	switch { // a log is not written in the future: midnight or New Year lie in between
	case dateless && t.After(ref.Add(12*time.Hour)):
		t = t.AddDate(0, 0, -1)
	case dateless && t.Before(ref.Add(-23*time.Hour)):
		t = t.AddDate(0, 0, 1)
	case yearless && !dateless && t.After(ref.Add(48*time.Hour)):
		t = t.AddDate(-1, 0, 0)
	}
	return t
}

// parseEpoch reads seconds, with or without fraction or exponent, or milliseconds.
func parseEpoch(b []byte) time.Time {
	r := reader{b: b}
	n := r.number()
	switch {
	case r.p == 13:
		return time.UnixMilli(int64(n)).UTC()
	case r.p == 10:
		return time.Unix(int64(n), int64(r.fraction())).UTC()
	}
	return parseFloatEpoch(string(b))
}

// reader takes numbers and names off a timestamp from left to right.
type reader struct {
	b []byte
	p int
}

// number skips to the next digit and reads the number there; -1 at the end.
func (r *reader) number() int {
	for r.p < len(r.b) && !isDigit(r.b[r.p]) {
		r.p++
	}
	if r.p == len(r.b) {
		return -1
	}
	n := 0
	for r.p < len(r.b) && isDigit(r.b[r.p]) && n < 1e15 {
		n = n*10 + int(r.b[r.p]-'0')
		r.p++
	}
	return n
}

// monthName skips to the next name of a month, which is its number.
func (r *reader) monthName() int {
	for ; r.p < len(r.b); r.p++ {
		if m := monthAt(r.b, r.p); m > 0 {
			r.p += 3
			return m
		}
	}
	return -1
}

// yearNext tells whether the next number has four digits and no colon behind it.
func (r *reader) yearNext() bool {
	p := r.p
	for p < len(r.b) && !isDigit(r.b[p]) {
		p++
	}
	q := skip(r.b, p, digit)
	return q-p == 4
}

// fraction reads ".123" as nanoseconds.
func (r *reader) fraction() int {
	if c := at(r.b, r.p); c != '.' && c != ',' && c != ':' {
		return 0
	}
	n, scale := 0, int(1e9)
	p := r.p + 1
	for ; p < len(r.b) && isDigit(r.b[p]) && scale > 1; p++ {
		n = n*10 + int(r.b[p]-'0')
		scale /= 10
	}
	r.p = p
	return n * scale
}

// zone reads the zone behind the time of day; nil if there is none.
func (r *reader) zone() *time.Location {
	p := skipBlanks(r.b, r.p)
	c := at(r.b, p)
	switch {
	case c == 'Z' || c == 'z':
		return time.UTC
	case c == '+' || c == '-':
		r.p = p
		return r.offset(c == '-')
	case c >= 'A' && c <= 'Z':
		e := skip(r.b, p, letter)
		if at(r.b, e) == '/' {
			loc, err := time.LoadLocation(string(r.b[p:]))
			if err != nil {
				return nil
			}
			return loc
		}
		if s, ok := zoneOffset(r.b[p:e]); ok {
			if r.p = e; at(r.b, e) == '+' || at(r.b, e) == '-' {
				return r.offset(r.b[e] == '-')
			}
			return fixedZone(s)
		}
	}
	return nil
}

// offset reads +00:00, +0000 or +06 at the sign.
func (r *reader) offset(west bool) *time.Location {
	start := r.p + 1
	n := r.number()
	switch {
	case r.p-start == 2 && at(r.b, r.p) == ':':
		n = n*100 + r.number()
	case r.p-start == 2:
		n *= 100
	}
	s := n/100*3600 + n%100*60
	if west {
		s = -s
	}
	return fixedZone(s)
}

// fixedZone gives the zone with an offset from UTC in seconds.
func fixedZone(seconds int) *time.Location {
	if seconds == 0 {
		return time.UTC
	}
	return time.FixedZone("", seconds)
}

// hasColon tells "05:30:00" from "053000".
func hasColon(b []byte) bool {
	for _, c := range b {
		if c == ':' {
			return true
		}
	}
	return false
}
