package spool

import (
	"os"
	"path/filepath"
)

const (
	quarantineDir = "quarantine"
	maxQuarantine = 2 // damaged segments kept for a person to look at
)

// quarantine copies a damaged segment aside, once; false if that was done before, perhaps by an earlier process. The copy stays behind as an
// empty file while the segment lives, even if there is no room for its content, so that no damage is counted twice.
func (s *Spool) quarantine(g *segment) bool {
	dir := filepath.Join(s.opt.Dir, quarantineDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return true
	}
	path := filepath.Join(dir, filepath.Base(g.path))
	out, err := s.fs.Open(path, os.O_RDWR|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return !os.IsExist(err)
	}
	defer out.Close()
	s.thinQuarantine(dir, filepath.Base(path))
	in, err := s.fs.Open(g.path, os.O_RDONLY)
	if err != nil {
		return true
	}
	defer in.Close()
	if !s.copyFile(out, in) {
		_ = s.fs.Truncate(out, 0)
	}
	return true
}

// copyFile copies what can be read; unreadable pages become zeros.
func (s *Spool) copyFile(out, in *os.File) bool {
	w, err := s.wholeFile(in)
	if err != nil {
		return false
	}
	for off := int64(0); off < w.limit; {
		b, err := w.some(off, windowBytes)
		if err != nil {
			return false
		}
		if _, err := s.fs.Write(out, b, off); err != nil {
			return false
		}
		off += int64(len(b))
	}
	return true
}

// thinQuarantine empties the oldest copies beyond the limit, and removes those whose segment is gone.
func (s *Spool) thinQuarantine(dir, newest string) {
	files, err := os.ReadDir(dir) // sorted by name, which is age
	if err != nil {
		return
	}
	room := maxQuarantine - 1 // beside the newest
	for i := len(files) - 1; i >= 0; i-- {
		name := files[i].Name()
		if _, ours := segmentNumber(name); !ours || name == newest {
			continue
		}
		if room--; room >= 0 {
			continue
		}
		path := filepath.Join(dir, name)
		if _, err := os.Stat(filepath.Join(s.opt.Dir, name)); os.IsNotExist(err) {
			_ = s.fs.Remove(path)
		} else {
			_ = os.Truncate(path, 0)
		}
	}
}

// mend is called when a segment turns out to be damaged while it is read: it is copied aside, what can no longer be delivered is counted and
// taken off the books, and if it is the active one nothing more is appended to it. Only the first call for a segment does anything.
func (s *Spool) mend(g *segment) {
	s.mu.Lock()
	first := !g.damaged && !g.dead
	g.damaged = true
	s.mu.Unlock()
	if !first {
		return
	}
	fresh := s.quarantine(g)
	f, err := s.fs.Open(g.path, os.O_RDONLY)
	if err != nil {
		return
	}
	defer f.Close()
	s.recount(g, f, fresh)
	s.collect()
}

// recount reads a damaged segment through and corrects the books.
func (s *Spool) recount(g *segment, f *os.File, fresh bool) {
	w := window{fs: s.fs, forgiving: true}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.reset(f, g.size)
	found := segment{}
	holes, err := w.scan(s.salt, noBound, func(f *frame) error {
		return w.walk(f, nil, nil, func(e entry) { s.tally(&found, f, e) })
	})
	if err != nil {
		return // a frame of a newer version: its readers say so
	}
	if fresh {
		s.countHoles(holes)
	}
	s.writeDown(g, &found)
}

// countHoles books one damaged segment. mu is held.
func (s *Spool) countHoles(holes []hole) {
	s.count.quarantined++
	for _, h := range holes {
		s.count.lostFrames += h.frames()
		s.count.lostBytes += uint64(h.to - h.from)
	}
}

// tally books an item found on disk in g, with left only if it still waits to be lent. mu is held, or nobody else is there yet.
func (s *Spool) tally(g *segment, f *frame, e entry) {
	row := g.note(e.dest, e.category, e.seq, int64(e.size), f.off, f.ms)
	if r := s.reader(e.dest); e.seq > r.high && !r.seen.released(e.seq) {
		row.left++
		row.leftBytes += uint64(e.size)
	}
}

// writeDown replaces the books of a damaged segment by what was found, and counts the difference. Items in somebody's hands are not lost.
// mu is held.
func (s *Spool) writeDown(g, found *segment) {
	for i := range g.rows {
		row := &g.rows[i]
		r := s.reader(row.dest)
		items, bytes := r.lentFrom(g, row.category)
		if have := found.row(row.dest, row.category); have != nil {
			items += have.left
			bytes += have.leftBytes
		}
		if row.left <= items {
			continue
		}
		lost := Drop{Reason: ReasonDamaged, Dest: row.dest, Category: row.category, Items: row.left - items, Bytes: row.leftBytes - bytes}
		s.drops.add(lost)
		r.pending.sub(lost.Items, lost.Bytes)
		row.left, row.leftBytes = items, bytes
	}
}
