package spool

import (
	"encoding/binary"
	"errors"
)

// hole is a stretch of a segment in which no frame could be read.
type hole struct {
	from, to int64
	before   uint64 // number of the last good frame before it; 0: none
	after    uint64 // number of the first good frame behind it; 0: none
	seq, end uint64 // the seqs that stood in it: from seq up to but not including end; equal if that is not known
}

// noBound: every frame number is believed.
const noBound = ^uint64(0)

// frames is how many frames stood in the hole: exact where the numbers around it are known, else at least one.
func (h hole) frames() uint64 {
	if h.before > 0 && h.after > h.before+1 {
		return h.after - h.before - 1
	}
	return 1
}

// next returns the offset of the first whole frame at or after off; the limit if there is none. Only the salt can start a frame, and payloads
// cannot know it, so that no text in a payload makes this slow or finds a frame of its own.
func (w *window) next(off int64, salt uint64) (int64, error) {
	var want [syncBytes]byte
	binary.LittleEndian.PutUint32(want[:], frameMagic)
	binary.LittleEndian.PutUint64(want[4:], salt)
	for {
		at, err := w.find(off, want[:])
		if err != nil {
			return 0, err
		}
		if at < 0 {
			return w.limit, nil
		}
		switch _, err := w.frame(at, salt); {
		case err == nil:
			return at, nil
		case !errors.Is(err, errDamaged):
			return 0, err
		}
		off = at + 1
	}
}

// scan visits every good frame from the start of a segment, and returns the holes between them; what follows the last good frame is a hole as
// well. It ends at a frame numbered bound or more: that one failed to be committed, and its number was given anew in the next segment.
func (w *window) scan(salt, bound uint64, visit func(*frame) error) ([]hole, error) {
	var holes []hole
	var off int64
	var last, seq uint64
	for off < w.limit {
		f, err := w.frame(off, salt)
		if err == nil && f.number >= bound {
			break
		}
		if err == nil && f.number <= last {
			err = errDamaged
		}
		if err == nil {
			if n := len(holes); n > 0 && holes[n-1].to == off {
				h := &holes[n-1]
				h.after, h.end = f.number, max(h.seq, f.seq)
			}
			if err := visit(&f); err != nil {
				return nil, err
			}
			off, last, seq = f.end(), f.number, f.seq+uint64(f.items)
			continue
		}
		if !errors.Is(err, errDamaged) {
			return nil, err
		}
		next, err := w.next(off+1, salt)
		if err != nil {
			return nil, err
		}
		if n := len(holes); n > 0 && holes[n-1].to == off {
			holes[n-1].to = next
		} else {
			holes = append(holes, hole{from: off, to: next, before: last, seq: seq, end: seq})
		}
		off = next
	}
	return holes, nil
}
