//go:build torture

package source

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// left is what a tailer holds at a moment.
type left struct {
	descriptors, goroutines, streams, known int
	heap                                    int64
}

func (l left) String() string {
	return fmt.Sprintf("%d descriptors, %d goroutines, %d streams, %d positions, %d KiB of heap", l.descriptors, l.goroutines, l.streams, l.known, l.heap>>10)
}

func heldBy(tl *Tailer) (l left) {
	_ = tl.Stale(time.Now()) // as whoever stores the positions does every hour
	fds, _ := os.ReadDir("/proc/self/fd")
	runtime.GC()
	runtime.GC() // what finalizers held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	tl.mu.Lock()
	defer tl.mu.Unlock()
	for _, ps := range tl.past {
		l.known += len(ps)
	}
	l.descriptors, l.goroutines, l.streams, l.heap = len(fds), runtime.NumGoroutine(), len(tl.live)+len(tl.orphans), int64(m.HeapAlloc)
	return l
}

// TestTortureRotationsLeaveNothing rotates TORTURE_LIVES (10,000) times, keeps five
// generations, and compares what is held after a tenth of that with what is
// held at the end.
func TestTortureRotationsLeaveNothing(t *testing.T) {
	lives := size("TORTURE_LIVES", 10_000)
	styles := map[string]func(r *rotator){
		"rename and create": func(r *rotator) {
			r.check(os.Rename(r.path("app.log"), r.old()))
			r.reopen()
		},
		"copytruncate": copyTruncate,
	}
	for name, turn := range styles {
		t.Run(name, func(t *testing.T) { rotateOften(t, lives, turn) })
	}
}

func rotateOften(t *testing.T, lives int, turn func(r *rotator)) {
	n := newNumbers(5 * lives)
	r := &rotator{TB: t, dir: t.TempDir()}
	cfg := testConfig(r.dir, "app.log*")
	cfg.RotateWait = 100 * time.Millisecond
	open := func(i Info) Consumer { return &marksOnly{n} }
	tl, err := New([]Config{cfg}, nil, open, WithLogger(silentLog()))
	r.check(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	r.reopen()
	defer func() { r.w.Close() }()
	before := heldBy(tl)
	began := time.Now()
	go func() { done <- tl.Run(ctx) }()
	settled := func() left {
		n.wait(t, r.n)
		for over := time.Now().Add(20 * time.Second); tl.Report().Descriptors > 6 && time.Now().Before(over); {
			time.Sleep(20 * time.Millisecond)
		}
		return heldBy(tl)
	}
	var early left
	for life := range lives {
		r.more(3)
		n.wait(t, r.n)
		turn(r)
		_ = os.Remove(r.path(fmt.Sprintf("app.log.%d", r.gen-5)))
		if life == lives/10 {
			early = settled()
		}
	}
	late := settled()
	missing, doubled := n.verdict(r.n)
	cancel()
	r.check(<-done)
	after := heldBy(tl)
	fmt.Printf("%d rotations in %.0f s: %d missing, %d doubled\n  before:    %v\n  at %6d: %v\n  at %6d: %v\n  stopped:   %v\n",
		lives, time.Since(began).Seconds(), missing, doubled, before, lives/10, early, lives, late, after)
	grown := late.heap - early.heap
	switch {
	case missing+doubled > 0:
		t.Errorf("%d missing, %d doubled: %v", missing, doubled, n.gaps(r.n))
	case late.descriptors > early.descriptors+5 || late.goroutines > early.goroutines || late.streams > early.streams+10:
		t.Errorf("something was left behind: %v, then %v", early, late)
	case grown > 256<<10:
		t.Errorf("the heap grew by %d KiB in %d rotations", grown>>10, lives-lives/10)
	}
}

// marksOnly notes numbers and keeps no position, which would look like a leak.
type marksOnly struct{ seen *numbers }

func (c *marksOnly) Lines(_ time.Time, lines []Line) {
	for _, l := range lines {
		c.seen.note(l.Text)
	}
	select {
	case c.seen.more <- struct{}{}:
	default:
	}
}
func (c *marksOnly) Idle(time.Time)      {}
func (c *marksOnly) Deadline() time.Time { return time.Time{} }
func (c *marksOnly) End(time.Time)       {}

// TestTortureManyFiles follows TORTURE_FILES (10,000) files at once, with a descriptor for
// each and with those that the default allows.
func TestTortureManyFiles(t *testing.T) {
	files := size("TORTURE_FILES", 10_000)
	for _, open := range []int{files + 10, DefaultConfig().MaxOpenFiles} {
		t.Run(fmt.Sprintf("%d open", open), func(t *testing.T) { followMany(t, files, open) })
	}
}

func followMany(t *testing.T, files, open int) {
	n := newNumbers(3 * files)
	dir := t.TempDir()
	cfg := testConfig(dir, "*.log")
	cfg.MaxOpenFiles = open
	k := 0
	each := func() {
		for i := range files {
			must(t, appendTo(filepath.Join(dir, fmt.Sprintf("%d.log", i)), numbered(k)+"\n"))
			k++
		}
	}
	each()
	tl, err := New([]Config{cfg}, nil, func(Info) Consumer { return &marksOnly{n} }, WithLogger(silentLog()))
	must(t, err)
	n.state = func() string { return fmt.Sprintf("%+v", tl.Report()) }
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	before := heldBy(tl)
	began := time.Now()
	go func() { done <- tl.Run(ctx) }()
	n.wait(t, k)
	found := time.Since(began)
	held := heldBy(tl)
	began = time.Now()
	each()
	each()
	n.wait(t, k)
	took := time.Since(began)
	rep := tl.Report()
	for over := time.Now().Add(20 * time.Second); rep.Descriptors > int64(open) && time.Now().Before(over); rep = tl.Report() {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	must(t, <-done)
	missing, doubled := n.verdict(k)
	fmt.Printf("%d files, %d descriptors: found and read in %.1f s, two more lines to each in %.1f s, %d missing, %d doubled, %d errors; %d B of heap for each\n",
		files, rep.Descriptors, found.Seconds(), took.Seconds(), missing, doubled, rep.Errors, (held.heap-before.heap)/int64(files))
	if missing+doubled > 0 || rep.Errors > 0 || rep.Descriptors > int64(open) {
		t.Errorf("%d missing, %d doubled, %+v", missing, doubled, rep)
	}
}
