package spool

import (
	"context"
	"sync"
	"time"
)

// Entry is one item lent to a sender.
type Entry struct {
	Item               // Payload is a copy and belongs to the receiver
	Seq      uint64    // ascending with age over all destinations; names the item to Release
	Appended time.Time // by the wall clock at the append, to the millisecond
}

// Reader lends the items of one destination in the order of their age. Its methods may be called by several senders at the same time; each
// item is lent to one of them, once, and stays lent until it is released or the spool is opened again.
type Reader struct {
	s    *Spool
	dest uint64

	// reading is held by the one call that moves the cursor.
	reading sync.Mutex
	win     window
	seg     *segment // being read; nil: to be chosen
	passed  uint64   // first frame of the last segment that was left
	off     int64    // of the next frame
	cur     frame    // the frame whose items are being read
	itemOff int64    // of the next item in it
	itemNo  int      // its index
	strikes int      // read errors in a row at off

	// Under Spool.mu.
	high     uint64 // every item up to here has been lent, or released before the last Open
	seen     acked  // as recovered: what was released beyond high
	lent     []lent // by seq
	settled  int    // how many of them are done
	ordinal  uint64 // number of items lent so far
	segments int    // that hold items for this destination
	dirty    bool   // the acknowledgement on disk is behind
	pending  amount // not released, lent or not
	appended uint64
	released uint64
	reached  int64 // Unix milliseconds of the frame being read
}

// lent is an item in somebody's hands.
type lent struct {
	seq      uint64
	ordinal  uint64
	seg      *segment
	ms       int64
	size     int
	category uint8
	done     bool
}

// amount is a number of items and the bytes of their payloads.
type amount struct{ items, bytes uint64 }

func (a *amount) add(size int)            { a.items++; a.bytes += uint64(size) }
func (a *amount) sub(items, bytes uint64) { a.items -= items; a.bytes -= bytes }

// Next lends the oldest item not yet lent, and waits for one if there is none. It also waits while Options.Window items have been lent since
// the oldest unreleased one. It returns the error of ctx, ErrClosed, or a read error, after which it may be called again.
func (r *Reader) Next(ctx context.Context) (Entry, error) {
	for {
		if e, ok, err := r.TryNext(); ok || err != nil {
			return e, err
		}
		bell := r.s.work.listen()
		if e, ok, err := r.TryNext(); ok || err != nil {
			return e, err
		}
		if err := r.s.idle(ctx, bell); err != nil {
			return Entry{}, err
		}
	}
}

// TryNext is Next without waiting: false if there is nothing to lend now.
func (r *Reader) TryNext() (Entry, bool, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	for {
		ok, err := r.advance()
		if !ok || err != nil {
			return Entry{}, false, err
		}
		e, err := r.win.item(r.itemOff, r.cur.end())
		if err != nil {
			if err := r.skipRest(err); err != nil {
				return Entry{}, false, err
			}
			continue
		}
		e.seq = r.cur.seq + uint64(r.itemNo)
		if e.dest == r.dest {
			verdict := r.judge(e)
			if verdict == wait {
				return Entry{}, false, r.closedErr()
			}
			if verdict == lend {
				if out, ok, err := r.hand(e); ok || err != nil {
					return out, ok, err
				}
				continue
			}
		}
		r.step(e)
	}
}

// step moves the cursor behind an item.
func (r *Reader) step(e entry) {
	r.itemOff = e.payload + int64(e.size)
	r.itemNo++
}

type verdict uint8

const (
	skip verdict = iota
	lend
	wait
)

// judge decides about an item of this destination.
func (r *Reader) judge(e entry) verdict {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return wait
	case r.seg.dead:
		return skip
	case e.seq <= r.high:
		return skip
	case r.seen.released(e.seq):
		r.pass(e.seq)
		return skip
	case len(r.lent) > 0 && r.ordinal-r.lent[0].ordinal >= uint64(s.opt.Window):
		return wait
	case s.opt.MaxAge > 0 && s.expired(s.opt.Now(), r.cur.ms):
		r.pass(e.seq)
		s.drops.add(Drop{Reason: ReasonAge, Dest: r.dest, Category: e.category, Items: 1, Bytes: uint64(e.size)})
		r.settle(r.seg, e.category, e.size)
		return skip
	}
	return lend
}

// pass says that the item needs no sender. mu is held.
func (r *Reader) pass(seq uint64) {
	r.high = seq
	r.dirty = true
}

// settle books one item as no longer waiting. mu is held.
func (r *Reader) settle(g *segment, category uint8, size int) {
	r.pending.sub(1, uint64(size))
	if row := g.row(r.dest, category); row != nil && !g.dead {
		row.left--
		row.leftBytes -= uint64(size)
	}
}

// hand reads the payload and lends the item.
func (r *Reader) hand(e entry) (Entry, bool, error) {
	payload, err := r.win.payload(e)
	if err != nil {
		return Entry{}, false, r.skipRest(err)
	}
	out := e.lent(payload, r.cur.ms)
	r.step(e)
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return Entry{}, false, ErrClosed
	}
	// The lock was not held while the disk was read.
	if r.seg.dead || e.seq <= r.high { // dropped or forgotten while it was read, and counted there
		return Entry{}, false, nil
	}
	r.high = e.seq
	r.lent = append(r.lent, lent{seq: e.seq, ordinal: r.ordinal, seg: r.seg, ms: r.cur.ms, size: e.size, category: e.category})
	r.ordinal++
	return out, true, nil
}

func (r *Reader) closedErr() error {
	if r.s.isClosed() {
		return ErrClosed
	}
	return nil
}
