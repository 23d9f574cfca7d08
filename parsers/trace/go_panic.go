package trace

import (
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// goPanic is one failure of the head of a dump.
type goPanic struct {
	kind, value string
	more        []string // further lines of the value
	recovered   string   // "recovered", "recovered, repanicked"
	signal      string   // "signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x65e8fa"
}

// goHeadReader reads the lines above the first goroutine.
type goHeadReader struct {
	panics  []goPanic
	notes   []string // "PC=0x40b78e m=0 sigcode=0", "runtime: sp=..."
	lead    string
	handled bool // the program went on
	tight   bool // no blank line in front of the goroutine, as the runtime prints it
}

// line reads one line of the head. Lines that say nothing else go on with the
// value above them; the runtime begins them with a tab.
func (h *goHeadReader) line(l string) {
	t := strings.TrimLeft(l, " \t")
	h.tight = t != ""
	switch {
	case strings.HasPrefix(t, "panic: "):
		h.add("panic", t[len("panic: "):])
	case strings.HasPrefix(t, "fatal error: "):
		h.add("fatal error", t[len("fatal error: "):])
	case strings.HasPrefix(l, "[signal "):
		if len(h.panics) == 0 {
			h.add("fatal error", "unexpected signal")
		}
		h.panics[len(h.panics)-1].signal = strings.Trim(t, "[]")
	case len(h.panics) == 0 && goSignalLine([]byte(t)):
		kind, value, _ := strings.Cut(t, ": ")
		h.add(kind, value)
	case strings.HasPrefix(t, "http: panic serving "), strings.HasPrefix(t, "http2: panic serving "), strings.HasPrefix(t, "Observed a panic: "):
		at := strings.Index(t, "panic") + len("panic")
		if i := strings.Index(t[at:], ": "); i >= 0 {
			h.lead, h.handled = t[:at+i], true
			h.add("panic", goPlainValue(t[at+i+2:]))
		}
	case strings.HasPrefix(t, "[PANIC RECOVER] "):
		h.handled = true
		h.add("panic", t[len("[PANIC RECOVER] "):])
	case strings.HasPrefix(l, "PC=0x"), strings.HasPrefix(l, "signal arrived during"), strings.HasPrefix(l, "runtime: "), strings.HasPrefix(l, "unexpected fault address "):
		h.notes = append(h.notes, l)
	case len(h.panics) > 0:
		p := &h.panics[len(h.panics)-1]
		p.more = append(p.more, strings.TrimPrefix(l, "\t"))
	case h.lead == "":
		h.lead = strings.TrimRight(t, " \t:")
	}
}

// goPlainValue takes "boom" out of Kubernetes' `"boom" (boom)`, the value in two forms.
func goPlainValue(v string) string {
	quoted := strings.HasPrefix(v, `"`) || strings.HasPrefix(v, "&")
	if at := strings.Index(v, " ("); quoted && at > 0 && strings.HasSuffix(v, ")") {
		return v[at+2 : len(v)-1]
	}
	return v
}

func (h *goHeadReader) add(kind, value string) {
	if len(h.panics) < maxExceptions {
		h.panics = append(h.panics, goPanic{kind: kind, value: value})
	}
}

// finish takes the marks off the values that tell what became of a panic. One
// that was recovered and raised again with the same value is one panic.
func (h *goHeadReader) finish() {
	all := h.panics
	h.panics = h.panics[:0]
	for i := range all {
		p := &all[i]
		if len(p.more) > 0 {
			p.value += "\n" + strings.Join(p.more, "\n")
		}
		p.value = strings.TrimRight(p.value, " \t\n")
		for _, mark := range [...]string{"recovered, repanicked", "recovered"} {
			if v, ok := strings.CutSuffix(p.value, " ["+mark+"]"); ok {
				p.value, p.recovered = v, mark
				break
			}
		}
		if n := len(h.panics); n > 0 && h.panics[n-1].recovered != "" && h.panics[n-1].value == p.value {
			continue
		}
		h.panics = append(h.panics, *p)
	}
}

// goLogfmtMessage is the message of `time="..." level=panic msg="end of it" batch=77`.
func goLogfmtMessage(line string) string {
	_, rest, ok := strings.Cut(line, "msg=")
	if !ok {
		return line
	}
	if quoted, err := strconv.QuotedPrefix(rest); err == nil {
		if text, err := strconv.Unquote(quoted); err == nil {
			return text
		}
	}
	word, _, _ := strings.Cut(rest, " ")
	return word
}

// told finds the value of a panic in what the program printed of it itself:
// "panic recovered: boom", "job 42 failed: runtime error: index out of range".
func (h *goHeadReader) told() {
	if i := strings.Index(h.lead, "runtime error: "); i > 0 {
		h.add("panic", h.lead[i:])
		h.lead = strings.TrimRight(h.lead[:i], " :")
		return
	}
	for _, word := range [...]string{"panic", "Panic", "PANIC", "ecover"} {
		at := strings.Index(h.lead, word)
		if at < 0 {
			continue
		}
		if i := strings.Index(h.lead[at:], ": "); i > 0 && i < 60 {
			h.add("panic", strings.TrimSpace(h.lead[at+i+2:]))
			h.lead = h.lead[:at+i]
			return
		}
	}
}

// goReadDump reads a failure with its goroutines. The first one printed is the
// one that failed; the runtime prints the others only where GOTRACEBACK or the
// kind of failure asks for them. Where the first line is a
// call, the goroutine's header is cut off.
func goReadDump(lines [][]byte) (Trace, bool) {
	var h goHeadReader
	d := &goDumpReader{}
	t := Trace{Platform: "go"}
	if _, ok := goCallLine(lines[0]); ok {
		d.gos, t.CutShort = []goGo{{}}, true
	}
	headed := goHeadLine(span(lines[0]).left())
	for i, raw := range lines {
		l := span(raw)
		if rest := l.left(); len(d.gos) == 0 && (!goGoroutine(rest) && !goSystem(rest) || headed && l.has("\t")) {
			at := goGoroutineAt(l)
			if at == 0 {
				h.line(string(l))
				continue
			}
			h = goHeadAt(lines[:i], l[:at])
			l = l[at:]
		}
		d.line(l)
	}
	h.finish()
	if n := len(h.panics); n > 0 && h.lead != "" && strings.HasPrefix(h.panics[n-1].value, "(*logrus.Entry) 0x") {
		h.lead = goLogfmtMessage(h.lead)
		h.panics[n-1].value = h.lead
	}
	// A program that prints the stack itself, by debug.Stack or runtime.Stack,
	// has recovered, whatever it prints above the stack.
	h.handled = h.handled || !d.abort && (d.printed("Stack") || h.tight && d.panicking(0) > 0)
	if len(h.panics) == 0 && d.panicking(0) > 0 {
		h.told()
	}
	t.Lead, t.Died = h.lead, (len(h.panics) > 0 || d.abort) && !h.handled
	ok := goFill(&t, &h, d)
	return t, ok
}

// goHeadAt is the head of a stack whose header stands at the end of the panic's text.
func goHeadAt(above [][]byte, line span) goHeadReader {
	var text []string
	for _, l := range above {
		text = append(text, string(l))
	}
	text = append(text, string(line.right()))
	h := goHeadReader{handled: true}
	h.add("panic", strings.TrimPrefix(strings.Join(text, "\n"), "[PANIC RECOVER] "))
	return h
}

// printed tells whether the newest frame, or the one that called it, is a
// function of runtime/debug.
func (d *goDumpReader) printed(function string) bool {
	if len(d.gos) == 0 {
		return false
	}
	for i, f := range d.gos[0].frames {
		if i < 2 && f.Module == "runtime/debug" && f.Function == function {
			return true
		}
	}
	return false
}

// goFill turns what was read into exceptions and threads; false if nothing in it
// has a stack.
func goFill(t *Trace, h *goHeadReader, d *goDumpReader) bool {
	crashed := -1
	for i := range d.gos {
		if !d.gos[i].system {
			crashed = i
			break
		}
	}
	if crashed == 1 && d.gos[0].system && d.gos[0].frames != nil && !goBusy(d.gos[1].state) {
		crashed = 0 // the scheduler failed, while every goroutine waited
	}
	if len(d.gos) == 0 || len(h.panics) == 0 && (crashed < 0 || len(d.gos[crashed].frames) == 0) {
		return false
	}
	extra := make(map[string]any)
	if len(h.notes) > 0 {
		extra["go.runtime"] = strings.Join(h.notes, "\n")
	}
	if d.elided > 0 {
		extra["trace.frames_elided"] = d.elided
	}
	if goAskedFor(h, d, crashed) {
		crashed = -1
	} else {
		goExceptions(t, h, d, crashed, extra)
	}
	goThreads(t, d, crashed, extra)
	if len(extra) > 0 {
		t.Extra = extra
	}
	return true
}

// goBusy tells a goroutine that may be the one that failed.
func goBusy(state string) bool {
	return strings.HasPrefix(state, "run") || strings.HasPrefix(state, "syscall")
}

// goAskedFor tells a dump that is no failure: kill -QUIT, debug.PrintStack,
// pprof's list of all goroutines.
func goAskedFor(h *goHeadReader, d *goDumpReader, crashed int) bool {
	if len(h.panics) > 0 {
		return h.panics[0].kind == "SIGQUIT"
	}
	if d.abort || d.panicking(crashed) > 0 {
		return false
	}
	return len(d.gos) > 1 || d.printed("PrintStack")
}

// panicking is how many calls of panic stand in a goroutine's stack.
func (d *goDumpReader) panicking(i int) int {
	n := 0
	if i < 0 || i >= len(d.gos) {
		return 0
	}
	for j := range d.gos[i].frames {
		if goRaises(&d.gos[i].frames[j]) {
			n++
		}
	}
	return n
}

// goRaises tells the call of panic; a recorded stack has it by its own name.
func goRaises(f *event.Frame) bool {
	return f.Module == "" && f.Function == "panic" || f.Module == "runtime" && f.Function == "gopanic"
}

// goExceptions makes one exception of each panic; without any, one without a
// name, which the log record in front of it has to give.
func goExceptions(t *Trace, h *goHeadReader, d *goDumpReader, crashed int, extra map[string]any) {
	panics := h.panics
	if len(panics) == 0 { // debug.Stack: the record in front of it says what happened
		panics = []goPanic{{}}
	}
	var segments [][]event.Frame
	thread := ""
	if crashed >= 0 {
		segments = goSegments(d.gos[crashed].frames)
		thread = d.gos[crashed].id
	}
	for i, p := range panics {
		x := event.Exception{Type: p.kind, Value: p.value, ThreadID: thread, Mechanism: goMechanism(p, i, len(panics), h.handled, t.Died)}
		var dropped int
		x.Stacktrace, dropped = goStack(goSite(segments, i, h.handled || len(h.panics) == 0))
		if dropped > 0 {
			extra["trace.frames_dropped"] = dropped
		}
		t.Exceptions = append(t.Exceptions, x)
	}
}

// goSegments cuts a stack, newest first, at the calls of panic: each element
// is the stack from behind one of them down, the first the whole stack.
func goSegments(frames []event.Frame) [][]event.Frame {
	out := [][]event.Frame{frames}
	for i := range frames {
		if goRaises(&frames[i]) {
			out = append(out, frames[i+1:])
		}
	}
	return out
}

// goSite finds the stack of panic i, 0 being the first one raised, whose site
// stands deepest. Where the program recovered and printed the stack itself,
// the value is that of the newest panic, and its site lies below the handler.
func goSite(segments [][]event.Frame, i int, handled bool) []event.Frame {
	if len(segments) == 0 {
		return nil
	}
	at := max(0, len(segments)-1-i)
	if handled {
		at = min(1, len(segments)-1)
	}
	var out []event.Frame
	for _, f := range goTrimMachinery(segments[at]) {
		if !goRaises(&f) {
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		return segments[0]
	}
	return out
}

// goMechanism places panic i of n in the chain; the last one raised is the root.
func goMechanism(p goPanic, i, n int, handled, died bool) *event.Mechanism {
	if n == 1 && !handled && !died {
		return nil
	}
	m := &event.Mechanism{Type: "generic"}
	if handled || died {
		m.Handled = &handled
	}
	if n > 1 {
		id := n - 1 - i
		m.ExceptionID = &id
		if id > 0 {
			parent := id - 1
			m.Type, m.Source, m.ParentID = "chained", "panic", &parent
		}
	}
	if p.recovered != "" {
		m.Data = map[string]any{"state": p.recovered}
	}
	if meta, ok := goSignal(p); ok {
		m.Meta = map[string]any{"signal": meta}
		if p.signal != "" {
			m.Data = map[string]any{"signal": p.signal}
		}
	}
	return m
}

// goSignals are the numbers of signals on Linux; Sentry asks for one.
var goSignals = map[string]int{
	"SIGHUP": 1, "SIGINT": 2, "SIGQUIT": 3, "SIGILL": 4, "SIGTRAP": 5, "SIGABRT": 6, "SIGBUS": 7, "SIGFPE": 8,
	"SIGSEGV": 11, "SIGPIPE": 13, "SIGTERM": 15, "SIGSYS": 31,
}

func goSignal(p goPanic) (meta map[string]any, ok bool) {
	name := p.kind
	if rest, found := strings.CutPrefix(p.signal, "signal "); found {
		name, _, _ = strings.Cut(rest, ":")
	}
	number, ok := goSignals[name]
	return map[string]any{"name": name, "number": number}, ok
}
