package spool

import "encoding/binary"

// A summary is the last frame of a sealed segment. With it the next start knows what is in the segment from one read at its end.
//
//	body    | fixed part, counts 0 | newest i64 | rows u32 | rows... | whole frame u32 |     the last four bytes lead back to the header
//	row     | dest u64 | category u8 | items u64 | bytes u64 | first seq u64 | last seq u64 | offset u64 | oldest i64 |
const (
	summaryFixed = 12
	rowBytes     = 57
)

// summaryBytes is the size on disk of a summary.
func summaryBytes(rows int) int64 {
	return headerBytes + bodyBytes + summaryFixed + int64(rows)*rowBytes + 4
}

func appendSummary(dst []byte, salt uint64, h head, g *segment) []byte {
	le := binary.LittleEndian
	start := len(dst)
	dst = beginFrame(dst, salt, h)
	dst = le.AppendUint64(dst, uint64(g.newest))
	dst = le.AppendUint32(dst, uint32(len(g.rows)))
	for i := range g.rows {
		r := &g.rows[i]
		dst = le.AppendUint64(dst, r.dest)
		dst = append(dst, r.category)
		for _, n := range [...]uint64{r.items, r.bytes, r.firstSeq, r.lastSeq, uint64(r.offset), uint64(r.oldest)} {
			dst = le.AppendUint64(dst, n)
		}
	}
	dst = le.AppendUint32(dst, uint32(len(dst)-start+4))
	return endFrame(dst, start, 0, 0, 0)
}

// summary reads the summary at the end of the file of a sealed segment into g. errDamaged if there is none, which is no harm: the segment is
// then read through.
func (w *window) summary(g *segment, salt uint64) (frame, error) {
	tail, err := w.at(w.limit-4, 4)
	if err != nil {
		return frame{}, err
	}
	size := int64(binary.LittleEndian.Uint32(tail))
	if size < headerBytes+bodyBytes+summaryFixed+4 || size > w.limit {
		return frame{}, errDamaged
	}
	f, err := w.frame(w.limit-size, salt)
	if err != nil {
		return frame{}, err
	}
	if f.kind != kindSummary || f.end() != w.limit {
		return frame{}, errDamaged
	}
	return f, w.rows(&f, g)
}

func (w *window) rows(f *frame, g *segment) error {
	le := binary.LittleEndian
	off := f.off + headerBytes + bodyBytes
	b, err := w.at(off, summaryFixed)
	if err != nil {
		return err
	}
	newest, n := int64(le.Uint64(b)), int64(le.Uint32(b[8:]))
	off += summaryFixed
	if off+n*rowBytes+4 != f.end() {
		return errDamaged
	}
	rows := make([]row, 0, n)
	for ; n > 0; n-- {
		b, err := w.at(off, rowBytes)
		if err != nil {
			return err
		}
		rows = append(rows, row{
			dest: le.Uint64(b), category: b[8], items: le.Uint64(b[9:]), bytes: le.Uint64(b[17:]),
			firstSeq: le.Uint64(b[25:]), lastSeq: le.Uint64(b[33:]), offset: int64(le.Uint64(b[41:])), oldest: int64(le.Uint64(b[49:])),
		})
		off += rowBytes
	}
	g.rows, g.newest, g.size = rows, newest, f.off
	return nil
}
