package agent

import (
	"time"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/enrich"
	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/internal/flood"
	"github.com/tracetail/tracetail/internal/source"
	"github.com/tracetail/tracetail/internal/unwrap"
	"github.com/tracetail/tracetail/parsers"
	"github.com/tracetail/tracetail/scrub"
)

// stream is the route of one stream's lines. Its methods are called by one
// goroutine at a time, and it holds no lock.
type stream struct {
	info   source.Info
	labels config.Labels
	place  *enrich.Place // nil if nothing is known beyond the text
	sdk    event.SDK
	parser *parsers.Parser
	filter *flood.Filter
	scrub  *scrub.Scrubber
	out    outlet
	unwrap *unwrap.Unwrapper
	lanes  lanes
	read   int64 // end of the last line that came
}

// outlet takes the masked events of a stream.
type outlet interface {
	// event takes an event on its way; the outlet owns it.
	event(s *stream, r *parsers.Result, clean scrub.Clean)
	// settled says that everything before floor is decided and its events have
	// been handed over; final that nothing will follow.
	settled(s *stream, floor int64, now time.Time, final bool)
}

// Lines is the route: line -> record -> block -> event -> masked event -> outlet.
func (s *stream) Lines(now time.Time, lines []source.Line) {
	for i := range lines {
		l := &lines[i]
		r := s.unwrap.Push(now, l)
		if r != nil && s.info.Kind == source.Syslog {
			s.lanes.begin(r)
		}
		for ; r != nil; r = s.unwrap.Next() {
			s.record(now, r)
		}
		s.read = l.End
	}
	s.settle(now, false)
}

// record hands a record to the assembler of whoever wrote it.
func (s *stream) record(now time.Time, r *unwrap.Record) {
	l := s.lanes.find(r)
	if l == nil {
		l = s.lanes.add(r)
		l.asm = s.parser.Assembler(func(res parsers.Result) { s.event(l, res) })
	}
	l.used = r.Start
	if r.End == r.Start { // more of its message follow
		l.several = true
	}
	layout, stamp := r.Stamp()
	l.asm.Push(now, &parsers.Line{
		Text: r.Text, Start: r.Start, End: r.End,
		Severity: uint8(r.Severity), Stamp: stamp, Layout: layout,
	})
}

// event gets a complete event from the assembler of a lane.
func (s *stream) event(l *lane, r parsers.Result) {
	if s.filter.Drop(r.Event) {
		return
	}
	s.describe(l, &r)
	s.out.event(s, &r, s.scrub.Event(r.Event))
}

// Idle closes what has been open for too long.
func (s *stream) Idle(now time.Time) {
	for r := s.unwrap.Expire(now); r != nil; r = s.unwrap.Next() {
		s.record(now, r)
	}
	s.lanes.expire(now.Add(-s.patience()))
	s.settle(now, false)
}

// partialPatience is how much longer a block stays open while a piece of a line is
// still to be completed: the last line of a dying container comes in such a
// piece, and is given out only when it has been waited for.
const partialPatience = 2 * time.Second

func (s *stream) patience() time.Duration {
	if _, open := s.unwrap.Floor(); open {
		return partialPatience
	}
	return 0
}

// End closes everything: nothing will follow.
func (s *stream) End(now time.Time) {
	for r := s.unwrap.Flush(); r != nil; r = s.unwrap.Next() {
		s.record(now, r)
	}
	for _, l := range s.lanes.all {
		l.asm.Flush()
	}
	s.settle(now, true)
}

// Deadline is when Idle must be called at the latest.
func (s *stream) Deadline() time.Time {
	d := s.lanes.deadline()
	if !d.IsZero() {
		d = d.Add(s.patience())
	}
	return earlier(s.unwrap.Deadline(), d)
}

// settle tells the outlet how far the stream is decided.
func (s *stream) settle(now time.Time, final bool) {
	floor := s.lanes.floor(s.read)
	if at, open := s.unwrap.Floor(); open {
		floor = min(floor, at)
	}
	s.out.settled(s, floor, now, final)
}
