package scrub

import (
	"bufio"
	"fmt"
	"os"
	"testing"
)

func TestSmoke(t *testing.T) {
	s, err := New(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("/tmp/try/in.txt")
	if err != nil {
		t.Skip()
	}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		l := sc.Text()
		fmt.Printf("%s\n   -> %s  %v\n", l, s.String(l), s.Marks(nil, []byte(l)))
	}
	fmt.Println(len(s.lits), len(s.auto.next)/int(s.auto.width+1), s.auto.width, len(s.auto.next)*4)
}
