package source

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// A front and the process that looks at a child's output are of one version
// always, so the format between them is nobody else's business. A frame is eight
// bytes, then what they announce: kind, number of the stream, two zeros, size as
// a big-endian 32-bit number.
const (
	frameHeader = 8
	maxFrame    = 64 << 10 // bytes of text in one frame

	frameText   = 1 // what the child wrote
	frameUnread = 2 // bytes and lines that were left out, 64 bits each
	frameEnd    = 3 // how the child ended; nothing follows

	unreadSize = 16
	endSize    = 12
)

type frame struct {
	kind, stream byte
	size         int
}

// appendFrame appends the header of a frame.
func appendFrame(b []byte, f frame) []byte {
	b = append(b, f.kind, f.stream, 0, 0)
	return binary.BigEndian.AppendUint32(b, uint32(f.size))
}

// parseFrame reads the header of a frame, which must be of one of n streams.
func parseFrame(b []byte, n int) (frame, error) {
	f := frame{kind: b[0], stream: b[1]}
	size := binary.BigEndian.Uint32(b[4:])
	f.size = int(min(size, maxFrame+1))
	ok := false
	switch f.kind {
	case frameText:
		ok = int(f.stream) < n && size <= maxFrame
	case frameUnread:
		ok = int(f.stream) < n && size == unreadSize
	case frameEnd:
		ok = size == endSize
	}
	if !ok {
		return frame{}, fmt.Errorf("a frame of kind %d, stream %d, with %d bytes is none of ours", f.kind, f.stream, size)
	}
	return f, nil
}

func readFrame(r *bufio.Reader, n int) (frame, error) {
	var b [frameHeader]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return frame{}, err
	}
	return parseFrame(b[:], n)
}

// Ending is how a child ended.
type Ending struct {
	Status int // what it exited with, if no signal killed it
	Signal int // number of the signal that killed it, else 0
	// Ordered is set if it was asked to end: the front passed the same signal
	// on, or whoever read its output had gone.
	Ordered bool
}

func (e Ending) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(int32(e.Status)))
	b = binary.BigEndian.AppendUint32(b, uint32(int32(e.Signal)))
	ordered := uint32(0)
	if e.Ordered {
		ordered = 1
	}
	return binary.BigEndian.AppendUint32(b, ordered)
}

func parseEnding(b [endSize]byte) Ending {
	number := func(i int) int { return int(int32(binary.BigEndian.Uint32(b[i:]))) }
	return Ending{Status: number(0), Signal: number(4), Ordered: number(8) != 0}
}
