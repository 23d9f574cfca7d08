package shipper

import (
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// State is what a destination is doing, in one word.
type State string

const (
	StateOK      State = "ok"
	StateLimited State = "limited" // by the server, until Until
	StateAway    State = "away"    // no answer, or one that says the server is not itself; next try at Until
	StatePaused  State = "paused"  // a person has to mend something: see Why; next try at Until
)

// Report is the state of an outbox at one moment. Counts are since Open.
type Report struct {
	Destinations []DestinationReport
	Spool        spool.Report
	DeadLetters  int    // kept
	DeadBytes    int64  // of their files
	DeadEvicted  uint64 // that made room for newer ones
	Unrouted     uint64 // events that matched no destination
}

// DestinationReport is the share of one destination. No text in it holds a key,
// and texts that stem from a server have been masked.
type DestinationReport struct {
	Destination  string // host and project
	Dest         uint64 // DSN.Key
	State        State
	Until        time.Time         // the end of a limit, or the time of the next try; zero if neither
	Why          string            // what a person has to mend; empty unless paused
	Sent         uint64            // taken by the server
	Held         uint64            // answers 429 to envelopes that were kept
	Refused      uint64            // for good; they are dead letters
	Dropped      map[Reason]uint64 // here, before or instead of sending, by reason
	Pending      uint64            // on disk
	PendingBytes uint64
	LastAnswer   string // status and words, masked, the words at most 200 bytes
	LastAnswerAt time.Time
	LastSentAt   time.Time
}

// Report returns counts and states. It costs some microseconds.
func (o *Outbox) Report() Report {
	rep := Report{Spool: o.spool.Report(), Unrouted: o.unrouted.Load()}
	rep.DeadLetters, rep.DeadBytes, rep.DeadEvicted = o.dead.size()
	o.drops.collect(rep.Spool.Dropped, o.dests)
	for _, d := range o.dests {
		one := d.snapshot()
		one.Pending, one.PendingBytes = o.spool.Pending(one.Dest)
		rep.Destinations = append(rep.Destinations, one)
	}
	return rep
}

func (d *destination) snapshot() DestinationReport {
	d.mu.Lock()
	defer d.mu.Unlock()
	rep := DestinationReport{
		Destination: d.dsn.String(), Dest: d.dsn.Key(), State: StateOK, Why: d.cure,
		Sent: d.sent, Held: d.held, Refused: d.refused, Dropped: d.drops.totals(),
		LastAnswer: d.last, LastAnswerAt: d.lastAt, LastSentAt: d.lastSent,
	}
	limited := d.limits.Until(CategoryError)
	switch {
	case d.cure != "":
		rep.State, rep.Until = StatePaused, d.circuit.until
	case d.circuit.Open():
		rep.State, rep.Until = StateAway, d.circuit.until
	case limited.After(d.now()):
		rep.State, rep.Until = StateLimited, limited
	}
	return rep
}

// paused says why the destination is paused, in words for a person; empty if it is not.
func (d *destination) paused() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cure
}
