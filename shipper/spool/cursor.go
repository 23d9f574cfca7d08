package spool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// maxStrikes is how often the same place is tried before its bytes are given up: a network file system may have a bad minute.
const maxStrikes = 3

// advance moves the cursor to an item, of whatever destination; false if there is none yet.
func (r *Reader) advance() (bool, error) {
	for {
		if r.seg == nil {
			if ok, err := r.enter(); !ok {
				return false, err
			}
		}
		if r.itemNo < r.cur.items {
			return true, nil
		}
		if more, err := r.nextFrame(); !more || err != nil {
			return false, err
		}
	}
}

// enter opens the next segment with items of this destination; false if there is none.
func (r *Reader) enter() (bool, error) {
	for {
		g, off, size, err := r.choose()
		if g == nil || err != nil {
			return false, err
		}
		f, err := r.s.fs.Open(g.path, os.O_RDONLY)
		if err == nil {
			r.win.reset(f, size)
			r.win.forgiving = false
			r.seg, r.off, r.strikes = g, off, 0
			return true, nil
		}
		r.s.mu.Lock()
		dead := g.dead
		r.s.mu.Unlock()
		if !dead { // else it was unlinked between choosing and opening
			return false, fmt.Errorf("reading spool: %w", err)
		}
	}
}

func (r *Reader) choose() (g *segment, off, size int64, err error) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, 0, 0, ErrClosed
	}
	for _, g := range s.segments {
		if g.first <= r.passed {
			continue
		}
		if off, _, some := g.span(r.dest); some {
			return g, off, g.size, nil
		}
	}
	return nil, 0, 0, nil
}

// nextFrame moves to the next frame of the segment, or leaves it; false if one has to wait for more frames.
func (r *Reader) nextFrame() (bool, error) {
	switch state, limit := r.look(); {
	case state == over:
		r.passed = r.seg.first
		r.leave()
		return true, nil
	case state == gone:
		return false, ErrClosed
	case r.off >= limit:
		return false, nil
	default:
		r.win.limit = limit
	}
	f, err := r.win.frame(r.off, r.s.salt)
	if err != nil {
		return true, r.trouble(err)
	}
	r.cur, r.off, r.itemOff, r.itemNo, r.strikes = f, f.end(), f.at, 0, 0
	r.s.mu.Lock()
	r.reached = f.ms
	r.s.mu.Unlock()
	return true, nil
}

type outlook uint8

const (
	open outlook = iota // there are or will be frames
	over                // nothing more for us in this segment
	gone                // the spool is closed
)

func (r *Reader) look() (outlook, int64) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	g := r.seg
	if s.closed {
		return gone, 0
	}
	if g.dead {
		return over, 0
	}
	// A sealed segment is left when our last item in it is lent, without reading what it holds for others.
	if _, last, some := g.span(r.dest); g.sealed && (!some || last <= r.high || r.off >= g.size) {
		return over, 0
	}
	return open, g.size
}

// trouble deals with a frame that cannot be read at r.off: a damaged one is counted and stepped over. A read error is returned, and becomes
// damage when it repeats.
func (r *Reader) trouble(err error) error {
	for {
		if !errors.Is(err, errDamaged) {
			if r.strikes++; r.strikes < maxStrikes || errors.Is(err, ErrNewerVersion) {
				return fmt.Errorf("reading spool segment %s at %d: %w", r.seg.path, r.off, err)
			}
			r.win.forgiving = true
		}
		r.s.mend(r.seg)
		var next int64
		if next, err = r.win.next(r.off+1, r.s.salt); err == nil {
			r.off, r.cur, r.itemNo, r.strikes = next, frame{}, 0, 0
			return nil
		}
	}
}

// skipRest deals with an item that cannot be read although its frame was whole a moment ago.
func (r *Reader) skipRest(err error) error {
	if !errors.Is(err, errDamaged) {
		if r.strikes++; r.strikes < maxStrikes {
			return fmt.Errorf("reading spool segment %s at %d: %w", r.seg.path, r.itemOff, err)
		}
	}
	r.s.mend(r.seg)
	r.cur, r.itemNo, r.strikes = frame{}, 0, 0
	return nil
}

// idle waits for the bell or until something is to be tended, which then is done.
func (s *Spool) idle(ctx context.Context, bell <-chan struct{}) error {
	if !s.owesWork() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-bell:
			return nil
		}
	}
	if err := pause(ctx, bell, time.Second); err != nil {
		return err
	}
	s.tendIfFree()
	return nil
}

// owesWork tells whether anything waits for the next upkeep, so that a spool in which nothing happens wakes nobody.
func (s *Spool) owesWork() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.doomed) > 0 || len(s.drops.fresh) > 0 || s.opt.Fsync == FsyncInterval && s.unflushed.Load() {
		return true
	}
	for _, r := range s.readers {
		if r.dirty || s.opt.MaxAge > 0 && r.pending.items > 0 {
			return true
		}
	}
	return false
}

// leave closes the file being read.
func (r *Reader) leave() {
	if r.win.file != nil {
		r.win.file.Close()
	}
	r.win.reset(nil, 0)
	r.seg, r.cur, r.itemNo = nil, frame{}, 0
}
