package shipper

import (
	"bytes"
	"encoding/json"
	"log/slog"

	"github.com/tracetail/tracetail/internal/event"
)

// slimBudgets are what an event is cut down to, step by step, where a server answers
// 413 to one that keeps all limits of the protocol: a proxy in front of it may have
// a limit of its own (nginx: 1 MiB, and many operators less).
var slimBudgets = []int{200 << 10, 50 << 10, 10 << 10}

// slim makes the event of p smaller for the next attempt, and false if it cannot.
// The spool keeps the event whole.
func (p *parcel) slim() bool {
	kind, payload := openItem(p.Payload)
	if kind != "event" {
		return false
	}
	for _, budget := range slimBudgets {
		if budget > len(payload)/4*3 {
			continue
		}
		ev, ok := readEvent(payload)
		if !ok {
			return false
		}
		slimmer := appendFitted(nil, ev, p.ID, budget)
		if len(slimmer) > len(payload)/4*3 {
			return false
		}
		p.Payload = frameItem(kind, slimmer)
		return true
	}
	return false
}

// readEvent reads an event that Encode wrote, numbers to the last digit.
func readEvent(payload []byte) (*event.Event, bool) {
	in := json.NewDecoder(bytes.NewReader(payload))
	in.UseNumber()
	var ev event.Event
	if err := in.Decode(&ev); err != nil {
		return nil, false
	}
	return &ev, true
}

// lighten takes note of a 413 to an event that is going to be sent again, smaller.
func (d *destination) lighten(p *parcel, a answer) {
	told := a.describe(d.dsn, d.mask)
	d.mu.Lock()
	defer d.unlock()
	d.last, d.lastAt = told, d.now()
	d.limits.Observe(d.lastAt, a.status, a.header)
	d.resume()
	d.notice(slog.LevelWarn, "the server takes no event of that size; it is sent again, smaller, with a note of what was left out", "event_id", p.hexID(), "bytes", len(p.Payload), "answer", told)
}
