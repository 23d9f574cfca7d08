package record

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestCPU(t *testing.T) {
	if os.Getenv("CPU") == "" {
		t.Skip()
	}
	if os.Getenv("CPU") == "mixed" {
		lines := mixed(4096)
		var s Scanner
		best := time.Duration(1 << 62)
		for k := 0; k < 3000; k++ {
			o := (k * 500) % 3500
			a := time.Now()
			for i := 0; i < 500; i++ {
				s.Head(lines[o+i])
			}
			if d := time.Since(a); d < best {
				best = d
			}
		}
		fmt.Printf("mixed %6.1f ns\n", float64(best)/500)
		// jvm only
		return
	}
	for _, l := range benchLines {
		if f := os.Getenv("CPU"); f != "all" && f != l.name {
			continue
		}
		line := []byte(l.line)
		var s Scanner
		best := time.Duration(1 << 62)
		for k := 0; k < 3000; k++ {
			a := time.Now()
			for i := 0; i < 500; i++ {
				s.Head(line)
			}
			if d := time.Since(a); d < best {
				best = d
			}
		}
		fmt.Printf("%-18s %6.1f ns\n", l.name, float64(best)/500)
	}
}
