package source

import (
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// generationEnded is called by the worker that found that the file of s is no
// longer what it was: it was truncated, or written anew. The inode starts a new
// generation, with a stream of its own; what s has not read may be in a copy.
func (t *Tailer) generationEnded(r *reader, s *stream, now time.Time) (bool, time.Time) {
	t.stats.truncations.Add(1)
	if s.life == onCopy || t.once {
		t.loseRest(s, s.sized, "the file was truncated while it was being read")
		s.closeFile()
		t.end(s, now)
		return false, time.Time{}
	}
	s.mu.Lock()
	fd := s.fd
	s.fd = -1
	info, at, gone, replaced := s.info, s.at, s.gone, s.replaced
	path, names := s.path, s.names
	s.mu.Unlock()
	t.log.Info("log file truncated", "path", path, "read_to", s.next)
	s.life = orphan

	info.ID = Identity{Dev: at.dev, Ino: at.ino, Gen: t.nextGen(at)}
	info.Start, info.Resumed = 0, false
	info.Size, _ = fileSize(fd)
	info.Modified = now
	heir := t.newStream(info, s.entry, fd, at)
	heir.grew, heir.names, heir.seen, heir.gone, heir.replaced, heir.path = now, names, now, gone, replaced, path
	heir.unproven.Store(true) // somebody may have copied another log over it
	t.mu.Lock()
	t.orphans[s] = t.scanNo
	t.live[at] = heir
	for _, n := range heir.names {
		t.names[n] = heir
	}
	t.mu.Unlock()
	t.stats.files.Add(1)
	t.q.push(heir)
	t.askScan()
	return t.serveOrphan(r, s, now)
}

// serveOrphan keeps the consumer's time while the rest is looked for.
func (t *Tailer) serveOrphan(_ *reader, s *stream, now time.Time) (bool, time.Time) {
	s.mu.Lock()
	lost := s.lost
	s.mu.Unlock()
	if lost {
		t.loseRest(s, s.sized, "the file was truncated before it was read to its end, and no copy of it was found")
		t.end(s, now)
		return false, time.Time{}
	}
	s.idle(now)
	return false, s.deadline
}

// answerOrphans tells each stream whose file was truncated where its rest is,
// once a scan that began after the truncation has seen all files. The copy was
// made before the truncation, so it is there by then or will never be.
func (t *Tailer) answerOrphans(v *view) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s, no := range t.orphans {
		if no >= v.no || s.answered() {
			continue
		}
		if slices.ContainsFunc(v.undecided, func(path string) bool { return related(s.info.Path, path) }) {
			continue // another scan has been asked for
		}
		if t.unprovenKinLocked(s) {
			t.askScan()
			continue
		}
		best := t.bestCopyLocked(s)
		s.mu.Lock()
		if best != nil {
			delete(t.copies, best.at)
			t.promised[best.at] = true
			s.copied = best
		} else {
			s.lost = true
		}
		s.mu.Unlock()
		t.q.push(s)
	}
}

func (s *stream) answered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.copied != nil || s.lost
}

// bestCopyLocked finds the longest held copy of the stream's file.
func (t *Tailer) bestCopyLocked(s *stream) *copyFile {
	var best *copyFile
	for _, c := range t.copies {
		if c.of == s && (best == nil || c.st.Size > best.st.Size) {
			best = c
		}
	}
	return best
}

// unprovenKinLocked tells whether a file that may be the copy of s has bytes
// that nobody has looked at yet.
func (t *Tailer) unprovenKinLocked(s *stream) bool {
	for _, o := range t.live {
		if o != s && o.unproven.Load() && o.size.Load() != o.looked.Load() && related(s.info.Path, o.info.Path) {
			t.q.push(o)
			return true
		}
	}
	return false
}

// adopt lets an orphan go on in the copy that was found for it.
func (t *Tailer) adopt(s *stream) bool {
	s.mu.Lock()
	c := s.copied
	if c != nil {
		s.fd, s.at, s.path, s.copied = c.fd, c.at, c.path, nil
	}
	s.mu.Unlock()
	if c == nil {
		return false
	}
	s.open.Add(1)
	s.life = onCopy
	s.nulTo = 0
	var st unix.Stat_t
	if unix.Fstat(s.fd, &st) == nil {
		s.size.Store(st.Size)
		s.mtime.Store(st.Mtim.Nano())
		// What was read beyond the copy's end can only be a partial line.
		s.scanned = max(min(s.scanned, st.Size), min(s.next, st.Size))
		s.standAt(min(s.next, s.scanned))
	}
	t.mu.Lock()
	t.live[c.at] = s
	delete(t.promised, c.at)
	delete(t.orphans, s)
	t.mu.Unlock()
	t.stats.copies.Add(1)
	return true
}

// standAt makes the stream go on at an offset before what it has read: the copy
// has less than the original had.
func (s *stream) standAt(offset int64) {
	if offset == s.next {
		return
	}
	s.next = offset
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tail.n, s.witness.n = 0, 0
}

// loseRest counts what is known to be lost with the file of s, of which size
// bytes are known to have been there. A file that has grown since it was
// truncated may be larger; that is not lost.
func (t *Tailer) loseRest(s *stream, size int64, why string) {
	from := s.next
	if s.scanned == s.next {
		from = max(from, s.nulTo)
	}
	t.lose(s, max(s.high, size)-from, why)
	s.scanned = s.next
}

// label is the name of the file as last known; the finder may change it at any time.
func (s *stream) label() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.path
}

// lose counts bytes that can no longer be read.
func (t *Tailer) lose(s *stream, n int64, why string) {
	if n <= 0 {
		return
	}
	t.stats.lost.Add(n)
	t.log.Warn("part of a log file could not be read", "path", s.label(), "bytes", n, "reason", why)
}
