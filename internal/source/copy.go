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
	unseen  bool // the last scan did not see it

	// Written by the worker that ends the original, under Tailer.mu.
	done bool
	upto int64 // the offset to which the original was read
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

// holdCandidate holds the file if it is a copy of a followed one.
func (t *Tailer) holdCandidate(v *view, c *candidate) bool {
	if len(c.head) == 0 {
		return false
	}
	of, extends := t.originalOf(c)
	if of == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.copies[c.at] = &copyFile{candidate: c, of: of, extends: extends, size: c.st.Size, mtime: c.st.Mtim}
	return true
}

// originalOf finds the followed file that c is a copy of. extends is set if c
// has taken its name, all its bytes, and has more: it was replaced by a longer
// file, as rsync and "sed -i" do.
func (t *Tailer) originalOf(c *candidate) (of *stream, extends bool) {
	t.mu.Lock()
	var maybe []*stream
	for s := range t.orphans {
		if related(s.info.Path, c.path) {
			maybe = append(maybe, s)
		}
	}
	for at, s := range t.live {
		if at == c.at {
			continue
		}
		if s.info.Path != c.path && related(s.info.Path, c.path) || s.info.Path == c.path && !s.attached() {
			maybe = append(maybe, s)
		}
	}
	t.mu.Unlock()
	for _, s := range maybe {
		if t.resembles(s, c) {
			return s, false
		}
		if s.info.Path == c.path && len(c.head) >= minHead && t.isExtendedBy(s, c) {
			return s, true
		}
	}
	return nil, false
}

// isExtendedBy tells whether c begins with all that the file of s holds.
func (t *Tailer) isExtendedBy(s *stream, c *candidate) bool {
	head, fd := s.look()
	if fd < 0 {
		return false
	}
	defer unix.Close(fd)
	size, err := fileSize(fd)
	return err == nil && len(head) >= minHead && size <= c.st.Size &&
		bytes.HasPrefix(c.head, head) && sameTail(fd, c.fd, size)
}

// resembles tells whether c has the same bytes as the file of s, as far as c
// goes: its head and its last 64 KiB are compared. If the file of s is no longer
// what s was reading, its head as s knows it decides.
func (t *Tailer) resembles(s *stream, c *candidate) bool {
	head, fd := s.look()
	if fd >= 0 {
		defer unix.Close(fd)
		if len(head) < len(c.head) {
			longer := make([]byte, len(c.head))
			n, err := pread(fd, longer, 0)
			if err == nil && n > len(head) && bytes.HasPrefix(longer[:n], head) {
				head = longer[:n]
			}
		}
	}
	n := min(len(head), len(c.head))
	if n == 0 || !bytes.Equal(head[:n], c.head[:n]) {
		return false
	}
	if fd < 0 {
		return n >= minHead || len(c.head) >= len(head)
	}
	same := sameTail(fd, c.fd, c.st.Size)
	if !startsWith(fd, head) {
		t.q.push(s) // truncated; its worker will find out
		return true
	}
	return same
}

// look gives the head of the stream's file and a descriptor of it that the
// caller closes, -1 if there is none.
func (s *stream) look() (head []byte, fd int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd >= 0 {
		if fd, err := unix.FcntlInt(uintptr(s.fd), unix.F_DUPFD_CLOEXEC, 0); err == nil {
			return s.head, fd
		}
		return s.head, -1
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
