package trace

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// nodeMostRestored bounds the blocks in which elided frames are put back; V8's
// chains are short, and only an attacker's are not.
const nodeMostRestored = 100

// nodeMaxName bounds a name that stands among the properties.
const nodeMaxName = 100

// trace makes the exceptions of a block whose first error is known.
func (r *nodeReader) trace() (Trace, bool) {
	t := Trace{Platform: "node", Died: r.died}
	root := &r.errs[0]
	t.Lead = nodeLead(root.title.lead)
	rows := r.restored()
	var number []int
	t.Exceptions, number = r.exceptions(&t, rows)
	top := &t.Exceptions[len(t.Exceptions)-1]
	r.mark(&t, top)
	for k, v := range root.props {
		t.put(k, v)
	}
	for i := 1; i < len(r.errs); i++ {
		if id := number[i]; id > 0 && len(r.errs[i].props) > 0 {
			t.Exceptions[len(t.Exceptions)-1-id].Mechanism.Data = r.errs[i].props
		}
	}
	nodeInApp(&t)
	return t, true
}

// mark adds what is known of the end of the process to the outermost exception.
func (r *nodeReader) mark(t *Trace, top *event.Exception) {
	h := &r.errs[0].title
	if r.died || h.died {
		top.Mechanism.Handled = new(false)
	}
	if r.died {
		top.Mechanism.Type = "onuncaughtexception"
		if span(nodeFile(r.place.file)).ends("internal/process/promises") || r.place.file.ends("internal/process/promises.js") {
			top.Mechanism.Type = "onunhandledrejection"
		}
	}
	if len(h.code) > 0 {
		t.put("code", string(h.code))
	}
	if r.runtime != "" {
		t.Contexts = map[string]any{"runtime": map[string]any{"type": "runtime", "name": "node", "version": r.runtime}}
	}
	if st := top.Stacktrace; st != nil {
		if f := &st.Frames[len(st.Frames)-1]; f.AbsPath == nodeFile(r.place.file) && f.Lineno == r.place.line {
			f.ContextLine = string(r.place.source)
		}
	}
}

// put adds one member to Extra.
func (t *Trace) put(key string, value any) {
	if t.Extra == nil {
		t.Extra = map[string]any{}
	}
	t.Extra[key] = value
}

// nodeLead is the logger's text in front of an error, without what joined the two.
func nodeLead(lead span) string {
	text := strings.TrimRight(string(lead), " \t:-([{'\"")
	if strings.Trim(text, "⨯✖×❌!*#>-=|[]() \t") == "" {
		return ""
	}
	return strings.TrimLeft(text, " \t")
}

// exceptions lists the errors in Sentry's order; number is the exception id of
// each error, -1 for one that was left out. What a rejection handler prints
// twice (the promise, then the reason) and what an ORM keeps under two names
// appears once.
func (r *nodeReader) exceptions(t *Trace, rows [][]span) (out []event.Exception, number []int) {
	number = make([]int, len(r.errs))
	seen := make(map[string]int, len(r.errs))
	var kept []int
	for i := range r.errs {
		key := r.key(i, rows[i])
		if was, dup := seen[key]; dup {
			number[i] = was
			continue
		}
		seen[key], number[i] = len(kept), len(kept)
		kept = append(kept, i)
	}
	if len(kept) > maxExceptions {
		t.drop("trace.exceptions_dropped", len(kept)-maxExceptions)
		kept = kept[:maxExceptions]
		for i := range number {
			if number[i] >= maxExceptions {
				number[i] = -1
			}
		}
	}
	out = make([]event.Exception, len(kept))
	for id, i := range kept {
		x, dropped := r.exception(i, rows[i])
		t.drop("trace.frames_dropped", dropped)
		if len(kept) > 1 {
			x.Mechanism.ExceptionID = new(id)
		}
		if id > 0 {
			parent := number[r.errs[i].parent]
			x.Mechanism.Type, x.Mechanism.ParentID, x.Mechanism.Source = "chained", new(parent), r.errs[i].source
			if strings.HasPrefix(r.errs[i].source, "errors[") && parent >= 0 {
				out[len(kept)-1-parent].Mechanism.IsExceptionGroup = true
			}
		}
		out[len(kept)-1-id] = x
	}
	return out, number
}

// key tells errors apart: by name, message and the newest frame.
func (r *nodeReader) key(i int, rows []span) string {
	e := &r.errs[i]
	first := ""
	if len(rows) > 0 {
		first = string(nodeRowText(rows[0]))
	} else if i > 0 {
		first = fmt.Sprint("#", i)
		if !strings.HasSuffix(e.source, "]") {
			first = fmt.Sprint("in ", e.parent)
		}
	}
	return string(e.title.name) + "\x00" + string(e.title.value) + "\x00" + first
}

func (r *nodeReader) exception(i int, rows []span) (x event.Exception, dropped int) {
	e := &r.errs[i]
	x.Mechanism = &event.Mechanism{Type: "generic"}
	x.Type = string(e.title.name)
	if name, ok := e.props["name"].(string); ok && name != "" && len(name) < nodeMaxName { // set after the stack was taken
		x.Type = name
		delete(e.props, "name")
	}
	var sb strings.Builder
	sb.Write(e.title.value)
	for i, l := range e.text {
		if e.title.died && i+1 < len(e.text) && nodeIsCaret(e.text[i+1].trim()) || e.title.died && nodeIsCaret(l.trim()) {
			continue // Deno prints the source line below the header
		}
		sb.WriteByte('\n')
		sb.Write(l)
	}
	x.Value = strings.TrimRight(sb.String(), " \t\r\n")
	x.Stacktrace, dropped = nodeStacktrace(rows)
	return x, dropped
}

// restored gives each error its frames, newest first, elided ones put back from
// the cause. Node leaves the frame before an elision in both, which tells where
// in the cause it stands.
func (r *nodeReader) restored() [][]span {
	out := make([][]span, len(r.errs))
	for i := len(r.errs) - 1; i >= 0; i-- { // causes stand behind their effects
		var rows []span
		for _, row := range r.errs[i].rows {
			if row.elided == 0 {
				rows = append(rows, row.line)
			} else if len(rows) > 0 && len(r.errs) <= nodeMostRestored && len(rows) < maxFrames {
				rows = append(rows, r.elided(out, i, rows[len(rows)-1], row.elided)...)
			}
		}
		out[i] = rows
	}
	return out
}

// elided is the n frames behind the one that reads like last in the cause of error i.
func (r *nodeReader) elided(rows [][]span, i int, last span, n int) []span {
	text := nodeRowText(last)
	for c := i + 1; c < len(r.errs); c++ {
		if r.errs[c].parent != i || r.errs[c].source != "cause" {
			continue
		}
		for k, row := range rows[c] {
			if bytes.Equal(nodeRowText(row), text) {
				return rows[c][k+1 : k+1+min(n, maxFrames, len(rows[c])-k-1)]
			}
		}
	}
	return nil
}

// nodeRowText is a frame line without its indent and what may follow it.
func nodeRowText(l span) span {
	t := l.trim()
	t = bytes.TrimSuffix(t, []byte(" {"))
	return bytes.TrimSuffix(t, []byte(","))
}

// frameless reads a block without frames: a thrown value that is no error, or
// an error whose frames were switched off. Only a crash makes an event of it.
func (r *nodeReader) frameless(lines [][]byte) (Trace, bool) {
	var text []string
	for len(lines) > 0 && len(span(lines[0]).trim()) == 0 {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return Trace{}, false
	}
	h := nodeHeader(lines[0])
	named := h.grade == nodeSure && !h.inline
	if named {
		r.root(h, span(lines[0]).indent())
	}
	for i, l := range lines {
		t := span(l).trim()
		switch {
		case nodeTrailer(t):
			r.runtime = string(t[len("Node.js "):])
		case t.has("(Use `node "):
		case named && i > 0:
			r.line(l, false)
		default:
			text = append(text, string(span(l).right()))
		}
	}
	value := strings.TrimSpace(strings.Join(text, "\n"))
	switch {
	case !r.died && !h.died && !h.bracket:
		return Trace{}, false
	case named:
	case h.died:
		r.root(nodeTitle{name: span("UnhandledRejection"), value: span(strings.TrimPrefix(value, string(lines[0][:len(lines[0])-len(h.value)]))), died: true}, 0)
	default:
		r.root(nodeTitle{name: span("Error"), value: span(value)}, 0)
	}
	t, ok := r.trace()
	x := &t.Exceptions[len(t.Exceptions)-1]
	x.Mechanism.Synthetic = !named
	if r.died {
		r.thrown(&t, x)
	}
	return t, ok
}

// thrown adds the place of the throw. A value that is no error has no other
// frame; an error whose frames were switched off is left as it is.
func (r *nodeReader) thrown(t *Trace, x *event.Exception) {
	if !x.Mechanism.Synthetic {
		t.put("thrown_at", nodeFile(r.place.file)+":"+strconv.Itoa(r.place.line))
		return
	}
	f := nodePathFrame(r.place.file)
	f.Function, f.Lineno, f.Colno, f.ContextLine = "?", r.place.line, r.place.col, string(r.place.source)
	x.Stacktrace = &event.Stacktrace{Frames: []event.Frame{f}}
	nodeInApp(t)
}

// nodeHeadless is a stack without a header: it says what was called, but not that anything failed.
func nodeHeadless(lines [][]byte) (Trace, bool) {
	t := Trace{Platform: "node"}
	var rows []span
	for _, l := range lines {
		if nodeIsFrame(l) {
			rows = append(rows, l)
		}
	}
	st, _ := nodeStacktrace(rows)
	t.Threads = []event.Thread{{ID: "0", Stacktrace: st}}
	return t, true
}
