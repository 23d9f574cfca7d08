package source

import (
	"bytes"
	"errors"

	"golang.org/x/sys/unix"
)

// NUL bytes in a log come from holes: a writer without O_APPEND goes on at its
// old offset after a truncation, a crash leaves blocks that were never written,
// and a memory-mapped appender writes into a file it has filled with NULs
// before. Hence two rules: a run of NULs at the start of a line is skipped (and
// counted) once something follows it, and a run up to the end of the file is
// looked at again, since it may be written to later.
//
// [s.scanned, s.nulTo) is the run that is not decided yet.

var zeros [chunkBytes]byte

// markNULs notes that the bytes from s.scanned to end are NULs.
func (s *stream) markNULs(end int64) {
	if end > s.scanned {
		s.nulTo = end
	}
}

// recheckNULs forgets the undecided run if its first byte has been written, or
// its end been cut off.
func (r *reader) recheckNULs(s *stream, size int64) error {
	if s.nulTo <= s.scanned {
		s.nulTo = 0
		return nil
	}
	n, err := pread(s.fd, r.chunk[:1], s.scanned)
	if err != nil {
		return err
	}
	if n == 0 || r.chunk[0] != 0 || size < s.nulTo {
		s.nulTo = 0
	}
	return nil
}

// leaveNULs is called inside a run of NULs with the chunk that follows it. It
// returns the part of the chunk after the run, or nothing if the run goes on.
func (r *reader) leaveNULs(s *stream, chunk []byte, at int64) ([]byte, int64) {
	if bytes.Equal(chunk, zeros[:len(chunk)]) {
		s.nulTo = at + int64(len(chunk))
		if len(chunk) == chunkBytes {
			s.nulTo = nextData(s.fd, s.nulTo)
		}
		return nil, s.nulTo
	}
	run := len(chunk) - len(bytes.TrimLeft(chunk, "\x00"))
	end := at + int64(run)
	if s.scanned == s.next {
		r.tally.nul += end - s.next
		s.next = end
	}
	s.scanned, s.nulTo = end, 0
	return chunk[run:], end
}

// maxBlank bounds how much is read to find out whether a file is blank.
const maxBlank = 64 << 20

// isBlank tells whether a file of this size holds no byte but NULs yet: it says
// as little of what will be in it as an empty one.
func isBlank(fd int, size int64, buf []byte) bool {
	// Most files that begin with a hole end with text.
	if n, err := pread(fd, buf, max(0, size-int64(len(buf)))); err != nil || !bytes.Equal(buf[:n], zeros[:n]) {
		return false
	}
	read := 0
	for at := int64(0); at < size; {
		if at = nextData(fd, at); at >= size {
			break
		}
		n, err := pread(fd, buf, at)
		if read += n; err != nil || read > maxBlank || !bytes.Equal(buf[:n], zeros[:n]) {
			return false
		}
		if n == 0 {
			break
		}
		at += int64(n)
	}
	return true
}

// nextData gives the offset of the first byte at or after at that is not in a
// hole, at most the size of the file; at itself where the file system cannot tell.
func nextData(fd int, at int64) int64 {
	to, err := unix.Seek(fd, at, unix.SEEK_DATA)
	switch {
	case err == nil:
		return max(at, to)
	case errors.Is(err, unix.ENXIO):
		size, err := fileSize(fd)
		if err == nil && size > at {
			return size
		}
	}
	return at
}
