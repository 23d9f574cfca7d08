package spool

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// roll makes a new segment the active one and seals the one before. The new one is complete and durable, with all marks in its first frame,
// before anything else changes: from then on the older ones are not needed for their marks. writing is held. On error all is as before.
func (s *Spool) roll(now time.Time) error {
	old := s.tail
	s.mu.Lock()
	first := s.nextFrame
	prev := previous{first: old.first, size: uint64(old.size)}
	s.mu.Unlock()
	if !old.broken {
		first++ // the number in between is for the summary
	}
	g, f, err := s.create(now, first, prev)
	if err != nil {
		return err
	}
	s.seal(now, old, first-1)
	s.file.Close()
	s.file = f
	s.mu.Lock()
	old.sealed = true
	s.segments, s.tail = append(s.segments, g), g
	s.nextFrame = first + 1
	s.mu.Unlock()
	s.unflushed.Store(false)
	s.synced = now
	s.collect()
	s.work.ring() // readers waiting at the end of the old one
	return nil
}

// create makes a segment that starts with a snapshot. Only the outcome counts: a failed attempt leaves no file.
func (s *Spool) create(now time.Time, first uint64, prev previous) (*segment, *os.File, error) {
	path := segmentPath(s.opt.Dir, first)
	f, err := s.fs.Open(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return nil, nil, fmt.Errorf("creating segment: %w", err)
	}
	g := &segment{first: first, path: path, newest: now.UnixMilli()}
	begun, err := s.begin(now, g, f, prev)
	s.mu.Lock()
	if err == nil {
		s.drops.written()
	} else {
		s.drops.unwritten()
	}
	s.mu.Unlock()
	if err == nil {
		return g, f, nil
	}
	f.Close()
	if s.fs.Remove(path) != nil || begun {
		// A start after a power cut may find this file. It then bounds the active segment, so nothing more may be put there, and the next
		// attempt has to take the same name.
		s.writeOff(first)
	}
	return nil, nil, fmt.Errorf("creating segment %s: %w", path, err)
}

// begin reserves the space of g and writes its snapshot, in every fsync mode durably. begun: bytes of it may have reached the disk.
func (s *Spool) begin(now time.Time, g *segment, f *os.File, prev previous) (begun bool, err error) {
	s.mu.Lock()
	_ = s.drops.take() // they are part of the totals
	s.encoded = beginFrame(s.encoded[:0], s.salt, head{kind: kindSnapshot, number: g.first, ms: now.UnixMilli(), seq: s.nextSeq})
	s.encoded = s.marks.appendTo(s.encoded)
	totals, marks := s.drops.totals, len(s.marks.values)
	for _, d := range totals {
		s.encoded = appendDrop(s.encoded, d)
	}
	s.encoded = appendPrevious(s.encoded, prev)
	s.encoded = endFrame(s.encoded, 0, marks, len(totals), 0)
	s.mu.Unlock()
	if err := s.fs.Reserve(f, s.opt.SegmentBytes); err != nil {
		return false, err
	}
	if _, err := s.fs.Write(f, s.encoded, 0); err != nil {
		return true, err
	}
	g.size = int64(len(s.encoded))
	g.start, g.disk = g.size, g.size
	if err := s.timedSync(f); err != nil {
		return true, err
	}
	return true, s.fs.Sync(s.dir, true)
}

// writeOff forbids further frames in the active segment, if there is one.
func (s *Spool) writeOff(next uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextFrame = max(s.nextFrame, next)
	if s.tail != nil {
		s.tail.broken = true
	}
}

// seal puts the summary behind the last frame and gives back the reserved space that was not used. If any of it fails nothing is lost but
// time at the next start, which then reads the segment through.
func (s *Spool) seal(now time.Time, g *segment, number uint64) {
	if s.opt.Fsync == FsyncInterval && s.unflushed.Load() {
		_ = s.syncActive() // counted
	}
	s.mu.Lock()
	whole := !g.broken && !g.damaged
	s.encoded = s.encoded[:0]
	if whole {
		s.encoded = appendSummary(s.encoded, s.salt, head{kind: kindSummary, number: number, ms: now.UnixMilli(), seq: s.nextSeq}, g)
	}
	s.mu.Unlock()
	if whole {
		if _, err := s.fs.Write(s.file, s.encoded, g.size); err != nil {
			s.encoded = s.encoded[:0]
		}
	}
	size := g.size + int64(len(s.encoded))
	_ = s.fs.Truncate(s.file, size)
	s.mu.Lock()
	g.disk = size
	s.mu.Unlock()
}

// collect unlinks the sealed segments in which nothing waits to be released.
func (s *Spool) collect() {
	s.mu.Lock()
	var paths []string
	keep := s.segments[:0]
	for i, g := range s.segments {
		if i < len(s.segments)-1 && g.settled() {
			s.bury(g)
			paths = append(paths, g.path)
			continue
		}
		keep = append(keep, g)
	}
	clear(s.segments[len(keep):])
	s.segments = keep
	s.mu.Unlock()
	s.unlink(paths)
}

// bury takes a segment off the books of its destinations. mu is held; the caller removes it from the list.
func (s *Spool) bury(g *segment) {
	g.dead = true
	for _, r := range s.readers {
		if g.holds(r.dest) {
			r.segments--
		}
	}
}

// unlink removes files; what cannot be removed now is tried again later.
func (s *Spool) unlink(paths []string) {
	if len(paths) == 0 {
		return
	}
	for _, p := range paths {
		if err := s.fs.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			s.mu.Lock()
			s.doomed = append(s.doomed, p)
			s.mu.Unlock()
		}
	}
	s.room.ring()
}

// timedSync is fdatasync with a stopwatch.
func (s *Spool) timedSync(f *os.File) error {
	start := s.opt.Now()
	err := s.fs.Sync(f, false)
	took := s.opt.Now().Sub(start)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count.fsyncs++
	s.count.fsyncTime += max(took, 0)
	if err != nil {
		s.count.fsyncErrors++
	}
	return err
}
