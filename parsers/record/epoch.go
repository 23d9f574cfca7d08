package record

import (
	"math"
	"strconv"
	"time"
)

// parseFloatEpoch reads a number of seconds, milliseconds, microseconds or
// nanoseconds since 1970; the magnitude tells which. Zero for anything else.
func parseFloatEpoch(s string) time.Time {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < 1e8 || f > 4e18 {
		return time.Time{}
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil && i > 1e11 {
		switch {
		case i < 1e14:
			return time.UnixMilli(i).UTC()
		case i < 1e17:
			return time.UnixMicro(i).UTC()
		}
		return time.Unix(0, i).UTC()
	}
	switch {
	case f < 1e11:
	case f < 1e14:
		f /= 1e3
	case f < 1e17:
		f /= 1e6
	default:
		f /= 1e9
	}
	sec, frac := math.Modf(f)
	return time.Unix(int64(sec), int64(math.Round(frac*1e6))*1000).UTC()
}

// parseTime reads a timestamp from the text of a field; zero if it is none.
func parseTime(text string, o Options) time.Time {
	b := []byte(text)
	if len(b) > 64 {
		return time.Time{}
	}
	if s, end := stampAt(b, 0); s != noStamp && end >= len(b)-4 {
		return parseStamp(b[:end], s, o)
	}
	return parseFloatEpoch(text)
}
