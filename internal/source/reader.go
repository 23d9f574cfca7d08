package source

import (
	"bytes"
	"errors"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

const (
	chunkBytes = 64 << 10  // one pread; 256 KiB gained nothing when measured
	turnBytes  = 256 << 10 // what one stream may read before others have their turn
	batchLines = 1024      // lines handed over in one call
	keepBytes  = 1 << 20   // a larger buffer for a long line is given back to the heap
)

// reader holds the buffers of one worker. Buffers belong to the turn, not to
// the file: an idle file has none.
type reader struct {
	chunk [chunkBytes]byte
	head  [maxHead]byte
	lines [batchLines]Line
	long  []byte // a line that does not fit into chunk
	text  []byte // the lines of a batch that had to be decoded
	tally tally
}

// tally counts what one turn did; it is added to the shared counters once.
type tally struct{ bytes, lines, cut, open, nul int64 }

// outcome is how a turn ended.
type outcome uint8

const (
	unread  outcome = iota // the budget is used up; there may be more to read
	atEnd                  // everything there was has been read
	waiting                // lines are on their way
	changed                // the file is no longer the one that was being read
)

// read reads at most one turn of s and hands its lines over.
func (r *reader) read(s *stream, now time.Time) (outcome, error) {
	size, err := fileSize(s.fd)
	if err != nil {
		return atEnd, err
	}
	if err := r.recheckNULs(s, size); err != nil {
		return atEnd, err
	}
	for budget := turnBytes; budget > 0; {
		at := max(s.scanned, s.nulTo)
		n, err := pread(s.fd, r.chunk[:], at)
		if err != nil {
			return atEnd, err
		}
		if same, err := r.confirm(s, at, r.chunk[:n]); err != nil || !same {
			return changed, err
		}
		s.sized = max(s.sized, size) // it was of this generation, since what came later is
		if n == 0 {
			return atEnd, nil
		}
		budget -= n
		r.tally.bytes += int64(n)
		s.grown(at+int64(n), now)
		again, err := r.take(s, r.chunk[:n], at, now)
		if err != nil {
			return atEnd, err
		}
		if n < chunkBytes && !again {
			return atEnd, nil
		}
	}
	return unread, nil
}

// confirm tells, after a read, whether the file was the one being followed
// while it was read: its head still is what it was. A truncated file is caught
// even if it has grown past the old size since. It also keeps more of the head
// when the file has grown.
func (r *reader) confirm(s *stream, at int64, chunk []byte) (bool, error) {
	end := at + int64(len(chunk))
	if len(chunk) == 0 {
		size, err := fileSize(s.fd)
		if err != nil || size < s.scanned {
			return false, err
		}
	}
	want := max(len(s.head), headSize(end))
	if want == 0 {
		return true, nil
	}
	n, err := pread(s.fd, r.head[:want], 0)
	if err != nil {
		return false, err
	}
	if n < want && len(chunk) > 0 {
		return false, nil // it was longer when the chunk was read
	}
	if at == 0 && len(s.head) < len(chunk) && !bytes.Equal(r.head[:n], chunk[:n]) {
		return false, nil
	}
	head := bytes.TrimRight(r.head[:n], "\x00")
	if len(head) < len(s.head) || !bytes.Equal(head[:len(s.head)], s.head) {
		return false, nil
	}
	if len(head) > len(s.head) {
		s.setHead(bytes.Clone(head))
		// Only now does the finder know what is being read. It may have compared a
		// copy just before, and found that nothing had been read of a file that was
		// truncated by then.
		n, err := pread(s.fd, r.head[:len(s.head)], 0)
		if err != nil || !bytes.Equal(r.head[:n], s.head) {
			return false, err
		}
	}
	if len(head) >= minHead {
		// Two generations may begin with the same banner.
		return s.checkTrails(s.fd, r.head[:])
	}
	return s.bearWitness(chunk, at, r.head[:])
}

// pread reads at an offset; 0 bytes are the end. Regular files give short reads
// at their end only.
func pread(fd int, b []byte, at int64) (int, error) {
	for {
		n, err := unix.Pread(fd, b, at)
		if !errors.Is(err, unix.EINTR) {
			return max(n, 0), err
		}
	}
}

func fileSize(fd int) (int64, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, err
	}
	return st.Size, nil
}

// readSpan reads exactly [from, to) of s into the buffer for long lines.
func (r *reader) readSpan(s *stream, from, to int64) ([]byte, error) {
	n := int(to - from)
	if cap(r.long) < n {
		r.long = make([]byte, n)
	}
	b := r.long[:n]
	for got := 0; got < n; {
		m, err := pread(s.fd, b[got:], from+int64(got))
		if err != nil {
			return nil, err
		}
		if m == 0 {
			return nil, io.ErrUnexpectedEOF
		}
		got += m
	}
	return b, nil
}

// release gives the buffer of an unusually long line back.
func (r *reader) release() {
	if cap(r.long) > keepBytes {
		r.long = nil
	}
	if cap(r.text) > keepBytes {
		r.text = nil
	}
}
