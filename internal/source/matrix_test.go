package source

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// rotation is one style of rotating a log while it is written at full speed. The
// writer and the rotating tool are one here, as in a logger that rotates itself,
// or take turns, as with logrotate; the tailer runs beside them with all its
// goroutines.
type rotation struct {
	name   string
	lines  int
	rotate int // lines between rotations
	files  string
	setup  func(*rotator)
	turn   func(*rotator)

	// For make torture: the reader is stopped meanwhile; lines are lost whoever reads.
	restart, loses bool //nolint:unused // in torture_test.go
}

type rotator struct {
	testing.TB
	dir  string
	w    *os.File
	gen  int
	n    int // lines written
	from int // lines written before the file of now
	wait func(total int)
	put  func() // writes the next line; nil: as fast as it goes

	stop, start func() //nolint:unused // the reader; in torture_test.go
}

func (r *rotator) path(name string) string { return filepath.Join(r.dir, name) }

func (r *rotator) reopen() {
	if r.w != nil {
		r.check(r.w.Close())
	}
	var err error
	r.w, err = os.OpenFile(r.path("app.log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	r.check(err)
	r.from = r.n
}

// found waits until the file of now has been found: one that is renamed out of
// sight before nobody can read.
func (r *rotator) found() { r.wait(r.from + 1) }

func (r *rotator) check(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rotator) line() {
	if r.put != nil {
		r.put()
		return
	}
	_, err := r.w.WriteString(numbered(r.n) + "\n")
	r.check(err)
	r.n++
}

func (r *rotator) old() string {
	r.gen++
	return r.path(fmt.Sprintf("app.log.%d", r.gen))
}

var rotations = []rotation{
	{name: "rename and create at once", lines: 60_000, rotate: 600, turn: func(r *rotator) {
		r.check(os.Rename(r.path("app.log"), r.old()))
		r.reopen()
	}},
	{name: "rename, lines to the old file, then create", lines: 60_000, rotate: 600, turn: func(r *rotator) {
		r.check(os.Rename(r.path("app.log"), r.old()))
		for range 200 {
			r.line()
		}
		time.Sleep(2 * time.Millisecond)
		r.reopen()
	}},
	{name: "rename out of the glob", files: "app.log", lines: 30_000, rotate: 1000, turn: func(r *rotator) {
		r.gen++
		r.found()
		r.check(os.Rename(r.path("app.log"), r.path(fmt.Sprintf("old-%d", r.gen))))
		for range 200 {
			r.line()
		}
		r.reopen()
	}},
	{name: "symbolic link, rename, late create", files: "link/app.log", lines: 30_000, rotate: 1000, setup: func(r *rotator) {
		r.check(os.Mkdir(r.path("link"), 0o755))
		r.check(os.Symlink("../app.log", r.path("link/app.log")))
	}, turn: func(r *rotator) {
		r.gen++
		r.found()
		r.check(os.Rename(r.path("app.log"), r.path(fmt.Sprintf("0.log.%d", r.gen))))
		for range 69 {
			r.line()
		}
		time.Sleep(2 * time.Millisecond)
		r.reopen()
	}},
	{name: "copytruncate", lines: 60_000, rotate: 1000, turn: func(r *rotator) {
		r.check(copyFileTo(r.path("app.log"), r.old()))
		r.check(os.Truncate(r.path("app.log"), 0))
	}},
	{name: "copytruncate, regrown past the old size at once", lines: 30_000, rotate: 1000, turn: func(r *rotator) {
		r.check(copyFileTo(r.path("app.log"), r.old()))
		r.check(os.Truncate(r.path("app.log"), 0))
		for range 1500 {
			r.line()
		}
	}},
	{name: "copytruncate, writer without O_APPEND", lines: 20_000, rotate: 1000, setup: func(r *rotator) {
		r.check(r.w.Close())
		var err error
		r.w, err = os.OpenFile(r.path("app.log"), os.O_WRONLY|os.O_CREATE, 0o644)
		r.check(err)
	}, turn: func(r *rotator) {
		r.check(copyFileTo(r.path("app.log"), r.old()))
		r.check(os.Truncate(r.path("app.log"), 0))
	}},
	{name: "delete and create, inode number used again", lines: 30_000, rotate: 1000, turn: func(r *rotator) {
		r.wait(r.n)
		r.check(os.Remove(r.path("app.log")))
		r.reopen()
	}},
	{name: "half lines", lines: 5_000, rotate: 100, turn: func(r *rotator) {
		s := numbered(r.n) + "\n"
		r.n++
		for i := 0; i < len(s); i += 40 {
			_, err := r.w.WriteString(s[i:min(i+40, len(s))])
			r.check(err)
		}
		r.check(os.Rename(r.path("app.log"), r.old()))
		r.reopen()
	}},
}

// TestRotationMatrix follows every style of rotation, with every engine that is
// meant for it, and wants every line once.
func TestRotationMatrix(t *testing.T) {
	for _, engine := range []Engine{Auto, Poll, NXAdm} {
		for _, rot := range rotations {
			t.Run(fmt.Sprintf("%s/%s", engine, rot.name), func(t *testing.T) {
				t.Parallel()
				follow(t, rot, engine, 0)
			})
		}
	}
}

// TestRotationMatrixWithRestarts is the same with a tailer that is stopped and
// started again at its stored positions all the time.
func TestRotationMatrixWithRestarts(t *testing.T) {
	for _, rot := range rotations {
		if rot.files != "" {
			continue // what is moved out of sight while nobody looks is gone
		}
		t.Run(rot.name, func(t *testing.T) {
			t.Parallel()
			follow(t, rot, Auto, 20*time.Millisecond)
		})
	}
}

func follow(t *testing.T, rot rotation, engine Engine, life time.Duration) {
	lines := rot.lines
	if testing.Short() || engine == NXAdm {
		lines /= 5
	}
	dir := t.TempDir()
	n := newNumbers(lines + 10_000)
	files := rot.files
	if files == "" {
		files = "app.log*"
	}
	cfg := testConfig(dir, files)
	cfg.Engine = engine
	cfg.PollInterval = 20 * time.Millisecond
	cfg.AllowedRoots = append(cfg.AllowedRoots, dir)
	r := &rotator{TB: t, dir: dir, wait: func(total int) { n.wait(t, total) }}
	r.reopen()
	defer func() { r.w.Close() }()
	if rot.setup != nil {
		rot.setup(r)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			runFor(t, ctx, cfg, n, life)
		}
	}()
	for r.n < lines {
		r.line()
		if r.n%rot.rotate == 0 {
			rot.turn(r)
		}
	}
	n.wait(t, r.n)
	cancel()
	<-done
	missing, doubled := n.verdict(r.n)
	if missing+doubled > 0 || len(n.bad) > 0 {
		t.Errorf("of %d lines %d are missing and %d doubled; %d bad: %.3q", r.n, missing, doubled, len(n.bad), n.bad)
	}
}

// runFor runs a tailer for some time, from the positions that n has stored.
func runFor(t *testing.T, ctx context.Context, cfg Config, n *numbers, life time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var known []Position
	n.mu.Lock()
	for _, p := range n.marks {
		known = append(known, p)
	}
	n.mu.Unlock()
	tl, err := New([]Config{cfg}, known, n.opener, WithLogger(silentLog()))
	if err != nil {
		t.Error(err)
		return
	}
	n.mu.Lock()
	for _, p := range tl.Watched() {
		n.marks[p.Key()] = p
	}
	n.state = tl.dump
	n.mu.Unlock()
	if life > 0 {
		// A life that ends before the first look is over would be in vain.
		look := time.AfterFunc(life, func() {
			for ctx.Err() == nil && tl.Report().Scans == 0 {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(life)
			cancel()
		})
		defer look.Stop()
	}
	if err := tl.Run(ctx); err != nil {
		t.Error(err)
	}
}
