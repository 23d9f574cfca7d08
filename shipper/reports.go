package shipper

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/tracetail/tracetail/internal/event"
)

// Reason is why something was dropped on this side, in the words of Sentry's client reports.
type Reason string

// The reasons an agent can have.
const (
	QueueOverflow    Reason = "queue_overflow"
	CacheOverflow    Reason = "cache_overflow" // the spool was full, or they grew too old in it
	RateLimitBackoff Reason = "ratelimit_backoff"
	NetworkError     Reason = "network_error"
	SampleRate       Reason = "sample_rate"
	BeforeSend       Reason = "before_send"
	EventProcessor   Reason = "event_processor" // a filter, or masking that failed
	SendError        Reason = "send_error"      // the server refused them
	InternalError    Reason = "internal_sdk_error"
)

// discarded is what drops are counted by.
type discarded struct {
	reason   Reason
	category Category
}

// discards counts drops of one destination: in all, for the status page, and
// since the last client report.
type discards struct {
	mu    sync.Mutex
	total map[discarded]uint64
	fresh map[discarded]uint64
}

// add counts n drops. silent ones are not told to the server: those it refused by
// a rate limit it has counted itself.
func (d *discards) add(reason Reason, c Category, n uint64, silent bool) {
	if n == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.total == nil {
		d.total, d.fresh = map[discarded]uint64{}, map[discarded]uint64{}
	}
	d.total[discarded{reason, c}] += n
	if !silent {
		d.fresh[discarded{reason, c}] += n
	}
}

// take empties the fresh counts into the caller's hands.
func (d *discards) take() map[discarded]uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	taken := d.fresh
	if len(taken) > 0 {
		d.fresh = map[discarded]uint64{}
	}
	return taken
}

// giveBack returns counts that did not get through.
func (d *discards) giveBack(taken map[discarded]uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for what, n := range taken {
		d.fresh[what] += n
	}
}

// totals is the sum per reason.
func (d *discards) totals() map[Reason]uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	sums := make(map[Reason]uint64, len(d.total))
	for what, n := range d.total {
		sums[what.reason] += n
	}
	return sums
}

// maxReportRows keeps a client report below the 4 KiB that the protocol allows
// it: a row takes at most 90 bytes.
const maxReportRows = 40

// encodeReport writes the item "client_report". Rows beyond the limit are the
// smallest ones and are left out.
func encodeReport(counts map[discarded]uint64, now time.Time) []byte {
	rows := make([]discarded, 0, len(counts))
	for what := range counts {
		rows = append(rows, what)
	}
	slices.SortFunc(rows, func(a, b discarded) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.reason, b.reason), cmp.Compare(a.category, b.category))
	})
	payload := append([]byte(nil), `{"timestamp":"`...)
	payload = now.UTC().AppendFormat(payload, sentAtForm)
	payload = append(payload, `","discarded_events":[`...)
	for i, what := range rows[:min(len(rows), maxReportRows)] {
		if i > 0 {
			payload = append(payload, ',')
		}
		payload = append(payload, `{"reason":`...)
		payload = event.AppendValue(payload, string(what.reason))
		payload = append(payload, `,"category":"`+what.category.String()+`","quantity":`...)
		payload = strconv.AppendUint(payload, counts[what], 10)
		payload = append(payload, '}')
	}
	return frameItem("client_report", append(payload, ']', '}'))
}
