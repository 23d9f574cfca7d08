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
	c.head = make([]byte, headSize(st.Size))
	n, err := pread(c.fd, c.head, 0)
	c.head = c.head[:n]
	if err == nil {
		of, kin := t.originalOf(c.candidate)
		switch kin {
		case copied, extension:
			t.mu.Lock()
			c.of, c.extends = of, kin == extension
			t.mu.Unlock()
			c.compared()
			return
		case unclear:
			t.askScan()
			return
		}
	}
	t.releaseCopy(c)
	t.follow(v, c.candidate, Info{
		Path: c.path, Source: c.entry.name, Size: st.Size, Modified: time.Unix(st.Mtim.Unix()),
		ID: Identity{Dev: c.at.dev, Ino: c.at.ino, Gen: t.nextGen(c.at)},
	}, false)
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
	isOwn
)

// prove decides whether a file that was empty when it appeared is the copy of
// another, now that it has its first bytes.
func (t *Tailer) prove(s *stream) proof {
	var st unix.Stat_t
	if unix.Fstat(s.fd, &st) != nil || st.Size == 0 {
		return isEmpty
	}
	c := &candidate{sighting: &sighting{s.info.Path, s.entry, st}, at: s.at, fd: s.fd}
	c.head = make([]byte, headSize(st.Size))
	n, err := pread(s.fd, c.head, 0)
	c.head = c.head[:n]
	if err != nil || n == 0 {
		return isEmpty
	}
	of, kin := t.originalOf(c)
	switch kin {
	case stranger:
		return isOwn
	case unclear:
		return isUnclear
	}
	s.life = ended
	s.mu.Lock()
	s.fd = -1 // the copy owns it now
	s.open.Add(-1)
	s.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.removeLocked(s)
	t.holdLocked(c, of, kin)
	t.askScan()
	return isCopy
}
