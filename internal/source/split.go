package source

import (
	"bytes"
	"time"
)

// take gives the meaning of a chunk that was read at offset at: s.scanned, or
// the end of a run of NULs. again is set if the bytes from s.next on must be
// read once more because a line began before the chunk.
func (r *reader) take(s *stream, chunk []byte, at int64, now time.Time) (again bool, err error) {
	enc, full := s.text(), len(chunk) == chunkBytes
	if enc.order != nil || at == 0 && len(chunk) == 1 && chunk[0] >= 0xFE {
		// Half a character waits for its other half.
		if chunk = chunk[:len(chunk)&^1]; len(chunk) == 0 {
			return false, nil
		}
	}
	if s.nulTo > s.scanned {
		if chunk, at = r.leaveNULs(s, chunk, at); len(chunk) == 0 {
			return false, nil
		}
	}
	body, chunkEnd := chunk, at+int64(len(chunk))
	if body[len(body)-1] == 0 && enc.order == nil {
		body = bytes.TrimRight(body, "\x00")
	}
	trimmed := len(body) < len(chunk)
	if s.scanned > s.next {
		i := enc.index(body)
		switch end := at + int64(i) + enc.unit(); {
		case i < 0:
			s.scanned = at + int64(len(body))
			s.markNULs(chunkEnd)
			return false, nil
		case end-s.next <= chunkBytes:
			// The whole line fits into one chunk: read it again from its start. Every
			// byte is read twice at most, since the line is complete.
			s.scanned = s.next
			return true, nil
		default:
			if err := r.longLine(s, end-enc.unit(), end, now); err != nil {
				return false, err
			}
			body, at = body[int64(i)+enc.unit():], end
		}
	}
	if enc.order != nil {
		r.splitWide(s, enc, body, at, now)
	} else {
		r.split(s, body, at, now)
	}
	if trimmed {
		s.markNULs(chunkEnd)
	} else if tail := s.scanned - s.next; full && tail > 0 && tail < chunkBytes/2 {
		// The next chunk starts with the line that this one cut in two, which costs
		// less than joining them.
		s.scanned = s.next
	}
	return false, nil
}

// escape begins a terminal's control sequence.
const escape = 0x1b

// split hands over the complete lines of body, which begins a line at offset at.
func (r *reader) split(s *stream, body []byte, at int64, now time.Time) {
	n, i := 0, 0
	limit := s.entry.MaxLineBytes
	plain := bytes.IndexByte(body, 0) < 0 && bytes.IndexByte(body, escape) < 0
	for i < len(body) {
		if body[i] == 0 {
			run := len(body) - i - len(bytes.TrimLeft(body[i:], "\x00"))
			r.tally.nul += int64(run)
			i += run
			continue
		}
		j := bytes.IndexByte(body[i:], '\n')
		if j < 0 {
			break
		}
		line := &r.lines[n]
		line.Text = body[i : i+j]
		line.Start, line.End = at+int64(i), at+int64(i+j+1)
		line.Cut, line.Open, line.Plain = false, false, plain
		if j > 0 && body[i+j-1] == '\r' {
			line.Text = body[i : i+j-1]
		}
		if len(line.Text) > limit {
			line.Text, line.Cut = line.Text[:limit], true
			r.tally.cut++
		}
		i += j + 1
		if n++; n == batchLines {
			r.hand(s, n, body[:i], at+int64(i), now)
			n = 0
		}
	}
	r.hand(s, n, body[:i], at+int64(i), now)
	s.scanned = at + int64(len(body))
}

// splitWide is split for UTF-16, where zero bytes are ordinary.
func (r *reader) splitWide(s *stream, enc *encoding, body []byte, at int64, now time.Time) {
	n, i := 0, 0
	limit := s.entry.MaxLineBytes &^ 1
	for i < len(body) {
		j := enc.index(body[i:])
		if j < 0 {
			break
		}
		line := &r.lines[n]
		*line = Line{Text: body[i : i+j], Start: at + int64(i), End: at + int64(i+j+2)}
		if j > limit {
			line.Text, line.Cut = line.Text[:limit], true
			r.tally.cut++
		}
		i += j + 2
		if n++; n == batchLines {
			r.hand(s, n, body[:i], at+int64(i), now)
			n = 0
		}
	}
	r.hand(s, n, body[:i], at+int64(i), now)
	s.scanned = at + int64(len(body))
}

// hand gives the first n lines of the batch to the consumer; the stream then
// stands at offset next, and read are the bytes before that. They are noted
// first, since the consumer may ask for the position.
func (r *reader) hand(s *stream, n int, read []byte, next int64, now time.Time) {
	if n > 0 {
		s.noteTail(read, next)
		r.tally.lines += int64(n)
		s.fresh = true
		r.toUTF8(s, n)
		s.consumer.Lines(now, r.lines[:n])
	}
	s.next, s.scanned = next, max(next, s.scanned)
}

// byteOrderMark is how UTF-8 files of some programs begin.
var byteOrderMark = []byte{0xEF, 0xBB, 0xBF}

// toUTF8 decodes the first n lines of the batch.
func (r *reader) toUTF8(s *stream, n int) {
	enc := s.text()
	if enc.isPlain() {
		if l := &r.lines[0]; l.Start == 0 {
			l.Text = bytes.TrimPrefix(l.Text, byteOrderMark)
		}
		return
	}
	r.text = r.text[:0]
	for i := range r.lines[:n] {
		from := len(r.text)
		r.text = enc.decode(r.text, r.lines[i].Text)
		// Appending may move the buffer; the lines before keep the old one.
		r.lines[i].Text = r.text[from:len(r.text):len(r.text)]
	}
}

// longLine hands over one line whose text is [s.next, textEnd) and that ends at
// end; the text is read again, its head only if it is longer than the limit.
func (r *reader) longLine(s *stream, textEnd, end int64, now time.Time) error {
	limit := int64(s.entry.MaxLineBytes) &^ (s.text().unit() - 1)
	read, err := r.readSpan(s, s.next, min(end, s.next+limit+2))
	if err != nil {
		return err
	}
	defer r.release()
	line := &r.lines[0]
	*line = Line{Text: read, Start: s.next, End: end, Open: textEnd == end}
	if end > textEnd {
		line.Text = read[:min(int64(len(read)), textEnd-s.next)]
		if s.text().isPlain() {
			line.Text = bytes.TrimSuffix(line.Text, []byte{'\r'})
		}
	}
	if int64(len(line.Text)) > limit {
		line.Text, line.Cut = line.Text[:limit], true
		r.tally.cut++
		// Its last bytes are not in memory.
		var last [anchorBytes]byte
		want := last[:min(end, anchorBytes)]
		n, err := pread(s.fd, want, end-int64(len(want)))
		if err != nil {
			return err
		}
		if read = want; n < len(want) {
			read = nil
		}
	}
	if line.Open {
		r.tally.open++
	}
	s.scanned = end
	r.hand(s, 1, read, end, now)
	return nil
}

// flush hands over a last line that has no line break, if there is one.
func (r *reader) flush(s *stream, now time.Time) error {
	if s.scanned == s.next {
		return nil
	}
	return r.longLine(s, s.scanned, s.scanned, now)
}
