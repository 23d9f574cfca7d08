package parsers

import (
	"os"
	"testing"
)

// FuzzAssembler reads any log: no reader fails, events do not overlap, the floor
// never goes back nor passes a line of a later event, and nothing is left open.
func FuzzAssembler(f *testing.F) {
	for _, path := range specimens(f) {
		if log, err := os.ReadFile(path); err == nil && len(log) < 2000 {
			f.Add(log)
		}
	}
	f.Add([]byte("[web] listening\n[web] Traceback (most recent call last):\n[web]   File \"/a.py\", line 1, in f\n[web] KeyError: 'k'\n[api] x\n"))
	p := utc(f)
	f.Fuzz(func(t *testing.T, log []byte) {
		lines := split(log)
		if len(lines) == 0 {
			return
		}
		chop(t, p, "fuzz", lines)
		if n := p.Report().Failed; n > 0 {
			t.Fatalf("%d readers failed", n)
		}
	})
}
