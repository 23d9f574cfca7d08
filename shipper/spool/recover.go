package spool

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
)

// recover reads what the segments hold. The last one is read through; of the others the summary at the end, unless it is missing or an
// acknowledgement points into the middle of the segment.
func (s *Spool) recover(segments []*segment) error {
	var bound uint64 = noBound
	for _, g := range slices.Backward(segments) {
		empty, err := s.recoverSegment(g, bound, bound == noBound)
		if err != nil {
			return fmt.Errorf("%s: %w", g.path, err)
		}
		if !empty { // a file without a frame bounds nothing: it may have come back after a power cut, long after it was removed
			s.segments = append(s.segments, g)
			bound = g.first
		}
	}
	slices.Reverse(s.segments)
	if n := len(s.segments); n > 0 {
		s.tail = s.segments[n-1]
	}
	s.enroll()
	if err := s.recoverMarks(s.segments); err != nil {
		return err
	}
	s.drops.add(s.lost)
	return nil
}

// recoverSegment fills in one segment; empty if there is no frame in it and the file was removed.
func (s *Spool) recoverSegment(g *segment, bound uint64, last bool) (empty bool, err error) {
	f, err := s.fs.Open(g.path, os.O_RDONLY)
	if err != nil {
		return false, err
	}
	defer f.Close()
	w, err := s.wholeFile(f)
	if err != nil {
		return false, err
	}
	g.disk = w.limit
	if !last {
		done, err := s.bySummary(w, g, bound)
		if done || err != nil {
			return false, err
		}
		w.reset(f, s.committed(g, bound))
	}
	return s.readThrough(w, g, bound, last)
}

// bySummary takes what a sealed segment holds from its last frame; false if that does not settle it.
func (s *Spool) bySummary(w *window, g *segment, bound uint64) (bool, error) {
	f, err := w.summary(g, s.salt)
	if errors.Is(err, errDamaged) || err == nil && f.number >= bound {
		g.rows, g.newest = nil, 0
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for i := range g.rows {
		row := &g.rows[i]
		a := s.reader(row.dest).seen
		if row.lastSeq <= a.seq {
			continue // all released
		}
		if row.firstSeq <= a.seq || a.bits != (bits{}) && row.firstSeq <= a.seq+bitCount {
			g.rows, g.newest = nil, 0
			return false, nil // some of it
		}
		row.left, row.leftBytes = row.items, row.bytes
	}
	g.broken = true // nothing is appended behind a summary
	s.advance(f.head, 0)
	return true, nil
}

// committed is how much of a segment without summary was committed, as the snapshot of the next one says; the whole file if it is not its
// direct successor or cannot tell.
func (s *Spool) committed(g *segment, next uint64) int64 {
	f, err := s.fs.Open(segmentPath(s.opt.Dir, next), os.O_RDONLY)
	if err != nil {
		return g.disk
	}
	defer f.Close()
	w, err := s.wholeFile(f)
	if err != nil {
		return g.disk
	}
	snap, err := w.frame(0, s.salt)
	if err != nil || snap.kind != kindSnapshot {
		return g.disk
	}
	if p, err := w.previous(&snap); err == nil && p.first == g.first && p.size <= uint64(g.disk) {
		return int64(p.size)
	}
	return g.disk
}

// readThrough scans a segment, cuts a torn end off the books, and deals with damage.
func (s *Spool) readThrough(w *window, g *segment, bound uint64, last bool) (empty bool, err error) {
	var end int64
	holes, err := w.scan(s.salt, bound, func(f *frame) error {
		if f.off == 0 && f.kind == kindSnapshot {
			g.start = f.size
		}
		if f.kind == kindSummary {
			g.broken = true // nothing is appended behind a summary
			return nil
		}
		end = f.end()
		g.newest = max(g.newest, f.ms)
		s.advance(f.head, f.items)
		return w.walk(f, nil, nil, func(e entry) { s.tally(g, f, e) })
	})
	if err != nil {
		return false, err
	}
	g.size = end
	// An unreadable sector is never taken for a torn end: cutting there would destroy what the next start might read.
	if n := len(holes); n > 0 && holes[n-1].to == w.limit && holes[n-1].from >= end && w.unreadable == 0 {
		if torn, err := w.torn(holes[n-1].from, s.salt); err != nil || torn {
			s.count.tornBytes += uint64(holes[n-1].to - holes[n-1].from)
			holes = holes[:n-1]
		}
	}
	if len(holes) > 0 {
		g.damaged = true
		if s.quarantine(g) {
			s.countHoles(holes)
			s.countLost(holes)
		}
	}
	if end == 0 {
		return true, s.fs.Remove(g.path)
	}
	return false, nil
}

// countLost counts the items that stood in holes, as far as the numbers around them tell. Those that every destination had released already are
// no loss; which of the others had been is not known, so the count is an upper bound.
func (s *Spool) countLost(holes []hole) {
	var released uint64 = noBound
	for _, r := range s.readers {
		released = min(released, r.high)
	}
	for _, h := range holes {
		if from := max(h.seq, released+1); h.seq > 0 && h.end > from {
			s.lost.Items += h.end - from
		}
	}
	s.lost.Reason = ReasonDamaged
}

// torn tells whether what stands at off to the end is what a write leaves that did not get through: less than a frame, or zeros where the
// file system had noted the size but not the data. A whole frame with a wrong checksum is something else, or at least may be.
func (w *window) torn(off int64, salt uint64) (bool, error) {
	if w.limit-off < headerBytes+bodyBytes {
		return true, nil
	}
	head, err := w.at(off, headerBytes)
	if err != nil {
		return false, err
	}
	if headerMagic(head) == frameMagic && headerSalt(head) == salt {
		return off+headerBytes+headerLength(head) > w.limit, nil
	}
	for off < w.limit {
		b, err := w.some(off, windowBytes)
		if err != nil {
			return false, err
		}
		if len(bytes.Trim(b, "\x00")) > 0 {
			return false, nil
		}
		off += int64(len(b))
	}
	return true, nil
}

// advance moves the next numbers behind a frame that was found.
func (s *Spool) advance(h head, items int) {
	s.nextFrame = max(s.nextFrame, h.number+1)
	s.nextSeq = max(s.nextSeq, h.seq+uint64(items))
}

// enroll gives every destination its share of what was found.
func (s *Spool) enroll() {
	for _, g := range s.segments {
		for i := range g.rows {
			row := &g.rows[i]
			r := s.reader(row.dest)
			r.pending.items += row.left
			r.pending.bytes += row.leftBytes
			if g.first > r.passed { // passed serves as "counted already" here and is reset below
				r.segments++
				r.passed = g.first
			}
		}
	}
	for _, r := range s.readers {
		r.passed = 0
	}
}

// recoverMarks takes marks and drop totals from the last segment: its snapshot and what came after. If the snapshot cannot be read the
// segments before it are asked as well.
func (s *Spool) recoverMarks(segments []*segment) error {
	from := max(len(segments)-1, 0)
	for from > 0 && segments[from].start == 0 {
		from--
	}
	for _, g := range segments[from:] {
		if err := s.readMarks(g); err != nil {
			return fmt.Errorf("%s: %w", g.path, err)
		}
	}
	return nil
}

func (s *Spool) readMarks(g *segment) error {
	f, err := s.fs.Open(g.path, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	w := &window{fs: s.fs, forgiving: true}
	w.reset(f, g.size)
	_, err = w.scan(s.salt, noBound, func(f *frame) error {
		if f.kind == kindSnapshot {
			s.marks, s.drops = newMarkTable(), ledger{}
		}
		return w.walk(f, func(k, v []byte) { s.marks.set(string(k), v) }, s.drops.restore, nil)
	})
	return err
}
