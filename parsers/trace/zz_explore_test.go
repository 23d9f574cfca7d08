package trace
import ("testing";"os";"fmt")
func TestExplore(t *testing.T) {
	l := Python()
	if os.Getenv("XLANG") == "go" { l = Go() }
	for _, p := range explore() {
		b, _ := os.ReadFile(p)
		fmt.Println("=====", p)
		for i, tr := range pyFollow(l, string(b)) { fmt.Printf("--- %d %v died=%v cut=%v\n%s", i, tr.Extra, tr.Died, tr.CutShort, pySketch(tr)) }
	}
}
