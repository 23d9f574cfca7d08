package scrub
import ("testing";"fmt";"sort")
func TestDoubtScratch(t *testing.T) {
	s := mustNew(t)
	lines := newLineMaker(1).lines(256<<10, 1)
	n, re := 0, 0
	c := map[string]int{}
	for _, l := range lines {
		if !s.find(l) { continue }
		n++
		out := s.emit(nil)
		ds := append([]int(nil), s.doubts...)
		s.touchedLines(out)
		if len(s.again.lines) > 0 { re++ }
		for _, d := range ds { c[string(l[d:min(len(l),d+9)])]++ }
	}
	fmt.Println(len(lines), n, re)
	var ks []string
	for k := range c { ks = append(ks, k) }
	sort.Slice(ks, func(i,j int) bool { return c[ks[i]] > c[ks[j]] })
	for _, k := range ks[:30] { fmt.Println(c[k], k) }
}
