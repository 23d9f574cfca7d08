package source

import (
	"cmp"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// strayWait is how long a file whose name is gone, without another file in its
	// place, must be silent before it is closed: its writer may not know yet.
	strayWait = 5 * time.Minute
	// deletedMax is how long a deleted file that never falls silent is read.
	deletedMax = 5 * time.Minute
	// proveWait is when a file that may be a copy is compared again.
	proveWait = 20 * time.Millisecond
	// retryWait is when a file that could not be read is tried again.
	retryWait = 10 * time.Second
	// shedShare: one in so many of the descriptors that are allowed is given back
	// beyond those that must be.
	shedShare = 16
)

// serve gives one stream its turn. more asks for another turn at once, wake for
// a look at a later time even if nothing happens.
func (t *Tailer) serve(r *reader, s *stream) (more bool, wake time.Time) {
	now := t.now()
	if s.life == live && s.vanished.Load() {
		s.life = orphan
	}
	switch {
	case s.life == ended:
		return false, time.Time{}
	case s.life == unwanted:
		t.leaveUnwanted(s)
		return false, time.Time{}
	case s.mail != nil:
		return t.serveMail(r, s, now)
	case s.info.Kind != File || s.archive:
		return t.servePipe(r, s, now)
	case s.life == orphan && !t.adopt(s):
		return t.serveOrphan(r, s, now)
	}
	if ready, wake := t.prepare(s, now); !ready {
		return false, wake
	}
	began := s.next
	read := (*reader).read
	if s.entry.Engine == NXAdm && s.life == live {
		read = t.readTail
	}
	out, err := read(r, s, now)
	t.stats.add(&r.tally)
	if began == s.info.Start && s.next > began {
		t.beginsReading(s)
	}
	switch {
	case out == changed && err == nil:
		return t.generationEnded(r, s, now)
	case err != nil:
		s.closeFile()
		s.failing = true
		t.failed(s.label(), "reading", err)
		return false, now.Add(retryWait)
	}
	if s.failing {
		s.failing = false
		t.recovered(s.label())
	}
	switch {
	case out == waiting:
		s.idle(now)
		return false, s.deadline
	case out == unread:
		return t.overdue(r, s, now)
	}
	return t.settle(r, s, now)
}

// prepare opens what a stream needs to be read: its file, and at the first time
// its consumer. A new file that turns out to be the copy of another is held.
func (t *Tailer) prepare(s *stream, now time.Time) (ready bool, wake time.Time) {
	if s.fd < 0 {
		if wake := t.reopen(s, now); s.fd < 0 {
			return false, wake
		}
	}
	if s.unproven.Load() {
		switch t.prove(s) {
		case isEmpty:
			return false, t.awaitFirst(s, now)
		case isUnclear:
			return false, now.Add(proveWait)
		case isCopy, isKnown:
			return false, time.Time{}
		}
		s.unproven.Store(false)
	}
	if s.consumer == nil {
		if s.consumer = t.open(s.info); s.consumer == nil {
			s.consumer, s.life = nobody{}, unwanted
			s.closeFile()
			return false, time.Time{}
		}
		s.grew = now
	}
	return true, time.Time{}
}

// reopen opens a file that was closed for being silent. It gives the time of
// the next try if that fails.
func (t *Tailer) reopen(s *stream, now time.Time) (wake time.Time) {
	s.mu.Lock()
	path, at, gone := s.path, s.at, s.gone
	s.mu.Unlock()
	fd, st, err := openFile(path)
	if err == nil && inodeOf(&st) == at {
		s.mu.Lock()
		s.fd = fd
		s.mu.Unlock()
		s.open.Add(1)
		s.used.Store(now.UnixNano())
		if !s.failing {
			t.recovered(path)
		}
		t.shedFiles()
		return time.Time{}
	}
	if err == nil {
		_ = unix.Close(fd)
	} else if cannotTell(err) {
		t.failed(path, "opening", err)
		return now.Add(retryWait)
	}
	if gone.IsZero() {
		// The finder has not seen yet where the file went.
		t.askScan()
		return now.Add(time.Second)
	}
	t.loseRest(s, s.size.Load(), "the file was moved out of reach or deleted while it was closed for being silent")
	t.end(s, now)
	return time.Time{}
}

// awaitFirst lets an empty file go once its name leads elsewhere.
func (t *Tailer) awaitFirst(s *stream, now time.Time) (wake time.Time) {
	over, wait := t.isOver(s, now)
	if !over {
		return wait
	}
	s.life = ended
	s.closeFile()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.removeLocked(s)
	return time.Time{}
}

// leaveUnwanted forgets a file that nobody wants, once its name leads elsewhere.
func (t *Tailer) leaveUnwanted(s *stream) {
	if s.attached() {
		return
	}
	s.life = ended
	t.mu.Lock()
	defer t.mu.Unlock()
	t.removeLocked(s)
}

// shedFiles asks for descriptors back if more are open than allowed: those of the
// attached files that have been silent longest, some more than needed at once, since it
// looks at all files.
func (t *Tailer) shedFiles() {
	limit := int64(0)
	for _, e := range t.entries {
		limit = max(limit, int64(e.MaxOpenFiles))
	}
	over := t.stats.descriptors.Load() - t.stats.shedding.Load() - limit
	if over <= 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var silent []*stream
	for _, s := range t.live {
		if !s.shed.Load() && s.isOpen() && s.attached() {
			silent = append(silent, s)
		}
	}
	slices.SortFunc(silent, func(a, b *stream) int { return cmp.Compare(a.used.Load(), b.used.Load()) })
	for _, s := range silent[:min(int(over+limit/shedShare), len(silent))] {
		if s.shed.CompareAndSwap(false, true) {
			t.stats.shedding.Add(1)
		}
		t.q.push(s)
	}
}

// settle is called when all there was has been read.
func (t *Tailer) settle(r *reader, s *stream, now time.Time) (bool, time.Time) {
	over, wait := t.isOver(s, now)
	if over && !t.once && s.hasGrown() {
		return true, time.Time{}
	}
	partial := s.scanned > s.next
	flushAt := s.grew.Add(s.entry.PartialFlush)
	if partial && (over || !now.Before(flushAt)) {
		if err := r.flush(s, now); err != nil {
			// The bytes went away between two looks: the next turn finds out why.
			return true, time.Time{}
		}
		t.stats.add(&r.tally)
		partial = false
	}
	if over {
		t.end(s, now)
		return false, time.Time{}
	}
	s.idle(now)
	wake := earliest(s.deadline, wait)
	if partial {
		wake = earliest(wake, flushAt)
	} else if closeAt := s.grew.Add(s.entry.CloseInactive); s.fd >= 0 && s.attached() {
		if now.Before(closeAt) && !s.shed.Load() {
			wake = earliest(wake, closeAt)
		} else {
			s.closeFile()
		}
	}
	return false, wake
}

// hasGrown tells whether there is more than was just read: a file may be written
// to, and only then lose its name, between a read and the question if it is over.
func (s *stream) hasGrown() bool {
	if s.fd < 0 {
		return false
	}
	size, err := fileSize(s.fd)
	return err == nil && size > max(s.scanned, s.nulTo)
}

// idle tells the consumer that the stream is at its end, if that is news or the
// consumer asked to hear it again.
func (s *stream) idle(now time.Time) {
	if s.fresh || !s.deadline.IsZero() && !now.Before(s.deadline) {
		s.fresh = false
		s.consumer.Idle(now)
	}
	s.deadline = s.consumer.Deadline()
}

// isOver tells whether a stream that is at its end will stay there, and if not,
// when to ask again (zero: when something happens).
func (t *Tailer) isOver(s *stream, now time.Time) (over bool, wait time.Time) {
	if t.once || s.life == onCopy {
		return true, time.Time{}
	}
	gone, replaced := s.departed()
	if gone.IsZero() {
		return false, time.Time{}
	}
	if isDeleted(s.fd) {
		return true, time.Time{}
	}
	quiet := strayWait
	if replaced {
		quiet = s.entry.RotateWait
	}
	since := s.grew
	if gone.After(since) {
		since = gone
	}
	wait = since.Add(quiet)
	return !now.Before(wait), wait
}

// overdue is called when a stream has more to read: a deleted file that is still
// being written to is given up after a while, since it pins disk space.
func (t *Tailer) overdue(r *reader, s *stream, now time.Time) (bool, time.Time) {
	if gone, _ := s.departed(); gone.IsZero() || now.Sub(gone) < deletedMax || !isDeleted(s.fd) {
		return true, time.Time{}
	}
	if size, err := fileSize(s.fd); err == nil {
		t.lose(s, size-s.next, "deleted long ago and still being written to")
	}
	t.end(s, now)
	return false, time.Time{}
}

func isDeleted(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Nlink == 0
}

// end says goodbye to the consumer and remembers how far the file was read, for
// it may still be there and may grow again.
func (t *Tailer) end(s *stream, now time.Time) {
	s.life = ended
	s.mu.Lock()
	s.deleted = s.fd >= 0 && isDeleted(s.fd)
	s.mu.Unlock()
	t.leaveCopies(s)
	s.consumer.End(now)
	s.closeFile()
	t.remember(s, now)
}

func (s *stream) attached() bool {
	gone, _ := s.departed()
	return gone.IsZero()
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// nobody takes the lines of a stream that the opener did not want.
type nobody struct{}

func (nobody) Lines(time.Time, []Line) {}
func (nobody) Idle(time.Time)          {}
func (nobody) Deadline() time.Time     { return time.Time{} }
func (nobody) End(time.Time)           {}
