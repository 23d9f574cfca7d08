package spool

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Item is one thing to be kept for one destination until it is released.
type Item struct {
	Dest     uint64 // stable key of the destination, made by the caller
	Category uint8  // of the caller's choosing; drops are counted by it
	ID       [16]byte
	Payload  []byte
}

// Spool is an open spool directory. All methods may be called at the same time.
//
// Locks, in the order in which they may be taken: writing, Reader.reading, acks.mu, mu. Nothing is written to disk while mu is held.
type Spool struct {
	opt  Options
	fs   FS
	salt uint64 // in every frame header: bytes that a payload cannot know, so that a search for frames finds only ours
	lock *os.File
	dir  *os.File // to make names durable

	// writing is held by whoever changes a segment file or the end of the list of segments.
	writing   sync.Mutex
	file      *os.File    // of the active segment
	encoded   []byte      // the frame being written
	synced    time.Time   // last fdatasync of the active segment
	unflushed atomic.Bool // frames were written since
	starved   bool        // a segment was given up for space and yet none could be made: do not give up another one
	tended    time.Time   // last upkeep

	// mu guards what is known in memory, and is held only for moments.
	mu         sync.Mutex
	closed     bool
	segments   []*segment // by first frame; the last one is tail
	tail       *segment   // the active one; changed only while writing is held too, so that either lock will do to look at it
	doomed     []string   // files that should be gone but could not be unlinked
	fullAtRoll bool       // the last ErrFull was for want of a new segment, not of room in the active one
	nextFrame  uint64
	nextSeq    uint64
	marks      markTable
	drops      ledger
	readers    map[uint64]*Reader
	unacked    int       // releases since the last flush of acknowledgements
	ackedAt    time.Time // of that flush
	count      counters
	lost       Drop // found missing by Open

	acks ackFile
	work bell // rings when items were appended or released, or the spool was closed
	room bell // rings when segments were deleted, or the spool was closed
}

// Append stores items and marks in one frame: one write, one fdatasync. When it returns nil they are there together, durably with FsyncCommit;
// when it returns an error nothing of them is there (see the sentinel errors for what to do). A frame of marks alone is legal, and with
// DropNewest it is what remains of an append to a full spool. Items of one destination are lent out in the order of their appends.
func (s *Spool) Append(items []Item, marks []Mark) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.admit(items, marks); err != nil {
		return err
	}
	now := s.opt.Now()
	s.tend(now)
	items, err := s.makeRoom(now, items, marks)
	if err != nil {
		return err
	}
	if len(items) == 0 && len(marks) == 0 {
		return nil
	}
	return s.commit(now, kindData, items, marks)
}

// Marks returns the latest value of each key, sorted by key: as recovered by Open and updated by every Append since. The slices are copies.
func (s *Spool) Marks() []Mark {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.marks.list()
}

// Reader returns the reader of a destination, always the same one. It may be asked for before the first item arrives.
func (s *Spool) Reader(dest uint64) *Reader {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reader(dest)
}

// reader finds or makes the reader of a destination. mu is held.
func (s *Spool) reader(dest uint64) *Reader {
	r := s.readers[dest]
	if r == nil {
		r = &Reader{s: s, dest: dest, win: window{fs: s.fs}}
		s.readers[dest] = r
	}
	return r
}

// Flush persists acknowledgements, counted drops and, with FsyncInterval, appended frames now instead of within a second. Readers that wait
// and every Append see to it by themselves; who has neither calls it once per second.
func (s *Spool) Flush() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.flush(s.opt.Now())
}

func (s *Spool) flush(now time.Time) error {
	if s.isClosed() {
		return ErrClosed
	}
	err := s.recordDrops(now)
	if s.opt.Fsync != FsyncNever && s.unflushed.Load() {
		err = errors.Join(err, s.syncActive())
	}
	return errors.Join(err, s.acks.flush(s, now, true))
}

func (s *Spool) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// Close persists acknowledgements, counts and data, wakes whoever waits (they get ErrClosed) and unlocks the directory. Items lent out and not
// released are lent again after the next Open. Calling it again is harmless.
func (s *Spool) Close() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.isClosed() {
		return nil
	}
	s.mu.Lock()
	s.abandonOrphans()
	s.mu.Unlock()
	err := s.flush(s.opt.Now())
	s.mu.Lock()
	s.closed = true
	readers := s.readerList()
	s.mu.Unlock()
	s.work.ring()
	s.room.ring()
	for _, r := range readers {
		r.reading.Lock()
		r.leave()
		r.reading.Unlock()
	}
	return errors.Join(err, s.closeFiles())
}

func (s *Spool) closeFiles() error {
	var err error
	for _, f := range []*os.File{s.file, s.acks.file, s.dir, s.lock} { // the lock last
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

func (s *Spool) readerList() []*Reader {
	out := make([]*Reader, 0, len(s.readers))
	for _, r := range s.readers {
		out = append(out, r)
	}
	return out
}
