package source

import (
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// candidate is an open file that no stream reads.
type candidate struct {
	*sighting
	at   inode
	fd   int
	head []byte
	// blank is set while the file holds no byte but NULs.
	blank bool
	fresh bool  // written to a moment ago: it may be a copy that is still being made
	past  *past // the position it is resumed at
}

// examine opens a sighting that is news: a file that is not followed, or that
// changed since it was read to its end.
func (t *Tailer) examine(v *view, sg *sighting) *candidate {
	at := inodeOf(&sg.st)
	t.mu.Lock()
	_, isLive := t.live[at]
	_, isCopy := t.copies[at]
	isCopy = isCopy || t.promised[at]
	rested := false
	for _, p := range t.past[at] {
		p.Seen = v.now.Unix()
		rested = rested || !p.Gone && p.size == sg.st.Size && p.mtime == sg.st.Mtim.Nano()
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
	if err := sg.entry.allows(sg.path, fd, &st); err != nil {
		t.failed(sg.path, "opening", err)
		_ = unix.Close(fd)
		return nil
	}
	c := &candidate{sighting: sg, at: inodeOf(&st), fd: fd}
	c.st = st
	if err = c.readHead(t.now()); err != nil {
		t.failed(sg.path, "reading", err)
		_ = unix.Close(fd)
		return nil
	}
	t.recovered(sg.path)
	return c
}

// readHead reads the head of the file, of the size that c.st has.
func (c *candidate) readHead(now time.Time) (err error) {
	c.fresh = now.Sub(time.Unix(c.st.Mtim.Unix())) <= halfAge
	if c.head, err = headOf(c.fd, c.st.Size); err != nil {
		return err
	}
	c.blank = c.st.Size == 0 || len(c.head) == 0 && isBlank(c.fd, c.st.Size, make([]byte, chunkBytes))
	return nil
}

// recognise finds the positions of files that are known: of the very inode,
// whatever its name is now; then of a generation that moved to another inode.
func (t *Tailer) recognise(cs []*candidate) {
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
}

// place makes streams of the files, or holds them. Known ones come first, since
// the others are compared with them.
func (t *Tailer) place(v *view, cs []*candidate) {
	var failed []string
	for _, known := range []bool{true, false} {
		for _, c := range cs {
			if c.fd < 0 || (c.past != nil) != known {
				continue
			}
			if slices.ContainsFunc(failed, func(f string) bool { return related(f, c.path) }) {
				_ = unix.Close(c.fd)
				v.undecided = append(v.undecided, c.path)
				continue
			}
			if !t.admit(v, c) {
				v.undecided = append(v.undecided, c.path)
				failed = append(failed, c.path)
			}
		}
	}
	if len(failed) > 0 {
		t.askScan()
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
			if !p.isSure() && !moved || !p.matches(c) {
				continue
			}
			if best == nil || p.Offset > best.Offset {
				best = p
			}
		}
	}
	return best
}

// halfAge is how long a file that begins like one of an earlier run, but is
// shorter than what was read of that, may be a copy that is still being made.
const halfAge = 2 * time.Second

// isHalf tells whether c may be a copy in the making of a file that was read in
// an earlier run.
func (t *Tailer) isHalf(c *candidate) bool {
	if !c.fresh {
		return false
	}
	early := t.now().Sub(t.began) < 2*halfAge
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ps := range t.past {
		for _, p := range ps {
			if p.restored && p.isSure() && c.st.Size < p.Offset && p.at() != c.at &&
				related(p.Path, c.path) && (p.beginsLike(c) || early && c.st.Size < int64(p.Head.Len)) {
				return true
			}
		}
	}
	return false
}

// admit makes a stream of the file, or leaves it alone for being old, or holds
// it for being a copy. It fails if the file was truncated meanwhile: then nothing
// can be said either about the others that may be copies of it.
func (t *Tailer) admit(v *view, c *candidate) (ok bool) {
	info := Info{
		Path: c.path, Source: c.entry.name, Size: c.st.Size,
		Modified: time.Unix(c.st.Mtim.Unix()), Resumed: c.past != nil,
	}
	unproven := false
	first := v.no == 1 && c.entry.fresh && !t.once
	switch {
	case c.past != nil && !c.past.restored && t.setAside(v, c):
		return true // the inode number was used again for a copy
	case c.past != nil:
		info.ID, info.Start = c.past.Stream, c.past.Offset
	case c.entry.IgnoreOlder > 0 && v.now.Sub(info.Modified) > c.entry.IgnoreOlder:
		t.rest(c, c.st.Size, v.now)
		return true
	default:
		if !t.once {
			of, kin := t.originalOf(c)
			if kin == copied || kin == extension {
				t.hold(c, of, kin)
				return true
			}
			// What cannot be told yet stays open, since it may be deleted soon.
			unproven = c.blank || kin == unclear || t.isHalf(c)
		}
		info.ID = Identity{Dev: c.at.dev, Ino: c.at.ino, Gen: t.nextGen(c.at)}
		if first && c.entry.StartAt == AtEnd {
			info.Start = lineStart(c.fd, c.st.Size, c.entry.enc.of(c.head))
		}
	}
	return t.follow(v, c, info, unproven)
}

// setAside holds a file that is a copy of a followed one. One of which that
// cannot be told yet is looked at again by the next scan.
func (t *Tailer) setAside(v *view, c *candidate) bool {
	of, kin := t.originalOf(c)
	switch kin {
	case stranger:
		return false
	case unclear:
		_ = unix.Close(c.fd)
		v.undecided = append(v.undecided, c.path)
		t.askScan()
		return true
	}
	t.hold(c, of, kin)
	return true
}

func (t *Tailer) hold(c *candidate, of *stream, kin kinship) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.holdLocked(c, of, kin)
}

// follow makes a stream of the file and queues it. It fails if the file was
// truncated since its position was found to be in it.
func (t *Tailer) follow(v *view, c *candidate, info Info, unproven bool) (ok bool) {
	names := canonical(c.path)
	info.Real = c.path
	if len(names) > 0 {
		info.Real = names[len(names)-1]
	}
	s := t.newStream(info, c.entry, c.fd, c.at)
	s.setHead(c.head)
	if !s.recall(c.past) || !startsWith(c.fd, c.head) {
		_ = unix.Close(c.fd)
		t.askScan()
		return false
	}
	s.unproven.Store(unproven)
	s.names = names
	s.seen, s.grew = v.now, v.now
	s.used.Store(v.now.UnixNano())
	s.size.Store(c.st.Size)
	s.mtime.Store(c.st.Mtim.Nano())
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
	return true
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
	rested := &past{Position: p, size: c.st.Size, mtime: c.st.Mtim.Nano()}
	if c.st.Size > offset {
		rested.size = -1 // there is more already
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.past[c.at] = append(t.past[c.at], rested)
}

// lineStart gives the start of the line that the byte before offset belongs to,
// so that reading from the end does not begin inside a line being written.
func lineStart(fd int, offset int64, enc *encoding) int64 {
	var buf [4096]byte
	offset &^= enc.unit() - 1
	b := buf[:min(offset, int64(len(buf)))]
	n, err := pread(fd, b, offset-int64(len(b)))
	if err != nil || n < len(b) {
		return offset
	}
	start := offset
	for at := offset - int64(len(b)); ; {
		i := enc.index(b)
		if i < 0 {
			return start
		}
		i += int(enc.unit())
		at += int64(i)
		start, b = at, b[i:]
	}
}
