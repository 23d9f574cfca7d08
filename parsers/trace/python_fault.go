package trace

import (
	"bytes"
	"slices"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// pyReadFault reads what faulthandler and Py_FatalError print: the stacks of all
// threads, the newest call first. Without a fatal error above them they are a
// dump that somebody asked for, and no exception.
func pyReadFault(lines [][]byte) (Trace, bool) {
	if len(lines) == 0 {
		return Trace{}, false
	}
	first := bytes.TrimSpace(lines[0])
	if c := pyClass(first); c != pyIsFault && c != pyIsTimeout {
		return Trace{}, false
	}
	d := &pyDump{}
	for _, raw := range lines {
		l := span(raw)
		d.line(bytes.TrimSpace(l))
	}
	d.close()
	t := Trace{Platform: "python", Threads: d.threads, Died: d.fatal != ""}
	if d.fatal == "" {
		return t, true
	}
	x := event.Exception{Type: d.kind, Value: d.fatal, Mechanism: &event.Mechanism{Type: "generic", Handled: new(false), Synthetic: true}}
	for i := range t.Threads {
		if th := &t.Threads[i]; th.Current {
			x.ThreadID, x.Stacktrace, th.Stacktrace, th.Crashed = th.ID, th.Stacktrace, nil, true
		}
	}
	t.Exceptions = []event.Exception{x}
	pyInApp(&t)
	return t, true
}

// pyOneStack heads the frames where faulthandler was told to show one thread only.
const pyOneStack = "Stack (most recent call first):"

// pyDump gathers the threads of a dump.
type pyDump struct {
	kind, fatal string
	threads     []event.Thread
	frames      []event.Frame // of the last thread, newest first
	native      bool          // the stack of C functions, of which nothing is known
}

func (d *pyDump) line(t span) {
	switch {
	case t.has("Fatal Python error: "):
		d.kind, d.fatal = "Fatal Python error", string(t[len("Fatal Python error: "):])
	case t.has("Windows fatal exception: "):
		d.kind, d.fatal = "Windows fatal exception", string(t[len("Windows fatal exception: "):])
	case t.has("Current thread's C stack trace"):
		d.native = true
	case t.has(pyOneStack):
		d.close()
		d.threads = append(d.threads, event.Thread{ID: "0", Current: true})
	case pyClass(t) == pyIsFault:
		d.close()
		d.thread(t)
	case len(d.threads) == 0 && d.fatal != "" && !t.has("Python runtime state: "):
		if end, ok := pyFinalLine(t); ok && pyTellsError(t[:end]) {
			d.fatal += "\n" + string(t)
		}
	default:
		if f, ok := pyFaultFrame(t); ok && !d.native && len(d.threads) > 0 {
			d.frames = append(d.frames, f)
		}
	}
}

// thread reads "Current thread 0x00007f (most recent call first):"; newer
// versions put the thread's name in brackets behind the number.
func (d *pyDump) thread(t span) {
	th := event.Thread{Current: t.has("Current ")}
	text := strings.TrimPrefix(strings.TrimPrefix(string(t), "Current thread "), "Thread ")
	th.ID, _, _ = strings.Cut(text, " ")
	if _, rest, ok := strings.Cut(text, " ["); ok {
		th.Name, _, _ = strings.Cut(rest, "]")
	}
	d.threads = append(d.threads, th)
}

// close gives the frames read so far to their thread.
func (d *pyDump) close() {
	d.native = false
	if len(d.frames) == 0 {
		return
	}
	frames, _ := pyTrim(d.frames)
	slices.Reverse(frames)
	d.threads[len(d.threads)-1].Stacktrace = &event.Stacktrace{Frames: frames}
	d.frames = nil
}

// pyFaultFrame reads `File "/srv/pay/api.py", line 12 in charge`: no comma in
// front of "in", which is what tells it from a traceback's.
func pyFaultFrame(t span) (event.Frame, bool) {
	at := bytes.LastIndex(t, []byte(`", line `))
	if !t.has(`File "`) || at < len(`File "`) {
		return event.Frame{}, false
	}
	rest := t[at+len(`", line `):]
	lineno, n := pyNumber(rest)
	if rest.has("???") {
		n = len("???")
	}
	if n == 0 || !rest[n:].has(" in ") {
		return event.Frame{}, false
	}
	return pyFrame(string(t[len(`File "`):at]), string(rest[n+len(" in "):]), lineno), true
}
