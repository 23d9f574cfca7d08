package source

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// numbers is a consumer of lines that end in a number: it counts how often each came.
type numbers struct {
	mu    sync.Mutex
	seen  []uint8
	total int
	bad   []string
	ends  int
	open  int
	marks map[string]Position
	more  chan struct{} // something came
	state func() string // of the tailer, for a test that fails
}

func newNumbers(n int) *numbers {
	return &numbers{seen: make([]uint8, n), more: make(chan struct{}, 1), marks: map[string]Position{}, state: func() string { return "" }}
}

func (n *numbers) opener(i Info) Consumer {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open++
	p := i.Position(i.Start)
	n.marks[p.Key()] = p
	return &counter{n, i}
}

type counter struct {
	*numbers
	info Info
}

func (c *counter) Lines(_ time.Time, lines []Line) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range lines {
		k, ok := lastNumber(l.Text)
		if !ok || k >= len(c.seen) || l.Cut || l.Open {
			c.bad = append(c.bad, fmt.Sprintf("%.80q at %d of %s %v", l.Text, l.Start, c.info.Path, c.info.ID))
			continue
		}
		if c.seen[k]++; c.seen[k] == 1 {
			c.total++
		}
	}
	p := c.info.Position(lines[len(lines)-1].End)
	c.marks[p.Key()] = p
	select {
	case c.more <- struct{}{}:
	default:
	}
}

func (c *counter) Idle(time.Time)      {}
func (c *counter) Deadline() time.Time { return time.Time{} }
func (c *counter) End(time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends++
}

// lastNumber reads the decimal digits at the end of a line.
func lastNumber(b []byte) (n int, ok bool) {
	i := len(b)
	for i > 0 && b[i-1] >= '0' && b[i-1] <= '9' {
		i--
	}
	for _, c := range b[i:] {
		n = n*10 + int(c-'0')
	}
	return n, len(b)-i == 10 && len(b) == lineBytes
}

const lineBytes = 29 + 6 + 54 + 11

// numbered is the line with a number, of lineBytes without its line break.
func numbered(n int) string {
	return fmt.Sprintf("2026-11-22T10:00:00.%09d INFO %s %010d", n, strings.Repeat("x", 54), n)
}

// verdict counts the numbers below n that are missing and those that came twice.
func (n *numbers) verdict(count int) (missing, doubled int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, k := range n.seen[:count] {
		switch {
		case k == 0:
			missing++
		case k > 1:
			doubled++
		}
	}
	return missing, doubled
}

func (n *numbers) wait(t testing.TB, total int) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		n.mu.Lock()
		got := n.total
		n.mu.Unlock()
		if got >= total {
			return
		}
		select {
		case <-n.more:
		case <-deadline:
			n.mu.Lock()
			defer n.mu.Unlock()
			t.Fatalf("got %d of %d lines; %s", got, total, n.state())
		}
	}
}

func TestOnceReadsAllAndReturns(t *testing.T) {
	dir := t.TempDir()
	k := 0
	for f := range 20 {
		var b strings.Builder
		for range 100 * f {
			b.WriteString(numbered(k) + "\n")
			k++
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.log", f)), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n := newNumbers(k)
	tl, err := New([]Config{testConfig(dir, "*.log")}, nil, n.opener, Once(), WithLogger(silentLog()))
	if err != nil {
		t.Fatal(err)
	}
	if err := tl.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if m, d := n.verdict(k); m+d > 0 || len(n.bad) > 0 {
		t.Errorf("%d missing, %d doubled, bad %q", m, d, n.bad)
	}
	if n.open != 20 || n.ends != 20 {
		t.Errorf("%d opened, %d ended, want 20", n.open, n.ends)
	}
}

func TestStdinEndsWithItsWriter(t *testing.T) {
	for _, once := range []bool{false, true} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		tp := &tape{}
		c := DefaultConfig()
		c.Paths = []string{"-"}
		opts := []Option{WithStdin(r), WithLogger(silentLog())}
		if once {
			opts = append(opts, Once())
		}
		tl, err := New([]Config{c}, nil, tp.open, opts...)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- tl.Run(ctx) }()
		fmt.Fprintf(w, "one\ntwo\n%s\nthr", strings.Repeat("y", 200_000))
		fmt.Fprintf(w, "ee\nno break")
		w.Close()
		if !once {
			for tp.count() < 6 {
				runtime.Gosched()
			}
			cancel()
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		cancel()
		want := "- open at 0,- |one,- |two,- |yyyyyyyyyyyyyyyyyyyy...(200000),- |three,- ?|no break,- end"
		if got := strings.Join(tp.take(), ","); got != want {
			t.Errorf("once %v:\n got %s\nwant %s", once, got, want)
		}
		r.Close()
	}
}

func (tp *tape) count() int {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	return len(tp.log)
}

// await waits until the tape has n entries.
func (tp *tape) await(t *testing.T, n int) {
	t.Helper()
	for range 60_000 {
		if tp.count() >= n {
			return
		}
		time.Sleep(time.Millisecond / 2)
	}
	t.Fatalf("%d of %d entries: %q", tp.count(), n, tp.take())
}

func TestStdinIsEndedWhenStopped(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	defer r.Close()
	tp := &tape{}
	c := DefaultConfig()
	c.Paths = []string{"-"}
	tl, err := New([]Config{c}, nil, tp.open, WithStdin(r), WithLogger(silentLog()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- tl.Run(ctx) }()
	fmt.Fprint(w, "one\nhalf")
	for tp.count() < 2 {
		runtime.Gosched()
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	want := "- open at 0,- |one,- ?|half,- end"
	if got := strings.Join(tp.take(), ","); got != want {
		t.Errorf(" got %s\nwant %s", got, want)
	}
}

func TestRunFollowsAndLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	dir := t.TempDir()
	n := newNumbers(1000)
	tl, err := New([]Config{testConfig(dir, "*.log*")}, nil, n.opener, WithLogger(silentLog()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- tl.Run(ctx) }()
	path := filepath.Join(dir, "a.log")
	for i := range 1000 {
		if i%250 == 249 {
			if err := os.Rename(path, fmt.Sprintf("%s.%d", path, i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := appendTo(path, numbered(i)+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	n.wait(t, 1000)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if m, d := n.verdict(1000); m+d > 0 || len(n.bad) > 0 {
		t.Errorf("%d missing, %d doubled, bad %q", m, d, n.bad)
	}
	if n.ends != 0 {
		t.Errorf("End was called %d times, for files that can be resumed", n.ends)
	}
	// The library's own reader of inotify ends when it is told; on a busy machine that takes a moment.
	for patience := time.After(10 * time.Second); runtime.NumGoroutine() > before; {
		select {
		case <-patience:
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		case <-time.After(time.Millisecond):
		}
	}
}
