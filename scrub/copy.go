package scrub

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// How much text Copy looks at at once, in bytes.
const (
	// copyBlock is what it reads at a time. A secret of several lines, such as a
	// private key, is recognised within it.
	copyBlock = 256 << 10
	// longestCopied bounds a line, and a private key without an end: longer ones are
	// masked in pieces.
	longestCopied = 4 << 20
	// cutWithin is how far from the end of a piece of a line a blank is looked for, so
	// that the cut does not go through a secret.
	cutWithin = 64 << 10
)

// Copy copies text from r to w with its secrets masked, line for line, as fast as it
// can be read; what has been read is written before more is read, as far as its lines
// are complete. What was masked before an error has been written.
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
			if _, err := w.Write(out); err != nil {
				return fmt.Errorf("writing masked text: %w", err)
			}
			if &out[0] != &buf[0] {
				masked = out
			}
			buf = buf[:copy(buf, buf[end:])]
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading text to mask: %w", err)
		}
	}
}

var keyBegins, keyEnds = []byte("-----BEGIN "), []byte("-----END ")

// blockEnd returns where the text may be cut: after its last line break, or before a
// line in which a private key begins that does not end. 0 means that more must be read.
func blockEnd(b []byte) int {
	end := bytes.LastIndexByte(b, '\n') + 1
	near := b[max(0, len(b)-longestPEM):] // a key that began before is too long to wait for
	if open := bytes.LastIndex(near, keyBegins); open >= 0 && !bytes.Contains(near[open:], keyEnds) {
		end = lineStart(b, len(b)-len(near)+open)
	}
	if end > 0 || len(b) < longestCopied {
		return end
	}
	if i := bytes.LastIndexAny(b[len(b)-cutWithin:], " \t,;&"); i >= 0 {
		return len(b) - cutWithin + i + 1
	}
	return len(b)
}
