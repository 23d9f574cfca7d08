package scrub
import ("testing";"os";"bufio";"fmt")
func TestEye(t *testing.T) {
	s := mustNew(t)
	f, _ := os.Open("/tmp/try/eye.txt")
	sc := bufio.NewScanner(f)
	for sc.Scan() { l := sc.Text(); o := s.String(l); if o == l { fmt.Println("  =", l) } else { fmt.Println("M ", o) } }
}
