package source

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// entries is a batch of entries of the journal, in buffers that are used again.
type entries struct {
	buf   []byte
	value []byte // of one field
	texts [][]byte
	lines []Line
	bytes int64
	cut   int  // the last text lacks something for being too long, if it is as long as texts
	more  bool // there is more to read at once
}

func (b *entries) reset() {
	b.buf, b.texts, b.bytes, b.cut, b.more = b.buf[:0], b.texts[:0], 0, 0, false
	if cap(b.buf) > keepBytes {
		b.buf = nil
	}
	if cap(b.value) > keepBytes {
		b.value = nil
	}
}

// fill reads one entry, and those that are there already. Of a value only limit
// bytes are kept.
func (b *entries) fill(r *bufio.Reader, limit int) error {
	for {
		from := len(b.buf)
		cut, err := b.entry(r, limit)
		if err != nil {
			b.buf = b.buf[:from] // an entry without end was not finished
			return err
		}
		// Appending may move the buffer; the texts before keep the old one.
		b.texts = append(b.texts, b.buf[from:len(b.buf):len(b.buf)])
		if cut {
			b.cut = len(b.texts)
			return nil
		}
		ready, _ := r.Peek(r.Buffered())
		b.more = bytes.Contains(ready, []byte("\n\n"))
		if !b.more || len(b.buf) > chunkBytes || len(b.texts) == batchLines {
			return nil
		}
	}
}

// maxFields bounds the fields of one entry; journald takes 1,024.
const maxFields = 1024

// entry reads one entry in the Journal Export Format and appends it as JSON:
//
//	__CURSOR=s=...          a line for each field that is text
//	MESSAGE                 or, with line breaks or other controls in it:
//	<8 bytes, little endian: length><value>
//	                        an empty line after the last
func (b *entries) entry(r *bufio.Reader, limit int) (cut bool, err error) {
	open := len(b.buf)
	for fields := 0; ; fields++ {
		head, err := r.ReadSlice('\n')
		b.bytes += int64(len(head))
		whole := err == nil
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return false, err
		}
		if whole && len(head) == 1 {
			if len(b.buf) > open {
				b.buf[len(b.buf)-1] = '}'
				return cut, nil
			}
			continue
		}
		name, value, isText := bytes.Cut(head, []byte{'='})
		if isText {
			value = bytes.TrimSuffix(value, []byte{'\n'})
		} else {
			name = bytes.TrimSuffix(name, []byte{'\n'})
		}
		if !isFieldName(name) {
			return false, fmt.Errorf("journalctl wrote %.40q, which is no field", name)
		}
		// The reader's buffer is overwritten by what is read next.
		field := string(name)
		b.value = append(b.value[:0], value[:min(len(value), limit)]...)
		short := len(value) > limit
		switch {
		case isText && !whole:
			short, err = b.restOfLine(r, limit)
		case !isText:
			short, err = b.binary(r, limit)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return false, err
		}
		cut = cut || short || fields >= maxFields
		if fields < maxFields && !isUseless(field) {
			b.add(open, field)
		}
	}
}

// isUseless tells whether a field that journalctl always gives is of no use here.
func isUseless(field string) bool {
	switch field {
	case "__MONOTONIC_TIMESTAMP", "_BOOT_ID", "__SEQNUM", "__SEQNUM_ID":
		return true
	}
	return false
}

func isFieldName(name []byte) bool {
	for _, c := range name {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(name) > 0 && len(name) <= 64
}

// restOfLine appends to b.value up to the end of the line.
func (b *entries) restOfLine(r *bufio.Reader, limit int) (cut bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		b.bytes += int64(len(part))
		text := bytes.TrimSuffix(part, []byte{'\n'})
		room := max(0, limit-len(b.value))
		b.value = append(b.value, text[:min(len(text), room)]...)
		cut = cut || len(text) > room
		if !errors.Is(err, bufio.ErrBufferFull) {
			return cut, err
		}
	}
}

// binary reads a value with its length before it.
func (b *entries) binary(r *bufio.Reader, limit int) (cut bool, err error) {
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return false, err
	}
	n := binary.LittleEndian.Uint64(size[:])
	if n > 1<<40 {
		return false, fmt.Errorf("journalctl announced a value of %d bytes", n)
	}
	kept := min(int(n), limit)
	if cap(b.value) < kept {
		b.value = make([]byte, kept)
	}
	b.value = b.value[:kept]
	if _, err := io.ReadFull(r, b.value); err != nil {
		return false, err
	}
	if _, err := io.CopyN(io.Discard, r, int64(n)-int64(kept)+1); err != nil { // and the line break
		return false, err
	}
	b.bytes += int64(n) + 9
	return int(n) > kept, nil
}

// add appends b.value as one field of the object that begins at open, with a
// comma after it. As in journalctl's JSON, what is no UTF-8 is an array of bytes.
func (b *entries) add(open int, field string) {
	if len(b.buf) == open {
		b.buf = append(b.buf, '{')
	}
	b.buf = append(append(append(b.buf, '"'), field...), '"', ':')
	if !utf8.Valid(b.value) {
		b.buf = append(b.buf, '[')
		for i, c := range b.value {
			if i > 0 {
				b.buf = append(b.buf, ',')
			}
			b.buf = strconv.AppendUint(b.buf, uint64(c), 10)
		}
		b.buf = append(b.buf, ']', ',')
		return
	}
	b.buf = append(b.buf, '"')
	for _, c := range b.value {
		switch {
		case c == '"' || c == '\\':
			b.buf = append(b.buf, '\\', c)
		case c == '\n':
			b.buf = append(b.buf, '\\', 'n')
		case c < 0x20:
			const hex = "0123456789abcdef"
			b.buf = append(b.buf, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b.buf = append(b.buf, c)
		}
	}
	b.buf = append(b.buf, '"', ',')
}
