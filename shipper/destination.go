package shipper

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// maxBroken is how many answers 500 one envelope gets before it counts as refused.
const maxBroken = 5

// strangerLimit is how many envelopes a server that never took any may answer
// with 400 before the fault is sought in the DSN instead of in the envelopes.
const strangerLimit = 3

// maxStumbles is how many requests in a row may fail before all wait. Fewer do if
// nothing has been accepted for the length of signOfLife, nor while they were tried.
const (
	maxStumbles = 6
	signOfLife  = time.Second
)

// lender is the spool's side of one destination.
type lender interface {
	Next(ctx context.Context) (spool.Entry, error)
	Release(seqs ...uint64)
}

// courier is the network's side: it frames one item and brings it to a server.
type courier interface {
	pack(d DSN, item []byte, id [16]byte, sentAt time.Time) []byte
	post(ctx context.Context, d DSN, body []byte, t tries) answer
}

// destination is one DSN and all that is known of it. Its senders share it.
type destination struct {
	dsn     DSN
	slots   chan struct{} // one for every request that may be under way
	hold    bool          // keep errors while their rate is limited
	mirror  bool          // keep nothing while it does not take it
	reports bool          // it takes client reports
	now     func() time.Time
	log     *slog.Logger
	mask    func(string) string
	from    lender
	courier courier
	dead    *deadLetters
	drops   discards
	settled *bell // of the outbox
	limited *bell // of the outbox

	// changed rings when senders that wait should ask again.
	changed bell

	mu       sync.Mutex // guards what follows; never held during I/O, that of the log included
	notices  []notice   // for the log, as soon as mu is free
	limits   limits
	circuit  circuit
	pace     pace
	sent     uint64
	held     uint64 // refused by a 429 and kept
	refused  uint64 // refused for good
	stumbles int    // requests in a row that failed
	refusals int    // answers 400 in a row from a server that has taken nothing yet
	last     string // the last answer, masked
	lastAt   time.Time
	lastSent time.Time
	cure     string       // why it is paused; empty unless a person has to mend something
	saidAt   time.Time    // when the log was last told of cure
	limitsAt time.Time    // the deadline that the log was last told of
	stored   []byte       // the limits as last stored
	handed   uint64       // number of the newest entry that a sender has in hand
	shed     uint64       // while it takes nothing, what is in hand up to this number is dropped
	told     [2]time.Time // the deadlines, of errors and of all, that limited last rang for
}

// parcel is one envelope on its way.
type parcel struct {
	spool.Entry
	broken int           // answers 500 so far
	failed int           // attempts in a row that failed while others succeeded
	pause  time.Duration // before the next attempt, where it alone has to wait
}

func (p *parcel) category() Category { return Category(p.Category) }

func (p *parcel) hexID() string { return hex.EncodeToString(p.ID[:]) }

// ticket is the permission to deal with one parcel now: to send it, or to drop it.
type ticket struct {
	probe bool
	drop  Reason // why not to send it at all; empty otherwise
	sent  uint64 // envelopes that the destination had taken when this was given out
}

// errand is what one goroutine delivers. It takes the next when it is done: a new
// one for every envelope would grow its stack each time, 5 µs.
type errand struct {
	p    *parcel
	turn *turn
}

// work delivers until ctx ends, and returns when what is under way is done. flight
// ends later than ctx and bounds that. What is not released stays in the spool. The
// error is that of a spool that was closed; one that cannot be read for the moment
// is tried again.
func (d *destination) work(ctx, flight context.Context) error {
	var deliveries sync.WaitGroup
	defer deliveries.Wait()
	hands := make(chan errand)
	defer close(hands)
	inHand := make(chan struct{}, maxInHand)
	for trouble := false; ctx.Err() == nil; {
		entry, err := d.from.Next(ctx)
		switch {
		case err == nil:
			trouble = false
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, spool.ErrClosed):
			return err
		default:
			if !trouble {
				d.log.Error("stored events cannot be read for the moment; it is tried again every second", "to", d.dsn, "error", err)
			}
			trouble = true
			await(ctx, nil, time.Second)
			continue
		}
		p := &parcel{Entry: entry}
		d.mu.Lock()
		d.handed = max(d.handed, entry.Seq)
		d.mu.Unlock()
		turn := &turn{d: d}
		if !fill(ctx, inHand, p.weight()) || !turn.take(ctx) {
			return nil
		}
		select {
		case hands <- errand{p, turn}:
		default:
			deliveries.Go(func() {
				for e, ok := (errand{p, turn}), true; ok; e, ok = <-hands {
					weight := e.p.weight()
					d.deliver(ctx, flight, e.p, e.turn)
					drain(inHand, weight)
				}
			})
		}
	}
	return nil
}

// deliver returns when p is settled, or ctx or flight ended before it was. It is
// given a turn that was taken, and leaves it.
func (d *destination) deliver(ctx, flight context.Context, p *parcel, turn *turn) {
	defer turn.leave()
	for {
		t, ok := d.enter(ctx, p, turn)
		if !ok {
			return
		}
		if t.drop != "" {
			d.drops.add(t.drop, p.category(), 1, false)
			d.settle(p)
			return
		}
		if d.attempt(ctx, flight, p, t, turn) {
			d.settle(p)
			return
		}
		if turn.leave(); p.pause > 0 {
			await(ctx, nil, p.pause)
		}
	}
}

func (d *destination) settle(p *parcel) {
	d.from.Release(p.Seq)
	d.settled.ring()
}

// enter waits until the destination may be sent p, or p is to be dropped; then turn is taken.
func (d *destination) enter(ctx context.Context, p *parcel, turn *turn) (ticket, bool) {
	for turn.take(ctx) {
		changed := d.changed.listen()
		if d.sheds(p) {
			return ticket{drop: CacheOverflow}, true
		}
		t, ok, wait := d.ask(p.category())
		if ok {
			return t, true
		}
		turn.leave()
		await(ctx, changed, wait)
	}
	return ticket{}, false
}

// ask is enter without waiting: wait 0 means until something changes.
func (d *destination) ask(c Category) (t ticket, ok bool, wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	t.sent = d.sent
	if wait := d.limits.Until(c).Sub(now); wait > 0 {
		return ticket{drop: RateLimitBackoff}, !d.holds(c), wait
	}
	if !d.circuit.Open() {
		wait := d.pace.Allow(now)
		return t, wait == 0, wait
	}
	if t.probe, ok, wait = d.circuit.Allow(now); !ok && d.mirror {
		return ticket{drop: NetworkError}, true, 0
	}
	return t, ok, wait
}

func (d *destination) holds(c Category) bool { return d.hold && !d.mirror && c.keeps() }

// attempt sends p once, quick retries included, and tells whether it is settled:
// the server has it, or never will.
func (d *destination) attempt(ctx, flight context.Context, p *parcel, t ticket, turn *turn) (settled bool) {
	p.pause = 0
	body := d.courier.pack(d.dsn, p.Payload, p.ID, d.now())
	a := d.courier.post(flight, d.dsn, body, triesFor(ctx, p, t, turn))
	if a.status == 0 && ctx.Err() != nil {
		d.abandon(t)
		return false
	}
	if a.status == http.StatusRequestEntityTooLarge && p.slim() {
		d.lighten(p, a)
		return false
	}
	switch v := d.learn(p, t, a); v {
	case accepted:
		return true
	case refused:
		if d.mirror {
			d.drops.add(SendError, p.category(), 1, false)
			return true
		}
		d.bury(p, a)
		return true
	case limited:
		if d.holds(p.category()) {
			return false
		}
		d.drops.add(RateLimitBackoff, p.category(), 1, true)
		return true
	}
	if d.mirror {
		d.drops.add(NetworkError, p.category(), 1, false)
	}
	return d.mirror
}

// triesFor: a probe is a single request, or a server that is down would see three
// at a time; a mirror gets no second one either.
func triesFor(ctx context.Context, p *parcel, t ticket, turn *turn) tries {
	most := 1 + quickRetries
	if t.probe || turn.d.mirror {
		most = 1
	}
	return tries{most: most, broken: maxBroken - p.broken, turn: turn, stop: ctx}
}

func (d *destination) abandon(t ticket) {
	d.mu.Lock()
	defer d.unlock()
	d.circuit.Abandon(t.probe)
}

// bury keeps a refused envelope with the server's words.
func (d *destination) bury(p *parcel, a answer) {
	d.drops.add(SendError, p.category(), 1, false)
	letter := DeadLetter{
		EventID: hex.EncodeToString(p.ID[:]), Destination: d.dsn.String(), Dest: d.dsn.Key(), Category: p.category().String(),
		Status: a.status, Answer: a.describe(d.dsn, d.mask), RefusedAt: d.now().UTC(),
	}
	name, err := d.dead.bury(letter, p.Payload)
	if err != nil {
		d.log.Error("a refused event could not be kept and is lost", "to", d.dsn, "event_id", letter.EventID, "answer", letter.Answer, "error", err)
		return
	}
	d.log.Warn("the server refused an event for good; it is kept as a dead letter", "to", d.dsn, "event_id", letter.EventID, "answer", letter.Answer, "file", name)
}
