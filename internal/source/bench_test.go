package source

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// sink counts and keeps nothing.
type sink struct{ lines, bytes int64 }

func (s *sink) Lines(_ time.Time, lines []Line) {
	s.lines += int64(len(lines))
	for i := range lines {
		s.bytes += int64(len(lines[i].Text))
	}
}
func (s *sink) Idle(time.Time)      {}
func (s *sink) Deadline() time.Time { return time.Time{} }
func (s *sink) End(time.Time)       {}

// benchFile writes size bytes of lines of the given length, which are in the
// page cache afterwards.
func benchFile(tb testing.TB, size, line int) string {
	path := filepath.Join(tb.TempDir(), "bench.log")
	one := append(bytes.Repeat([]byte{'x'}, line-1), '\n')
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	block := bytes.Repeat(one, (1<<20)/line)
	for n := 0; n < size; n += len(block) {
		if _, err := f.Write(block); err != nil {
			tb.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

// streamOf opens a file for reading outside of any tailer.
func streamOf(tb testing.TB, path string, c Consumer) (*Tailer, *stream) {
	cfg := testConfig(filepath.Dir(path), filepath.Base(path))
	t, err := New([]Config{cfg}, nil, func(Info) Consumer { return c }, WithLogger(silentLog()))
	if err != nil {
		tb.Fatal(err)
	}
	t.scan(context.Background())
	s := t.q.tryPop()
	if s == nil {
		tb.Fatal("nothing found")
	}
	tb.Cleanup(t.close)
	return t, s
}

func BenchmarkLines(b *testing.B) {
	for _, bench := range []struct {
		name string
		size int
		line int
	}{{"100B", 256 << 20, 100}, {"200B", 256 << 20, 200}, {"1KiB", 256 << 20, 1 << 10}, {"100KiB", 256 << 20, 100 << 10}} {
		b.Run(bench.name, func(b *testing.B) {
			path := benchFile(b, bench.size, bench.line)
			c := &sink{}
			t, s := streamOf(b, path, c)
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			r := new(reader)
			b.SetBytes(info.Size())
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				s.next, s.scanned, s.high = 0, 0, 0
				for more := true; more; {
					more, _ = t.serve(r, s)
				}
			}
			b.StopTimer()
			b.ReportMetric(float64(c.lines)/b.Elapsed().Seconds()/1e6, "Mlines/s")
		})
	}
}

// BenchmarkOneLine is what a single appended line costs: event to consumer.
func BenchmarkOneLine(b *testing.B) {
	path := benchFile(b, 1<<20, 200)
	c := &sink{}
	t, s := streamOf(b, path, c)
	r := new(reader)
	for more := true; more; {
		more, _ = t.serve(r, s)
	}
	size := s.next
	b.ReportAllocs()
	for b.Loop() {
		s.next, s.scanned = size-200, size-200
		t.serve(r, s)
	}
}

func TestReadingDoesNotAllocate(t *testing.T) {
	path := benchFile(t, 4<<20, 200)
	c := &sink{}
	tl, s := streamOf(t, path, c)
	r := new(reader)
	read := func() {
		s.next, s.scanned = 0, 0
		for more := true; more; {
			more, _ = tl.serve(r, s)
		}
	}
	read()
	if n := testing.AllocsPerRun(5, read); n > 0 {
		t.Errorf("%v allocations for %d lines", n, c.lines)
	}
}

// BenchmarkScanOfIdleFiles is one look at 1,000 files that nobody writes to; by
// default one is taken every 10 s.
func BenchmarkScanOfIdleFiles(b *testing.B) {
	dir := b.TempDir()
	for i := range 1000 {
		if err := appendTo(filepath.Join(dir, fmt.Sprintf("%d.log", i)), "one\n"); err != nil {
			b.Fatal(err)
		}
	}
	t, err := New([]Config{testConfig(dir, "*.log")}, nil, func(Info) Consumer { return &sink{} }, WithLogger(silentLog()))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(t.close)
	t.step()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	b.ReportAllocs()
	for b.Loop() {
		t.scan(context.Background())
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(before.HeapAlloc)/1000, "B/file")
}

// BenchmarkLatency is the time from a write to the call of the consumer, with
// all goroutines and inotify in between.
func BenchmarkLatency(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "a.log")
	got := make(chan time.Time, 1)
	t, err := New([]Config{testConfig(dir, "*.log")}, nil, func(Info) Consumer { return &alarm{got} }, WithLogger(silentLog()))
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- t.Run(ctx) }()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var took []time.Duration
	line := []byte("2026-01-02 a line\n")
	for b.Loop() {
		began := time.Now()
		if _, err := f.Write(line); err != nil {
			b.Fatal(err)
		}
		took = append(took, (<-got).Sub(began))
	}
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "us/p50")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "us/p99")
}

// alarm tells when a line came.
type alarm struct{ got chan time.Time }

func (a *alarm) Lines(time.Time, []Line) { a.got <- time.Now() }
func (a *alarm) Idle(time.Time)          {}
func (a *alarm) Deadline() time.Time     { return time.Time{} }
func (a *alarm) End(time.Time)           {}
