package trace

import (
	"bytes"
	"strconv"

	"github.com/tracetail/tracetail/internal/event"
)

// backLines is how far the languages that have no mark for the first line of a
// message look back for it.
const backLines = 40

// newestFirst makes a stack of frames that were printed newest first; dropped is
// the number left out of its middle. nil if there are none.
func newestFirst(frames []event.Frame) (st *event.Stacktrace, dropped int) {
	if len(frames) == 0 {
		return nil, 0
	}
	head, tail := trimMiddle(len(frames))
	out := make([]event.Frame, 0, head+tail)
	for i := len(frames) - 1; i >= 0; i-- {
		if slot := len(frames) - 1 - i; slot < head || slot >= len(frames)-tail {
			out = append(out, frames[i])
		}
	}
	return &event.Stacktrace{Frames: out}, len(frames) - head - tail
}

// single is a trace of one exception with frames that were printed newest first.
func single(platform string, x event.Exception, frames []event.Frame) Trace {
	t := Trace{Platform: platform}
	var dropped int
	x.Stacktrace, dropped = newestFirst(frames)
	if x.Mechanism == nil {
		x.Mechanism = &event.Mechanism{Type: "generic"}
	}
	t.Exceptions = []event.Exception{x}
	t.drop("trace.frames_dropped", dropped)
	return t
}

// died notes that the runtime itself said that it ended here.
func (t *Trace) died() {
	t.Died = true
	t.Exceptions[len(t.Exceptions)-1].Mechanism.Handled = new(false)
}

// markApp sets in_app of every frame; where no frame would remain, of none.
func (t *Trace) markApp(isApp func(*event.Frame) bool) {
	found := false
	t.eachFrame(func(f *event.Frame) { found = found || isApp(f) })
	if !found {
		return
	}
	t.eachFrame(func(f *event.Frame) { f.InApp = new(isApp(f)) })
}

// backTo finds the first line of the message above an opening line: the nearest
// one that isHead knows, else the line right above. A record further up is not
// taken on trust: what it logged may have nothing to do with the trace.
func backTo(before Window, isHead func(span) bool) int {
	n := before.Len()
	for i := n - 1; i >= max(0, n-backLines); i-- {
		if isHead(before.Line(i)) {
			return n - i
		}
		if before.Record(i) {
			break
		}
	}
	if n > 0 && len(span(before.Line(n-1)).trim()) > 0 {
		return 1
	}
	return 0
}

// messageTop climbs from line i of the window, the last of a message or the one that looks like its
// first, to where a message of several lines begins: over lines that are set in, and blank ones between
// them, to the line at the margin above. It is i where the line above is not set in.
func messageTop(before Window, i int) int {
	if i < 1 || before.Record(i) {
		return i
	}
	if above := span(before.Line(i - 1)); above.indent() == 0 || len(above.trim()) == 0 {
		return i
	}
	for k := i - 1; k >= max(0, i-backLines) && !before.Record(k); k-- {
		if l := span(before.Line(k)); len(l.trim()) > 0 && l.indent() == 0 {
			return k
		}
	}
	return i
}

// joinText is the text of lines without what trails them.
func joinText(lines [][]byte) string {
	var out []byte
	for i, l := range lines {
		if i > 0 {
			out = append(out, '\n')
		}
		out = append(out, span(l).right()...)
	}
	return string(bytes.TrimSpace(out))
}

// chained numbers exceptions, outermost first, as causes of one another and puts
// them into t in Sentry's order.
func chained(t *Trace, chain []event.Exception) {
	t.Exceptions = make([]event.Exception, len(chain))
	for id, x := range chain {
		if len(chain) > 1 {
			x.Mechanism.ExceptionID = new(id)
		}
		if id > 0 {
			x.Mechanism.Type, x.Mechanism.ParentID, x.Mechanism.Source = "chained", new(id-1), "cause"
		}
		t.Exceptions[len(chain)-1-id] = x
	}
}

// listed names member i of a list of errors: "errors[2]".
func listed(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
