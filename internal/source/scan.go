package source

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// sighting is a name that a glob matched, and the file it leads to.
type sighting struct {
	path  string
	entry *entry
	st    unix.Stat_t
}

// view is what one scan saw. Events only ask for a scan or for a file to be
// read; everything that is decided about files is decided from a view.
type view struct {
	now      time.Time
	no       int
	paths    map[string]inode
	files    []sighting
	pipes    []sighting
	archives []sighting
	seen     map[inode]int   // to the first of files
	dirs     map[string]bool // directories in which a match may appear
	targets  map[string]bool // where links that match lead to, whether it exists or not
	failed   map[string]bool
	// undecided are files of which the next scan must tell what they are.
	undecided []string
}

// scan looks at the globs and brings the tables in line with what is there.
func (t *Tailer) scan(ctx context.Context) {
	v := t.look()
	t.watchDirs(v)
	t.refresh(v)
	var unknown []*candidate
	for i := range v.files {
		if ctx.Err() != nil {
			for _, c := range unknown {
				_ = unix.Close(c.fd)
			}
			return
		}
		if c := t.examine(v, &v.files[i]); c != nil {
			unknown = append(unknown, c)
		}
	}
	t.recognise(unknown)
	t.place(v, unknown)
	t.followPipes(ctx, v)
	t.followArchives(ctx, v)
	t.checkCopies(v)
	t.answerOrphans(v)
	t.forgetTroubles(v.now)
	t.stats.scans.Add(1)
	t.mu.Lock()
	t.scanned = true
	t.mu.Unlock()
}

// look expands the globs and asks the kernel about every match. It changes nothing.
func (t *Tailer) look() *view {
	v := &view{
		now: t.now(), paths: map[string]inode{}, seen: map[inode]int{},
		dirs: map[string]bool{}, targets: map[string]bool{}, failed: map[string]bool{},
	}
	t.mu.Lock()
	t.scanNo++
	v.no = t.scanNo
	t.mu.Unlock()
	for _, e := range t.entries {
		w := &walk{
			match: func(path string) { t.sight(v, e, path) },
			dir:   func(path string) { v.dirs[path] = true },
			fail:  func(path string, err error) { v.failed[path] = true; t.failed(path, "looking into", err) },
		}
		for _, g := range e.globs {
			g.walk(w)
		}
	}
	return v
}

// sight notes a match, unless an earlier entry or pattern has it already.
func (t *Tailer) sight(v *view, e *entry, path string) {
	if _, twice := v.paths[path]; twice || e.excluded(path) {
		return
	}
	archived := e.Compressed && isArchive(path)
	if archived && v.no > 1 {
		return
	}
	v.followLinks(path)
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		if errors.Is(err, unix.ENOENT) {
			return // gone since, or a link to a file that is yet to come
		}
		v.failed[path] = true
		t.failed(path, "looking at", err)
		return
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
	case unix.S_IFIFO, unix.S_IFCHR:
		v.pipes = append(v.pipes, sighting{path, e, st})
		return
	case unix.S_IFDIR:
		return
	default:
		t.failed(path, "opening", errNotReadable)
		return
	}
	if archived {
		v.archives = append(v.archives, sighting{path, e, st})
		return
	}
	ino := inodeOf(&st)
	v.paths[path] = ino
	if _, known := v.seen[ino]; !known {
		v.seen[ino] = len(v.files)
	}
	v.files = append(v.files, sighting{path, e, st})
}

// followLinks notes where a symbolic link leads to, step by step: the file at its
// end is rotated in a directory that no glob mentions.
func (v *view) followLinks(path string) {
	for range maxLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return
		}
		if !filepath.IsAbs(to) {
			dir, err := filepath.EvalSymlinks(filepath.Dir(path))
			if err != nil {
				return
			}
			to = filepath.Join(dir, to)
		}
		path = to
		v.targets[path] = true
	}
}

// maxLinks is how many links a name may go through (the kernel allows 40).
const maxLinks = 40

// refresh brings what is known of the streams in line with the view: whether
// their names still lead to them, and whether there is something to read.
func (t *Tailer) refresh(v *view) {
	t.mu.Lock()
	streams := make([]*stream, 0, len(t.live))
	for _, s := range t.live {
		streams = append(streams, s)
	}
	t.mu.Unlock()
	for _, s := range streams {
		i, seen := v.seen[s.place()]
		if seen && t.tookNumber(v, s, &v.files[i]) {
			seen = false
		}
		moved := s.follow(v, seen, i)
		if moved {
			t.stats.rotations.Add(1)
		}
		if !seen {
			if !s.attached() {
				t.q.push(s)
			}
			continue
		}
		st := &v.files[i].st
		if moved || st.Size != s.size.Load() || st.Mtim.Nano() != s.mtime.Load() || !s.attached() {
			s.size.Store(st.Size)
			s.mtime.Store(st.Mtim.Nano())
			t.q.push(s)
		}
	}
}

// tookNumber tells whether the file that is seen with the inode number of s is
// another: a file that is closed for being silent can be deleted and its number
// used again, or truncated and renamed. The file is news then, and the stream
// looks for a copy as after any truncation.
func (t *Tailer) tookNumber(v *view, s *stream, sg *sighting) bool {
	s.mu.Lock()
	suspect := s.fd < 0 && sg.path != s.path && len(s.head) > 0
	head, at := s.head, s.at
	s.mu.Unlock()
	if !suspect {
		return false
	}
	fd, _, err := openFile(sg.path)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	var buf [maxHead]byte
	n, err := pread(fd, buf[:len(head)], 0)
	if same := bytes.Equal(buf[:n], head); err != nil || same {
		if same, err = s.checkTrails(fd, buf[:]); err != nil || same {
			return false
		}
	}
	t.mu.Lock()
	if t.live[at] == s {
		delete(t.live, at)
		t.orphans[s] = v.no - 1
		s.vanished.Store(true)
	}
	t.mu.Unlock()
	return true
}

// follow finds out where the stream's name leads now. It reports whether the
// name has just come to lead elsewhere: the file was rotated or deleted.
func (s *stream) follow(v *view, seen bool, i int) (departed bool) {
	home := s.info.Path
	at := s.place()
	now, there := v.paths[home]
	if !there {
		now, there = statInode(home)
		if !there && v.failed[home] {
			return false // cannot tell
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if seen || there && now == at {
		s.seen = v.now
	}
	if there && now == at {
		s.gone, s.replaced, s.path = time.Time{}, false, home
		return false
	}
	if seen {
		s.path = v.files[i].path
	}
	departed = s.gone.IsZero()
	if departed {
		s.gone = v.now
	}
	s.replaced = s.replaced || there
	return departed
}

// place gives the inode that holds the stream's bytes.
func (s *stream) place() inode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

// statInode tells which file a name leads to. ok is false if there is none.
func statInode(path string) (at inode, ok bool) {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return inode{}, false
	}
	return inodeOf(&st), true
}

// canonical resolves the links in the directory part of a name, and in the
// whole name if it leads to a file, so that it can be compared with the names
// that events carry.
func canonical(path string) []string {
	names := make([]string, 0, 2)
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		names = append(names, filepath.Join(dir, filepath.Base(path)))
	}
	if real, err := filepath.EvalSymlinks(path); err == nil && (len(names) == 0 || real != names[0]) {
		names = append(names, real)
	}
	return names
}

// openFile opens a regular file for reading without waiting for anything.
func openFile(path string) (fd int, st unix.Stat_t, err error) {
	fd, err = unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, st, &os.PathError{Op: "open", Path: path, Err: err}
	}
	if err = unix.Fstat(fd, &st); err == nil && st.Mode&unix.S_IFMT != unix.S_IFREG {
		err = errNotReadable
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, st, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	return fd, st, nil
}

var errNotReadable = errors.New("neither a regular file nor a named pipe")

// cannotTell tells whether an error leaves open if the file is there.
func cannotTell(err error) bool { return err != nil && !errors.Is(err, fs.ErrNotExist) }
