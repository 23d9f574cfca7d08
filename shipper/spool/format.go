package spool

import (
	"encoding/binary"
	"hash/crc32"
)

// The layout of a frame, the unit that is there as a whole or not at all. All numbers are little endian. FORMAT.md tells the reasons.
//
//	        0        4               12       16       20
//	frame   | magic  | salt          | crc    | length | body, length bytes ...
//	        | u32    | u64           | u32    | u32    |          crc = CRC-32C of length and body
//
//	        0    1    2     4               12              20             28      32      36      40
//	body    | v  |kind|  0  | frame number  | unix ms       | seq          | marks | drops | items | marks..., drops..., items...
//	        | u8 | u8 | u16 | u64           | i64           | u64          | u32   | u32   | u32   |
//
//	mark    | key bytes u16 | value bytes u16 | key | value                                    no value: the key is forgotten
//	drop    | reason u8 | category u8 | 0 u16 | dest u64 | items u64 | bytes u64               28 bytes
//	item    | dest u64 | category u8 | id 16 bytes | payload bytes u32 | payload               29 bytes and the payload
//
// A snapshot has no items and ends with where the segment before it ends:
//
//	| first frame of that segment u64 | its committed bytes u64 |
//
// The 20 bytes of the header, and the version as the first byte of the body, stay so in all versions to come: that is how this version can
// tell a frame of a newer one from a damaged one.
const (
	frameMagic   = 0xFA5454F5 // on disk F5 54 54 FA: no piece of UTF-8 text
	formatV1     = 1
	headerBytes  = 20
	bodyBytes    = 40 // the fixed part of a body
	syncBytes    = 12 // magic and salt: what a search for the next frame looks for
	dropBytes    = 28
	itemBytes    = 29
	markBytes    = 4
	prevBytes    = 16
	maxNumber    = 1 << 62   // of frames and items: nobody counts so far, and sums of two do not overflow
	maxBodyBytes = 128 << 20 // what a reader believes; a snapshot of all marks may exceed what Append accepts
)

// kind says what a frame is for. Zero is no kind, so that a zeroed block is never taken for a frame.
type kind uint8

const (
	kindData     kind = 1 // marks, drops since the last frame, and items of one Append
	kindSnapshot kind = 2 // first frame of every segment: all marks, and the totals of all drops
	kindDrops    kind = 3 // drops since the last frame, when no Append came along to carry them
	kindSummary  kind = 4 // last frame of a sealed segment: what is in it, so that nobody has to read it to know (see summary.go)
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// head is the fixed part of a body, as given to the encoder.
type head struct {
	kind   kind
	number uint64 // of the frame, ascending over all segments
	ms     int64  // wall clock, Unix milliseconds
	seq    uint64 // of the first item; without items, of the next one to come
}

// frameBytes is the size on disk of a data frame, without the drops it may carry.
func frameBytes(items []Item, marks []Mark) int64 {
	n := int64(headerBytes + bodyBytes)
	for i := range marks {
		n += markBytes + int64(len(marks[i].Key)) + int64(len(marks[i].Value))
	}
	for i := range items {
		n += itemBytes + int64(len(items[i].Payload))
	}
	return n
}

// beginFrame appends header and fixed part; the counts, the length and the checksum are filled in by endFrame.
func beginFrame(dst []byte, salt uint64, h head) []byte {
	le := binary.LittleEndian
	dst = le.AppendUint32(dst, frameMagic)
	dst = le.AppendUint64(dst, salt)
	dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 0) // crc, length
	dst = append(dst, formatV1, byte(h.kind), 0, 0)
	dst = le.AppendUint64(dst, h.number)
	dst = le.AppendUint64(dst, uint64(h.ms))
	dst = le.AppendUint64(dst, h.seq)
	return append(dst, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // marks, drops, items
}

// endFrame completes the frame that starts at dst[start].
func endFrame(dst []byte, start, marks, drops, items int) []byte {
	le := binary.LittleEndian
	f := dst[start:]
	counts := f[headerBytes+28:]
	le.PutUint32(counts, uint32(marks))
	le.PutUint32(counts[4:], uint32(drops))
	le.PutUint32(counts[8:], uint32(items))
	le.PutUint32(f[16:], uint32(len(f)-headerBytes))
	le.PutUint32(f[12:], crc32.Checksum(f[16:], castagnoli))
	return dst
}

func appendMark(dst []byte, key string, value []byte) []byte {
	dst = binary.LittleEndian.AppendUint16(dst, uint16(len(key)))
	dst = binary.LittleEndian.AppendUint16(dst, uint16(len(value)))
	dst = append(dst, key...)
	return append(dst, value...)
}

func appendDrop(dst []byte, d Drop) []byte {
	dst = append(dst, byte(d.Reason), d.Category, 0, 0)
	dst = binary.LittleEndian.AppendUint64(dst, d.Dest)
	dst = binary.LittleEndian.AppendUint64(dst, d.Items)
	return binary.LittleEndian.AppendUint64(dst, d.Bytes)
}

// previous says, in a snapshot, where the segment before ends. What stands behind that is a summary, or was never committed.
type previous struct {
	first, size uint64
}

func appendPrevious(dst []byte, p previous) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, p.first)
	return binary.LittleEndian.AppendUint64(dst, p.size)
}

func appendItem(dst []byte, it *Item) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, it.Dest)
	dst = append(dst, it.Category)
	dst = append(dst, it.ID[:]...)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(it.Payload)))
	return append(dst, it.Payload...)
}

// appendData appends one whole data frame.
func appendData(dst []byte, salt uint64, h head, items []Item, marks []Mark, drops []Drop) []byte {
	start := len(dst)
	dst = beginFrame(dst, salt, h)
	for i := range marks {
		dst = appendMark(dst, marks[i].Key, marks[i].Value)
	}
	for _, d := range drops {
		dst = appendDrop(dst, d)
	}
	for i := range items {
		dst = appendItem(dst, &items[i])
	}
	return endFrame(dst, start, len(marks), len(drops), len(items))
}

func headerMagic(h []byte) uint32 { return binary.LittleEndian.Uint32(h) }
func headerSalt(h []byte) uint64  { return binary.LittleEndian.Uint64(h[4:]) }
func headerLength(h []byte) int64 { return int64(binary.LittleEndian.Uint32(h[16:])) }
