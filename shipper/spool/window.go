package spool

import (
	"bytes"
	"errors"
	"io"
	"os"
)

const windowBytes = 64 << 10

// pageBytes is the unit in which an unreadable stretch of a disk is given up.
const pageBytes = 4 << 10

// errDamaged: these bytes are no frame as it was written.
var errDamaged = errors.New("damaged frame")

// window reads a file through one buffer. It never looks at or beyond limit: what stands there is not committed yet.
type window struct {
	fs    FS
	file  *os.File
	limit int64

	buf  []byte // windowBytes long, made at the first read
	base int64  // offset in the file of buf[0]
	have int    // valid bytes in buf

	forgiving  bool  // unreadable pages read as zeros, so that what follows them can still be found
	unreadable int64 // bytes replaced by zeros
}

func (w *window) reset(f *os.File, limit int64) {
	w.file, w.limit, w.base, w.have = f, limit, 0, 0
}

// at returns n bytes (at most windowBytes) from offset off, valid until the next call.
func (w *window) at(off int64, n int) ([]byte, error) {
	if off < 0 || off+int64(n) > w.limit {
		return nil, errDamaged
	}
	if off < w.base || off+int64(n) > w.base+int64(w.have) {
		if err := w.fill(off); err != nil {
			return nil, err
		}
	}
	i := int(off - w.base)
	return w.buf[i : i+n], nil
}

// some returns between 1 and most bytes from offset off: what is at hand, or else a fresh window.
func (w *window) some(off, most int64) ([]byte, error) {
	if off >= w.limit {
		return nil, errDamaged
	}
	if off < w.base || off >= w.base+int64(w.have) {
		if err := w.fill(off); err != nil {
			return nil, err
		}
	}
	b := w.buf[off-w.base : w.have]
	return b[:min(int64(len(b)), most)], nil
}

func (w *window) fill(off int64) error {
	if w.buf == nil {
		w.buf = make([]byte, windowBytes)
	}
	n := int(min(windowBytes, w.limit-off))
	w.base, w.have = off, 0
	if err := w.readFull(w.buf[:n], off); err != nil {
		return err
	}
	w.have = n
	return nil
}

// readFull fills p. A file shorter than its committed length is damage (somebody cut it), not a failing disk.
func (w *window) readFull(p []byte, off int64) error {
	n, err := w.fs.Read(w.file, p, off)
	switch {
	case n == len(p):
		return nil
	case errors.Is(err, io.EOF):
		if !w.forgiving {
			return errDamaged
		}
		clear(p[n:])
		w.unreadable += int64(len(p) - n)
		return nil
	case w.forgiving:
		w.readPages(p, off)
		return nil
	}
	return err
}

// readPages saves what can be read of a stretch with bad sectors.
func (w *window) readPages(p []byte, off int64) {
	for len(p) > 0 {
		n := min(len(p), pageBytes-int(off%pageBytes))
		if got, _ := w.fs.Read(w.file, p[:n], off); got < n {
			clear(p[:n])
			w.unreadable += int64(n)
		}
		p, off = p[n:], off+int64(n)
	}
}

// find returns the first offset at or after off where want stands, or -1. It reads every byte about once, whatever is in the file.
func (w *window) find(off int64, want []byte) (int64, error) {
	for off+int64(len(want)) <= w.limit {
		n := int(min(windowBytes, w.limit-off))
		b, err := w.at(off, n)
		if err != nil {
			return -1, err
		}
		if i := bytes.Index(b, want); i >= 0 {
			return off + int64(i), nil
		}
		off += int64(n - len(want) + 1)
	}
	return -1, nil
}
