package shipper

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tracetail/tracetail/shipper/spool"
)

// Outbox stores envelopes on disk and delivers each to its destination until the
// server has answered for it. All methods are safe for concurrent use.
type Outbox struct {
	cfg   Config
	spool *spool.Spool
	dead  *deadLetters
	dests []*destination
	drops spoolDrops
	// unrouted counts events that no destination was to have.
	unrouted atomic.Uint64
	// settled rings whenever a sender has settled something, limited when a server has set a new limit.
	settled, limited bell
}

// Open opens the spool below cfg.Dir and prepares a destination for every DSN, of
// which there may be none: then envelopes can only be stored for later. Nothing is
// sent before Run. The error names what is wrong with cfg or with the directory;
// *spool.LockedError means that another process has it.
func Open(cfg Config, dsns []DSN) (*Outbox, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("opening outbox: %w", err)
	}
	if cfg.Dir == "" {
		return nil, errors.New("opening outbox: no state directory given")
	}
	if len(dsns) > spool.MaxDestinations {
		return nil, fmt.Errorf("opening outbox: %d destinations, at most %d are possible", len(dsns), spool.MaxDestinations)
	}
	client, err := newClient(cfg)
	if err != nil {
		return nil, err
	}
	return open(cfg, dsns, client)
}

func open(cfg Config, dsns []DSN, c courier) (*Outbox, error) {
	dead, err := openDeadLetters(DeadDir(cfg.Dir), cfg.Dead)
	if err != nil {
		return nil, err
	}
	store, err := spool.Open(cfg.spoolOptions(SpoolDir(cfg.Dir)))
	if err != nil {
		return nil, fmt.Errorf("opening outbox: %w", err)
	}
	o := &Outbox{cfg: cfg, spool: store, dead: dead}
	for _, dsn := range dsns {
		if !dsn.IsZero() && o.find(dsn.Key()) == nil {
			o.dests = append(o.dests, o.newDestination(dsn, c))
		}
	}
	o.restoreLimits()
	found := store.Report()
	o.drops.baseline(found.Dropped)
	for _, d := range found.Destinations {
		if d.PendingItems > 0 && o.find(d.Dest) == nil {
			cfg.logger().Warn("events on disk are for a destination that is not configured any more; they are kept until they are too old", "events", d.PendingItems, "destination", fmt.Sprintf("%016x", d.Dest))
		}
	}
	return o, nil
}

func (o *Outbox) newDestination(dsn DSN, c courier) *destination {
	takes := presets[o.cfg.Destinations[dsn].Server]
	return &destination{
		dsn: dsn, mirror: takes.mirror, reports: takes.reports && o.cfg.SendClientReports, hold: o.cfg.OnRateLimit == "hold",
		now: o.cfg.clock(), log: o.cfg.logger(), mask: o.cfg.Mask,
		from: o.spool.Reader(dsn.Key()), courier: c, dead: o.dead,
		slots: make(chan struct{}, o.cfg.Senders), settled: &o.settled, limited: &o.limited, circuit: circuit{rand: o.cfg.random()},
	}
}

func (o *Outbox) find(dest uint64) *destination {
	for _, d := range o.dests {
		if d.dsn.Key() == dest {
			return d
		}
	}
	return nil
}

// Commit stores envelopes and marks together, or neither. When it returns nil both
// survive kill -9, and a power cut unless buffer.fsync says otherwise.
//
// errors.Is(err, spool.ErrFull) means that the buffer is full and its policy is
// block: call Wait, then repeat. spool.ErrNoSpace means the same of the disk.
// spool.ErrTooLarge means that fewer envelopes must go into one call. Envelopes for
// a destination that was not given to Open are stored and wait for an Open that names it.
func (o *Outbox) Commit(envs []Envelope, marks []spool.Mark) error {
	items := make([]spool.Item, len(envs))
	for i, v := range envs {
		if v.IsZero() {
			return errors.New("committing: an envelope that Encode has not made")
		}
		items[i] = v.stored()
	}
	for _, m := range marks {
		if strings.HasPrefix(m.Key, ownMark) {
			return fmt.Errorf("committing: mark key %q begins with a NUL byte, which is reserved", m.Key)
		}
	}
	return o.store(items, marks)
}

// Marks returns the positions up to which streams are settled, sorted by key: what
// the last Commit stored for each.
func (o *Outbox) Marks() []spool.Mark {
	return slices.DeleteFunc(o.spool.Marks(), func(m spool.Mark) bool { return strings.HasPrefix(m.Key, ownMark) })
}

// Run delivers until ctx ends, then gives requests under way the time of
// Config.Grace, and returns when nothing is under way any more. It is called once, and may
// be called without any destination. What was not delivered stays on disk. The
// error says that the spool was closed meanwhile.
func (o *Outbox) Run(ctx context.Context) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	flight, land := graceful(ctx, o.cfg.Grace)
	defer land()
	var running sync.WaitGroup
	running.Go(func() { o.keep(ctx, flight) })
	running.Go(func() { o.keepLimits(ctx) })
	for _, d := range o.dests {
		running.Go(func() {
			if err := d.work(ctx, flight); err != nil {
				fail(fmt.Errorf("delivering to %s: %w", d.dsn, err))
			}
		})
	}
	running.Wait()
	o.storeLimits()
	o.chores(flight)
	if cause := context.Cause(ctx); errors.Is(cause, spool.ErrClosed) {
		return cause
	}
	return nil
}

// graceful returns a context that outlives ctx by grace.
func graceful(ctx context.Context, grace time.Duration) (flight context.Context, land context.CancelFunc) {
	flight, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return flight, func() { stop(); cancel() }
}

const (
	// keepEvery is the rhythm of what happens beside sending: reminders, client reports.
	keepEvery = time.Minute
	// askEvery is how often it is looked whether somebody has left an event or asked for a dead letter.
	askEvery = 5 * time.Second
)

// keep does the chores until ctx ends.
func (o *Outbox) keep(ctx, flight context.Context) {
	o.resendAsked()
	for n := 1; await(ctx, nil, askEvery); n++ {
		o.resendAsked()
		if time.Duration(n)*askEvery%keepEvery == 0 {
			o.chores(flight)
		}
	}
}

// keepLimits stores limits soon after a server has set them, so that not even
// kill -9 makes the next start hammer it.
func (o *Outbox) keepLimits(ctx context.Context) {
	for {
		limited := o.limited.listen()
		o.storeLimits()
		if !await(ctx, limited, 0) {
			return
		}
	}
}

func (o *Outbox) chores(flight context.Context) {
	o.drops.collect(o.spool.Report().Dropped, o.dests)
	for _, d := range o.dests {
		d.remind()
		if d.reports {
			d.report(flight)
		}
	}
}

// ErrPaused is wrapped by the error of Drained.
var ErrPaused = errors.New("a destination is paused")

// Drained waits until nothing is pending, while Run delivers. It ends early with
// the error of ctx, and with ErrPaused when all that is pending waits for
// destinations that a person has to mend; the error says what.
func (o *Outbox) Drained(ctx context.Context) error {
	for {
		settled := o.settled.listen()
		pending, paused := o.pending()
		switch {
		case pending == 0:
			return nil
		case len(paused) > 0:
			return fmt.Errorf("%w, %d events are kept on disk: %s", ErrPaused, pending, strings.Join(paused, "; "))
		case !await(ctx, settled, time.Second): // what ages out of the spool rings no bell
			return ctx.Err()
		}
	}
}

// pending counts what waits for the destinations of this outbox. paused is empty
// while one of those that have something pending can still be expected to take it.
func (o *Outbox) pending() (pending uint64, paused []string) {
	waiting := 0
	for _, d := range o.dests {
		items, _ := o.spool.Pending(d.dsn.Key())
		if items == 0 {
			continue
		}
		pending += items
		waiting++
		if why := d.paused(); why != "" {
			paused = append(paused, d.dsn.String()+": "+why)
		}
	}
	if len(paused) < waiting {
		paused = nil
	}
	return pending, paused
}

// Discard counts n events that the caller dropped before they became envelopes, so
// that they show in the report and reach the server as a client report. The zero
// DSN means every destination.
func (o *Outbox) Discard(dsn DSN, reason Reason, c Category, n uint64) {
	for _, d := range o.dests {
		if dsn.IsZero() || d.dsn.Key() == dsn.Key() {
			d.drops.add(reason, c, n, false)
		}
	}
}

// Unrouted counts an event that no destination was to have.
func (o *Outbox) Unrouted() { o.unrouted.Add(1) }

// Resend stores a dead letter of this outbox's directory anew for its destination
// and removes the letter. The event keeps its id.
func (o *Outbox) Resend(l DeadLetter) error {
	l, item, err := ReadDeadLetter(o.cfg.Dir, l.File)
	if err != nil {
		return err
	}
	v, err := l.envelope(item)
	if err != nil {
		return err
	}
	if err := o.Commit([]Envelope{v}, nil); err != nil {
		return fmt.Errorf("sending dead letter %s again: %w", l.File, err)
	}
	return o.dead.remove(l.File)
}

// Forget gives up what is on disk for a destination that is not configured any
// more, counted as dropped, and returns how many events that were.
func (o *Outbox) Forget(dest uint64) (uint64, error) {
	if d := o.find(dest); d != nil {
		return 0, fmt.Errorf("forgetting %s: it is in use", d.dsn)
	}
	return o.spool.Forget(dest)
}

// Close closes the spool. Run must have returned.
func (o *Outbox) Close() error {
	o.storeLimits()
	return o.spool.Close()
}
