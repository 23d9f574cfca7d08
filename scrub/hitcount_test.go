package scrub
import ("testing";"fmt";"sort")
func TestHitCount(t *testing.T) {
	s := mustNew(t)
	lines := newLineMaker(1).lines(1<<20, 0)
	n := map[string]int{}; tot:=0; gated:=0
	for _, l := range lines {
		s.text = l
		st := uint32(0)
		for i, c := range l {
			st = s.auto.next[st+s.auto.class[c]]
			if st >= s.auto.accept {
				tot++
				m := s.auto.found[s.auto.next[st+s.auto.width]]
				f := 256
				if i+1 < len(l) { f = int(l[i+1]) }
				g := m.after.has(f)
				if g {gated++}
				n[fmt.Sprint(s.lits[m.lits[0]].text, g)]++
			}
		}
	}
	fmt.Println(len(lines), tot, gated)
	var ks []string
	for k := range n { ks = append(ks,k) }
	sort.Slice(ks, func(i,j int) bool { return n[ks[i]]>n[ks[j]] })
	for _, k := range ks[:min(len(ks),40)] { fmt.Println(n[k], k) }
}
