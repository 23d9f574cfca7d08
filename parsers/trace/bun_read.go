package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// bunError is one block of the report.
type bunError struct {
	title  nodeTitle
	text   []span // further lines, up to the first frame
	frames []event.Frame
	source []span // the lines above the caret
	line   int    // number of the last of them
	apart  bool   // a blank line stands above: the cause of the one before
}

// bunReader takes the lines of a report one by one.
type bunReader struct {
	errs    []bunError
	source  []span
	line    int
	blank   bool
	runtime string
}

func bunRead(lines [][]byte) (Trace, bool) {
	if span(lines[0]).left().has(bunPanicWord) {
		return bunReadPanic(lines)
	}
	if span(lines[len(lines)-1]).left().has(bunFailed) {
		return Trace{}, false
	}
	var r bunReader
	lead := ""
	for i, raw := range lines {
		l := span(raw).right()
		if i == 0 {
			if front, n, source := bunLead(l); n > 0 {
				lead, r.source, r.line = nodeLead(front), append(r.source, source), n
				continue
			}
		}
		r.read(l)
	}
	if len(r.errs) == 0 || r.runtime == "" && len(r.errs[0].frames) == 0 {
		return Trace{}, false
	}
	t := Trace{Platform: "node", Lead: lead}
	r.exceptions(&t)
	if r.runtime != "" {
		t.died()
		t.Contexts = map[string]any{"runtime": map[string]any{"type": "runtime", "name": "bun", "version": r.runtime}}
	}
	nodeInApp(&t)
	return t, true
}

// read takes one line.
func (r *bunReader) read(l span) {
	t := l.left()
	var e *bunError
	if len(r.errs) > 0 {
		e = &r.errs[len(r.errs)-1]
	}
	if bunTrailer(t) {
		r.runtime, _, _ = strings.Cut(string(t[len("Bun "):]), " ")
		return
	}
	c, g := nodeFrame(t)
	fresh := e == nil || len(e.frames) > 0
	n, source, row := bunRow(l)
	switch {
	case g > 0 && e != nil && (len(r.source) == 0 || len(e.frames) == 0):
		e.frames = append(e.frames, c.eventFrame())
		r.blank = false
	case fresh && len(t) == 0:
		r.blank = true
	case fresh && row:
		r.source, r.line = append(r.source, source), n
	case fresh && nodeIsCaret(t):
	case fresh:
		if h := bunHeader(t); h.grade > 0 && len(r.errs) < maxExceptions-1 {
			r.errs = append(r.errs, bunError{title: h, source: r.source, line: r.line, apart: r.blank})
			r.source, r.blank = nil, false
		}
	default:
		e.text = append(e.text, l)
	}
}

// exceptions puts the errors into t: each block behind a blank line is the cause
// of the one above it, blocks without one are the members of an AggregateError,
// which Bun does not name.
func (r *bunReader) exceptions(t *Trace) {
	r.once()
	group := false
	for i := range r.errs {
		group = group || i > 0 && !r.errs[i].apart
	}
	var found []event.Exception
	if group {
		found = append(found, event.Exception{Type: "AggregateError", Mechanism: &event.Mechanism{Type: "generic", ExceptionID: new(0), IsExceptionGroup: true, Synthetic: true}})
	}
	members := 0
	for i := range r.errs {
		e := &r.errs[i]
		x, props := e.exception(t)
		id := len(found)
		switch {
		case group && (i == 0 || !e.apart):
			x.Mechanism = &event.Mechanism{Type: "chained", ParentID: new(0), Source: listed("errors", members)}
			members++
		case i > 0:
			x.Mechanism = &event.Mechanism{Type: "chained", ParentID: new(id - 1), Source: "cause"}
		}
		if len(r.errs) > 1 {
			x.Mechanism.ExceptionID = new(id)
		}
		if id > 0 && len(props) > 0 {
			x.Mechanism.Data = props
		} else {
			for k, v := range props {
				t.put(k, v)
			}
		}
		found = append(found, x)
	}
	for i := len(found) - 1; i >= 0; i-- {
		t.Exceptions = append(t.Exceptions, found[i])
	}
}

// once drops what was printed a second time: console.error("x", err) and
// console.error(err) stand one below the other as a cause does.
func (r *bunReader) once() {
	for i := 1; i < len(r.errs); i++ {
		a, b := &r.errs[0], &r.errs[i]
		same := bytes.Equal(a.title.name, b.title.name) && bytes.Equal(a.title.value, b.title.value)
		if same && b.apart && len(a.frames) > 0 && len(b.frames) > 0 && a.frames[0].AbsPath == b.frames[0].AbsPath && a.frames[0].Lineno == b.frames[0].Lineno && a.frames[0].Colno == b.frames[0].Colno {
			r.errs = r.errs[:i]
			return
		}
	}
}

// bunReadPanic reads the report of a crash of Bun itself, whose link names the version.
func bunReadPanic(lines [][]byte) (Trace, bool) {
	head := span(lines[0]).trim()
	at := bytes.Index(head, []byte("): "))
	if at < 0 {
		return Trace{}, false
	}
	t := single("node", event.Exception{Type: "panic", Value: string(head[at+len("): "):])}, nil)
	t.died()
	t.Exceptions[0].Mechanism.Synthetic = true
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(string(span(l).trim()), "https://bun.report/"); ok {
			version, _, _ := strings.Cut(rest, "/")
			t.Contexts = map[string]any{"runtime": map[string]any{"type": "runtime", "name": "bun", "version": "v" + version}}
		}
	}
	return t, true
}

func (e *bunError) exception(t *Trace) (x event.Exception, props map[string]any) {
	x = event.Exception{Type: string(e.title.name), Mechanism: &event.Mechanism{Type: "generic"}}
	if x.Type == "error" { // a class without a name of its own, or no error at all
		x.Type = "Error"
	}
	text, props := bunProps(e.text)
	x.Value = joinText(append([][]byte{e.title.value}, text...))
	if code, ok := props["code"]; ok && code == x.Type { // a system call's: Bun puts the code where the name stood
		x.Type, x.Value = "Error", x.Type+": "+x.Value
	}
	if string(e.title.value) != "" && x.Value == string(e.title.value)+"\n"+string(e.title.value) {
		x.Value = string(e.title.value) // a thrown string is printed twice
	}
	var dropped int
	x.Stacktrace, dropped = newestFirst(e.frames)
	t.drop("trace.frames_dropped", dropped)
	if x.Stacktrace == nil || len(e.source) == 0 {
		return x, props
	}
	last := len(e.source) - 1
	if f := &x.Stacktrace.Frames[len(x.Stacktrace.Frames)-1]; f.Lineno == e.line {
		f.ContextLine = string(e.source[last])
		for _, l := range e.source[max(0, last-5):last] {
			f.PreContext = append(f.PreContext, string(l))
		}
	}
	return x, props
}

// bunProps parts a message from the properties below it: ` code: "E_FUNDS",`
// in lines that a blank line ends.
func bunProps(lines []span) (text [][]byte, props map[string]any) {
	n := len(lines)
	for n > 0 && len(lines[n-1]) == 0 {
		n--
	}
	first := n
	if n < len(lines) {
		first = bunFirstProp(lines[:n])
	}
	for _, l := range lines[:first] {
		text = append(text, l)
	}
	inside := false // a nested object, which is left out
	for _, l := range lines[first:n] {
		t := l.trim()
		if inside || t.ends("{") || t.ends("[") {
			inside = t[0] != '}' && t[0] != ']'
			continue
		}
		colon := bunProp(l)
		if props == nil {
			props = map[string]any{}
		}
		if len(props) < nodeMaxProps {
			props[string(t[:colon])] = nodeValue(string(bytes.TrimSuffix(t[colon+2:], []byte(","))))
		}
	}
	return text, props
}

// bunFirstProp is the first of the properties that lines end with. A nested object
// spans lines, its brace in the first column.
func bunFirstProp(lines []span) int {
	first, inside := len(lines), false
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		t := l.trim()
		prop := bunProp(l) > 0
		switch {
		case len(t) == 0:
			return first
		case inside:
			inside = !prop || !t.ends("{") && !t.ends("[")
		case t[0] == '}' || t[0] == ']':
			inside = true
			continue
		case !prop:
			return first
		}
		if !inside {
			first = i
		}
	}
	return first
}

// bunProp is the length of the key in ` syscall: "open",`; 0 for what is no property.
func bunProp(l span) int {
	t := l.trim()
	colon := bytes.Index(t, []byte(": "))
	if l.indent() == 0 || colon <= 0 || bytes.ContainsAny(t[:colon], " \t({") {
		return 0
	}
	return colon
}
