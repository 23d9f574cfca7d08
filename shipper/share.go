package shipper

import (
	"context"
	"errors"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// While several destinations share a buffer that makes readers wait when it is full
// (when_full: block), one that takes nothing must not bring the others to a halt.
// When the buffer is full, and the others have taken what there is for them, its
// oldest events are dropped and counted. A single destination loses nothing this way:
// then the logs wait.

// littlePending is how many events of a destination that takes them may be on
// their way while room is made at the cost of one that does not.
const littlePending = 2 * maxInHand

// store is spool.Append with that.
func (o *Outbox) store(items []spool.Item, marks []spool.Mark) error {
	for {
		err := o.spool.Append(items, marks)
		if !errors.Is(err, spool.ErrFull) {
			return err
		}
		if d := o.overdrawn(); d == nil || !o.relieve(d) {
			return err
		}
	}
}

// overdrawn is the destination that holds the others up: nil if there is none.
func (o *Outbox) overdrawn() (worst *destination) {
	if len(o.dests) < 2 {
		return nil
	}
	var most uint64
	for _, d := range o.dests {
		items, bytes := o.spool.Pending(d.dsn.Key())
		switch stuck := d.stuck(); {
		case !stuck && items > littlePending:
			return nil // it makes room by itself
		case stuck && bytes > most:
			worst, most = d, bytes
		}
	}
	for _, d := range o.dests {
		if !d.stuck() {
			return worst
		}
	}
	return nil
}

// relieve drops the oldest events of d that no sender has in hand, an eighth of the
// buffer at a time, and tells whether there were any.
func (o *Outbox) relieve(d *destination) bool {
	from := o.spool.Reader(d.dsn.Key())
	var size int64
	for size < o.cfg.Buffer.MaxBytes/8 {
		e, ok, err := from.TryNext()
		if err != nil || !ok {
			break
		}
		from.Release(e.Seq)
		d.drops.add(CacheOverflow, Category(e.Category), 1, false)
		size += int64(len(e.Payload))
	}
	if size == 0 {
		d.letGo()
	}
	return size > 0
}

// letGo makes the senders drop what they have in hand: in a small buffer that alone
// keeps its segments from being given up.
func (d *destination) letGo() {
	d.mu.Lock()
	d.shed = d.handed
	d.mu.Unlock()
	d.changed.ring()
}

// sheds tells whether p is to be dropped to make room for others.
func (d *destination) sheds(p *parcel) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return p.Seq <= d.shed && d.circuit.Open()
}

// stuck tells whether the destination takes nothing at the moment.
func (d *destination) stuck() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.circuit.Open() || d.limits.Until(CategoryError).After(d.now())
}

// Wait returns when a Commit that failed with spool.ErrFull is worth repeating.
func (o *Outbox) Wait(ctx context.Context) error {
	for {
		short, cancel := context.WithTimeout(ctx, time.Second)
		err := o.spool.Wait(short)
		cancel()
		if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		if o.overdrawn() != nil {
			return nil
		}
	}
}
