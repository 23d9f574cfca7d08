package spool

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"time"
)

// frame is where one verified frame stands in a file, and what its fixed part says.
type frame struct {
	head
	off   int64 // of the header
	size  int64 // header and body
	marks int
	drops int
	items int
	at    int64 // of the first item
}

func (f *frame) end() int64 { return f.off + f.size }

// peek reads the header at off without verifying the body. errDamaged if no frame of this salt can start and end here.
func (w *window) peek(off int64, salt uint64) (size int64, crc uint32, err error) {
	h, err := w.at(off, headerBytes)
	if err != nil {
		return 0, 0, err
	}
	le := binary.LittleEndian
	length := int64(le.Uint32(h[16:]))
	if le.Uint32(h) != frameMagic || le.Uint64(h[4:]) != salt || length < 1 || length > maxBodyBytes || off+headerBytes+length > w.limit {
		return 0, 0, errDamaged
	}
	return headerBytes + length, le.Uint32(h[12:]), nil
}

// frame verifies the frame at off, checksum and structure, so that what is read from it afterwards cannot surprise.
func (w *window) frame(off int64, salt uint64) (frame, error) {
	// The body is read twice, for the checksum and for its structure: nearly always from the window, else from the page cache.
	size, want, err := w.peek(off, salt)
	if err != nil {
		return frame{}, err
	}
	if err := w.checksum(off+16, off+size, want); err != nil {
		return frame{}, err
	}
	b, err := w.at(off+headerBytes, int(min(size-headerBytes, bodyBytes)))
	if err != nil {
		return frame{}, err
	}
	if b[0] > formatV1 {
		return frame{}, fmt.Errorf("%w: frame version %d, this program knows %d", ErrNewerVersion, b[0], formatV1)
	}
	if len(b) < bodyBytes || b[0] != formatV1 {
		return frame{}, errDamaged
	}
	le := binary.LittleEndian
	f := frame{
		head:  head{kind: kind(b[1]), number: le.Uint64(b[4:]), ms: int64(le.Uint64(b[12:])), seq: le.Uint64(b[20:])},
		off:   off,
		size:  size,
		marks: int(le.Uint32(b[28:])),
		drops: int(le.Uint32(b[32:])),
		items: int(le.Uint32(b[36:])),
	}
	if f.number == 0 || f.number > maxNumber || f.seq > maxNumber {
		return frame{}, errDamaged
	}
	return f, w.walk(&f, nil, nil, nil)
}

func (w *window) checksum(from, to int64, want uint32) error {
	var sum uint32
	for from < to {
		b, err := w.some(from, to-from)
		if err != nil {
			return err
		}
		sum = crc32.Update(sum, castagnoli, b)
		from += int64(len(b))
	}
	if sum != want {
		return errDamaged
	}
	return nil
}

// entry is where an item stands.
type entry struct {
	seq      uint64
	dest     uint64
	category uint8
	id       [16]byte
	payload  int64 // offset
	size     int   // bytes of the payload
}

// lent is the entry as it is handed out.
func (e *entry) lent(payload []byte, ms int64) Entry {
	return Entry{
		Item:     Item{Dest: e.dest, Category: e.category, ID: e.id, Payload: payload},
		Seq:      e.seq,
		Appended: time.UnixMilli(ms),
	}
}

// walk goes through the parts of a frame in order. Any visitor may be nil. Key and value given to mark are valid during the call only.
func (w *window) walk(f *frame, mark func(key, value []byte), drop func(Drop), item func(entry)) error {
	if f.kind == kindSummary {
		return nil
	}
	if f.kind == 0 || f.kind > kindSummary {
		return errDamaged
	}
	off := f.off + headerBytes + bodyBytes
	for range f.marks {
		next, err := w.mark(off, f.end(), mark)
		if err != nil {
			return err
		}
		off = next
	}
	for range f.drops {
		b, err := w.at(off, dropBytes)
		if err != nil {
			return err
		}
		if drop != nil {
			drop(decodeDrop(b))
		}
		off += dropBytes
	}
	f.at = off
	for i := range f.items {
		e, err := w.item(off, f.end())
		if err != nil {
			return err
		}
		if item != nil {
			e.seq = f.seq + uint64(i)
			item(e)
		}
		off = e.payload + int64(e.size)
	}
	if f.kind == kindSnapshot {
		off += prevBytes
	}
	if off != f.end() {
		return errDamaged
	}
	return nil
}

// previous reads the end of a snapshot.
func (w *window) previous(f *frame) (previous, error) {
	b, err := w.at(f.end()-prevBytes, prevBytes)
	if err != nil {
		return previous{}, err
	}
	le := binary.LittleEndian
	return previous{first: le.Uint64(b), size: le.Uint64(b[8:])}, nil
}

// mark reads the mark at off and returns the offset after it. A mark may be larger than the window: 128 KiB.
func (w *window) mark(off, end int64, visit func(key, value []byte)) (int64, error) {
	b, err := w.at(off, markBytes)
	if err != nil {
		return 0, err
	}
	k, v := int64(binary.LittleEndian.Uint16(b)), int64(binary.LittleEndian.Uint16(b[2:]))
	off += markBytes
	next := off + k + v
	if next > end {
		return 0, errDamaged
	}
	if visit == nil {
		return next, nil
	}
	text := make([]byte, 0, k+v)
	for int64(len(text)) < k+v {
		b, err := w.some(off+int64(len(text)), k+v-int64(len(text)))
		if err != nil {
			return 0, err
		}
		text = append(text, b...)
	}
	visit(text[:k], text[k:])
	return next, nil
}

// item reads the head of the item at off; its seq is the caller's to fill in.
func (w *window) item(off, end int64) (entry, error) {
	if off+itemBytes > end {
		return entry{}, errDamaged
	}
	b, err := w.at(off, itemBytes)
	if err != nil {
		return entry{}, err
	}
	le := binary.LittleEndian
	e := entry{dest: le.Uint64(b), category: b[8], payload: off + itemBytes, size: int(le.Uint32(b[25:]))}
	copy(e.id[:], b[9:25])
	if e.payload+int64(e.size) > end {
		return entry{}, errDamaged
	}
	return e, nil
}

func decodeDrop(b []byte) Drop {
	le := binary.LittleEndian
	return Drop{Reason: Reason(b[0]), Category: b[1], Dest: le.Uint64(b[4:]), Items: le.Uint64(b[12:]), Bytes: le.Uint64(b[20:])}
}

// payload reads the payload of e into a new slice.
func (w *window) payload(e entry) ([]byte, error) {
	p := make([]byte, e.size)
	off := e.payload
	for rest := p; len(rest) > 0; {
		if len(rest) > windowBytes { // a large payload goes straight into its own memory
			return p, w.readFull(rest, off)
		}
		b, err := w.at(off, len(rest))
		if err != nil {
			return nil, err
		}
		rest = rest[copy(rest, b):]
	}
	return p, nil
}
