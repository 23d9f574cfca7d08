package unwrap

import (
	"testing"

	"github.com/tracetail/tracetail/internal/source"
)

// Once the buffers have grown, no line of any carrier allocates.
func TestNoAllocations(t *testing.T) {
	lines := map[string][]string{
		"pieces":       {cri("stdout", "P", "a"), cri("stderr", "P", "b"), cri("stdout", "F", "c"), cri("stderr", "F", "d")},
		"docker":       {docker("stdout", `a\t`), docker("stdout", `b\nc\n`)},
		"escapes":      {"Nov 22 05:30:00 h a[1]: x#012\x1b[1my#011", "Nov 22 05:30:00 h b[2]: x"},
		"nested":       {"[pod/a/b] 2026-11-22T05:30:00.123456789Z Nov 22 05:30:00 h a[1]: x"},
		"nul":          {"\x00\x00a"},
		"two services": {"web-1  | a", "db-1   | b", "stray"},
	}
	for _, c := range benchLines {
		lines[c.name] = []string{c.line}
	}
	for name, file := range lines {
		u := New(Config{})
		var in [][]byte
		for _, l := range file {
			in = append(in, []byte(l))
		}
		push := func() {
			for _, l := range in {
				for r := u.Push(noon, &source.Line{Text: l, Start: 1, End: 2}); r != nil; r = u.Next() {
				}
			}
		}
		push()
		if n := testing.AllocsPerRun(100, push); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
