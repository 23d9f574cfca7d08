package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// Position tells where to go on reading a stream after a restart, and how to
// recognise its file: by inode and by a fingerprint of its head, never by name.
type Position struct {
	Kind Kind
	// Stream is the identity that the stream was opened with; it makes the Key.
	Stream Identity
	// Dev and Ino say which file holds the stream's bytes now. They differ from
	// Stream after a copytruncate, when the rest is read from the copy.
	Dev, Ino uint64
	Head     Fingerprint
	// Offset is the first byte that is not yet settled; Anchor fingerprints the
	// (at most 128) bytes before it, so that a file that was written anew with the
	// same head is told from one that only grew. Len 0: not known.
	Offset int64
	Anchor Fingerprint
	// Gone is set once the file was deleted and read to its end: another file that
	// gets its inode number is not this one.
	Gone bool
	// Seen is when the file was last known to exist, in seconds since 1970.
	Seen int64
	// Path is the last known name of the file: a label, and the last resort when
	// device numbers changed with a reboot.
	Path string
	// Cursor is what journalctl calls the place, for the journal only.
	Cursor string
}

// Key names the stream's mark. Two streams never share a key while both are
// known; a new generation of a file has a key of its own.
func (p Position) Key() string {
	switch p.Kind {
	case File:
		return "file:" + p.Stream.String()
	case watched:
		return "glob:" + p.Path
	default:
		return p.Kind.String() + ":" + p.Path
	}
}

// watched is the kind of the positions that tell that a configuration entry
// was followed before; see Tailer.Watched.
const watched Kind = 255

// positionVersion is the first byte of a stored position.
const positionVersion = 1

// maxPathBytes bounds the path of a stored position (Linux PATH_MAX is 4,096,
// a set of patterns may be longer).
const maxPathBytes = 1 << 16

var errPosition = errors.New("not a stored position")

// Marshal appends the position to dst in a compact binary form: version, kind,
// gone, then uvarints, the two sums as 8 bytes big endian, and the path up to the end; for the journal
// path, NUL, cursor.
func (p Position) Marshal(dst []byte) []byte {
	gone := byte(0)
	if p.Gone {
		gone = 1
	}
	dst = append(dst, positionVersion, byte(p.Kind), gone)
	for _, v := range [...]uint64{
		p.Stream.Dev, p.Stream.Ino, uint64(p.Stream.Gen), p.Dev, p.Ino,
		uint64(p.Offset), uint64(p.Seen), uint64(p.Head.Len), uint64(p.Anchor.Len),
	} {
		dst = binary.AppendUvarint(dst, v)
	}
	dst = binary.BigEndian.AppendUint64(dst, p.Head.Sum)
	dst = binary.BigEndian.AppendUint64(dst, p.Anchor.Sum)
	dst = append(dst, p.Path...)
	if p.Kind == Journald {
		dst = append(append(dst, 0), p.Cursor...)
	}
	return dst
}

// Unmarshal reads what Marshal wrote. It fails on anything else and leaves the
// position unchanged then; it keeps nothing of b.
func (p *Position) Unmarshal(b []byte) error {
	if len(b) < 3 {
		return fmt.Errorf("reading a position of %d bytes: %w", len(b), errPosition)
	}
	if b[0] != positionVersion {
		return fmt.Errorf("reading a position of version %d (this program writes %d): %w", b[0], positionVersion, errPosition)
	}
	if b[2] > 1 {
		return fmt.Errorf("flags %#x of a position: %w", b[2], errPosition)
	}
	q := Position{Kind: Kind(b[1]), Gone: b[2] == 1}
	b = b[3:]
	var v [9]uint64
	for i := range v {
		n := 0
		if v[i], n = binary.Uvarint(b); n <= 0 {
			return fmt.Errorf("reading number %d of a position: %w", i+1, errPosition)
		}
		b = b[n:]
	}
	if len(b) < 16 || len(b)-16 > maxPathBytes {
		return fmt.Errorf("reading the end of a position, %d bytes: %w", len(b), errPosition)
	}
	q.Stream = Identity{Dev: v[0], Ino: v[1], Gen: uint32(v[2])}
	q.Dev, q.Ino = v[3], v[4]
	q.Offset, q.Seen = int64(v[5]), int64(v[6])
	q.Head = Fingerprint{Len: int(v[7]), Sum: binary.BigEndian.Uint64(b)}
	q.Anchor = Fingerprint{Len: int(v[8]), Sum: binary.BigEndian.Uint64(b[8:])}
	q.Path = string(b[16:])
	if q.Kind == Journald {
		q.Path, q.Cursor, _ = strings.Cut(q.Path, "\x00")
	}
	if err := q.check(v[2], v[7], v[8]); err != nil {
		return err
	}
	*p = q
	return nil
}

// check refuses numbers that no file can have, so that a damaged mark is told
// from a good one before a read is tried with it.
func (p *Position) check(gen, headLen, anchorLen uint64) error {
	switch {
	case p.Kind > Journald && p.Kind != watched:
		return fmt.Errorf("kind %d of a position: %w", p.Kind, errPosition)
	case gen > 1<<32-1:
		return fmt.Errorf("generation %d of a position: %w", gen, errPosition)
	case headLen > maxHead:
		return fmt.Errorf("fingerprint of %d bytes in a position (at most %d): %w", headLen, maxHead, errPosition)
	case anchorLen > anchorBytes:
		return fmt.Errorf("anchor of %d bytes in a position (at most %d): %w", anchorLen, anchorBytes, errPosition)
	case p.Offset < 0 || p.Seen < 0:
		return fmt.Errorf("offset %d, seen %d in a position: %w", p.Offset, p.Seen, errPosition)
	}
	return nil
}

// at is the inode that holds the stream's bytes.
func (p Position) at() inode { return inode{p.Dev, p.Ino} }
