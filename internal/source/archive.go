package source

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A generation that is compressed while it is followed has been read before, or
// is read to its end from the open file. But one that was rotated and compressed
// while nobody looked can only be read from its archive. So archives are looked
// at once, by the first scan, one after the other:
//
//   - the position of an earlier run whose head is that of the decompressed bytes
//     tells where to go on; offsets are those of the decompressed bytes;
//   - without one, an archive written to since the earlier run is read whole.

// archives are the endings of compressed files that can be read.
var archives = []string{".gz", ".zst"}

func isArchive(path string) bool {
	return slices.Contains(archives, filepath.Ext(path))
}

// maxZstdMemory bounds the window that a zstd archive may ask for.
const maxZstdMemory = 64 << 20

// followArchives reads the archives of the first view, the oldest first.
func (t *Tailer) followArchives(ctx context.Context, v *view) {
	if len(v.archives) == 0 {
		return
	}
	slices.SortFunc(v.archives, func(a, b sighting) int { return cmp.Compare(a.st.Mtim.Nano(), b.st.Mtim.Nano()) })
	t.q.hold(1)
	t.pumps.Go(func() {
		defer t.q.hold(-1)
		for _, sg := range v.archives {
			if ctx.Err() != nil {
				return
			}
			if err := t.readArchive(&sg); err != nil {
				t.failed(sg.path, "decompressing", err)
			}
		}
	})
}

// unpacked is an open archive.
type unpacked struct {
	*bufio.Reader
	file *os.File
	head []byte
	free func()
}

func (u *unpacked) Close() {
	u.free()
	_ = u.file.Close()
}

func (e *entry) unpack(sg *sighting) (*unpacked, error) {
	fd, st, err := openFile(sg.path)
	if err != nil {
		return nil, err
	}
	u := &unpacked{file: os.NewFile(uintptr(fd), sg.path), free: func() {}}
	if err := e.allows(sg.path, fd, &st); err != nil {
		u.Close()
		return nil, err
	}
	sg.st = st
	if strings.HasSuffix(sg.path, ".zst") {
		z, err := zstd.NewReader(u.file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxZstdMemory), zstd.WithDecoderLowmem(true))
		if err != nil {
			u.Close()
			return nil, err
		}
		u.Reader, u.free = bufio.NewReaderSize(z, chunkBytes), z.Close
	} else {
		z, err := gzip.NewReader(bufio.NewReader(u.file))
		if err != nil {
			u.Close()
			return nil, err
		}
		u.Reader = bufio.NewReaderSize(z, chunkBytes)
	}
	head, err := u.Peek(maxHead)
	if err != nil && !errors.Is(err, io.EOF) {
		u.Close()
		return nil, err
	}
	u.head = slices.Clone(head[:headSize(int64(len(head)))])
	return u, nil
}

// readArchive reads what was not read of one archive.
func (t *Tailer) readArchive(sg *sighting) error {
	u, err := sg.entry.unpack(sg)
	if err != nil {
		return err
	}
	defer func() { u.Close() }()
	if len(u.head) == 0 || t.isFollowed(sg.path, u.head) {
		return nil
	}
	p := t.archivedPast(sg.path, u.head)
	if p != nil {
		found, err := u.skip(p)
		if err != nil {
			return err
		}
		if !found { // of another generation that begins in the same way
			p = nil
			u.Close()
			if u, err = sg.entry.unpack(sg); err != nil {
				return err
			}
		}
	}
	if p == nil && !t.isNews(sg) {
		return nil
	}
	if sg.entry.enc.of(u.head).order != nil {
		return errors.New("UTF-16 is not read from archives; decompress the file")
	}
	if _, err := u.Peek(1); err != nil {
		return ignoreEOF(err) // all of it was read
	}
	return t.feed(sg, p, u)
}

// isFollowed tells whether the generation that begins with head is read from a
// file: it is being compressed at this very moment.
func (t *Tailer) isFollowed(path string, head []byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.live {
		s.mu.Lock()
		same := related(s.info.Path, path) && len(s.head) >= minHead && agree(s.head, head)
		s.mu.Unlock()
		if same {
			return true
		}
	}
	return false
}

// archivedPast finds the position of the generation that begins with head, the
// one that was read furthest if there are several.
func (t *Tailer) archivedPast(path string, head []byte) *past {
	t.mu.Lock()
	defer t.mu.Unlock()
	var best *past
	for _, ps := range t.past {
		for _, p := range ps {
			if p.restored && p.Head.proves() && related(p.Path, path) && p.Head.matches(head) && (best == nil || p.Offset > best.Offset) {
				best = p
			}
		}
	}
	return best
}

// isNews tells whether an archive that no position belongs to was not read by an
// earlier run.
func (t *Tailer) isNews(sg *sighting) bool {
	e := sg.entry
	if t.once || e.fresh {
		return t.once || e.StartAt == AtBeginning
	}
	return time.Unix(sg.st.Mtim.Unix()).After(t.lastSeen)
}

// skip goes on to the offset of the position. It tells whether the bytes before
// it are those of the position.
func (u *unpacked) skip(p *past) (found bool, err error) {
	before := int64(min(p.Anchor.Len, anchorBytes))
	if p.Offset < before {
		return false, nil
	}
	if _, err := io.CopyN(io.Discard, u, p.Offset-before); err != nil {
		return false, ignoreEOF(err)
	}
	anchor := make([]byte, before)
	if _, err := io.ReadFull(u, anchor); err != nil {
		return false, ignoreEOF(err)
	}
	return fingerprintOf(anchor) == p.Anchor, nil
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// feed makes a stream of what is left of the archive, and waits until it was read.
func (t *Tailer) feed(sg *sighting, p *past, u *unpacked) error {
	now, at := t.now(), inodeOf(&sg.st)
	info := Info{
		Path: sg.path, Real: sg.path, Source: sg.entry.name, Size: sg.st.Size,
		Modified: time.Unix(sg.st.Mtim.Unix()), Resumed: p != nil,
	}
	if p != nil {
		info.ID, info.Start = p.Stream, p.Offset
		t.mu.Lock()
		t.dropPastLocked(p)
		t.mu.Unlock()
	} else {
		info.ID = Identity{Dev: at.dev, Ino: at.ino, Gen: t.nextGen(at)}
	}
	s := t.newStream(info, sg.entry, -1, at)
	s.pipe, s.archive, s.seen, s.grew = newPipe(), true, now, now
	s.size.Store(sg.st.Size)
	s.mtime.Store(sg.st.Mtim.Nano())
	s.setHead(u.head)
	t.stats.files.Add(1)
	buf, end := make([]byte, chunkBytes), info.Start
	for {
		n, err := u.Read(buf)
		if n > 0 && !t.put(s, s.pipe, buf[:n]) {
			return nil // stopped: the rest is read by the next run
		}
		end += int64(n)
		if err != nil {
			t.putEnd(s, s.pipe, end)
			return ignoreEOF(err)
		}
	}
}
