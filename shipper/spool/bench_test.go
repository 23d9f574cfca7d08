package spool

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

func benchOptions(b *testing.B, sync Fsync) Options {
	return Options{Dir: b.TempDir(), MaxBytes: 1 << 40, SegmentBytes: 16 << 20, MinFreeBytes: -1, Fsync: sync}
}

func BenchmarkAppend(b *testing.B) {
	for _, mode := range []struct {
		name string
		sync Fsync
	}{{"commit", FsyncCommit}, {"never", FsyncNever}} {
		for _, n := range []int{1, 100, 2000} {
			b.Run(fmt.Sprintf("fsync=%s/1KiBx%d", mode.name, n), func(b *testing.B) {
				opt := benchOptions(b, mode.sync)
				opt.MaxBytes = 512 << 20 // drops the oldest, as a full spool does
				s, err := Open(opt)
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				batch, marks := items(7, 0, n, 1<<10), []Mark{mark("stream", 1)}
				b.SetBytes(int64(n) << 10)
				b.ReportAllocs()
				for b.Loop() {
					if err := s.Append(batch, marks); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// fill stores n items of 1 KiB in batches of 100.
func fill(b *testing.B, opt Options, total int64) int {
	s, err := Open(opt)
	if err != nil {
		b.Fatal(err)
	}
	n := int(total >> 10)
	for i := 0; i < n; i += 100 {
		if err := s.Append(items(7, i, min(100, n-i), 1<<10), []Mark{mark("stream", i)}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return n
}

func BenchmarkDrain(b *testing.B) {
	const total = 64 << 20
	opt := benchOptions(b, FsyncNever)
	b.SetBytes(total)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		opt.Dir = b.TempDir()
		n := fill(b, opt, total)
		s, err := Open(opt)
		if err != nil {
			b.Fatal(err)
		}
		r := s.Reader(7)
		b.StartTimer()
		for range n {
			e, ok, err := r.TryNext()
			if err != nil || !ok {
				b.Fatal(ok, err)
			}
			r.Release(e.Seq)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}

func BenchmarkReopen(b *testing.B) {
	for _, size := range []int64{256 << 20, 1 << 30} {
		b.Run(fmt.Sprintf("%dMiB", size>>20), func(b *testing.B) {
			opt := benchOptions(b, FsyncNever)
			fill(b, opt, size)
			b.ReportAllocs()
			for b.Loop() {
				s, err := Open(opt)
				if err != nil {
					b.Fatal(err)
				}
				if p := s.Report().PendingBytes; p != uint64(size) {
					b.Fatal(p, size)
				}
				b.StopTimer()
				s.Close()
				b.StartTimer()
			}
		})
	}
}

// BenchmarkAppendWhileRead shows what a reader that drains at the same time costs the appender.
func BenchmarkAppendWhileRead(b *testing.B) {
	opt := benchOptions(b, FsyncNever)
	s, err := Open(opt)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var reading sync.WaitGroup
	reading.Go(func() {
		for r := s.Reader(7); ; {
			e, err := r.Next(ctx)
			if err != nil {
				return
			}
			r.Release(e.Seq)
		}
	})
	batch, marks := items(7, 0, 100, 1<<10), []Mark{mark("stream", 1)}
	b.SetBytes(100 << 10)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Append(batch, marks); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	cancel()
	reading.Wait()
	s.Close()
}
