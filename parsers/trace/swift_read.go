package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// swiftReader gathers what a crash says, line by line.
type swiftReader struct {
	t       Trace
	head    swiftHeader
	text    [][]byte // lines that may be the message's
	about   string   // "Illegal instruction at 0x00007f64df6e4acf"
	threads []swiftStackOf
	stacked bool // a stack has begun: what stands above it is the message
	done    bool // registers and images
}

// swiftStackOf is the stack of one thread, newest frame first.
type swiftStackOf struct {
	id, name string
	crashed  bool
	frames   []event.Frame
}

func swiftRead(lines [][]byte) (Trace, bool) {
	r := swiftReader{t: Trace{Platform: "native"}}
	for _, l := range lines {
		r.line(l)
	}
	x := r.exception()
	if x.Type == "" {
		return Trace{}, false
	}
	x.Mechanism = &event.Mechanism{Type: "generic", Handled: new(false), Synthetic: r.head.kind == nil}
	r.t.Died = true
	r.stacks(&x)
	r.t.Exceptions = []event.Exception{x}
	if r.head.kind != nil && r.about != "" {
		if r.t.Extra == nil {
			r.t.Extra = map[string]any{}
		}
		r.t.Extra["crash"] = r.about
	}
	pyInApp(&r.t)
	return r.t, true
}

func (r *swiftReader) line(raw span) {
	t := raw.trim()
	var c swiftCall
	switch {
	case !r.stacked && r.head.kind == nil && swiftSays(raw).kind != nil:
		r.head = swiftSays(raw)
	case swiftCrashed(t):
		r.stacked = true
		at := bytes.LastIndex(t, []byte("Program crashed: ")) // the colours overwrite the first of two
		r.about = string(bytes.TrimSuffix(t[at+len("Program crashed: "):], []byte(" ***")))
	case t.has("*** Signal "), swiftTitle(t):
		r.stacked = true
	case swiftThread(t, ": EXC_"):
		r.about = string(t[bytes.IndexByte(t, ':')+2:])
	case t.has("Exception Type:"):
		r.about = string(t[len("Exception Type:"):].trim())
	case swiftThread(t, "crashed:"), swiftThread(t, "Crashed:"), swiftThread(t, ":"):
		r.stacked = true
		r.thread(t)
	case t.has("Registers:"), t.has("Images"), string(t) == "Binary Images:", swiftThread(t, "crashed with"):
		r.done = true
	case r.done:
	case swiftOldRow(t, &c), r.stacked && swiftRow(t, &c):
		r.stacked = true
		r.frame(&c)
	case r.stacked:
		r.below(t)
	default:
		r.text = append(r.text, raw)
	}
}

// thread begins the stack of another thread: `Thread 0 "pay" crashed:`.
func (r *swiftReader) thread(t span) {
	if name, ok := bytes.CutPrefix(t, []byte("Thread ")); ok && bytes.Contains(t, []byte(" name:")) {
		_, text, _ := bytes.Cut(name, []byte(" name:"))
		r.threads = append(r.threads, swiftStackOf{name: string(span(text).trim())})
		return
	}
	rest := t[len("Thread "):]
	n := 0
	for n < len(rest) && isDigit(rest[n]) {
		n++
	}
	s := swiftStackOf{id: string(rest[:n]), crashed: bytes.Contains(t, []byte("rashed:"))}
	if from := bytes.IndexByte(t, '"'); from > 0 {
		s.name = string(t[from+1 : max(from+1, bytes.LastIndexByte(t, '"'))])
	}
	if k := len(r.threads) - 1; k >= 0 && r.threads[k].id == "" && len(r.threads[k].frames) == 0 {
		s.name = r.threads[k].name
		r.threads = r.threads[:k]
	}
	r.threads = append(r.threads, s)
}

func (r *swiftReader) frame(c *swiftCall) {
	f := c.frame()
	if f.Function == "" && f.Filename == "" && f.InstructionAddr == "" {
		return
	}
	if len(r.threads) == 0 {
		r.threads = append(r.threads, swiftStackOf{crashed: true})
	}
	s := &r.threads[len(r.threads)-1]
	s.frames = append(s.frames, f)
}

// below reads what stands below a row: the place that a narrow screen puts there, or source.
func (r *swiftReader) below(t span) {
	if len(r.threads) == 0 || len(r.threads[len(r.threads)-1].frames) == 0 {
		return
	}
	frames := r.threads[len(r.threads)-1].frames
	f := &frames[len(frames)-1]
	if t.has("at ") && f.Lineno == 0 {
		var c swiftCall
		if c.place(t[len("at "):]) {
			was := c.frame()
			f.Filename, f.AbsPath, f.Lineno, f.Colno = was.Filename, was.AbsPath, was.Lineno, was.Colno
		}
		return
	}
	switch n := swiftSource(t); {
	case n <= 0 || f.Lineno == 0:
	case n < f.Lineno:
		f.PreContext = append(f.PreContext, swiftSourceText(t))
	case n == f.Lineno:
		f.ContextLine = swiftSourceText(t)
	default:
		f.PostContext = append(f.PostContext, swiftSourceText(t))
	}
}

// stacks gives the crashed thread's frames to the exception and the others to the threads.
func (r *swiftReader) stacks(x *event.Exception) {
	for i := range r.threads {
		s := &r.threads[i]
		st, dropped := newestFirst(s.frames)
		if s.crashed && x.Stacktrace == nil {
			r.t.drop("trace.frames_dropped", dropped)
			x.Stacktrace, st = st, nil
			x.ThreadID = s.id
		}
		if s.id != "" && (s.crashed || st != nil) {
			r.t.Threads = append(r.t.Threads, event.Thread{ID: s.id, Name: s.name, Crashed: s.crashed, Main: s.id == "0", Stacktrace: st})
		}
	}
	if x.Stacktrace == nil && len(r.head.file) > 0 { // no stack: at least the place that the message names
		c := swiftCall{nativeCall: nativeCall{file: r.head.file, line: r.head.line}}
		f := c.frame()
		f.InApp = new(!r.head.file.has("Swift/"))
		x.Stacktrace = &event.Stacktrace{Frames: []event.Frame{f}}
	}
}

// exception names what happened: the error that was thrown, else the kind of the failure, else the signal.
func (r *swiftReader) exception() event.Exception {
	if r.head.kind == nil {
		name, _, _ := strings.Cut(r.about, " at 0x")
		if name == "" {
			return event.Exception{}
		}
		if open := strings.Index(name, " ("); open > 0 {
			name = name[:open]
		}
		if sig := swiftSignals[name]; sig != "" {
			name = sig
		}
		return event.Exception{Type: name, Value: r.about}
	}
	text := [][]byte{r.head.text}
	if r.stacked {
		text = append(text, r.text...) // else whatever the next program prints
	}
	value := joinText(text)
	for _, lead := range [...]string{"Error raised at top level: ", "'try!' expression unexpectedly raised an error: "} {
		if rest, ok := strings.CutPrefix(value, lead); ok {
			if x := swiftError(rest); x.Type != "" {
				return x
			}
		}
	}
	return event.Exception{Type: string(r.head.kind), Value: value}
}

var swiftSignals = map[string]string{
	"Illegal instruction": "SIGILL", "Bad pointer dereference": "SIGSEGV", "Aborted": "SIGABRT", "Bus error": "SIGBUS", "Bad system call": "SIGSYS",
	"Floating point exception": "SIGFPE", "Trace trap": "SIGTRAP", "System trap": "SIGTRAP", "Quit": "SIGQUIT", "Access violation": "SIGSEGV",
}

// swiftError reads an error as Swift describes it: "pay.LedgerError.declined(wallet: 7)",
// "pay.Missing(id: 3)", `Error Domain=pay Code=7 "declined"`.
func swiftError(s string) (x event.Exception) {
	if rest, ok := strings.CutPrefix(s, "Error Domain="); ok {
		x.Type, x.Value, _ = strings.Cut(rest, " ")
		return x
	}
	end := strings.IndexAny(s, "( \n")
	if end < 0 {
		end = len(s)
	}
	parts := strings.Split(s[:end], ".")
	if len(parts) < 2 || len(parts) > 12 {
		return x
	}
	last := len(parts) - 1
	if c := parts[last]; last > 1 && c != "" && (c[0] < 'A' || c[0] > 'Z') { // a case of an enumeration
		last--
	}
	name := parts[last]
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		return x
	}
	x.Module, x.Type = strings.Join(parts[:last], "."), name
	x.Value = strings.TrimPrefix(s[len(strings.Join(parts[:last+1], ".")):], ".")
	return x
}
