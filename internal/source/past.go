package source

import (
	"slices"
	"time"
)

// forgetAfter is how long the position of a file is kept after the file was
// last seen.
const forgetAfter = 24 * time.Hour

// pastGenerations bounds the positions of one inode: a log that is truncated
// every second would leave one each time.
const pastGenerations = 8

// past is a stream that is not followed: of an earlier run, or read to its end.
type past struct {
	Position
	restored bool // given to New; the file may have become another one meanwhile
	size     int64
	mtime    int64 // in nanoseconds
}

// restore takes the positions of an earlier run.
func (t *Tailer) restore(known []Position) {
	follows := map[string]bool{}
	for _, p := range known {
		if p.Kind == watched {
			follows[p.Key()] = true
		}
		if seen := time.Unix(p.Seen, 0); seen.After(t.lastSeen) {
			t.lastSeen = seen
		}
		if p.Kind == Journald {
			t.journals[p.Path] = p
		}
		if p.Kind != File {
			continue
		}
		t.past[p.at()] = append(t.past[p.at()], &past{Position: p, restored: true, size: -1})
		for _, id := range []inode{p.at(), {p.Stream.Dev, p.Stream.Ino}} {
			t.gens[id] = max(t.gens[id], p.Stream.Gen)
		}
		for _, e := range t.entries {
			e.fresh = e.fresh && !e.wants(p.Path)
		}
	}
	for i, w := range t.Watched() {
		if follows[w.Key()] {
			t.entries[i].fresh = false
		}
	}
}

// remember notes how far an ended stream was read.
func (t *Tailer) remember(s *stream, now time.Time) {
	p := &past{Position: s.position(s.next), size: s.size.Load(), mtime: s.mtime.Load()}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.removeLocked(s)
	ps := t.past[p.at()]
	ps = append(ps, p)
	if len(ps) > pastGenerations {
		t.outdated = append(t.outdated, ps[0].Key())
		ps = slices.Delete(ps, 0, 1)
	}
	t.past[p.at()] = ps
}

// removeLocked takes a stream off all tables.
func (t *Tailer) removeLocked(s *stream) {
	if at := s.place(); t.live[at] == s {
		delete(t.live, at)
	}
	delete(t.orphans, s)
	for _, n := range s.names {
		if t.names[n] == s {
			delete(t.names, n)
		}
	}
}

// dropPastLocked forgets a position that a stream has taken over.
func (t *Tailer) dropPastLocked(p *past) {
	ps := slices.DeleteFunc(t.past[p.at()], func(q *past) bool { return q == p })
	if len(ps) == 0 {
		delete(t.past, p.at())
		return
	}
	t.past[p.at()] = ps
}

// nextGen gives the number of a generation of the inode that was never used.
func (t *Tailer) nextGen(at inode) uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, known := t.gens[at]
	if known {
		g++
	} else {
		g = t.firstGen
	}
	t.gens[at] = g
	return g
}

// isSure tells whether the position can be recognised in a file of another inode.
func (p *past) isSure() bool {
	return !p.Gone && (p.Head.proves() || p.Head.Len == 0 && p.Anchor.Len >= minHead)
}

// beginsLike tells whether c begins like the file of the position: with the same
// bytes, or with a hole.
func (p *past) beginsLike(c *candidate) bool {
	return p.Head.matches(c.head) && (p.Head.Len > 0 || len(c.head) == 0)
}

// matches tells whether the position is one in the open file c.
func (p *past) matches(c *candidate) bool {
	if p.Gone || p.Head.Len == 0 && p.Offset > 0 && p.Anchor.Len == 0 {
		return false
	}
	return p.Head.matches(c.head) && c.st.Size >= p.Offset && p.Anchor.anchored(c.fd, p.Offset)
}

// Stale gives the keys of positions whose files have not been seen for a day:
// their marks need not be kept. The tailer forgets them too. Before the first
// look at the globs is over it gives none, since nothing has been seen yet.
func (t *Tailer) Stale(now time.Time) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.scanned {
		return nil
	}
	keys := t.outdated
	t.outdated = nil
	for name, p := range t.journals {
		read := slices.ContainsFunc(t.entries, func(e *entry) bool { return e.Journal != nil && e.name == name })
		if !read && now.Sub(time.Unix(p.Seen, 0)) >= forgetAfter {
			keys = append(keys, p.Key())
			delete(t.journals, name)
		}
	}
	for at, ps := range t.past {
		kept := ps[:0]
		for _, p := range ps {
			if now.Sub(time.Unix(p.Seen, 0)) < forgetAfter {
				kept = append(kept, p)
				continue
			}
			keys = append(keys, p.Key())
		}
		if len(kept) == 0 {
			delete(t.past, at)
			t.forgetGenLocked(at)
			continue
		}
		clear(ps[len(kept):])
		t.past[at] = kept
	}
	return keys
}

// forgetGenLocked forgets the generations of an inode. Should its number be used
// once more, it begins with one that it cannot have had.
func (t *Tailer) forgetGenLocked(at inode) {
	if t.live[at] != nil || t.copies[at] != nil || t.promised[at] {
		return
	}
	t.firstGen = max(t.firstGen, t.gens[at]+1)
	delete(t.gens, at)
}
