package spool

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// makeRoom rolls and drops until a frame with these items and marks fits, and returns the items that are to be written: none of them when
// DropNewest refused them. writing is held.
func (s *Spool) makeRoom(now time.Time, items []Item, marks []Mark) ([]Item, error) {
	err := s.fit(now, frameBytes(items, marks), len(items))
	if err == nil || s.opt.Policy != DropNewest || len(items) == 0 || !(errors.Is(err, ErrFull) || errors.Is(err, ErrNoSpace)) {
		return items, s.explain(err)
	}
	if len(marks) > 0 {
		if err := s.fit(now, frameBytes(nil, marks), 0); err != nil {
			return nil, s.explain(err) // then the items are not dropped either: the caller repeats the whole append
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range items {
		s.drops.add(Drop{Reason: ReasonNewest, Dest: items[i].Dest, Category: items[i].Category, Items: 1, Bytes: uint64(len(items[i].Payload))})
	}
	return nil, nil
}

func (s *Spool) explain(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("appending to spool %s: %w", s.opt.Dir, named(err))
}

// fit makes the active segment one that takes size more bytes.
//
// The budget counts the active segment with its full reserved size. With Block and DropNewest items leave one more segment of it alone: it is
// for the marks that go on while items are refused. Segments of marks alone are unlinked at the next roll, so they never need a second one.
func (s *Spool) fit(now time.Time, size int64, items int) error {
	roll := s.mustRoll(size, items)
	for (items > 0 || s.opt.Policy == DropOldest) && s.overBudget(roll) {
		if s.opt.Policy != DropOldest {
			s.mu.Lock()
			s.fullAtRoll = roll
			s.mu.Unlock()
			return ErrFull
		}
		if !s.dropOldest(ReasonOldest) {
			break // two segments remain: less than MaxBytes unless the snapshot alone is huge
		}
	}
	if roll || items > 0 && s.tail.forMarks {
		if err := s.leaveFree(items > 0); err != nil {
			return err
		}
	}
	if roll {
		return s.rollSomehow(now, items > 0)
	}
	return nil
}

// mustRoll tells whether the frame has to go into a new segment. The summary, with a row for each new destination and category, is to fit in
// as well.
func (s *Spool) mustRoll(size int64, items int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.tail
	if g.broken || g.damaged {
		return true
	}
	return g.size > g.start && g.size+size+summaryBytes(len(g.rows)+min(items, 8*MaxDestinations)) > s.opt.SegmentBytes
}

// overBudget tells whether MaxBytes would be exceeded by more items.
func (s *Spool) overBudget(roll bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.tail
	used := s.sealedBytes() + max(s.opt.SegmentBytes, g.size)
	if roll && !g.settled() {
		used += g.size + summaryBytes(len(g.rows))
	}
	if s.opt.Policy != DropOldest {
		used += s.opt.SegmentBytes
	}
	return used > s.opt.MaxBytes
}

// sealedBytes is the disk space of all segments but the active one. mu is held.
func (s *Spool) sealedBytes() (n int64) {
	for _, g := range s.segments[:len(s.segments)-1] {
		n += g.disk
	}
	return n
}

// leaveFree respects MinFreeBytes before a new segment takes its space. DropOldest pays for it with the oldest segment, so that the spool at
// least does not grow. Marks alone may go below the limit: they take one segment, once, and items may use that one only when the shortage is
// over.
func (s *Spool) leaveFree(items bool) error {
	if !items {
		return nil
	}
	short := s.shortage()
	if short == nil {
		s.tail.forMarks = false
		return nil
	}
	if s.opt.Policy == DropOldest && !s.starved && s.dropOldest(ReasonOldest) {
		return nil
	}
	return short
}

// shortage says how a new segment would break MinFreeBytes; nil if it would not. A file system that does not tell is not full.
func (s *Spool) shortage() error {
	if s.opt.MinFreeBytes < 0 {
		return nil
	}
	free, total, err := s.fs.Free(s.opt.Dir)
	if err == nil && free-s.opt.SegmentBytes < s.opt.minFree(total) {
		return fmt.Errorf("%w: %d bytes free, %d to be left, %d needed", ErrNoSpace, free, s.opt.minFree(total), s.opt.SegmentBytes)
	}
	return nil
}

// rollSomehow rolls; when the disk is full and the policy allows it, the oldest segment makes room. Only one: if that was in vain somebody
// else takes the space faster than we give it, and giving more would lose the backlog for nothing.
func (s *Spool) rollSomehow(now time.Time, items bool) error {
	err := s.roll(now)
	if noSpace(err) && s.opt.Policy == DropOldest && !s.starved && s.dropOldest(ReasonOldest) {
		err = s.roll(now)
	}
	s.starved = noSpace(err)
	if err == nil {
		s.tail.forMarks = !items && s.shortage() != nil
	}
	return err
}

// dropOldest gives up the oldest sealed segment; false if there is none.
func (s *Spool) dropOldest(why Reason) bool {
	s.mu.Lock()
	if len(s.segments) < 2 {
		s.mu.Unlock()
		return false
	}
	path := s.drop(0, why)
	s.mu.Unlock()
	s.unlink([]string{path})
	return true
}

// drop counts what is unreleased in a sealed segment and takes it off the list. What is lent out is in the hands of a sender and may still be
// released; see abandonOrphans. mu is held; the caller unlinks the path.
func (s *Spool) drop(index int, why Reason) (path string) {
	g := s.segments[index]
	for i := range g.rows {
		row := &g.rows[i]
		r := s.reader(row.dest)
		items, bytes := r.lentFrom(g, row.category)
		items, bytes = row.left-items, row.leftBytes-bytes
		s.drops.add(Drop{Reason: why, Dest: row.dest, Category: row.category, Items: items, Bytes: bytes})
		r.pending.sub(items, bytes)
	}
	g.why = why
	s.bury(g)
	s.segments = append(s.segments[:index], s.segments[index+1:]...)
	return g.path
}

// abandonOrphans counts the lent items whose segment is gone, when nobody can release them any more. mu is held.
func (s *Spool) abandonOrphans() {
	for _, r := range s.readers {
		s.abandon(r, 0)
	}
}

// abandon does so for one reader. The reason is that of the drop of the segment unless another one is given.
func (s *Spool) abandon(r *Reader, why Reason) {
	for i := range r.lent {
		l := &r.lent[i]
		if l.done || !l.seg.dead {
			continue
		}
		reason := why
		if reason == 0 {
			reason = l.seg.why
		}
		l.done = true
		r.settled++
		s.drops.add(Drop{Reason: reason, Dest: r.dest, Category: l.category, Items: 1, Bytes: uint64(l.size)})
		r.pending.sub(1, uint64(l.size))
	}
}

// Wait returns when an Append that failed with ErrFull or ErrNoSpace is worth repeating: space was freed here, or (looked at once per second)
// by others. It returns the error of ctx, or ErrClosed.
func (s *Spool) Wait(ctx context.Context) error {
	for {
		bell := s.room.listen()
		if s.isClosed() {
			return ErrClosed
		}
		if s.hasRoom() {
			return nil
		}
		if err := pause(ctx, bell, time.Second); err != nil {
			return err
		}
		s.tendIfFree()
	}
}

// hasRoom tells whether what was refused last could be done now.
func (s *Spool) hasRoom() bool {
	s.mu.Lock()
	roll := s.fullAtRoll
	s.mu.Unlock()
	return !s.overBudget(roll) && s.shortage() == nil
}

// pause waits for the bell, at most for d. The error is that of ctx.
func pause(ctx context.Context, bell <-chan struct{}, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-bell:
	case <-timer.C:
	}
	return nil
}
