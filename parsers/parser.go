package parsers

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/tracetail/tracetail/internal/event"
	"github.com/tracetail/tracetail/parsers/record"
	"github.com/tracetail/tracetail/parsers/trace"
)

// Parser holds what all streams share: the languages, the limits, the counters.
// It is safe for use by many goroutines; each stream gets an Assembler of its own.
type Parser struct{ shared shared }

type shared struct {
	cfg   Config
	set   *trace.Set
	loc   *time.Location
	level record.Level // a record of this level is an event
	trace record.Level // a trace under a record below this level is ordinary
	when  When
	stats Stats
}

// Stats counts what the parsers did; read it with Report.
type Stats struct {
	Traces, Messages, Cut, Failed atomic.Int64
}

// Report is a snapshot of Stats.
type Report struct {
	Traces   int64 // events with an exception
	Messages int64 // events that are a log message only
	Cut      int64 // blocks closed by a limit
	Failed   int64 // blocks whose reader failed; they went on as message events
}

// When reads the timestamp of a transport, Line.Stamp in the layout of
// Line.Layout; ref supplies what the layout leaves out. The zero time means that it cannot be read.
type When func(layout uint8, stamp []byte, ref time.Time) time.Time

// New makes a parser. when may be nil if no transport has timestamps.
func New(cfg Config, when When) (*Parser, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("setting up the parsers: %w", err)
	}
	set, err := trace.NewSet(trace.Languages(), cfg.Languages)
	if err != nil {
		return nil, fmt.Errorf("setting up the parsers: %w", err)
	}
	return &Parser{shared{
		cfg: cfg, set: set, loc: cfg.location(), when: when,
		level: threshold(cfg.Level), trace: threshold(cfg.TraceLevel),
	}}, nil
}

// Assembler makes the assembler of one stream. emit gets each event as it is
// complete; it owns the event.
func (p *Parser) Assembler(emit func(Result)) *Assembler {
	a := &Assembler{shared: &p.shared, level: p.shared.level}
	a.emit = func(b *Block) {
		a.shared.build(b, emit)
	}
	return a
}

// Report tells what has been done since the start.
func (p *Parser) Report() Report {
	s := &p.shared.stats
	return Report{Traces: s.Traces.Load(), Messages: s.Messages.Load(), Cut: s.Cut.Load(), Failed: s.Failed.Load()}
}

// Result is an event and its place in the stream.
type Result struct {
	Event      *event.Event
	Start, End int64  // offsets of its first byte and after its last line
	Lines      int    // physical lines
	Language   string // of the trace; empty for a message
	Reason     Reason
}
