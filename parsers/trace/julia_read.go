package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// juliaPart is one exception: its text, its rows, and how far nested tasks set it in.
type juliaPart struct {
	text, rows [][]byte
	indent     int
	cause      bool
}

// juliaReader gathers the parts of a trace.
type juliaReader struct {
	t     Trace
	parts []juliaPart
	boxed bool
}

func juliaRead(lines [][]byte) (Trace, bool) {
	if len(lines) == 0 {
		return Trace{}, false
	}
	if kind := juliaSignalName(lines[0]); kind != "" || span(lines[0]).has(juliaFatal) {
		return juliaReadSignal(kind, lines)
	}
	r := juliaReader{t: Trace{Platform: "other"}}
	if l := span(lines[0]); l.has(juliaTop) || l.has(juliaSide) || len(lines) > 1 && span(lines[1]).has(juliaSide) {
		lines, r.boxed = r.unbox(lines), true
	}
	first := span(lines[0])
	r.split(lines)
	if !r.chain() {
		return Trace{}, false
	}
	if first = span(bytes.TrimPrefix(first, []byte("ERROR: "))); first.has("LoadError: ") || first.has("InitError: ") {
		r.t.died() // a script that ended; a prompt says "ERROR: " alone and goes on
		if !r.boxed {
			r.t.Level = event.Fatal // "ERROR: " is no word of a logger's
		}
	}
	r.t.markApp(juliaIsApp)
	return r.t, true
}

// unbox takes the border and the fields away from a box of Logging and gives the lines of its exception.
func (r *juliaReader) unbox(lines [][]byte) [][]byte {
	var lead, out [][]byte
	inside, from := false, -1
	for i, raw := range lines {
		l := span(raw)
		switch {
		case l.has(juliaTop):
			l = l[len(juliaTop):]
			r.t.Level = event.Error
			if l.has("Warning: ") {
				r.t.Level = event.Warning
			}
			_, text, _ := bytes.Cut(l, []byte(": "))
			lead = append(lead, text)
			continue
		case i == 0 && !l.has(juliaSide): // the message of a record
			lead = append(lead, raw)
			continue
		case l.has(juliaBottom):
			r.source(string(l[len(juliaBottom):]))
			continue
		case l.has(juliaSide):
			l = l[len(juliaSide):]
		}
		key, value, isField := bytes.Cut(l, []byte(" ="))
		isField = isField && l.indent() == 3 && len(key) > 3 && bytes.IndexByte(key[3:], ' ') < 0
		switch {
		case isField:
			inside = string(key[3:]) == "exception"
			if v := span(value).trim(); inside {
				from = i
				out = append(out, v)
			} else if len(v) > 0 {
				r.extra(string(key[3:]), string(v))
			}
		case inside:
			out = append(out, bytes.TrimPrefix(l, []byte("    ")))
		case l.has(" ERROR: "): // a message that holds the whole trace
			inside, from = true, i
			out = append(out, l.left())
		case from < 0 && len(lead) > 0 && l.indent() < 3:
			lead = append(lead, l.left())
		}
	}
	r.t.Lead = joinText(lead)
	if len(out) > 0 && len(out[0]) == 0 {
		out = out[1:]
	}
	if len(out) == 0 {
		out = [][]byte{nil}
	}
	return out
}

// source reads the last line of a box: "Pay.Ledger /srv/pay/pay.jl:59".
func (r *juliaReader) source(s string) {
	if module, _, ok := strings.Cut(s, " "); ok && module != "Main" {
		r.extra("module", module)
	}
}

func (r *juliaReader) extra(key, value string) {
	if r.t.Extra == nil {
		r.t.Extra = map[string]any{}
	}
	r.t.Extra[key] = value
}

// split cuts the lines into exceptions.
func (r *juliaReader) split(lines [][]byte) {
	r.parts = []juliaPart{{}}
	rows := false
	for _, raw := range lines {
		p := &r.parts[len(r.parts)-1]
		t := juliaBare(raw)
		switch {
		case string(t) == "Stacktrace:":
			rows = true
			if len(p.rows) > 0 { // the task that waited, in Julia up to 1.5
				r.parts = append(r.parts, juliaPart{})
			}
		case juliaCauses(t) && (rows || len(p.rows) > 0):
			rows = false
			r.parts = append(r.parts, juliaPart{text: [][]byte{juliaCauseText(t)}, indent: span(raw).indent(), cause: true})
		case rows && len(t) > 0:
			p.rows = append(p.rows, raw)
		case !rows:
			p.text = append(p.text, raw[min(p.indent, span(raw).indent()):])
		}
	}
}

// juliaCauseText is what stands behind "caused by: "; older versions print the number of the exception there and its text below.
func juliaCauseText(t span) span {
	_, text, _ := bytes.Cut(t, []byte(": "))
	return text
}

// chain makes exceptions of the parts, outermost first.
func (r *juliaReader) chain() bool {
	r.tasks()
	var chain []event.Exception
	for i := range r.parts {
		p := &r.parts[i]
		x := juliaException(p.text)
		x.Mechanism = &event.Mechanism{Type: "generic"}
		frames, skipped := juliaFrames(p.rows)
		var dropped int
		x.Stacktrace, dropped = newestFirst(frames)
		r.t.drop("trace.frames_dropped", dropped+skipped)
		if x.Stacktrace == nil && (i > 0 || x.Value == "" && x.Type == "") {
			continue
		}
		if x.Type == "" && x.Value == "" && i > 0 {
			x.Type = "TaskFailedException"
		}
		chain = append(chain, x)
	}
	if len(chain) == 0 || chain[0].Stacktrace == nil && len(chain) == 1 && !r.bare() {
		return false
	}
	if over := len(chain) - maxExceptions; over > 0 {
		chain = append(chain[:maxExceptions/2], chain[len(chain)-maxExceptions/2:]...)
		r.t.drop("trace.exceptions_dropped", over)
	}
	chained(&r.t, chain)
	return true
}

// bare tells whether the only exception is one that was logged without its stack.
func (r *juliaReader) bare() bool {
	text := r.parts[0].text
	return r.boxed && len(text) > 0 && len(juliaType(text[0])) > 0
}

// tasks turns the order round in which Julia up to 1.5 prints a task's failure:
// "TaskFailedException:", the task's own error and rows, then the rows of who waited.
func (r *juliaReader) tasks() {
	n := 1
	for n < len(r.parts) && !r.parts[n].cause && len(r.parts[n].text) == 0 {
		n++
	}
	first := r.parts[0].text
	if n == 1 || len(first) < 2 || !strings.Contains(string(first[0]), "TaskFailedException") {
		return
	}
	mine := r.parts[:n]
	for i, k := 0, n-1; i < k; i, k = i+1, k-1 {
		mine[i], mine[k] = mine[k], mine[i]
	}
	for i := range mine {
		mine[i].text = [][]byte{[]byte("TaskFailedException")}
	}
	mine[0].text = first[:1]
	last := 1
	for last < len(first) && strings.Contains(string(first[last]), "TaskFailedException") {
		last++
	}
	mine[n-1].text = first[last:]
}

// juliaLoad are the names that Julia puts in front of an error while it loads a file.
var juliaLoad = [...]string{"ERROR: ", "Unhandled Task ", "LoadError: ", "InitError: "}

// juliaException reads the text of an exception: "BoundsError: attempt to access ...",
// "Main.Ledger.Plain(7)", `"just a string"`.
func juliaException(lines [][]byte) (x event.Exception) {
	text := joinText(lines)
	for again := true; again; {
		again = false
		for _, p := range juliaLoad {
			if rest, ok := strings.CutPrefix(text, p); ok {
				text, again = rest, true
			}
		}
	}
	first, _, _ := strings.Cut(text, "\n")
	name := string(juliaType(span(first)))
	x.Value = text
	switch {
	case text == "":
	case name == "":
		x.Type = "ErrorException"
	default:
		x.Type = name
		x.Value = strings.TrimPrefix(strings.TrimPrefix(text[len(name):], ":"), " ")
		if at := strings.LastIndexByte(name, '.'); at > 0 {
			x.Module, x.Type = name[:at], name[at+1:]
		}
	}
	x.Value = strings.TrimRight(x.Value, " \n")
	return x
}

// juliaReadSignal reads what the runtime prints when a signal ends it.
func juliaReadSignal(kind string, lines [][]byte) (Trace, bool) {
	var frames []event.Frame
	var text [][]byte
	for _, l := range lines[1:] {
		if c, ok := juliaCodeRow(span(l).trim()); ok {
			frames = append(frames, c.frame())
		} else if len(frames) == 0 {
			text = append(text, l)
		}
	}
	if len(frames) == 0 {
		return Trace{}, false
	}
	if x := juliaException(text); kind == "" && x.Type != "" {
		t := single("other", x, frames)
		t.died()
		t.markApp(juliaIsApp)
		return t, true
	}
	value := string(lines[0])
	if at := strings.Index(value, "signal "); at > 0 {
		value = value[at:] // without the process's number
	}
	t := single("other", event.Exception{Type: kind, Value: strings.TrimRight(value, " "), Mechanism: &event.Mechanism{Type: "signalhandler", Synthetic: true}}, frames)
	t.died()
	t.markApp(juliaIsApp)
	return t, true
}
