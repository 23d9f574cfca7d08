package trace

import (
	"bytes"
	"strings"
	"testing"
)

// stepDoesNotAllocate asks Step of every line in every small state.
func stepDoesNotAllocate(t *testing.T, l Language, lines []string) {
	t.Helper()
	raw := make([][]byte, len(lines))
	for i, s := range lines {
		raw[i] = []byte(s)
	}
	n := testing.AllocsPerRun(10, func() {
		for _, line := range raw {
			for s := range State(12) {
				l.Step(s, line)
			}
		}
	})
	if n != 0 {
		t.Errorf("%s: Step allocates %v times", l.Name, n)
	}
}

// benchmarkStep follows a trace made of the given frame lines.
func benchmarkStep(b *testing.B, l Language, frames []string) {
	size := 0
	raw := make([][]byte, len(frames))
	for i, s := range frames {
		raw[i] = []byte(s)
		size += len(s)
	}
	b.SetBytes(int64(size / len(frames)))
	b.ReportAllocs()
	state, i := Outside, 0
	for b.Loop() {
		state, _ = l.Step(state, raw[i%len(raw)])
		i++
	}
}

// fuzzLanguage: whatever is printed, Step and Read do not fail, a stack is never
// empty, and every frame says something.
func fuzzLanguage(f *testing.F, l Language, lines []string) {
	f.Add(strings.Join(lines, "\n"))
	for i := range lines {
		f.Add(lines[i] + "\n" + lines[(i+1)%len(lines)] + "\n" + lines[(i+2)%len(lines)])
	}
	f.Fuzz(func(t *testing.T, text string) {
		all := bytes.Split([]byte(text), []byte("\n"))
		checkTrace(t, l, all)
		for _, tr := range pyFollow(l, text) {
			checkShape(t, &tr)
		}
		state := Outside
		for _, line := range all {
			next, verdict := l.Step(state, line)
			if state = next; verdict == No {
				state = Outside
			}
		}
	})
}

func checkTrace(t *testing.T, l Language, lines [][]byte) {
	t.Helper()
	if tr, ok := l.Read(lines); ok {
		checkShape(t, &tr)
	}
}

func checkShape(t *testing.T, tr *Trace) {
	t.Helper()
	if len(tr.Exceptions) > maxExceptions {
		t.Errorf("%d exceptions", len(tr.Exceptions))
	}
	for i := range tr.Exceptions {
		x := &tr.Exceptions[i]
		if x.Type == "" && x.Value == "" && x.Stacktrace == nil {
			t.Errorf("exception %d is empty", i)
		}
		if x.Stacktrace == nil {
			continue
		}
		if n := len(x.Stacktrace.Frames); n == 0 || n > maxFrames {
			t.Errorf("exception %d has %d frames", i, n)
		}
		for k := range x.Stacktrace.Frames {
			if f := &x.Stacktrace.Frames[k]; f.Function == "" && f.Filename == "" && f.InstructionAddr == "" {
				t.Errorf("frame %d of exception %d is empty", k, i)
			}
		}
	}
}
