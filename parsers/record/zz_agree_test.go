package record

import (
	"bytes"
	"os"
	"testing"
)

func TestQuickAgrees(t *testing.T) {
	d, _ := os.ReadFile("/tmp/rec/all.log")
	n := 0
	fs, _ := os.ReadDir("testdata")
	for _, f := range fs {
		x, _ := os.ReadFile("testdata/" + f.Name())
		if len(x) > 0 {
			for _, l := range bytes.Split(x, []byte("\n")) {
				if bytes.HasPrefix(l, []byte("| ")) {
					d = append(append(d, l[2:]...), '\n')
				}
			}
		}
	}
	for _, l := range bytes.Split(d, []byte("\n")) {
		if len(l) == 0 {
			continue
		}
		if h, ok := new(Scanner).quick(l); ok {
			n++
			if g := textHead(l, openers[l[0]]); g != h {
				t.Errorf("%q quick %v generic %v", l, h, g)
			}
		}
	}
	t.Log(n)
}
