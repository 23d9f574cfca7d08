package spool
import ("testing";"sync";"sync/atomic")
func BenchmarkZ(b *testing.B) {
	for _, mode := range []string{"alone","spin","read"} {
	b.Run(mode, func(b *testing.B){
	opt := benchOptions(b, FsyncNever)
	s, err := Open(opt)
	if err != nil { b.Fatal(err) }
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		x := make([]byte, 1<<20); y := make([]byte, 1<<20)
		r := s.Reader(7)
		for !stop.Load() {
			switch mode { case "alone": return
			case "spin": copy(x,y)
			case "read": e, ok, err := r.TryNext(); if err != nil {panic(err)}; if ok {r.Release(e.Seq)} }
		}
	})
	batch, marks := items(7, 0, 100, 1<<10), []Mark{mark("stream", 1)}
	b.SetBytes(100 << 10)
	for b.Loop() { if err := s.Append(batch, marks); err != nil { b.Fatal(err) } }
	b.StopTimer(); stop.Store(true); wg.Wait()
	rep := s.Report(); b.ReportMetric(float64(rep.Released), "released"); b.ReportMetric(float64(rep.Fsyncs), "fsyncs")
	s.Close()
	})}
}
