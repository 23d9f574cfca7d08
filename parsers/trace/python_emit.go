package trace

import (
	"strconv"

	"github.com/tracetail/tracetail/internal/event"
)

// Bounds of what a trace may hold; the middle is what is left out, since both
// ends tell more.
const (
	pyMostFrames = 250
	pyMostErrors = 50
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
	for key, n := range map[string]int{
		"trace.exceptions_dropped": e.dropped, "trace.frames_dropped": e.frames,
		"trace.frames_elided": r.repeat, "trace.exceptions_hidden": r.hidden,
	} {
		if n > 0 {
			if t.Extra == nil {
				t.Extra = make(map[string]any)
			}
			t.Extra[key] = n
		}
	}
}

// add appends x and all that hangs on it.
func (e *pyEmitter) add(x *pyError, parent int, source string) {
	if len(e.list) >= pyMostErrors {
		e.dropped++
		return
	}
	id := len(e.list)
	out := event.Exception{Type: x.typ, Module: x.module, Value: x.value, ThreadID: e.start.thread, Mechanism: e.mechanism(x, id, parent, source)}
	frames, dropped := pyTrim(x.frames)
	e.frames += dropped
	if len(frames) > 0 {
		pyUnsetInApp(frames)
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
	if n <= pyMostErrors {
		return 0
	}
	x := root
	for range pyMostErrors/2 - 1 {
		x = x.cause
	}
	tail := x.cause
	for range n - pyMostErrors {
		tail = tail.cause
	}
	x.cause = tail
	return n - pyMostErrors
}

// pyTrim keeps both ends of a long stack.
func pyTrim(frames []event.Frame) (kept []event.Frame, dropped int) {
	if len(frames) <= pyMostFrames {
		return frames, 0
	}
	kept = append(frames[:pyMostFrames/2:pyMostFrames/2], frames[len(frames)-pyMostFrames/2:]...)
	return kept, len(frames) - pyMostFrames
}

// pyUnsetInApp leaves the choice to the server where no frame is the application's.
func pyUnsetInApp(frames []event.Frame) {
	for i := range frames {
		if a := frames[i].InApp; a != nil && *a {
			return
		}
	}
	for i := range frames {
		frames[i].InApp = nil
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
