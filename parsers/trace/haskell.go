package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

const (
	// haskellHead: "CallStack (from HasCallStack):"; next haskellRows.
	haskellHead State = iota + 1

	// haskellRows: "  error, called at Pay.hs:9:26 in main:Main"; next haskellRows, haskellHead.
	haskellRows

	// haskellSpace: "pay: Stack space overflow: current size 33624 bytes."; next haskellSpace.
	haskellSpace
)

// Haskell is the grammar of GHC's call stacks: HasCallStack, the backtrace of
// GHC 9.10 and later, and the profiler's.
func Haskell() Language {
	return Language{
		Name: "haskell", Title: "Haskell", Hints: []string{"CallStack (from ", "HasCallStack backtrace:"},
		RowHints: sourceRowHints, Marks: []string{haskellStackFull, haskellHeapFull},
		Step: haskellStep, Back: haskellBack, Read: haskellRead,
	}
}

func haskellStep(s State, line []byte) (State, Verdict) {
	t := span(line).trim()
	switch {
	case haskellMark(t) && s == Outside:
		return haskellHead, Hold
	case haskellMark(t):
		return haskellHead, Hold
	case s == Outside:
		if haskellFull(t) != "" {
			return haskellSpace, Take
		}
	case s == haskellSpace:
		if n := haskellProgram(t); n > 0 && (t[n:].has(": Use `+RTS") || t[n:].has(": Current maximum heap size is ")) {
			return s, Take
		}
	default:
		if c := haskellRow(t); c.line > 0 {
			return haskellRows, Take
		}
	}
	return Outside, No
}

// What the runtime system says, behind the program's name, where there is no space left.
const (
	haskellStackFull = ": Stack space overflow: "
	haskellHeapFull  = ": Heap exhausted;"
)

// haskellFull is the exception that stands for a line of the runtime system's; "" if it is none.
func haskellFull(t span) string {
	switch n := haskellProgram(t); {
	case n == 0:
	case t[n:].has(haskellStackFull):
		return "StackOverflow"
	case t[n:].has(haskellHeapFull):
		return "HeapOverflow"
	}
	return ""
}

// haskellMark tells whether t, with nothing behind it, announces a call stack.
func haskellMark(t span) bool {
	switch string(t) {
	case "CallStack (from HasCallStack):", "CallStack (from ImplicitParams):", "CallStack (from -prof):", "HasCallStack backtrace:":
		return true
	}
	return false
}

// haskellCall is one row; the slices are parts of the line.
type haskellCall struct {
	fn, file, pkg, module span
	line, col             int
}

// haskellRow reads "error, called at Pay.hs:9:26 in main:Main" and the
// profiler's "Main.charge (Pay.hs:9:1-20)"; line is 0 for what is no row.
func haskellRow(t span) (c haskellCall) {
	at := bytes.Index(t, []byte(", called at "))
	if at <= 0 {
		return haskellProfiled(t)
	}
	rest := t[at+len(", called at "):]
	in := bytes.LastIndex(rest, []byte(" in "))
	if in < 0 {
		return c
	}
	place, home := rest[:in], rest[in+len(" in "):]
	file, col, ok := nodeNumberBehind(place)
	if !ok {
		return c
	}
	file, line, ok := nodeNumberBehind(file)
	if !ok {
		return c
	}
	c = haskellCall{fn: t[:at], file: file, line: line, col: col, module: home}
	if colon := bytes.IndexByte(home, ':'); colon > 0 {
		c.pkg, c.module = home[:colon], home[colon+1:]
	}
	return c
}

// haskellProfiled reads a row of the profiler's stack, whose place lies inside the named function.
func haskellProfiled(t span) (c haskellCall) {
	open := bytes.Index(t, []byte(" ("))
	if open <= 0 || !t.ends(")") {
		return c
	}
	file, rest, found := bytes.Cut(t[open+2:len(t)-1], []byte(":"))
	num, _, more := bytes.Cut(rest, []byte(":"))
	line, ok := span(num).number()
	if !found || !more || !ok || !span(file).ends("hs") {
		return c
	}
	c = haskellCall{file: file, line: line, fn: t[:open]}
	if dot := bytes.LastIndexByte(c.fn, '.'); dot > 0 {
		c.module, c.fn = c.fn[:dot], c.fn[dot+1:]
	}
	return c
}

// haskellBack finds "prog: message" above the stack.
func haskellBack(before Window, opening []byte) int {
	n := before.Len()
	if haskellFull(span(opening).trim()) != "" {
		return 0
	}
	for i := n - 1; i >= max(0, n-backLines); i-- { // GHC 9.12 says so
		if bytes.Contains(before.Line(i), []byte(haskellUncaught)) {
			return n - i
		}
		if before.Record(i) {
			break
		}
	}
	back := backTo(before, func(l span) bool { return haskellProgram(l) > 0 })
	if top := messageTop(before, n-back); back > 0 && haskellProgram(before.Line(top)) > 0 {
		return n - top
	}
	return back
}

const haskellUncaught = ": Uncaught exception "

// haskellProgram is the length of the program's name in "pay: message"; 0 if there is none.
func haskellProgram(line span) int {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || colon+1 < len(line) && line[colon+1] != ' ' || bytes.ContainsAny(line[:colon], " \t\"'()[]") {
		return 0
	}
	return colon
}

func haskellRead(lines [][]byte) (Trace, bool) {
	if first := span(lines[0]).trim(); haskellFull(first) != "" {
		t := single("haskell", event.Exception{Type: haskellFull(first), Value: string(first[haskellProgram(first)+1:].left())}, nil)
		t.died()
		return t, true
	}
	mark := -1
	var calls []haskellCall
	for i, l := range lines {
		t := span(l).trim()
		if haskellMark(t) {
			if mark >= 0 && len(calls) > 0 {
				break // the profiler's stack repeats the first
			}
			if mark < 0 {
				mark = i
			}
			continue
		}
		if c := haskellRow(t); mark >= 0 && c.line > 0 {
			calls = append(calls, c)
		}
	}
	if len(calls) == 0 {
		return Trace{}, false
	}
	frames := haskellFrames(calls)
	if mark == 0 {
		st, _ := newestFirst(frames)
		return Trace{Platform: "haskell", Threads: []event.Thread{{ID: "0", Stacktrace: st}}}, true
	}
	x := event.Exception{Type: "ErrorCall"}
	if string(calls[0].fn) == "assert" {
		x.Type = "AssertionFailed"
	}
	uncaught := haskellMessage(&x, lines[:mark])
	cause := haskellHandling(&x)
	t := single("haskell", x, frames)
	if cause != "" {
		chained(&t, []event.Exception{t.Exceptions[0], haskellCause(cause)})
	}
	if uncaught {
		t.died()
	}
	t.markApp(haskellIsApp)
	return t, true
}

// haskellOther is where the stacks of other mechanisms begin, which GHC 9.12 prints above that of HasCallStack.
func haskellOther(lines [][]byte) int {
	for i, l := range lines {
		switch string(span(l).trim()) {
		case "Cost-centre stack backtrace:", "Native stack backtrace:", "IPE backtrace:":
			return max(i, 1)
		}
	}
	return len(lines)
}

// haskellHandling takes the exception that was being handled off the text of the
// one that it led to; "" if there is none, or if it is the same, thrown again.
//
//	While handling no funds
//	  | for w-7
func haskellHandling(x *event.Exception) (cause string) {
	text, cause, ok := strings.Cut(x.Value, "\n\nWhile handling ")
	if !ok {
		return ""
	}
	x.Value = strings.TrimSpace(text)
	var lines []string
	for l := range strings.SplitSeq(cause, "\n") {
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(l, "  |"), " "))
	}
	if cause = strings.TrimSpace(strings.Join(lines, "\n")); cause == x.Value {
		return ""
	}
	return cause
}

// haskellCause is the exception that was being handled, whose type is not printed.
func haskellCause(text string) event.Exception {
	text, stack, _ := strings.Cut(text, "HasCallStack backtrace:")
	x := event.Exception{Type: "SomeException", Value: strings.TrimSpace(text), Mechanism: &event.Mechanism{Type: "generic"}}
	var calls []haskellCall
	for l := range strings.SplitSeq(stack, "\n") {
		if c := haskellRow(span(strings.TrimSpace(l))); c.line > 0 {
			calls = append(calls, c)
		}
	}
	if len(calls) > 0 {
		x.Stacktrace, _ = newestFirst(haskellFrames(calls))
	}
	return x
}

// haskellMessage takes the lines above the stack apart; uncaught tells that GHC said so.
func haskellMessage(x *event.Exception, lines [][]byte) (uncaught bool) {
	head := span(lines[0])
	if at := bytes.Index(head, []byte(haskellUncaught)); at > 0 {
		name := strings.TrimSuffix(string(head[at+len(haskellUncaught):].trim()), ":")
		if colon := strings.LastIndexByte(name, ':'); colon >= 0 {
			name = name[colon+1:]
		}
		if dot := strings.LastIndexByte(name, '.'); dot > 0 {
			x.Module, name = name[:dot], name[dot+1:]
		}
		if name != "" {
			x.Type = name
		}
		x.Value = joinText(lines[1:haskellOther(lines)])
		return true
	}
	rest := head
	if n := haskellProgram(head); n > 0 {
		rest = head[n+1:]
	}
	x.Value = joinText(append([][]byte{rest}, lines[1:]...))
	return false
}

// haskellFrames pairs places and functions: a row tells where its function was
// called, which lies inside the function of the row below it.
func haskellFrames(calls []haskellCall) []event.Frame {
	out := make([]event.Frame, len(calls))
	for i := range calls {
		c := &calls[i]
		f := event.Frame{Filename: string(c.file), Lineno: c.line, Colno: c.col, Module: string(c.module), Package: string(c.pkg)}
		switch {
		case c.col == 0: // the profiler's
			f.Function = string(c.fn)
		case i+1 < len(calls):
			f.Function = string(calls[i+1].fn)
		}
		out[i] = f
	}
	return out
}

// haskellIsApp: GHC names a package with its version, except those that come with it and main.
func haskellIsApp(f *event.Frame) bool {
	if strings.HasPrefix(f.Filename, "libraries/") {
		return false
	}
	switch f.Package {
	case "base", "ghc-internal", "ghc-prim":
		return false
	}
	dash := strings.LastIndexByte(f.Package, '-')
	return f.Package == "main" || dash < 0 || !strings.ContainsAny(f.Package[dash:], ".")
}
