package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// failed reads the report of an error: what main returned, or what was logged with {:?}.
func (r *rustReader) failed(lines [][]byte) (Trace, bool) {
	state, single := rustGuess, false
	main := span(lines[0]).left().has("Error:")
	proven := false
	var title span
	for _, raw := range lines {
		l := span(raw)
		t := l.trim()
		if next, v := rustPart(t); v == Take {
			state, proven, title = next, true, t
			continue
		}
		switch {
		case len(t) == 0:
		case rustDrawn(t):
			proven, state = true, rustReport
			r.drawn(t)
		case state == rustReport:
			if n := len(r.causes); n > 0 {
				r.causes[n-1] += "\n" + string(t)
			}
		case state == rustGuess:
			if row, ok := rustRow(l); ok && main && len(r.text) == 1 && len(r.text[0]) == 0 { // color-eyre
				r.causes, proven, state = append(r.causes, string(row.symbol)), true, rustCauses
				continue
			}
			if main && len(r.text) == 0 {
				l = t[len("Error:"):].left()
			}
			r.text = append(r.text, l.right())
		case state == rustCauses:
			single = r.cause(l, t, single)
		case state == rustPlaces:
			if p, ok := rustPlace(t); ok {
				r.place = p
			}
		case state == rustRows && !bytes.Contains(title, []byte("SPANTRACE")):
			r.row(l, t)
		}
	}
	value := rustJoin(r.text)
	if value == "" && main && len(r.causes) > 0 {
		value, r.causes = r.causes[0], r.causes[1:]
	}
	if value == "" || !proven && (!main || !rustReturned(span(value))) {
		return Trace{}, false
	}
	t := r.error(value, main)
	if !main { // logged with words of the program's own in front
		t.Lead = value
	}
	return t, true
}

// cause takes a line below "Caused by:". A numbered one starts a cause; the
// further lines of a message are indented below it.
func (r *rustReader) cause(l, t span, single bool) bool {
	row, ok := rustRow(l)
	switch n := len(r.causes); {
	case ok && row.number == n || ok && !single:
		r.causes, r.causeIndent = append(r.causes, string(row.symbol)), l.indent()
	case n == 0:
		r.causes, r.causeIndent, single = append(r.causes, string(t)), l.indent(), true
	case l.indent() <= 2 && r.causeIndent > 0:
	default:
		r.causes[n-1] += "\n" + string(t)
	}
	return single
}

// drawn takes a line of a report of error-stack.
func (r *rustReader) drawn(t span) {
	text := span(bytes.TrimLeft(t, "├╴╰─▶│┬ |-> \\"))
	if p, ok := rustAt(text); ok {
		if r.place.file == nil {
			r.place = p
		}
		return
	}
	if bytes.Contains(t, []byte("─▶")) {
		r.causes = append(r.causes, string(text))
	}
}

// error makes the event of an error with its causes.
func (r *rustReader) error(value string, main bool) Trace {
	t := Trace{Platform: "native", Died: main}
	all := append([]string{value}, r.causes...)
	if n := len(all); n > maxExceptions {
		t.drop("trace.exceptions_dropped", n-maxExceptions)
		all = append(all[:maxExceptions/2:maxExceptions/2], all[n-maxExceptions/2:]...)
	}
	n := len(all)
	t.Exceptions = make([]event.Exception, n)
	for i, text := range all {
		x := event.Exception{Type: "Error", Value: text, Mechanism: &event.Mechanism{Type: "generic"}}
		if d := rustDebug(span(text)); d > 0 {
			x.Type = text[:d]
		}
		if n > 1 {
			x.Mechanism.ExceptionID = new(i)
		}
		if i > 0 {
			x.Mechanism.Type, x.Mechanism.Source, x.Mechanism.ParentID = "chained", "source", new(i-1)
		}
		t.Exceptions[n-1-i] = x
	}
	top := &t.Exceptions[n-1]
	if main {
		top.Mechanism.Handled = new(false)
	}
	// A backtrace is taken where the error was made or first wrapped; there is one for all of the chain.
	top.Stacktrace = rustStacktrace(&t, r.rows, r.place, false)
	pyInApp(&t)
	return t
}

// rustSource is a file's name that is the same on every machine.
func rustSource(file string) string {
	p := strings.ReplaceAll(file, `\`, "/")
	if rest, ok := strings.CutPrefix(p, "/rustc/"); ok {
		if _, below, found := strings.Cut(rest, "/"); found {
			return below
		}
	}
	for _, root := range rustRoots {
		if i := strings.LastIndex(p, root); i >= 0 {
			rest := p[i+len(root):]
			if _, below, found := strings.Cut(rest, "/"); found {
				return below
			}
		}
	}
	return strings.TrimPrefix(p, "./")
}

// rustRoots are directories in which cargo keeps what it downloaded; the name of
// the registry or of the checkout follows.
var rustRoots = []string{"/registry/src/", "/git/checkouts/", "/toolchains/"}
