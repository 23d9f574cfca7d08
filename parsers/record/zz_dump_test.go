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
		h := s.Head(b)
		m := string(b[h.Msg:])
		if len(m) > 90 {
			m = m[:90]
		}
		var hd header
		hd.b = b
		if h.Kind != JSON && h.Kind != Logfmt && len(b) > 0 {
			hd.open(openers[b[0]])
		}
		if h.Kind == None {
			if len(m) > 60 {
				m = m[:60]
			}
			fmt.Printf("-            %q\n", m)
			continue
		}
		fmt.Printf("%-7s %-8s %v t=%q lg=%q th=%q pid=%q cal=%q meta=%q | %q\n", h.Kind, h.Level, h.Embedded, hd.time.of(b), hd.logger.of(b), hd.thread.of(b), hd.pid.of(b), hd.caller.of(b), hd.meta.of(b), m)
	}
}
