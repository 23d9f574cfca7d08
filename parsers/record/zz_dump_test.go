package record

import (
	"bufio"
	"fmt"
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	f := os.Getenv("DUMP")
	if f == "" {
		t.Skip()
	}
	fh, _ := os.Open(f)
	sc := bufio.NewScanner(fh)
	sc.Buffer(make([]byte, 1<<22), 1<<22)
	var s Scanner
	for sc.Scan() {
		b := sc.Bytes()
		r := reading(&s, b)
		if r == "none" {
			continue
		}
		l := string(b)
		if len(l) > 110 {
			l = l[:110]
		}
		if len(r) > 330 {
			r = r[:330]
		}
		fmt.Printf("| %s\n= %s\n", l, r)
	}
}
