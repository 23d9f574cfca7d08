package source

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// step does what Run does between two silences, in one goroutine: it scans,
// and serves until nobody has anything to say or wants another scan.
func (t *Tailer) step() {
	r := new(reader)
	t.askScan()
	for range 50 {
		select {
		case <-t.ask:
			t.scan(context.Background())
		default:
			return
		}
		t.serveAll(r)
	}
}

// serveAll serves the streams that are queued or whose time has come.
func (t *Tailer) serveAll(r *reader) {
	t.q.due(t.now())
	for s := t.q.tryPop(); s != nil; s = t.q.tryPop() {
		more, wake := t.serve(r, s)
		t.q.done(s, more, wake)
	}
}

// dump tells the state of all streams, for a test that fails. It looks without
// the right to do so.
func (t *Tailer) dump() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n", t.Report())
	t.mu.Lock()
	defer t.mu.Unlock()
	for at, s := range t.live {
		fmt.Fprintf(&b, "live %v: %s as %s, life %d, fd %d, next %d, scanned %d, nulTo %d, high %d, size %d, head %d, unproven %v, queued %v, running %v\n", at,
			s.info.ID, filepath.Base(s.info.Path), s.life, s.fd, s.next, s.scanned, s.nulTo, s.high, s.size.Load(), len(s.head), s.unproven.Load(), s.queued, s.running)
	}
	for s, no := range t.orphans {
		fmt.Fprintf(&b, "orphan since scan %d of %d: %s as %s, next %d\n", no, t.scanNo, s.info.ID, filepath.Base(s.info.Path), s.next)
	}
	for at, c := range t.copies {
		fmt.Fprintf(&b, "held %v: %s of %s\n", at, filepath.Base(c.path), c.of.info.ID)
	}
	return b.String()
}

// clock is a time that tests move by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// recorder of what consumers are told, by stream.
type tape struct {
	mu    sync.Mutex
	dir   string
	log   []string
	marks map[string]Position
	ids   map[string][]Identity // by name, in the order of their opening
	idle  time.Duration         // the deadline that consumers give after lines
}

func (tp *tape) open(i Info) Consumer {
	c := &player{tape: tp, info: i, name: tp.label(i)}
	c.note("open at %d", i.Start)
	tp.mark(i, i.Start)
	return c
}

// label names a stream: "app.log", and "app.log#2" for the second file or
// generation that was found under that name.
func (tp *tape) label(i Info) string {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	if tp.ids == nil {
		tp.ids = map[string][]Identity{}
	}
	name := strings.TrimPrefix(i.Path, tp.dir+"/")
	n := slices.Index(tp.ids[name], i.ID)
	if n < 0 {
		n = len(tp.ids[name])
		tp.ids[name] = append(tp.ids[name], i.ID)
	}
	if n > 0 {
		name += fmt.Sprintf("#%d", n+1)
	}
	return name
}

func (tp *tape) mark(i Info, offset int64) {
	p := i.Position(offset)
	tp.mu.Lock()
	defer tp.mu.Unlock()
	if tp.marks == nil {
		tp.marks = map[string]Position{}
	}
	tp.marks[p.Key()] = p
}

// known gives the marks as New takes them after a restart, through their stored form.
func (tp *tape) known(t testing.TB) []Position {
	t.Helper()
	tp.mu.Lock()
	defer tp.mu.Unlock()
	var ps []Position
	for _, p := range tp.marks {
		var q Position
		if err := q.Unmarshal(p.Marshal(nil)); err != nil {
			t.Fatal(err)
		}
		ps = append(ps, q)
	}
	return ps
}

// take gives what was noted since, ordered by stream so that the order in which
// streams are served does not matter.
func (tp *tape) take() []string {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	out := tp.log
	tp.log = nil
	slices.SortStableFunc(out, func(a, b string) int {
		return strings.Compare(a[:strings.IndexByte(a, ' ')], b[:strings.IndexByte(b, ' ')])
	})
	return out
}

// player is the consumer of one stream.
type player struct {
	*tape
	info     Info
	name     string
	deadline time.Time
	last     int64
	over     bool
}

func (p *player) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, p.name+" "+fmt.Sprintf(format, args...))
}

func (p *player) Lines(now time.Time, lines []Line) {
	if len(lines) == 0 || p.over {
		p.note("BAD: %d lines, ended %v", len(lines), p.over)
	}
	for _, l := range lines {
		flags := ""
		if l.Cut {
			flags += "~"
		}
		if l.Open {
			flags += "?"
		}
		if l.Start < p.last || l.End < l.Start {
			p.note("BAD: line [%d,%d) after %d", l.Start, l.End, p.last)
		}
		p.last = l.End
		text := string(l.Text)
		if len(text) > 60 {
			text = fmt.Sprintf("%s...(%d)", text[:20], len(text))
		}
		p.note("%s|%s", flags, text)
	}
	p.mark(p.info, lines[len(lines)-1].End)
	if p.idle > 0 {
		p.deadline = now.Add(p.idle)
	}
}

func (p *player) Idle(now time.Time) {
	if p.deadline.IsZero() {
		return
	}
	if !now.Before(p.deadline) {
		p.note("idle")
		p.deadline = time.Time{}
	}
}

func (p *player) Deadline() time.Time { return p.deadline }

func (p *player) End(time.Time) {
	if p.over {
		p.note("BAD: end twice")
	}
	p.over = true
	p.note("end")
}

// silentLog is a logger for tests that do not look at it.
func silentLog() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// testConfig is an entry that reads dir/pattern from the beginning.
func testConfig(dir string, patterns ...string) Config {
	c := DefaultConfig()
	c.Name, c.StartAt = "test", AtBeginning
	for _, p := range patterns {
		c.Paths = append(c.Paths, filepath.Join(dir, p))
	}
	return c
}
