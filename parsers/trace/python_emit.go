package trace

import (
	"slices"
	"strconv"

	"github.com/tracetail/tracetail/internal/event"
)

// pyEmitter turns the tree of exceptions into Sentry's list, as sentry-python
// does: numbered depth first from the outermost, a cause before the members of a group.
type pyEmitter struct {
	list    []event.Exception
	start   pyStart
	dropped int // exceptions beyond the bound
	frames  int // frames beyond the bound
	alone   bool
}

func pyEmit(t *Trace, root *pyError, p pyStart, r *pyReader) {
	e := &pyEmitter{start: p, alone: root.cause == nil && len(root.members) == 0}
	e.dropped = pyShorten(root)
	e.add(root, -1, "")
	for i, j := 0, len(e.list)-1; i < j; i, j = i+1, j-1 {
		e.list[i], e.list[j] = e.list[j], e.list[i]
	}
	t.Exceptions = e.list
	if p.thread != "" {
		t.Threads = append(t.Threads, event.Thread{ID: p.thread, Name: p.thread, Crashed: true})
	}
	pyInApp(t)
	t.drop("trace.exceptions_dropped", e.dropped+r.hidden)
	t.drop("trace.frames_dropped", e.frames)
	t.drop("trace.frames_elided", r.repeat)
}

// add appends x and all that hangs on it.
func (e *pyEmitter) add(x *pyError, parent int, source string) {
	if len(e.list) >= maxExceptions {
		e.dropped++
		return
	}
	id := len(e.list)
	out := event.Exception{Type: x.typ, Module: x.module, Value: x.value, ThreadID: e.start.thread, Mechanism: e.mechanism(x, id, parent, source)}
	frames, dropped := pyTrim(x.frames)
	e.frames += dropped
	if len(frames) > 0 {
		out.Stacktrace = &event.Stacktrace{Frames: frames}
	}
	e.list = append(e.list, out)
	if x.cause != nil {
		e.add(x.cause, id, x.source)
	}
	for i, m := range x.members {
		e.add(m, id, "exceptions["+strconv.Itoa(i)+"]")
	}
}

func (e *pyEmitter) mechanism(x *pyError, id, parent int, source string) *event.Mechanism {
	if e.alone && e.start.handled == nil && !x.group {
		return nil
	}
	m := &event.Mechanism{Type: e.start.mechanism, Handled: e.start.handled, IsExceptionGroup: x.group}
	if e.alone {
		return m
	}
	m.ExceptionID = &id
	if parent >= 0 {
		m.Type, m.Source, m.ParentID = "chained", source, &parent
	}
	return m
}

// pyShorten cuts the middle out of a chain of causes that is too long; it
// returns how many exceptions it cut.
func pyShorten(root *pyError) int {
	n := 0
	for x := root; x != nil; x = x.cause {
		n++
	}
	if n <= maxExceptions {
		return 0
	}
	x := root
	for range maxExceptions/2 - 1 {
		x = x.cause
	}
	tail := x.cause
	for range n - maxExceptions {
		tail = tail.cause
	}
	x.cause = tail
	return n - maxExceptions
}

// pyTrim keeps both ends of a long stack.
func pyTrim(frames []event.Frame) (kept []event.Frame, dropped int) {
	head, tail := trimMiddle(len(frames))
	kept = slices.Concat(frames[:head], frames[len(frames)-tail:])
	return kept, len(frames) - len(kept)
}

// pyInApp leaves the choice to the server where no frame is the application's.
func pyInApp(t *Trace) {
	own := false
	t.eachFrame(func(f *event.Frame) { own = own || f.InApp != nil && *f.InApp })
	if !own {
		t.eachFrame(func(f *event.Frame) { f.InApp = nil })
	}
}

// pyMerge puts the entries of more into m.
func pyMerge(m, more map[string]any) map[string]any {
	if m == nil {
		return more
	}
	for k, v := range more {
		m[k] = v
	}
	return m
}
