package trace

import (
	"bytes"
	"fmt"
	"strings"
)

// pyWindow is a plain Window; its first line may be the message of a record.
type pyWindow struct {
	lines  [][]byte
	record bool
}

func (w pyWindow) Len() int          { return len(w.lines) }
func (w pyWindow) Line(i int) []byte { return w.lines[i] }
func (w pyWindow) Record(i int) bool { return w.record && i == 0 }

// pyFollow puts text through Step, Back and Read of one language as an
// assembler without a record scanner does, and returns the traces.
func pyFollow(l Language, text string) []Trace {
	var out []Trace
	f := pyFollowing{lang: l}
	for _, line := range bytes.Split([]byte(strings.TrimSuffix(text, "\n")), []byte("\n")) {
		if f.state != Outside && f.inside(line) {
			continue
		}
		if t, ok := f.close(); ok {
			out = append(out, t)
		}
		f.outside(line)
	}
	if t, ok := f.close(); ok {
		out = append(out, t)
	}
	return out
}

type pyFollowing struct {
	lang   Language
	state  State
	window [][]byte // undecided lines, then those of the open trace
	first  int
	mine   int
	proven bool
}

func (f *pyFollowing) outside(line []byte) {
	s, v := Outside, No
	for _, h := range f.lang.Hints {
		if bytes.HasPrefix(line, []byte(h)) || bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte(h)) {
			s, v = f.lang.Step(Outside, line)
			break
		}
	}
	f.window = append(f.window, line)
	if v == No {
		return
	}
	n := 0
	if f.lang.Back != nil {
		n = f.lang.Back(pyWindow{lines: f.window[:len(f.window)-1]}, line)
	}
	f.state, f.first = s, len(f.window)-1-n
	f.took(v)
}

func (f *pyFollowing) inside(line []byte) bool {
	s, v := f.lang.Step(f.state, line)
	if v == No {
		return false
	}
	f.state = s
	f.window = append(f.window, line)
	f.took(v)
	return true
}

func (f *pyFollowing) took(v Verdict) {
	n := len(f.window)
	switch {
	case v == Take || v == Last:
		f.proven, f.mine = true, n
	case v == Text && f.mine == n-1:
		f.mine = n
	}
	if v == Last {
		f.state = Outside
	}
}

// close reads the trace that ended, if there was one.
func (f *pyFollowing) close() (Trace, bool) {
	proven := f.proven
	f.state, f.proven = Outside, false
	if !proven {
		return Trace{}, false
	}
	lines := f.window[f.first:f.mine]
	f.window = f.window[f.mine:]
	return f.lang.Read(lines)
}

// pySketch is a trace in a few lines, for comparison.
func pySketch(t Trace) string {
	var sb strings.Builder
	if t.Lead != "" {
		fmt.Fprintf(&sb, "lead %q\n", t.Lead)
	}
	for i := range t.Exceptions {
		x := &t.Exceptions[i]
		fmt.Fprintf(&sb, "%s|%s|%q", x.Module, x.Type, x.Value)
		if x.Stacktrace != nil {
			fr := x.Stacktrace.Frames
			last := fr[len(fr)-1]
			fmt.Fprintf(&sb, " %d frames %s:%s:%d", len(fr), last.Function, last.Filename, last.Lineno)
		}
		if m := x.Mechanism; m != nil {
			fmt.Fprintf(&sb, " [%s", m.Type)
			if m.Handled != nil {
				fmt.Fprintf(&sb, " handled=%t", *m.Handled)
			}
			if m.ExceptionID != nil {
				fmt.Fprintf(&sb, " #%d", *m.ExceptionID)
			}
			if m.ParentID != nil {
				fmt.Fprintf(&sb, "<%d %s", *m.ParentID, m.Source)
			}
			if m.IsExceptionGroup {
				sb.WriteString(" group")
			}
			sb.WriteByte(']')
		}
		sb.WriteByte('\n')
	}
	for _, th := range t.Threads {
		n := 0
		if th.Stacktrace != nil {
			n = len(th.Stacktrace.Frames)
		}
		fmt.Fprintf(&sb, "thread %s %q %s crashed=%t %d frames\n", th.ID, th.Name, th.State, th.Crashed, n)
	}
	return sb.String()
}
