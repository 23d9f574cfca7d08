package shipper

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// bareLimit is how long a 429 without any header holds everything; Bugsink sends such.
	bareLimit = 60 * time.Second
	// longestLimit bounds what a server may ask for. Sentry's own stay within an hour.
	longestLimit = 24 * time.Hour
	// shortestLimit follows a 429 that names no time or one in the past, so that
	// an answer of "wait 0 seconds" does not become a tight loop.
	shortestLimit = time.Second
)

// limits holds until when a destination asked not to be sent what. The zero
// value limits nothing. It is plain data: the time is always an argument.
type limits struct {
	all time.Time // every category, client reports included
	by  [categories]time.Time
}

// refusal says which categories one answer refused.
type refusal struct {
	all bool
	by  [categories]bool
}

func (r refusal) covers(c Category) bool {
	return r.all || r.by[c%categories] || r.by[c.companion()%categories]
}

// Observe takes over the limits of one answer, whatever its status: Relay sends
// them with 200 too. The result tells which categories a 429 refused: those its
// header names; all of them where the header is missing or unreadable. Servers
// exist that answer 429 although they queued what the header does not name.
func (l *limits) Observe(now time.Time, status int, header http.Header) refusal {
	named, readable := l.observeHeader(now, header.Values("X-Sentry-Rate-Limits"))
	if status != http.StatusTooManyRequests {
		return refusal{}
	}
	if !readable {
		wait, ok := retryAfter(now, header.Get("Retry-After"))
		if !ok {
			wait = bareLimit
		}
		named = refusal{all: true}
		l.all = later(l.all, now.Add(max(wait, shortestLimit)))
	}
	return named
}

// observeHeader reads
//
//	header = limit *( "," limit )
//	limit  = seconds ":" [ category *( ";" category ) ] ":" scope [ ":" reason ... ]
//
// An empty list of categories means all. A limit that names only categories
// unknown here is none of ours and never widens to all. readable is false if
// the header held no limit at all.
func (l *limits) observeHeader(now time.Time, values []string) (named refusal, readable bool) {
	for _, value := range values {
		for limit := range strings.SplitSeq(value, ",") {
			seconds, rest, ok := strings.Cut(strings.TrimSpace(limit), ":")
			wait, valid := parseSeconds(seconds)
			if !ok || !valid {
				continue
			}
			readable = true
			list, _, _ := strings.Cut(rest, ":")
			l.apply(now.Add(max(wait, shortestLimit)), strings.TrimSpace(list), &named)
		}
	}
	return named, readable
}

func (l *limits) apply(until time.Time, list string, named *refusal) {
	if list == "" {
		l.all, named.all = later(l.all, until), true
		return
	}
	for word := range strings.SplitSeq(list, ";") {
		if c, known := categoryOf(strings.TrimSpace(word)); known {
			l.by[c], named.by[c] = later(l.by[c], until), true
		}
	}
}

// Until is when data of category c may be sent again; a time in the past, or
// zero, means now.
func (l *limits) Until(c Category) time.Time {
	c %= categories
	return later(l.all, later(l.by[c], l.by[c.companion()]))
}

// Latest is the last deadline of all, for the status page.
func (l *limits) Latest() time.Time {
	latest := l.all
	for _, until := range l.by {
		latest = later(latest, until)
	}
	return latest
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// retryAfter reads the header Retry-After: seconds or an HTTP date. ok is false
// if it is missing or neither; a date in the past is 0.
func retryAfter(now time.Time, value string) (wait time.Duration, ok bool) {
	value = strings.TrimSpace(value)
	if wait, ok := parseSeconds(value); ok {
		return wait, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(0, at.Sub(now)), longestLimit), true
}

// parseSeconds reads whole or fractional seconds, rounds up, and keeps the
// result between 0 and longestLimit.
func parseSeconds(text string) (time.Duration, bool) {
	seconds, err := strconv.ParseFloat(text, 64)
	if math.IsNaN(seconds) || (err != nil && !math.IsInf(seconds, 0)) {
		return 0, false
	}
	seconds = math.Ceil(min(max(seconds, 0), longestLimit.Seconds()))
	return time.Duration(seconds) * time.Second, true
}
