package scrub

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func bestOf(n int, f func()) time.Duration {
	b := time.Hour
	for range n {
		t := time.Now()
		f()
		if d := time.Since(t); d < b {
			b = d
		}
	}
	return b
}
func TestSpeed(t *testing.T) {
	if os.Getenv("SPEED") == "" {
		t.Skip()
	}
	s := mustNew(t)
	for _, share := range []float64{0, 0.02, 1} {
		lines := newLineMaker(1).lines(256<<10, share)
		text := joinLines(lines)
		var dst []byte
		d := bestOf(200, func() {
			for _, l := range lines {
				if o := s.Bytes(dst, l); &o[0] != &l[0] {
					dst = o
				}
			}
		})
		d2 := bestOf(200, func() {
			for r := text; len(r) > 0; {
				n := min(len(r), 64<<10)
				if o := s.Bytes(dst, r[:n]); &o[0] != &r[0] {
					dst = o
				}
				r = r[n:]
			}
		})
		d3 := bestOf(200, func() {
			for _, l := range lines {
				s.begin(l)
				s.sweep(l)
			}
		})
		d4 := bestOf(200, func() {
			for _, l := range lines {
				s.begin(l)
				s.sweepNumbers(l)
			}
		})
		mb := func(d time.Duration) float64 { return float64(len(text)) / d.Seconds() / 1e6 }
		fmt.Printf("share %.2f: lines %.0f MB/s (%.0f ns/line), blocks %.0f MB/s; sweep %.0f numbers %.0f\n", share, mb(d), float64(d.Nanoseconds())/float64(len(lines)), mb(d2), mb(d3), mb(d4))
	}
	text := joinLines(newLineMaker(1).lines(256<<10, 0))
	var sum uint32
	d := bestOf(200, func() {
		for _, c := range text {
			sum += classes[c]
		}
	})
	fmt.Printf("floor %.0f\n", float64(len(text))/d.Seconds()/1e6)
}
