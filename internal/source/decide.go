package source

import (
	"bytes"
	"time"

	"golang.org/x/sys/unix"
)

// candidate is an open file that no stream reads.
type candidate struct {
	*sighting
	at   inode
	fd   int
	head []byte
	past *past // the position it is resumed at
}

// examine opens a sighting that is news: a file that is not followed, or that
// changed since it was read to its end.
func (t *Tailer) examine(v *view, sg *sighting) *candidate {
	at := inodeOf(&sg.st)
	t.mu.Lock()
	_, isLive := t.live[at]
	_, isCopy := t.copies[at]
	rested := false
	for _, p := range t.past[at] {
		p.Seen = v.now.Unix()
		rested = rested || !p.Gone && p.size == sg.st.Size && p.mtime == sg.st.Mtim
	}
	t.mu.Unlock()
	if isLive || isCopy || rested {
		return nil
	}
	fd, st, err := openFile(sg.path)
	if err != nil {
		t.failed(sg.path, "opening", err)
		return nil
	}
	t.recovered(sg.path)
	c := &candidate{sighting: sg, at: inodeOf(&st), fd: fd}
	c.st = st
	c.head = make([]byte, headSize(st.Size))
	n, err := pread(fd, c.head, 0)
	c.head = c.head[:n]
	if err != nil {
		t.failed(sg.path, "reading", err)
		_ = unix.Close(fd)
		return nil
	}
	return c
}

// decide gives each new file its place: a known one goes on where it was left,
// whatever its name; then the rest of a generation that moved to another inode
// is looked for; what remains is new.
func (t *Tailer) decide(v *view, cs []*candidate) {
	claimed := map[*past]bool{}
	taken := map[inode]bool{}
	for _, c := range cs {
		if taken[c.at] { // two names of one file
			_ = unix.Close(c.fd)
			c.fd = -1
			continue
		}
		taken[c.at] = true
		if p := t.ownPast(c); p != nil {
			c.past, claimed[p] = p, true
		}
	}
	for _, c := range cs {
		if c.fd < 0 {
			continue
		}
		// A file with the bytes of another position up to a later offset has taken
		// that file's place, even if its inode number was known before.
		if p := t.movedPast(c, claimed); p != nil && (c.past == nil || p.Offset > c.past.Offset) {
			c.past = p
			claimed[p] = true
		}
	}
	// Known files first: the others are compared with them.
	for _, known := range []bool{true, false} {
		for _, c := range cs {
			if c.fd >= 0 && (c.past != nil) == known {
				t.admit(v, c)
			}
		}
	}
}

// ownPast finds the position of this very inode, the newest first.
func (t *Tailer) ownPast(c *candidate) *past {
	t.mu.Lock()
	defer t.mu.Unlock()
	ps := t.past[c.at]
	for i := len(ps) - 1; i >= 0; i-- {
		if ps[i].matches(c) {
			return ps[i]
		}
	}
	return nil
}

// movedPast finds the position of a generation whose bytes this file has now
// although it is another inode: it was copied before a truncation while nobody
// looked, moved to another file system, or the device numbers changed with a
// reboot. Names must be related, since a program that dies with the same words
// every time writes the same file every time.
func (t *Tailer) movedPast(c *candidate, claimed map[*past]bool) *past {
	t.mu.Lock()
	defer t.mu.Unlock()
	var best *past
	for _, ps := range t.past {
		for _, p := range ps {
			if !p.restored || claimed[p] || !related(p.Path, c.path) {
				continue
			}
			moved := p.Path == c.path && p.Ino == c.at.ino
			sure := p.Head.proves() || p.Head.hollow() && p.Anchor.Len >= minHead
			if !sure && !moved || !p.matches(c) {
				continue
			}
			if best == nil || p.Offset > best.Offset {
				best = p
			}
		}
	}
	return best
}

// admit makes a stream of the file, or leaves it alone for being old, or holds
// it for being a copy.
func (t *Tailer) admit(v *view, c *candidate) {
	info := Info{
		Path: c.path, Source: c.entry.name, Size: c.st.Size,
		Modified: time.Unix(c.st.Mtim.Unix()), Resumed: c.past != nil,
	}
	first := v.no == 1 && c.entry.fresh && !t.once
	switch {
	case c.past != nil && !c.past.restored && t.setAside(c):
		return // the inode number was used again for a copy
	case c.past != nil:
		info.ID, info.Start = c.past.Stream, c.past.Offset
	case c.entry.IgnoreOlder > 0 && v.now.Sub(info.Modified) > c.entry.IgnoreOlder:
		t.rest(c, c.st.Size, v.now)
		return
	case !t.once && t.setAside(c):
		return
	default:
		info.ID = Identity{Dev: c.at.dev, Ino: c.at.ino, Gen: t.nextGen(c.at)}
		if first && c.entry.StartAt == AtEnd {
			info.Start = lineStart(c.fd, c.st.Size)
		}
	}
	t.follow(v, c, info, !t.once && c.past == nil && c.st.Size == 0)
}

// setAside holds a file that is a copy of a followed one. One of which that
// cannot be told yet is looked at again by the next scan.
func (t *Tailer) setAside(c *candidate) bool {
	of, kin := t.originalOf(c)
	switch kin {
	case stranger:
		return false
	case unclear:
		_ = unix.Close(c.fd)
		t.askScan()
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.holdLocked(c, of, kin)
	return true
}

// follow makes a stream of the file and queues it.
func (t *Tailer) follow(v *view, c *candidate, info Info, unproven bool) {
	names := canonical(c.path)
	info.Real = c.path
	if len(names) > 0 {
		info.Real = names[len(names)-1]
	}
	s := t.newStream(info, c.entry, c.fd, c.at)
	s.setHead(c.head)
	if !s.recall(c.past) {
		// Truncated since the position was found to be in it.
		_ = unix.Close(c.fd)
		t.askScan()
		return
	}
	s.unproven.Store(unproven)
	s.names = names
	s.seen, s.grew = v.now, v.now
	s.used.Store(v.now.UnixNano())
	s.size.Store(c.st.Size)
	s.mtime = c.st.Mtim
	t.mu.Lock()
	if c.past != nil {
		t.dropPastLocked(c.past)
	}
	t.live[c.at] = s
	for _, n := range names {
		t.names[n] = s
	}
	t.mu.Unlock()
	t.stats.files.Add(1)
	t.stats.descriptors.Add(1)
	t.q.push(s)
	t.shedFiles()
}

// rest notes that everything before offset is settled, and that the file need
// not be opened before it changes.
func (t *Tailer) rest(c *candidate, offset int64, now time.Time) {
	defer unix.Close(c.fd)
	p := Position{
		Stream: Identity{Dev: c.at.dev, Ino: c.at.ino, Gen: t.nextGen(c.at)},
		Dev:    c.at.dev, Ino: c.at.ino, Head: fingerprintOf(c.head),
		Offset: offset, Seen: now.Unix(), Path: c.path,
	}
	p.Anchor, _ = anchorAt(c.fd, offset)
	rested := &past{Position: p, size: c.st.Size, mtime: c.st.Mtim}
	if c.st.Size > offset {
		rested.size = -1 // there is more already
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.past[c.at] = append(t.past[c.at], rested)
}

// lineStart gives the start of the line that the byte before offset belongs to,
// so that reading from the end does not begin inside a line being written.
func lineStart(fd int, offset int64) int64 {
	var buf [4096]byte
	b := buf[:min(offset, int64(len(buf)))]
	n, err := pread(fd, b, offset-int64(len(b)))
	if err != nil || n < len(b) {
		return offset
	}
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		return offset - int64(len(b)-i-1)
	}
	return offset
}
