package source

import (
	"time"

	"golang.org/x/sys/unix"
)

// checkCopies looks at the held files again: whether they changed, and whether
// their originals have ended.
func (t *Tailer) checkCopies(v *view) {
	t.mu.Lock()
	held := make([]*copyFile, 0, len(t.copies))
	for _, c := range t.copies {
		held = append(held, c)
	}
	t.mu.Unlock()
	for _, c := range held {
		t.checkCopy(v, c)
	}
}

func (t *Tailer) checkCopy(v *view, c *copyFile) {
	t.mu.Lock()
	done, upto := c.done, c.upto
	t.mu.Unlock()
	var st unix.Stat_t
	_, seen := v.seen[c.at]
	if unix.Fstat(c.fd, &st) != nil {
		seen = false
	}
	if c.unsure && c.of.hasRead() || c.unsure && done {
		t.makeSure(v, c, st, done)
		return
	}
	if c.unsure && t.compare(c.of, c.candidate) == stranger {
		// Nothing was read of the original before it was truncated.
		c.st = st
		t.readHeld(v, c)
		return
	}
	changed := st.Size != c.size || st.Mtim != c.mtime
	switch wasUnseen := c.unseen; {
	case done && changed && !c.same(st):
		t.releaseCopy(c)
		c.close() // it is another file by now, and news at the next scan
		t.askScan()
	case done:
		t.releaseCopy(c)
		if !c.extends {
			upto = c.size
		}
		c.st = st
		t.rest(c.candidate, upto, v.now)
		t.askScan()
	case !seen && wasUnseen:
		t.releaseCopy(c)
		c.close()
	case !seen:
		c.unseen = true
		t.q.push(c.of) // was it truncated meanwhile?
	case changed:
		c.unseen = false
		t.compareAgain(v, c, st)
	}
}

// makeSure is called when something has been read of the original of a held
// file, or it has ended. When they were compared nothing had been: the original
// may have been truncated since without anybody noticing, and the stream be in
// the next generation. Then the held file is read as one that was never seen.
func (t *Tailer) makeSure(v *view, c *copyFile, st unix.Stat_t, done bool) {
	c.st = st
	if err := c.readHead(t.now()); err == nil && c.of.hasRead() {
		switch kin := c.of.compareUnseen(c.candidate); {
		case kin == unclear && len(c.head) == 0 && !done:
			t.askScan()
			return
		case kin != stranger && (kin != unclear || len(c.head) > 0):
			c.unsure = false
			c.compared()
			t.askScan()
			return
		}
	}
	t.readHeld(v, c)
}

// readHeld follows a held file from its start.
func (t *Tailer) readHeld(v *view, c *copyFile) {
	t.releaseCopy(c)
	t.follow(v, c.candidate, Info{
		Path: c.path, Source: c.entry.name, Size: c.st.Size, Modified: time.Unix(c.st.Mtim.Unix()),
		ID: Identity{Dev: c.at.dev, Ino: c.at.ino, Gen: t.nextGen(c.at)},
	}, false)
}

// compared notes what the held file was when it was compared.
func (c *copyFile) compared() {
	c.size, c.mtime = c.st.Size, c.st.Mtim
	c.anchor, _ = anchorAt(c.fd, c.size)
}

// same tells whether the held file still has what it had when it was compared.
func (c *copyFile) same(st unix.Stat_t) bool {
	return st.Size >= c.size && startsWith(c.fd, c.head) && c.anchor.anchored(c.fd, c.size)
}

func (t *Tailer) releaseCopy(c *copyFile) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.copies, c.at)
}

// compareAgain compares a held file that has changed. If it differs from every
// original it was no copy, and is read from its start.
func (t *Tailer) compareAgain(v *view, c *copyFile, st unix.Stat_t) {
	c.st = st
	if err := c.readHead(t.now()); err == nil {
		of, kin := t.originalOf(c.candidate)
		switch kin {
		case copied, extension:
			t.mu.Lock()
			c.of, c.extends = of, kin == extension
			c.unsure = !of.hasRead()
			t.mu.Unlock()
			c.compared()
			return
		case unclear:
			v.undecided = append(v.undecided, c.path)
			t.askScan()
			return
		}
	}
	t.readHeld(v, c)
}

// leaveCopies tells the finder that the original of some held files was read to
// its end without being truncated.
func (t *Tailer) leaveCopies(s *stream) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.copies {
		if c.of == s {
			c.done, c.upto = true, s.next
			t.askScan()
		}
	}
}

// proof is what is found about a file that was empty when it appeared.
type proof uint8

const (
	isEmpty proof = iota
	isUnclear
	isCopy
	isKnown
	isOwn
)

// prove decides whether a file that was blank when it appeared is the copy of
// another, now that it has its first bytes.
func (t *Tailer) prove(s *stream) proof {
	var st unix.Stat_t
	if unix.Fstat(s.fd, &st) != nil || st.Size == 0 {
		s.looked.Store(0)
		t.beginsReading(s)
		return isEmpty
	}
	c := &candidate{sighting: &sighting{s.info.Path, s.entry, st}, at: s.at, fd: s.fd}
	if err := c.readHead(t.now()); err != nil || c.blank {
		s.looked.Store(st.Size)
		return isEmpty
	}
	of, kin := t.originalOf(c)
	switch kin {
	case copied, extension:
		t.becomeCopy(s, c, of, kin)
		return isCopy
	case unclear:
		return isUnclear
	}
	if t.movedPast(c, nil) != nil {
		// It was read in an earlier run, in a file that was truncated when this
		// began: the next scan lets it go on where it was left.
		s.life = ended
		s.closeFile()
		t.mu.Lock()
		defer t.mu.Unlock()
		t.removeLocked(s)
		t.askScan()
		return isKnown
	}
	if st.Nlink > 0 && t.isHalf(c) {
		return isUnclear
	}
	return isOwn
}

// becomeCopy turns the stream of a file that was empty when it appeared into a
// held copy.
func (t *Tailer) becomeCopy(s *stream, c *candidate, of *stream, kin kinship) {
	s.life = ended
	s.mu.Lock()
	s.fd = -1 // the copy owns it now
	s.unshed()
	s.open.Add(-1)
	s.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.removeLocked(s)
	t.holdLocked(c, of, kin)
	t.askScan()
}
