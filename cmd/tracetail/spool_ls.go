package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/shipper"
)

func listSpool(c *cli.Context) error {
	k, err := keepingOf(c)
	if err != nil {
		return err
	}
	letters, err := k.letters()
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return k.listJSON(c.App.Writer, letters)
	}
	l := listing{k: &k, w: c.App.Writer, limit: c.Int("limit"), now: time.Now()}
	if l.limit == 0 {
		l.limit = 1 << 30
	}
	l.head()
	if err := k.waiting(l.count); err != nil {
		return err
	}
	l.waiting()
	l.letters(letters)
	return nil
}

// listing gathers what is printed for a person.
type listing struct {
	k     *keeping
	w     io.Writer
	limit int
	now   time.Time

	total map[uint64]*tally
	shown []piece // the oldest
}

// tally is what waits for one destination.
type tally struct {
	events         int
	bytes          int
	oldest, newest time.Time
}

func (l *listing) head() {
	fmt.Fprintf(l.w, "state directory %s", l.k.f.StateDir)
	if pid, held, err := shipper.Holder(l.k.f.StateDir); err == nil && held {
		fmt.Fprintf(l.w, ", in use by process %d", pid)
	}
	fmt.Fprintln(l.w)
}

func (l *listing) count(p piece) error {
	if l.total == nil {
		l.total = map[uint64]*tally{}
	}
	t := l.total[p.dest]
	if t == nil {
		t = &tally{oldest: p.stored.Appended}
		l.total[p.dest] = t
	}
	t.events, t.bytes, t.newest = t.events+1, t.bytes+p.stored.Size, p.stored.Appended
	if len(l.shown) < l.limit {
		l.shown = append(l.shown, p)
	}
	return nil
}

func (l *listing) waiting() {
	if len(l.total) == 0 {
		fmt.Fprintln(l.w, "\nnothing waits to be delivered")
		return
	}
	dests := make([]uint64, 0, len(l.total))
	all := 0
	for d, t := range l.total {
		dests, all = append(dests, d), all+t.events
	}
	slices.Sort(dests)
	for _, d := range dests {
		t := l.total[d]
		fmt.Fprintf(l.w, "\n%s: %d events wait, %s, the oldest for %s\n", l.k.name(d), t.events, size(t.bytes), age(l.now.Sub(t.oldest)))
		if !l.k.configured(d) && len(l.k.dests) > 0 {
			fmt.Fprintln(l.w, "  send them to the destination that is: tracetail spool retry --redirect")
		}
	}
	for _, p := range l.shown {
		fmt.Fprintf(l.w, "  %s  %s  %8s  %s\n", p.id, p.stored.Appended.Format(time.DateTime), size(p.stored.Size), title(p.stored.Payload))
	}
	if more := all - len(l.shown); more > 0 {
		fmt.Fprintf(l.w, "  and %d more (--limit 0 shows all)\n", more)
	}
}

func (l *listing) letters(all []piece) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(l.w, "\n%d dead letters: servers refused them (tracetail spool retry sends them again once the cause is cured)\n", len(all))
	for _, p := range all[:min(len(all), l.limit)] {
		note := ""
		if p.letter.Asked {
			note = "  (will be sent again)"
		}
		fmt.Fprintf(l.w, "  %s  %s  %8s  %s: %s%s\n", p.id, p.letter.RefusedAt.Local().Format(time.DateTime), size(int(p.letter.Size)), p.letter.Destination, p.letter.Answer, note)
		if kind, payload, err := p.payload(l.k.f.StateDir); err == nil && kind == "event" {
			fmt.Fprintf(l.w, "    %s\n", title(payload))
		}
	}
	if more := len(all) - l.limit; more > 0 {
		fmt.Fprintf(l.w, "  and %d more (--limit 0 shows all)\n", more)
	}
}

// title is what broke, in one printable line.
func title(payload []byte) string {
	var e event.Event
	if err := json.Unmarshal(payload, &e); err != nil {
		return "(no event)"
	}
	what := ""
	switch {
	case e.Exception != nil && len(e.Exception.Values) > 0:
		x := e.Exception.Values[len(e.Exception.Values)-1]
		what = x.Type + ": " + x.Value
	case e.LogEntry != nil:
		what = e.LogEntry.Formatted
	}
	return (&cards{}).text(fmt.Sprintf("%s %s", e.Level, what), 100)
}

// listed is one event of the list as scripts read it.
type listed struct {
	V           int       `json:"v"`
	State       string    `json:"state"` // waiting, dead or asked (a dead letter that will be sent again)
	EventID     string    `json:"event_id"`
	Destination string    `json:"destination"`
	Dest        string    `json:"dest"`
	Category    string    `json:"category"`
	Bytes       int       `json:"bytes"`
	At          time.Time `json:"at"` // when it was stored, or refused
	Status      int       `json:"status,omitempty"`
	Answer      string    `json:"answer,omitempty"`
	File        string    `json:"file"`
}

func (k *keeping) listJSON(w io.Writer, letters []piece) error {
	out := json.NewEncoder(w)
	err := k.waiting(func(p piece) error {
		s := p.stored
		return out.Encode(listed{1, "waiting", s.EventID, k.name(s.Dest), fmt.Sprintf("%016x", s.Dest), s.Category, s.Size, s.Appended.UTC(), 0, "", s.Segment})
	})
	errs := []error{err}
	for _, p := range letters {
		d, state := p.letter, "dead"
		if d.Asked {
			state = "asked"
		}
		errs = append(errs, out.Encode(listed{1, state, d.EventID, d.Destination, fmt.Sprintf("%016x", d.Dest), d.Category, int(d.Size), d.RefusedAt, d.Status, d.Answer, d.File}))
	}
	return errors.Join(errs...)
}

// size gives bytes for a person.
func size(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}

// age gives a duration for a person: the two largest units.
func age(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= time.Hour:
		return d.Truncate(time.Minute).String()[:len(d.Truncate(time.Minute).String())-2]
	}
	return max(0, d).Truncate(time.Second).String()
}
