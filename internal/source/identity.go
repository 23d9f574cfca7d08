package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"golang.org/x/sys/unix"
)

// Identity names one generation of one inode. The same inode starts a new
// generation when it is truncated, or deleted and its number used again.
type Identity struct {
	Dev, Ino uint64
	Gen      uint32
}

// String gives "dev:ino:gen" in hexadecimal, short enough for a key.
func (id Identity) String() string {
	b := make([]byte, 0, 40)
	b = strconv.AppendUint(b, id.Dev, 16)
	b = append(b, ':')
	b = strconv.AppendUint(b, id.Ino, 16)
	b = append(b, ':')
	b = strconv.AppendUint(b, uint64(id.Gen), 16)
	return string(b)
}

// inode is what the kernel calls a file, whatever its names are.
type inode struct{ dev, ino uint64 }

func inodeOf(st *unix.Stat_t) inode { return inode{uint64(st.Dev), uint64(st.Ino)} } //nolint:unconvert // narrower on other systems

const (
	maxHead = 1024 // bytes of a file's head that are compared
	minHead = 64   // fewer bytes do not tell two files apart
)

// headSize is how much of the head is worth keeping for a file of this size:
// everything below 64 bytes, then 64, 128, 256, 512, 1,024, so that a growing
// file is not hashed at every write.
func headSize(size int64) int {
	if size < minHead {
		return int(max(size, 0))
	}
	n := int64(maxHead)
	for n > size {
		n /= 2
	}
	return int(n)
}

// headOf reads the head of a file of the given size, without NULs at its end:
// they may be a hole that is filled later. The head of a file that begins with a
// hole is empty.
func headOf(fd int, size int64) ([]byte, error) {
	head := make([]byte, headSize(size))
	n, err := pread(fd, head, 0)
	return bytes.TrimRight(head[:n], "\x00"), err
}

// Fingerprint is a hash of the first Len bytes of a file: SHA-256 cut to 64
// bits, since the head may hold secrets and the hash is stored.
type Fingerprint struct {
	Len int // 0..1024
	Sum uint64
}

func fingerprintOf(head []byte) Fingerprint {
	if len(head) == 0 {
		return Fingerprint{}
	}
	sum := sha256.Sum256(head)
	return Fingerprint{Len: len(head), Sum: binary.BigEndian.Uint64(sum[:])}
}

// matches tells whether a file that begins with head may be the one that was
// fingerprinted. An empty fingerprint matches everything.
func (f Fingerprint) matches(head []byte) bool {
	return len(head) >= f.Len && fingerprintOf(head[:f.Len]) == f
}

// proves tells whether the fingerprint is long enough to recognise a file by
// its content alone.
func (f Fingerprint) proves() bool { return f.Len >= minHead }

// anchorBytes is how much before an offset is fingerprinted to recognise it.
const anchorBytes = 128

// anchorAt fingerprints the bytes of fd before offset, at most 128. ok is false
// if they are not all there.
func anchorAt(fd int, offset int64) (f Fingerprint, ok bool) {
	var buf [anchorBytes]byte
	b := buf[:min(offset, anchorBytes)]
	n, err := pread(fd, b, offset-int64(len(b)))
	if err != nil || n < len(b) {
		return Fingerprint{}, false
	}
	return fingerprintOf(b), true
}

// anchored tells whether the bytes of fd before offset are the fingerprinted ones.
func (f Fingerprint) anchored(fd int, offset int64) bool {
	var buf [anchorBytes]byte
	if f.Len > anchorBytes || int64(f.Len) > offset {
		return false
	}
	b := buf[:f.Len]
	n, err := pread(fd, b, offset-int64(len(b)))
	return err == nil && n == len(b) && fingerprintOf(b) == f
}

// startsWith tells whether the file begins with head.
func startsWith(fd int, head []byte) bool {
	var buf [maxHead]byte
	n, err := pread(fd, buf[:len(head)], 0)
	return err == nil && n == len(head) && bytes.Equal(buf[:n], head)
}
