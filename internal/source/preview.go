package source

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Matches looks the entry's patterns up once and returns the names that would be
// followed now, sorted as the file system gives them, without opening any. The
// error joins what could not be looked into. "-" is not among the names.
func Matches(c Config) ([]string, error) {
	e, err := newEntry(c)
	if err != nil {
		return nil, err
	}
	var names []string
	var errs []error
	seen := map[string]bool{}
	w := &walk{
		match: func(path string) {
			if !seen[path] && !e.excluded(path) {
				seen[path] = true
				names = append(names, path)
			}
		},
		dir:  func(string) {},
		fail: func(_ string, err error) { errs = append(errs, err) },
	}
	for _, g := range e.globs {
		g.walk(w)
	}
	return names, errors.Join(errs...)
}

// Preview is what would be done now with a file that a pattern matches.
type Preview struct {
	Path string
	Kind Kind
	// Size is that of the file, Start where reading would begin, both in bytes.
	Size, Start int64
	// Resumed is set if Start comes from a stored position.
	Resumed bool
	// Skipped tells why the file would be left alone; empty if it would be read.
	Skipped string
	// Err tells why it cannot be read, Cure what would help.
	Err  error
	Cure string
}

// PatternPreview is what one pattern matches now.
type PatternPreview struct {
	Pattern string
	Files   []Preview // sorted by name
	// Note tells an operator why there are none.
	Note string
}

// Look tells for each path of the entry what it matches now, from where it would
// be read with these known positions, and what cannot be read. It opens files and
// reads their heads, follows nothing and changes nothing.
func Look(c Config, known []Position) ([]PatternPreview, error) {
	all, err := New([]Config{c}, known, nil)
	if err != nil {
		return nil, err
	}
	fresh := all.entries[0].fresh
	var out []PatternPreview
	for _, pattern := range c.Paths {
		if pattern == stdinPath {
			out = append(out, PatternPreview{Pattern: pattern, Files: []Preview{{Path: pattern, Kind: Stdin}}})
			continue
		}
		one := c
		one.Paths = []string{pattern}
		t, err := New([]Config{one}, known, nil, WithLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			return nil, err
		}
		t.entries[0].fresh = fresh
		out = append(out, t.preview(pattern))
	}
	return out, nil
}

// preview looks once, without following anything.
func (t *Tailer) preview(pattern string) PatternPreview {
	p := PatternPreview{Pattern: pattern}
	v := t.look()
	var cs []*candidate
	for i := range v.files {
		if c := t.examine(v, &v.files[i]); c != nil {
			cs = append(cs, c)
		}
	}
	opened := slices.Clone(cs)
	t.recognise(cs)
	for _, c := range opened {
		if c.fd >= 0 {
			p.Files = append(p.Files, t.foresee(v, c))
			_ = unix.Close(c.fd)
		}
	}
	for _, sg := range v.pipes {
		p.Files = append(p.Files, Preview{Path: sg.path, Kind: FIFO})
	}
	for _, sg := range v.archives {
		f := Preview{Path: sg.path, Size: sg.st.Size}
		if !t.isNews(&sg) {
			f.Skipped = "compressed before this source was last read; only what a stored position lacks is read"
		}
		p.Files = append(p.Files, f)
	}
	for path, tr := range t.trouble {
		p.Files = append(p.Files, Preview{Path: path, Err: tr.Err, Cure: tr.Cure})
	}
	slices.SortFunc(p.Files, func(a, b Preview) int { return strings.Compare(a.Path, b.Path) })
	if len(p.Files) == 0 {
		p.Note = t.whyNone()
	}
	return p
}

// foresee tells what would be done with one file.
func (t *Tailer) foresee(v *view, c *candidate) Preview {
	f := Preview{Path: c.path, Size: c.st.Size}
	age := v.now.Sub(time.Unix(c.st.Mtim.Unix()))
	switch {
	case c.past != nil:
		f.Start, f.Resumed = c.past.Offset, true
	case c.entry.IgnoreOlder > 0 && age > c.entry.IgnoreOlder:
		f.Start = c.st.Size
		f.Skipped = fmt.Sprintf("last written %v ago, ignore_older is %v; what is added is read", age.Round(time.Second), c.entry.IgnoreOlder)
	case c.entry.fresh && c.entry.StartAt == AtEnd:
		f.Start = lineStart(c.fd, c.st.Size, c.entry.enc.of(c.head))
	}
	return f
}

// whyNone tells why the only pattern of the only entry matches nothing.
func (t *Tailer) whyNone() string {
	g := t.entries[0].globs[0]
	dir := g.base
	if g.rest == "" {
		dir = filepath.Dir(g.base)
	}
	if _, there := nearest(dir); there != dir {
		return fmt.Sprintf("there is no directory %s yet; %s exists", dir, there)
	}
	return "nothing matches now; files that appear later are read from their beginning"
}
