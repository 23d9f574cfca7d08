package spool

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// errSync marks a failed fsync, after which the pages written before it are in an unknown state: the kernel may have thrown them away and
// call a second fsync a success. So nobody tries a second one.
var errSync = errors.New("fsync failed")

// admit refuses what could not be stored whatever the state of the disk.
func (s *Spool) admit(items []Item, marks []Mark) error {
	growth := 0
	for i := range marks {
		m := &marks[i]
		if len(m.Key) == 0 || len(m.Key) > MaxKeyBytes || len(m.Value) > MaxValueBytes {
			return fmt.Errorf("appending to spool %s: mark with a key of %d and a value of %d bytes, limits 1 to %d and %d: %w",
				s.opt.Dir, len(m.Key), len(m.Value), MaxKeyBytes, MaxValueBytes, ErrTooLarge)
		}
		growth += markBytes + len(m.Key) + len(m.Value)
	}
	if size := frameBytes(items, marks); size > s.opt.maxFrame() {
		return fmt.Errorf("appending %d items and %d marks to spool %s: frame of %d bytes, limit %d: %w",
			len(items), len(marks), s.opt.Dir, size, s.opt.maxFrame(), ErrTooLarge)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if s.marks.bytes+growth > MaxMarkBytes {
		return fmt.Errorf("appending to spool %s: marks of %d bytes in all, limit %d (forget streams that are gone): %w",
			s.opt.Dir, s.marks.bytes+growth, MaxMarkBytes, ErrTooLarge)
	}
	return s.admitDestinations(items)
}

// admitDestinations sees to it that every destination with items on disk can have its slots in the acknowledgement file. mu is held.
func (s *Spool) admitDestinations(items []Item) error {
	var fresh []uint64
	for i := range items {
		d := items[i].Dest
		if i > 0 && items[i-1].Dest == d {
			continue
		}
		if r := s.readers[d]; (r == nil || r.segments == 0) && !slices.Contains(fresh, d) {
			fresh = append(fresh, d)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	stored := 0
	for _, r := range s.readers {
		if r.segments > 0 {
			stored++
		}
	}
	if stored+len(fresh) > MaxDestinations {
		return fmt.Errorf("appending to spool %s: items of %d destinations are stored, %d new ones, limit %d (forget those no longer configured): %w",
			s.opt.Dir, stored, len(fresh), MaxDestinations, ErrTooManyDestinations)
	}
	return nil
}

// commit writes one frame and makes it visible. writing is held.
func (s *Spool) commit(now time.Time, k kind, items []Item, marks []Mark) error {
	err := s.write(now, k, items, marks)
	if errors.Is(err, errSync) {
		// The frame goes into a new segment, and the one with the doubtful end is never touched again.
		if err = errors.Join(err, s.roll(now)); !s.tail.broken {
			err = s.write(now, k, items, marks)
		}
	}
	if err != nil {
		return fmt.Errorf("appending %d items and %d marks to spool %s: %w", len(items), len(marks), s.opt.Dir, named(err))
	}
	return nil
}

// write encodes and puts one frame at the end of the active segment.
func (s *Spool) write(now time.Time, k kind, items []Item, marks []Mark) error {
	s.mu.Lock()
	drops := s.drops.take()
	h := head{kind: k, number: s.nextFrame, ms: now.UnixMilli(), seq: s.nextSeq}
	s.mu.Unlock()
	s.encoded = appendData(s.encoded[:0], s.salt, h, items, marks, drops)
	n := int64(len(s.encoded))
	err := s.put(s.encoded)
	if cap(s.encoded) > 4*encodeBufferBytes { // a rare huge frame must not cost its memory for ever
		s.encoded = make([]byte, 0, encodeBufferBytes)
	}
	s.mu.Lock()
	if err != nil {
		s.drops.unwritten()
		s.count.appendErrors++
		s.mu.Unlock()
		return err
	}
	s.publish(h, n, items, marks)
	s.mu.Unlock()
	if len(items) > 0 {
		s.work.ring()
	}
	return nil
}

// put writes the frame with one call and, with FsyncCommit, forces it to the disk. On error the file is cut back to what was good.
func (s *Spool) put(p []byte) error {
	g := s.tail
	if g.broken {
		return fmt.Errorf("the end of %s cannot be trusted after an earlier error", g.path)
	}
	if _, err := s.fs.Write(s.file, p, g.size); err != nil {
		g.broken = !noSpace(err) // a sector that refused once is not offered a second frame
		s.cutBack(g)
		return err
	}
	s.unflushed.Store(true)
	if s.opt.Fsync != FsyncCommit {
		return nil
	}
	if err := s.syncActive(); err != nil {
		s.cutBack(g)
		return err
	}
	return nil
}

// cutBack removes what was written behind the committed end. The cut also gives back the reserved space, so it is reserved again.
func (s *Spool) cutBack(g *segment) {
	if s.fs.Truncate(s.file, g.size) != nil {
		g.broken = true
		return
	}
	_ = s.fs.Reserve(s.file, s.opt.SegmentBytes)
}

// syncActive forces the active segment to the disk, and writes it off if that fails.
func (s *Spool) syncActive() error {
	err := s.timedSync(s.file)
	s.unflushed.Store(false)
	s.synced = s.opt.Now()
	if err != nil {
		s.tail.broken = true
		return fmt.Errorf("%w: %w", errSync, err)
	}
	return nil
}

// publish makes a frame of n bytes visible to readers. mu is held.
func (s *Spool) publish(h head, n int64, items []Item, marks []Mark) {
	g := s.tail
	off := g.size
	g.size += n
	g.disk = g.size
	g.newest = max(g.newest, h.ms)
	// Items come in runs of one destination; so the reader and the row are looked up once per run, not per item.
	var r *Reader
	for i := range items {
		it := &items[i]
		if r == nil || r.dest != it.Dest {
			r = s.reader(it.Dest)
			if !g.holds(it.Dest) {
				r.segments++
			}
		}
		size := len(it.Payload)
		row := g.note(it.Dest, it.Category, h.seq+uint64(i), int64(size), off, h.ms)
		row.left++
		row.leftBytes += uint64(size)
		r.pending.add(size)
		r.appended++
		s.count.appended++
		s.count.appendedBytes += uint64(size)
	}
	for i := range marks {
		s.marks.set(marks[i].Key, marks[i].Value)
	}
	s.nextFrame++
	s.nextSeq += uint64(len(items))
	s.count.frames++
	s.drops.written()
}
