package source

import (
	"bytes"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// stream is one generation of a file, or a pipe, on its way to one consumer.
// A file that is silent costs this struct, its head and a descriptor: no
// buffer, no goroutine, no timer of its own.
type stream struct {
	info  Info
	entry *entry

	// place: written by the worker that serves the stream and by the finder,
	// read by whoever asks for a position.
	mu       sync.Mutex
	fd       int    // -1 while closed
	at       inode  // the file that holds the bytes now
	path     string // its last known name
	print    Fingerprint
	settled  Position // what position gave last
	first    trail    // the first bytes that were handed over
	tail     trail    // before s.next
	witness  trail    // the end of the last chunk, if head proves little
	seen     time.Time
	deleted  bool
	gone     time.Time // when the name was found to be missing or another file; zero while attached
	replaced bool      // another file has the name now
	copied   *copyFile // the answer to an orphan: where its rest is
	lost     bool      // the answer to an orphan: nowhere

	// reading: owned by the worker that serves the stream. head is replaced as a
	// whole, under mu, so that others may look at it.
	consumer Consumer
	head     []byte
	next     int64     // start of the first line not handed over
	enc      *encoding // nil as long as too little is known of the file
	scanned  int64     // [next, scanned) holds no line break
	nulTo    int64     // see nul.go
	high     int64     // end of the data seen so far
	sized    int64     // the size that this generation is known to have had
	grew     time.Time
	fresh    bool // lines were handed over since the last Idle
	deadline time.Time
	life     life
	failing  bool         // the last read failed
	unproven atomic.Bool  // nothing read yet, and it may turn out to be a copy
	looked   atomic.Int64 // the size that it had when it was found to be blank
	pipe     *pipe
	mail     *mail // of a host that sends syslog
	archive  bool  // fed from a compressed file

	open     *atomic.Int64 // the tailer's count of descriptors
	shedding *atomic.Int64 // and of those that it has asked back
	used     atomic.Int64  // when it last had something to say, in Unix nanoseconds
	vanished atomic.Bool   // its inode number is another file's by now
	shed     atomic.Bool   // its descriptor is needed for another file

	// scheduling: guarded by schedule.mu.
	queued, running, again bool
	wake                   time.Time
	index                  int // in the heap of timers, -1 while not in it

	// discovery: owned by the finder.
	size  atomic.Int64 // as the last scan saw it
	mtime atomic.Int64 // in nanoseconds
	names []string     // the names that events about the file carry
}

// life is where a stream stands between its first and its last line.
type life uint8

const (
	live     life = iota // reads the file it was opened with
	orphan               // its file was truncated; a copy with the rest is looked for
	onCopy               // reads the rest from a copy
	unwanted             // the opener gave no consumer
	ended                // End was called
)

func (t *Tailer) newStream(info Info, e *entry, fd int, at inode) *stream {
	s := &stream{entry: e, fd: fd, at: at, path: info.Path, index: -1, open: &t.stats.descriptors, shedding: &t.stats.shedding}
	s.next, s.scanned, s.high = info.Start, info.Start, info.Start
	s.info = info
	s.info.stream = s
	return s
}

// trail is the last bytes before the place where reading stopped. If they are no
// longer there, the file was written anew, even if its head is the same: that
// of a file whose writer left a hole after a truncation is all NULs.
type trail struct {
	end int64 // the offset after the last byte
	n   int
	b   [anchorBytes]byte
}

// in tells whether the file has these bytes at this place.
func (tl *trail) in(fd int) bool { return tl.inWith(fd, make([]byte, anchorBytes)) }

// inWith is in with a buffer of at least anchorBytes.
func (tl *trail) inWith(fd int, buf []byte) bool {
	same, err := tl.check(fd, buf)
	return same && err == nil
}

// check is inWith for whoever must not take a disk that fails for a file that
// was written anew.
func (tl *trail) check(fd int, buf []byte) (same bool, err error) {
	n, err := pread(fd, buf[:tl.n], tl.end-int64(tl.n))
	return err == nil && n == tl.n && bytes.Equal(buf[:n], tl.b[:n]), err
}

// set keeps the end of b, which ends at offset end of the file.
func (tl *trail) set(b []byte, end int64) {
	tl.end, tl.n = end, copy(tl.b[:], b[max(0, len(b)-anchorBytes):])
}

// noteTail keeps the end of b, which ends at offset end, and of the first b its
// beginning.
func (s *stream) noteTail(b []byte, end int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tail.set(b, end)
	if s.first.n == 0 {
		b = bytes.TrimLeft(b, "\x00")
		n := min(len(b), anchorBytes)
		s.first.set(b[:n], end-int64(len(b)-n))
	}
}

// hasRead tells whether something of the file was handed over, or was in an
// earlier run.
func (s *stream) hasRead() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first.n > 0
}

// recall reads the bytes before the place where reading starts. It fails if they
// are not those of the position that the stream resumes from.
func (s *stream) recall(p *past) bool {
	var buf [anchorBytes]byte
	b := buf[:min(s.next, anchorBytes)]
	n, err := pread(s.fd, b, s.next-int64(len(b)))
	if err != nil || n < len(b) {
		return false
	}
	if p != nil && p.Anchor.Len > 0 && fingerprintOf(b[len(b)-p.Anchor.Len:]) != p.Anchor {
		return false
	}
	s.noteTail(b, s.next)
	return true
}

// bearWitness keeps the end of a chunk that was read at offset at, and tells
// whether the file still has it, and what was read before: a short head may be
// the same in every generation, and that of a file whose writer left a hole
// after a truncation is.
func (s *stream) bearWitness(chunk []byte, at int64, buf []byte) (bool, error) {
	if same, err := s.checkTrails(s.fd, buf); err != nil || !same {
		return false, err
	}
	chunk = bytes.TrimRight(chunk, "\x00")
	if len(chunk) == 0 {
		return true, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.witness.set(chunk, at+int64(len(chunk)))
	return s.witness.check(s.fd, buf)
}

// setHead replaces the head of the file, which is not changed afterwards.
func (s *stream) setHead(head []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.head, s.print = head, fingerprintOf(head)
}

// text gives the encoding of the stream; the first two bytes of a file may tell.
func (s *stream) text() *encoding {
	if s.enc == nil && len(s.head) >= 2 {
		s.enc = s.entry.enc.of(s.head)
	}
	if s.enc == nil {
		return s.entry.enc
	}
	return s.enc
}

// grown notes that data up to offset end is there.
func (s *stream) grown(end int64, now time.Time) {
	if end > s.high {
		s.high, s.grew = end, now
		s.used.Store(now.UnixNano())
	}
}

// closeFile gives the descriptor back; the lock keeps it from being used by
// position meanwhile.
func (s *stream) closeFile() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unshed()
	if s.fd >= 0 {
		_ = unix.Close(s.fd)
		s.fd = -1
		s.open.Add(-1)
	}
}

// unshed notes that the descriptor is not asked back any more.
func (s *stream) unshed() {
	if s.shed.CompareAndSwap(true, false) {
		s.shedding.Add(-1)
	}
}

func (s *stream) isOpen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fd >= 0
}

// position gives what a mark stores for the given offset.
func (s *stream) position(offset int64) Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.positionLocked(offset)
}

func (s *stream) positionLocked(offset int64) Position {
	p := Position{
		Kind: s.info.Kind, Stream: s.info.ID, Dev: s.at.dev, Ino: s.at.ino,
		Head: s.print, Offset: offset, Path: s.path, Seen: s.seen.Unix(), Gone: s.deleted,
	}
	if s.info.Kind == File {
		p.Anchor = s.anchorLocked(offset)
		s.settled = p
	}
	return p
}

// anchorLocked fingerprints the bytes before offset: those in memory if reading
// stopped there, since what the file holds now may be another generation.
func (s *stream) anchorLocked(offset int64) Fingerprint {
	switch {
	case s.tail.n > 0 && s.tail.end == offset:
		return fingerprintOf(s.tail.b[:s.tail.n])
	case s.settled.Offset == offset && s.settled.Anchor.Len > 0:
		return s.settled.Anchor
	case s.fd < 0 || offset == 0:
		return Fingerprint{}
	}
	a, ok := anchorAt(s.fd, offset)
	if !ok || !startsWith(s.fd, s.head) || s.tail.n > 0 && !s.tail.in(s.fd) {
		return Fingerprint{}
	}
	return a
}

// departed tells since when the stream's name leads elsewhere (zero: it does
// not) and whether another file has taken the name.
func (s *stream) departed() (since time.Time, replaced bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gone, s.replaced
}
