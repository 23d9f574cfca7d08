package scrub

import (
	"testing"
)

func mustNew(tb testing.TB, change ...func(*Config)) *Scrubber {
	tb.Helper()
	cfg := DefaultConfig()
	for _, f := range change {
		f(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func benchLines(b *testing.B, share float64) {
	s := mustNew(b)
	lines := newLineMaker(1).lines(1<<20, share)
	size := 0
	for _, l := range lines {
		size += len(l) + 1
	}
	var dst []byte
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range lines {
			if out := s.Bytes(dst, l); len(out) > 0 && &out[0] != &l[0] {
				dst = out
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(lines)), "ns/line")
}

func BenchmarkOrdinaryLines(b *testing.B)  { benchLines(b, 0) }
func BenchmarkTwoPercent(b *testing.B)     { benchLines(b, 0.02) }
func BenchmarkEveryLineDirty(b *testing.B) { benchLines(b, 1) }

func benchBlocks(b *testing.B, share float64) {
	s := mustNew(b)
	text := joinLines(newLineMaker(1).lines(4<<20, share))
	var dst []byte
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for rest := text; len(rest) > 0; {
			n := min(len(rest), 64<<10)
			if out := s.Bytes(dst, rest[:n]); &out[0] != &rest[0] {
				dst = out
			}
			rest = rest[n:]
		}
	}
}

func BenchmarkOrdinaryBlocks(b *testing.B) { benchBlocks(b, 0) }
func BenchmarkDirtyBlocks(b *testing.B)    { benchBlocks(b, 1) }

// BenchmarkFloor is what any table-driven scanner has to pay: one load a byte.
func BenchmarkFloor(b *testing.B) {
	text := joinLines(newLineMaker(1).lines(1<<20, 0))
	b.SetBytes(int64(len(text)))
	var sum uint32
	for b.Loop() {
		for _, c := range text {
			sum += classes[c]
		}
	}
	_ = sum
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		mustNew(b)
	}
}
