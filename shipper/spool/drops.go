package spool

import (
	"cmp"
	"fmt"
	"slices"
)

// Reason says why items left the spool without having been released.
type Reason uint8

const (
	ReasonOldest    Reason = 1 // DropOldest made room
	ReasonNewest    Reason = 2 // DropNewest refused them
	ReasonAge       Reason = 3 // older than MaxAge
	ReasonForgotten Reason = 4 // Forget
	ReasonDamaged   Reason = 5 // could not be read back
)

var reasonNames = [...]string{ReasonOldest: "oldest", ReasonNewest: "newest", ReasonAge: "age", ReasonForgotten: "forgotten", ReasonDamaged: "damaged"}

func (r Reason) String() string {
	if int(r) < len(reasonNames) && r > 0 {
		return reasonNames[r]
	}
	return fmt.Sprintf("reason %d", uint8(r))
}

// Drop counts items that left the spool for one reason. Destination and category are 0 where a damaged segment no longer tells.
type Drop struct {
	Reason   Reason
	Category uint8
	Dest     uint64
	Items    uint64
	Bytes    uint64 // of payload
}

// maxDropRows bounds the ledger; what comes beyond is booked under destination 0.
const maxDropRows = 1024

// ledger counts drops since the spool was made. The totals stand in every snapshot and what came since in later frames, so that they
// survive a crash with the log itself.
type ledger struct {
	totals  []Drop
	fresh   []Drop // not yet in any frame
	writing []Drop // in the frame being written
}

func (l *ledger) add(d Drop) {
	if d.Items == 0 {
		return
	}
	l.totals = book(l.totals, d)
	l.fresh = book(l.fresh, d)
}

// restore books what a frame on disk says.
func (l *ledger) restore(d Drop) { l.totals = book(l.totals, d) }

func book(rows []Drop, d Drop) []Drop {
	for i := range rows {
		r := &rows[i]
		if r.Reason == d.Reason && r.Category == d.Category && r.Dest == d.Dest {
			r.Items += d.Items
			r.Bytes += d.Bytes
			return rows
		}
	}
	if len(rows) >= maxDropRows && d.Dest != 0 {
		d.Dest = 0
		return book(rows, d)
	}
	return append(rows, d)
}

// take moves the fresh rows into the frame being written; exactly one of written and unwritten follows.
func (l *ledger) take() []Drop {
	l.writing, l.fresh = l.fresh, l.writing[:0]
	return l.writing
}

func (l *ledger) written() { l.writing = l.writing[:0] }

func (l *ledger) unwritten() {
	for _, d := range l.writing {
		l.fresh = book(l.fresh, d)
	}
	l.writing = l.writing[:0]
}

// list copies the totals out in a stable order.
func (l *ledger) list() []Drop {
	out := slices.Clone(l.totals)
	slices.SortFunc(out, func(a, b Drop) int {
		return cmp.Or(cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Dest, b.Dest), cmp.Compare(a.Category, b.Category))
	})
	return out
}
