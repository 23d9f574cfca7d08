package scrub

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSlow(t *testing.T) {
	s := mustNew(t)
	const size = 1 << 20
	for _, a := range adversaries {
		for _, unit := range []string{a, a + "x", "x" + a} {
			text := []byte(strings.Repeat(unit, size/len(unit)))
			st := time.Now()
			s.find(text)
			d := time.Since(st)
			st = time.Now()
			s.Bytes(nil, text)
			d2 := time.Since(st)
			if d+d2 > 20*time.Millisecond {
				fmt.Printf("%q find %v bytes %v work/byte %d spans %d\n", unit, d, d2, s.work/len(text), len(s.spans))
			}
		}
	}
}
