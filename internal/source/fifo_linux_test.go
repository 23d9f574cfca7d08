package source

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// runTape runs a tailer beside the test until stop is called.
func runTape(t *testing.T, cfg Config, tp *tape, opts ...Option) (stop func()) {
	t.Helper()
	tl, err := New([]Config{cfg}, nil, tp.open, append(opts, WithLogger(silentLog()))...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- tl.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the tailer does not stop")
		}
	}
}

func engines(t *testing.T, test func(t *testing.T, engine Engine)) {
	for _, e := range []Engine{Auto, Poll, NXAdm} {
		t.Run(string(e), func(t *testing.T) { test(t, e) })
	}
}

func TestFIFOOutlivesItsWriters(t *testing.T) {
	engines(t, func(t *testing.T, engine Engine) {
		dir := t.TempDir()
		path := filepath.Join(dir, "app.log")
		if err := unix.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		before := runtime.NumGoroutine()
		tp := &tape{dir: dir}
		cfg := testConfig(dir, "*.log")
		cfg.Engine = engine
		stop := runTape(t, cfg, tp)
		want := []string{"app.log open at 0"}
		for writer := range 5 {
			w, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			for line := range 3 {
				fmt.Fprintf(w, "writer %d line %d\n", writer, line)
				want = append(want, fmt.Sprintf("app.log |writer %d line %d", writer, line))
			}
			w.Close()
		}
		tp.await(t, len(want))
		// The beginning of a line is not lost when the tailer stops.
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, "whole\nhalf")
		want = append(want, "app.log |whole")
		tp.await(t, len(want))
		for queued(t, w) > 0 {
			time.Sleep(time.Millisecond)
		}
		stop()
		w.Close()
		want = append(want, "app.log ?|half", "app.log end")
		if got := tp.take(); !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		for range 2000 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
	})
}

// queued is the number of bytes that nobody has taken from a pipe.
func queued(t *testing.T, f *os.File) int {
	t.Helper()
	n, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCINQ)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFIFOEndsWithItsName(t *testing.T) {
	engines(t, func(t *testing.T, engine Engine) {
		dir := t.TempDir()
		path := filepath.Join(dir, "app.log")
		if err := unix.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		tp := &tape{dir: dir}
		cfg := testConfig(dir, "*.log")
		cfg.Engine = engine
		defer runTape(t, cfg, tp)()
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		fmt.Fprintln(w, "one")
		tp.await(t, 2)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		tp.await(t, 3)
		if got := strings.Join(tp.take(), ","); got != "app.log open at 0,app.log |one,app.log end" {
			t.Error(got)
		}
	})
}

func TestFIFOIsReadOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "app.log")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(path, os.O_RDWR, 0) // does not wait for a reader
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, "one\ntwo\nthree")
	tp := &tape{dir: dir}
	tl, err := New([]Config{testConfig(dir, "*.log")}, nil, tp.open, Once(), WithLogger(silentLog()))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- tl.Run(context.Background()) }()
	tp.await(t, 3)
	w.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	want := "app.log open at 0,app.log |one,app.log |two,app.log ?|three,app.log end"
	if got := strings.Join(tp.take(), ","); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// A slow consumer holds the pipe up; nothing is lost when the tailer is stopped
// in the middle of it.
func TestPipesWaitForTheirConsumer(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := newNumbers(20_000)
	slow := func(i Info) Consumer { return &slowly{n.opener(i)} }
	cfg := DefaultConfig()
	cfg.Paths = []string{"-"}
	tl, err := New([]Config{cfg}, nil, slow, WithStdin(r), WithLogger(silentLog()))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { done <- tl.Run(ctx) }()
	for i := range 20_000 {
		fmt.Fprintln(w, numbered(i))
	}
	n.wait(t, 10_000)
	w.Close()
	for n.count() < 20_000 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if m, d := n.verdict(20_000); m+d > 0 {
		t.Errorf("%d missing, %d doubled", m, d)
	}
}

func (n *numbers) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.total
}

type slowly struct{ Consumer }

func (s *slowly) Lines(now time.Time, lines []Line) {
	time.Sleep(time.Millisecond)
	s.Consumer.Lines(now, lines)
}

// A line without end costs no more memory in a pipe than in a file.
func TestMonsterInAPipeCostsNoMemory(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "app.log")
	must(t, unix.Mkfifo(path, 0o600))
	cfg := testConfig(dir, "*.log")
	cfg.MaxLineBytes = 1 << 20
	tp := &tape{dir: dir}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	stop := runTape(t, cfg, tp)
	w, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	part := bytes.Repeat([]byte{'x'}, 64<<10)
	for range 1024 {
		_, err := w.Write(part)
		must(t, err)
	}
	fmt.Fprint(w, "\nafter\n")
	tp.await(t, 3)
	w.Close()
	stop()
	runtime.ReadMemStats(&after)
	if grown := int64(after.TotalAlloc - before.TotalAlloc); grown > 16<<20 {
		t.Errorf("%d MiB were allocated", grown>>20)
	}
	want := "app.log open at 0,app.log ~|xxxxxxxxxxxxxxxxxxxx...(1048576),app.log |after,app.log end"
	if got := strings.Join(tp.take(), ","); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
