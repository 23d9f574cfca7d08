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

// recheckNULs forgets the undecided run if its first byte has been written.
func (r *reader) recheckNULs(s *stream) error {
	if s.nulTo <= s.scanned {
		s.nulTo = 0
		return nil
	}
	n, err := pread(s.fd, r.chunk[:1], s.scanned)
	if err != nil {
		return err
	}
	if n == 1 && r.chunk[0] != 0 {
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
