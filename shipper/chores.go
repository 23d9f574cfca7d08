package shipper

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// report sends one client report if there is something to tell and the
// destination is willing. It is tried once; counts that do not get through are
// told next time. A crash loses them, which the protocol tolerates.
func (d *destination) report(flight context.Context) {
	if !d.willing() {
		return
	}
	taken := d.drops.take()
	if len(taken) == 0 {
		return
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails; old GlitchTip wants an id on every envelope
	now := d.now()
	a := d.courier.post(flight, d.dsn, d.courier.pack(d.dsn, encodeReport(taken, now), id, now), tries{most: 1})
	if v := a.verdict(); v != accepted && v != refused {
		d.drops.giveBack(taken)
	}
	d.mu.Lock()
	defer d.unlock()
	d.limits.Observe(d.now(), a.status, a.header)
}

func (d *destination) willing() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.circuit.Open() && !d.limits.Until(CategoryInternal).After(d.now())
}

// spoolDrops turns the spool's totals into drops of destinations. Totals outlive
// restarts; what came before this outbox was opened is not told again.
type spoolDrops struct {
	mu   sync.Mutex
	told map[spool.Drop]uint64 // keyed by the row without its counts
}

func rowKey(row spool.Drop) spool.Drop {
	row.Items, row.Bytes = 0, 0
	return row
}

func (s *spoolDrops) baseline(rows []spool.Drop) {
	s.told = make(map[spool.Drop]uint64, len(rows))
	for _, row := range rows {
		s.told[rowKey(row)] = row.Items
	}
}

func (s *spoolDrops) collect(rows []spool.Drop, dests []*destination) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range rows {
		key := rowKey(row)
		fresh := row.Items - min(row.Items, s.told[key])
		s.told[key] = row.Items
		for _, d := range dests {
			if d.dsn.Key() == row.Dest {
				d.drops.add(reasonOf(row.Reason), Category(row.Category), fresh, false)
			}
		}
	}
}

func reasonOf(r spool.Reason) Reason {
	if r == spool.ReasonDamaged {
		return InternalError
	}
	return CacheOverflow
}

// ownMark begins the keys of marks that the outbox keeps for itself: rate limits,
// so that a restart does not hammer a server that asked for quiet.
const ownMark = "\x00"

func limitsKey(d *destination) string { return fmt.Sprintf("%slimits/%016x", ownMark, d.dsn.Key()) }

// storeLimits keeps limits that changed since they were last stored. An error is
// no harm: the server will say it again.
func (o *Outbox) storeLimits() {
	var marks []spool.Mark
	for _, d := range o.dests {
		d.mu.Lock()
		value := d.limits.encode(d.now())
		changed := !slices.Equal(value, d.stored)
		d.stored = value
		d.mu.Unlock()
		if changed {
			marks = append(marks, spool.Mark{Key: limitsKey(d), Value: value})
		}
	}
	if len(marks) > 0 {
		_ = o.spool.Append(nil, marks)
	}
}

func (o *Outbox) restoreLimits() {
	marks := o.spool.Marks()
	for _, d := range o.dests {
		for _, m := range marks {
			if m.Key == limitsKey(d) {
				d.limits.decode(m.Value, d.now())
				d.stored = m.Value
			}
		}
	}
}

// encode writes the deadlines as Unix seconds, all first, then by category; nil
// if none is left.
func (l *limits) encode(now time.Time) []byte {
	if !l.Latest().After(now) {
		return nil
	}
	value := binary.BigEndian.AppendUint64(nil, uint64(l.all.Unix()))
	for _, until := range l.by {
		value = binary.BigEndian.AppendUint64(value, uint64(until.Unix()))
	}
	return value
}

// decode takes over stored deadlines, those within longestLimit from now: the
// clock may have been wrong when they were stored, or be wrong now.
func (l *limits) decode(value []byte, now time.Time) {
	for i := 0; len(value) >= 8 && i <= categories; i++ {
		until := time.Unix(int64(binary.BigEndian.Uint64(value)), 0).UTC()
		value = value[8:]
		if !until.After(now) || until.After(now.Add(longestLimit)) {
			continue
		}
		if i == 0 {
			l.all = until
			continue
		}
		l.by[i-1] = until
	}
}
