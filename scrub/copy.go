package scrub

import (
	"bytes"
	"errors"
	"io"
)

const (
	// copyBlock is how much text Copy looks at once. A secret of several lines (a
	// private key) is recognised within it.
	copyBlock = 256 << 10
	// copyLine bounds a line: a longer one is masked in pieces, cut where no
	// secret is expected to reach over.
	copyLine = 4 << 20
)

// Copy copies text with its secrets masked, line for line, as fast as it can be
// read. A block ends at a line break that is not inside a private key. The error
// is that of the reader or of the writer; what was masked before it has been written.
func (s *Scrubber) Copy(w io.Writer, r io.Reader) error {
	buf := make([]byte, 0, copyBlock)
	var masked []byte
	for {
		if len(buf) == cap(buf) {
			buf = append(make([]byte, 0, 2*cap(buf)), buf...)
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		end := len(buf)
		if err == nil {
			end = blockEnd(buf)
		}
		if end > 0 {
			out := s.Bytes(masked, buf[:end])
			if _, werr := w.Write(out); werr != nil {
				return werr
			}
			if len(out) > 0 && (end == 0 || &out[0] != &buf[0]) {
				masked = out
			}
			buf = buf[:copy(buf, buf[end:])]
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

var keyBegin, keyEnd = []byte("-----BEGIN "), []byte("-----END ")

// blockEnd is where the text at hand may be cut: after its last line break, or
// before a private key that has only begun. 0 means that more must be read first.
func blockEnd(b []byte) int {
	end := bytes.LastIndexByte(b, '\n') + 1
	if end == 0 {
		if len(b) < copyLine {
			return 0
		}
		return len(b)
	}
	if open := bytes.LastIndex(b[:end], keyBegin); open >= 0 && !bytes.Contains(b[open:end], keyEnd) && len(b)-open < maxOpenKey {
		if start := bytes.LastIndexByte(b[:open], '\n') + 1; start > 0 {
			return start
		}
		if len(b) < copyLine {
			return 0
		}
	}
	return end
}

// maxOpenKey is how long a private key without its end may be.
const maxOpenKey = 64 << 10
