package source

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// glob is one pattern of a configuration entry: an absolute static part that is
// looked up as it is, and a pattern below it.
type glob struct {
	pattern string // absolute, slashes
	base    string // the directories before the first wildcard
	rest    string // the pattern below base; empty for a plain file name
	depth   int    // number of path elements; MaxInt if "**" or "{a/b,c}" makes it vary
	options []doublestar.GlobOption
}

func newGlob(pattern string) (glob, error) {
	abs, err := filepath.Abs(pattern)
	if err != nil {
		return glob{}, fmt.Errorf("making the path %s absolute: %w", pattern, err)
	}
	g := glob{pattern: filepath.ToSlash(abs)}
	if _, err := os.Lstat(abs); err == nil || !strings.ContainsAny(abs, `*?[{\`) {
		// A file that has this very name is meant, even if it looks like a glob.
		g.base, g.depth = abs, depthOf(abs)
		return g, nil
	}
	g.base, g.rest = doublestar.SplitPattern(g.pattern)
	g.depth = depthOf(g.pattern)
	if strings.Contains(g.rest, "**") {
		g.depth = math.MaxInt
		// A link to a parent directory would make "**" walk in circles.
		g.options = []doublestar.GlobOption{doublestar.WithNoFollow()}
	}
	if open := strings.IndexByte(g.rest, '{'); open >= 0 && strings.IndexByte(g.rest[open:], '/') >= 0 {
		g.depth = math.MaxInt
	}
	return g, nil
}

func depthOf(path string) int { return strings.Count(path, "/") }

// matches tells whether the name is one that the pattern means.
func (g glob) matches(path string) bool {
	if g.rest == "" {
		return path == g.base
	}
	return doublestar.MatchUnvalidated(g.pattern, filepath.ToSlash(path))
}

// leadsTo tells whether path may be a directory on the way to a match.
func (g glob) leadsTo(path string) bool { return depthOf(path) < g.depth }

// walk looks the pattern up on disk and tells what it saw.
func (g glob) walk(w *walk) {
	if g.rest == "" {
		w.dir(filepath.Dir(g.base))
		if _, err := os.Lstat(g.base); err == nil {
			w.match(g.base)
		} else if !errors.Is(err, fs.ErrNotExist) {
			w.fail(g.base, err)
		}
		return
	}
	w.dir(g.base)
	under := &recorder{root: g.base, walk: w}
	// Errors of single directories go to w.fail; the pattern itself was validated.
	_ = doublestar.GlobWalk(under, g.rest, func(p string, d fs.DirEntry) error {
		if !d.IsDir() {
			w.match(filepath.Join(g.base, filepath.FromSlash(p)))
		}
		return nil
	}, g.options...)
}

// walk collects what a look at the globs gives.
type walk struct {
	match func(path string)            // a name that fits, not a directory
	dir   func(path string)            // a directory in which a match may appear
	fail  func(path string, err error) // a directory that could not be read
}

// recorder is the file system under a glob's base. It notes which directories
// doublestar reads, since exactly those must be watched, and which it cannot.
type recorder struct {
	root string
	walk *walk
}

func (r *recorder) Open(name string) (fs.File, error) {
	return os.Open(filepath.Join(r.root, filepath.FromSlash(name)))
}

func (r *recorder) ReadDir(name string) ([]fs.DirEntry, error) {
	path := filepath.Join(r.root, filepath.FromSlash(name))
	entries, err := os.ReadDir(path)
	r.walk.dir(path)
	r.note(path, err)
	return entries, err
}

// Stat is how doublestar asks for the parts of a pattern without wildcards.
func (r *recorder) Stat(name string) (fs.FileInfo, error) {
	path := filepath.Join(r.root, filepath.FromSlash(name))
	r.walk.dir(filepath.Dir(path))
	info, err := os.Stat(path)
	r.note(path, err)
	return info, err
}

func (r *recorder) note(path string, err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.walk.fail(path, err)
	}
}

// compressed are the endings of files that are left alone: a compressed
// generation was read before it was compressed. See archive.go for the exception.
var compressed = []string{".gz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".zip", ".Z"}

// entry is a configuration entry with its patterns made ready.
type entry struct {
	Config
	name    string
	globs   []glob
	exclude []string
	enc     *encoding
	roots   []string // of the directories that files may lie in
	stdin   bool
	fresh   bool // never followed before: start_at applies to the files of the first scan
}

func newEntry(c Config) (*entry, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("source %q: %w", c.Name, err)
	}
	e := &entry{Config: c, name: c.Name, fresh: true}
	var err error
	if e.enc, err = encodingNamed(c.Encoding); err != nil {
		return nil, fmt.Errorf("source %q: encoding: %w", c.Name, err)
	}
	switch {
	case e.name != "":
	case c.Journal != nil:
		e.name = "journal"
	case len(c.Syslog) > 0:
		e.name = c.Syslog[0]
	default:
		e.name = c.Paths[0]
	}
	for _, p := range c.Paths {
		if p == "-" {
			e.stdin = true
			continue
		}
		g, err := newGlob(p)
		if err != nil {
			return nil, err
		}
		e.globs = append(e.globs, g)
		if g.rest == "" {
			e.roots = append(e.roots, filepath.Dir(g.base))
		} else {
			e.roots = append(e.roots, g.base)
		}
	}
	e.roots = append(e.roots, c.AllowedRoots...)
	for _, p := range c.Exclude {
		if strings.ContainsRune(p, '/') && !strings.HasPrefix(p, "**") {
			abs, err := filepath.Abs(p)
			if err != nil {
				return nil, fmt.Errorf("making the path %s absolute: %w", p, err)
			}
			p = abs
		}
		e.exclude = append(e.exclude, filepath.ToSlash(p))
	}
	return e, nil
}

// excluded tells whether a name that matches is to be left alone. A literal
// path of the configuration never is for being compressed.
func (e *entry) excluded(path string) bool {
	slashed, base := filepath.ToSlash(path), filepath.Base(path)
	for _, p := range e.exclude {
		name := slashed
		if !strings.ContainsRune(p, '/') {
			name = base
		}
		if doublestar.MatchUnvalidated(p, name) {
			return true
		}
	}
	for _, ext := range compressed {
		if strings.HasSuffix(base, ext) {
			return !e.Compressed || !isArchive(base)
		}
	}
	return strings.HasSuffix(base, ".tmp")
}

// wants tells whether a file of this name would be followed.
func (e *entry) wants(path string) bool {
	for _, g := range e.globs {
		if g.matches(path) {
			return !e.excluded(path)
		}
	}
	return false
}

// leadsTo tells whether path may be a directory on the way to a match.
func (e *entry) leadsTo(path string) bool {
	for _, g := range e.globs {
		if g.leadsTo(path) {
			return true
		}
	}
	return false
}
