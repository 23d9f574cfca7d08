package scrub
import ("testing";"fmt";"os")
func TestMicro(t *testing.T) {
	if os.Getenv("SPEED") == "" { t.Skip() }
	s := mustNew(t)
	lines := newLineMaker(1).lines(256<<10, 0)
	n := 0
	for _, l := range lines { n += len(l)+1 }
	rep := func(name string, f func()) { d := bestOf(300, f); fmt.Printf("%s %.0f MB/s %.0f ns/line\n", name, float64(n)/d.Seconds()/1e6, float64(d.Nanoseconds())/float64(len(lines))) }
	rep("quarters only", func() { for _, l := range lines { s.text = l; for i := range s.hits { s.hits[i] = s.hits[i][:0] }; s.quarters(l, 0, len(l), 0) } })
	rep("step only", func() { for _, l := range lines { q := len(l)/4; var at [4]uint32; for i := 0; i < q; { i += s.auto.step(l[i:q], l[q+i:2*q], l[2*q+i:3*q], l[3*q+i:4*q], &at) } } })
	rep("run only", func() { for _, l := range lines { s.hits[0] = s.hits[0][:0]; s.auto.run(l, 0, 0, &s.hits[0]) } })
	rep("sweep", func() { for _, l := range lines { s.begin(l); s.sweep(l) } })
	rep("begin", func() { for _, l := range lines { s.begin(l) } })
	rep("find", func() { for _, l := range lines { s.find(l) } })
}
