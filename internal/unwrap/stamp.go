package unwrap

import (
	"strconv"
	"time"
)

// stampLayout tells how a carrier wrote its time.
type stampLayout uint8

const (
	noStamp     stampLayout = iota
	rfc3339Time             // 2026-11-22T05:30:00[.fraction](Z|+00:00|+0000)
	bsdTime                 // Nov 22 05:30:00[.fraction]
	fullTime                // 2026-11-22 05:30:00[.fraction] UTC (journalctl -o short-full)
	clockTime               // 05:30:00
	unixTime                // 1795325400.123456 (journalctl -o short-unix)
	microTime               // 1795325400123456 (journald __REALTIME_TIMESTAMP)
)

// read gives the time b stands for, zero if it cannot be read.
func (l stampLayout) read(b []byte, ref time.Time) time.Time {
	s := string(b)
	switch l {
	case rfc3339Time:
		t, err := time.Parse("2006-01-02T15:04:05Z07:00", s)
		if err != nil { // systemd before 255 writes +0000
			t, err = time.Parse("2006-01-02T15:04:05Z0700", s)
		}
		return orZero(t, err)
	case bsdTime:
		return yearOf(s, ref)
	case fullTime:
		return orZero(time.ParseInLocation("2006-01-02 15:04:05 MST", s, ref.Location()))
	case clockTime:
		return dayOf(s, ref)
	case unixTime, microTime:
		return sinceEpoch(s, l)
	}
	return time.Time{}
}

func orZero(t time.Time, err error) time.Time {
	if err != nil {
		return time.Time{}
	}
	return t
}

// yearOf puts a stamp without a year into the year that brings it nearest to
// ref from below, allowing a day for clocks and time zones that disagree.
func yearOf(s string, ref time.Time) time.Time {
	t, err := time.Parse(time.Stamp, s)
	if err != nil {
		return time.Time{}
	}
	latest := ref.Add(24 * time.Hour)
	for year := ref.Year() + 1; year >= ref.Year()-8; year-- {
		full := time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), ref.Location())
		// 29 February exists in leap years only, up to eight years apart.
		if full.Day() == t.Day() && !full.After(latest) {
			return full
		}
	}
	return time.Time{}
}

// dayOf puts a time of day on the day of ref, or on the day before if that
// would lie more than an hour ahead.
func dayOf(s string, ref time.Time) time.Time {
	t, err := time.Parse(time.TimeOnly, s)
	if err != nil {
		return time.Time{}
	}
	full := time.Date(ref.Year(), ref.Month(), ref.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), ref.Location())
	if full.After(ref.Add(time.Hour)) {
		full = full.AddDate(0, 0, -1)
	}
	return full
}

// sinceEpoch reads seconds.microseconds or plain microseconds.
func sinceEpoch(s string, l stampLayout) time.Time {
	if l == unixTime && len(s) > 10 {
		s = s[:10] + s[11:] // ten digits of seconds until the year 2286
	}
	us, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
