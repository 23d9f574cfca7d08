package agent

import (
	"sort"
	"sync"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/parsers"
	"github.com/tracetail/tracetail/scrub"
	"github.com/tracetail/tracetail/shipper"
	"github.com/tracetail/tracetail/shipper/spool"
)

// ship is the outlet of one stream towards the spool.
type ship struct {
	dests  []shipper.DSN
	routes map[shipper.DSN]shipper.Destination // which events they get; all where nothing is said
	commit chan<- batch
	done   <-chan struct{} // the committer has given up: what it did not store is read again after the restart
	fail   func(error)
	// unrouted counts an event that no destination is to have; nil: not counted.
	unrouted func()

	ready  []shipper.Envelope
	marked int64     // floor of the last mark handed over
	since  time.Time // when that was
}

func (o *ship) event(s *stream, r *parsers.Result, clean scrub.Clean) {
	taken := false
	for _, d := range o.dests {
		if !o.routes[d].Match.Takes(s.info.Source, clean.Event()) {
			continue
		}
		taken = true
		env, err := shipper.EncodeAs(clean, d, s.eventID(d.Key(), r))
		if err != nil {
			o.fail(err)
			continue
		}
		o.ready = append(o.ready, env)
	}
	if !taken && o.unrouted != nil {
		o.unrouted()
	}
}

// settled hands over what is ready. A mark alone goes out once a second, and at the end.
func (o *ship) settled(s *stream, floor int64, now time.Time, final bool) {
	if len(o.ready) == 0 && !final && (floor == o.marked || now.Sub(o.since) < markDelay) {
		return
	}
	b := batch{envelopes: o.ready}
	if s.info.Kind.Resumable() {
		p := s.info.Position(floor)
		b.mark = spool.Mark{Key: p.Key(), Value: p.Marshal(nil)}
	}
	o.ready, o.marked, o.since = nil, floor, now
	select {
	case o.commit <- b:
	case <-o.done:
	}
}

// show is the outlet that hands events to a function, in the order in which
// the log holds them.
type show struct {
	mu      *sync.Mutex // over all streams: the function is called by one at a time
	take    func(*event.Event)
	waiting []shown
}

type shown struct {
	start int64
	ev    *event.Event
}

func (o *show) event(s *stream, r *parsers.Result, clean scrub.Clean) {
	o.waiting = append(o.waiting, shown{r.Start, clean.Event()})
}

func (o *show) settled(_ *stream, floor int64, _ time.Time, _ bool) {
	if len(o.waiting) == 0 {
		return
	}
	sort.SliceStable(o.waiting, func(i, j int) bool { return o.waiting[i].start < o.waiting[j].start })
	n := sort.Search(len(o.waiting), func(i int) bool { return o.waiting[i].start >= floor })
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, w := range o.waiting[:n] {
		o.take(w.ev)
	}
	o.waiting = append(o.waiting[:0], o.waiting[n:]...)
}
