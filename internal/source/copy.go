package source

import (
	"bytes"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// copytruncate (logrotate and others) copies a log to another name and truncates
// the original. Read naively, the copy doubles what was read already, and what
// was written between the last read and the truncation is lost with the
// original. Hence the shadow-copy rule:
//
//   - a new file that has the same bytes as a followed file of a related name is
//     held: open, but not read;
//   - when the original is truncated, its stream goes on in the copy, at the same
//     offset, to the copy's end;
//   - a held file that turns out to differ was no copy and is read from its start;
//   - a copy whose original just goes on or ends is left alone.

// copyFile is a held copy.
type copyFile struct {
	*candidate
	of      *stream
	extends bool  // it has all of the original and more, and the original's name
	size    int64 // when last compared
	mtime   unix.Timespec
	anchor  Fingerprint // of the bytes before size
	unseen  bool        // the last scan did not see it
	unsure  bool        // nothing of the original had been read when they were compared

	// Written by the worker that ends the original, under Tailer.mu.
	done bool
	upto int64 // the offset to which the original was read
}

// holdLocked holds c, which is a copy of the file of s.
func (t *Tailer) holdLocked(c *candidate, of *stream, kin kinship) {
	held := &copyFile{candidate: c, of: of, extends: kin == extension, unsure: !of.hasRead()}
	held.compared()
	t.copies[c.at] = held
}

func (c *copyFile) close() {
	if c.fd >= 0 {
		_ = unix.Close(c.fd)
		c.fd = -1
	}
}

// related tells whether a name may be that of a rotated or copied generation of
// the file: "app.log" and "app.log.1", "app.log-20260102", "app-2026.log",
// "app.1.log"; not "worker-1.log" and "worker-10.log".
func related(original, name string) bool {
	base, other := filepath.Base(original), filepath.Base(name)
	if base == other {
		return true
	}
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	if stem == "" {
		stem = base
	}
	rest, ok := strings.CutPrefix(other, stem)
	return ok && rest != "" && !isAlnum(rest[0])
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// kinship is what a comparison of a new file with a followed one gives.
type kinship uint8

const (
	stranger  kinship = iota
	copied            // all its bytes are the original's
	extension         // the original has lost its name; this has all its bytes and more, as after rsync
	unclear           // the original has just been truncated; ask again when its worker knows
)

// originalOf finds the followed file that c is a copy of.
func (t *Tailer) originalOf(c *candidate) (*stream, kinship) {
	if c.blank {
		return nil, stranger
	}
	t.mu.Lock()
	kin := stranger
	var maybe []*stream
	for s := range t.orphans {
		if !related(s.info.Path, c.path) {
			continue
		}
		switch s.compareUnseen(c) {
		case copied, extension:
			t.mu.Unlock()
			return s, copied
		case unclear:
			kin = unclear
		}
	}
	for at, s := range t.live {
		if at != c.at && related(s.info.Path, c.path) && (s.info.Path != c.path || !s.attached()) {
			maybe = append(maybe, s)
		}
	}
	t.mu.Unlock()
	for _, s := range maybe {
		switch k := t.compare(s, c); k {
		case copied, extension:
			return s, k
		case unclear:
			kin = unclear
		}
	}
	if kin == stranger && t.copiesHeld(c) {
		kin = unclear
	}
	return nil, kin
}

// copiesHeld tells whether c has the bytes of a held file, although it is no copy
// of a followed one: then the held file is none either any more. A generation
// that begins like the one before is held at first, and read once it differs.
func (t *Tailer) copiesHeld(c *candidate) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for at, h := range t.copies {
		if at != c.at && related(h.path, c.path) && startsWith(h.fd, c.head) && sameTail(h.fd, c.fd, c.st.Size) {
			return true
		}
	}
	return false
}

// compare compares c with the file of s. The worker of s may read meanwhile, and
// the file may be truncated: what is found counts only if both stood still.
func (t *Tailer) compare(s *stream, c *candidate) kinship {
	for range 10 {
		head, fd := s.look()
		if fd < 0 {
			return s.compareUnseen(c)
		}
		kin := s.compareFiles(fd, c)
		changed := !startsWith(fd, head) || !s.trailsIn(fd)
		_ = unix.Close(fd)
		switch {
		case changed:
			t.q.push(s) // truncated; its worker will find out
			if k := s.compareUnseen(c); k == copied || k == extension {
				return copied
			}
			return unclear
		case kin != stranger || s.knows(head):
			return kin
		}
	}
	return unclear
}

// knows tells whether the stream's worker still knows only this much of the head.
func (s *stream) knows(head []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.head) == len(head)
}

// compareFiles compares the heads, and the last 64 KiB of what both have. That
// is not all, but a log that agrees in both and differs in between has lines
// without a time, and several writers.
func (s *stream) compareFiles(fd int, c *candidate) kinship {
	size, err := fileSize(fd)
	if err != nil {
		return stranger
	}
	now, err := headOf(fd, size)
	if err != nil || !agree(now, c.head) {
		return stranger
	}
	switch n := min(len(now), len(c.head)); {
	case sameTail(fd, c.fd, c.st.Size):
		return copied
	case n >= minHead && size <= c.st.Size && !s.attached() && sameTail(fd, c.fd, size):
		return extension
	}
	return stranger
}

// beginsReading asks for a look at the files that are held for being copies of s
// although nothing of s had been read: now something was, or its file is empty.
func (t *Tailer) beginsReading(s *stream) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.copies {
		if c.of == s {
			t.askScan()
			return
		}
	}
}

// trailsIn tells whether the file still has what was read of it last.
func (s *stream) trailsIn(fd int) bool {
	same, err := s.checkTrails(fd, make([]byte, anchorBytes))
	return same && err == nil
}

// checkTrails is trailsIn with a buffer of at least anchorBytes, for whoever must
// know that it could not be found out.
func (s *stream) checkTrails(fd int, buf []byte) (same bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, tl := range [...]*trail{&s.tail, &s.witness} {
		if tl.n == 0 {
			continue
		}
		if same, err = tl.check(fd, buf); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

// compareUnseen compares c with a file that is out of reach: it was truncated,
// or replaced while it was closed for being silent. What is remembered decides.
func (s *stream) compareUnseen(c *candidate) kinship {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !agree(s.head, c.head):
		return stranger
	case len(c.head) < min(minHead, len(s.head)) && c.fresh:
		return unclear // perhaps a copy that has just begun
	case len(c.head) < min(minHead, len(s.head)):
		return copied
	case s.tail.n == 0 && len(s.head) == 0:
		return stranger
	case s.tail.n == 0:
		return copied
	case c.st.Size < s.first.end && len(s.head) == 0:
		return s.compareBeginLocked(c)
	case !s.beginsLikeLocked(c):
		return stranger
	case c.st.Size >= s.first.end && !s.first.in(c.fd):
		return stranger
	case c.st.Size < s.tail.end:
		return copied // all of it was read
	case !s.tail.in(c.fd):
		return stranger
	case c.st.Size > s.tail.end:
		return extension
	}
	return copied
}

// beginsLikeLocked compares all that is remembered of the beginning: the head of c
// is of a round size, and a short generation may differ only behind that.
func (s *stream) beginsLikeLocked(c *candidate) bool {
	if n := min(c.st.Size, int64(len(s.head))); !startsWith(c.fd, s.head[:n]) {
		return false
	}
	start := s.first.end - int64(s.first.n)
	n := min(c.st.Size, s.first.end) - start
	if n <= 0 {
		return true
	}
	begin := trail{end: start + n, n: int(n)}
	copy(begin.b[:], s.first.b[:n])
	return begin.in(c.fd)
}

// compareBeginLocked compares c with a file that began with a hole, of which c
// has not even all of the first bytes that were read.
func (s *stream) compareBeginLocked(c *candidate) kinship {
	start := s.first.end - int64(s.first.n)
	switch n := c.st.Size - start; {
	case s.info.Start > 0 && c.fresh:
		return unclear // perhaps a copy that is still being made
	case s.info.Start > 0 || n <= 0:
		return stranger // c has text where this file had its hole
	default:
		begin := trail{end: c.st.Size, n: int(n)}
		copy(begin.b[:], s.first.b[:n])
		if begin.in(c.fd) {
			return copied
		}
		return stranger
	}
}

// agree tells whether two heads are the same as far as both go. Two empty ones,
// of files that begin with a hole, are.
func agree(a, b []byte) bool {
	n := min(len(a), len(b))
	return bytes.Equal(a[:n], b[:n]) && (n > 0 || len(a) == len(b))
}

// look gives the head of the file as the stream's worker knows it, and a
// descriptor of the file that the caller closes, -1 if it is out of reach.
func (s *stream) look() (head []byte, fd int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd >= 0 {
		fd, err := unix.FcntlInt(uintptr(s.fd), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			return s.head, -1
		}
		return s.head, fd
	}
	fd, st, err := openFile(s.path)
	if err != nil {
		return s.head, -1
	}
	if inodeOf(&st) != s.at {
		_ = unix.Close(fd)
		return s.head, -1
	}
	return s.head, fd
}

// sameTail tells whether the last 64 KiB before size are the same in both files.
func sameTail(a, b int, size int64) bool {
	n := min(size, chunkBytes)
	buf := make([]byte, 2*n)
	na, err := pread(a, buf[:n], size-n)
	if err != nil || int64(na) < n {
		return false
	}
	nb, err := pread(b, buf[n:], size-n)
	return err == nil && int64(nb) == n && bytes.Equal(buf[:n], buf[n:])
}
