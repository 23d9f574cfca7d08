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
	proven, drop := false, false
	var title span
	for _, raw := range lines {
		l := span(raw)
		t := l.trim()
		if next, v := rustPart(t); v == Take && !rustMiette(t) {
			state, proven, title = next, true, t
			continue
		}
		switch {
		case len(t) == 0:
		case rustMiette(t), main && len(r.text) == 0 && rustMiette(t[len("Error:"):].left()):
			proven, state = true, rustReport
			r.miette(t)
		case r.code != "" && state == rustReport && rustSnippet(l, t) && !t.has("╰─▶"):
			state = rustGuess
			drop = true
		case drop:
		case state == rustReport && t.has("Caused by: "):
			r.causes = append(r.causes, string(t[len("Caused by: "):]))
		case t.has("Diagnostic severity: ") && (state == rustReport || state == rustGuess):
			proven, state, r.code = true, rustReport, "error"
		case rustDrawn(t):
			proven, state = true, rustReport
			r.drawn(t)
		case state == rustReport && r.code != "" && rustNumbered(l): // a backtrace that is folded at 80 columns
			drop = true
		case state == rustReport:
			if n := len(r.causes); n > 0 {
				r.causes[n-1] += "\n" + string(t)
			}
		case state == rustGuess:
			if row, ok := rustRow(l); ok && row.number == 0 && len(r.text) == 1 && (main && len(r.text[0]) == 0 || !main && r.text[0].ends(":")) { // color-eyre
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
	return r.report(main, proven)
}

// report makes the event of what was read.
func (r *rustReader) report(main, proven bool) (Trace, bool) {
	value, lead := rustJoin(r.text), ""
	if !main {
		lead = value // logged, with words of the program's own in front
	}
	if (value == "" && main || strings.HasSuffix(value, ":")) && proven && len(r.causes) > 0 {
		value, r.causes = r.causes[0], r.causes[1:]
		lead = strings.TrimRight(lead, " :")
	}
	if value == "" || !proven && (!main || !rustReturned(span(value))) {
		return Trace{}, false
	}
	t := r.error(value, main)
	top := &t.Exceptions[len(t.Exceptions)-1]
	switch {
	case r.code == "":
	case strings.HasSuffix(value, " panicked."): // by miette's hook
		x := t.Exceptions[0]
		x.Type, x.Stacktrace, x.Mechanism = "panic", top.Stacktrace, &event.Mechanism{Type: "generic", Handled: new(false)}
		t.Exceptions = []event.Exception{x}
	case r.code != "error":
		top.Type = r.code
	}
	t.Lead = lead
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

// miette takes the line of miette's report that has the error's text. What main
// printed above it is the error's code.
func (r *rustReader) miette(t span) {
	r.code = "error"
	if len(r.text) > 0 && len(r.text[0]) > 0 {
		r.code, _, _ = strings.Cut(string(r.text[0]), " ")
	}
	if t.has("Error:") {
		t = t[len("Error:"):].left()
	}
	r.text = []span{t[len("× "):].left()}
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
				if rev, file, found := strings.Cut(below, "/"); found && root == rustCheckouts && rustRevision(rev) {
					return file
				}
				return below
			}
		}
	}
	if i := strings.LastIndex(p, "/src/"); i >= 0 && (p[0] == '/' || len(p) > 2 && p[1] == ':') {
		return p[i+1:] // the directory of the crate is another on every machine
	}
	return strings.TrimPrefix(p, "./")
}

// rustRoots are directories in which cargo keeps what it downloaded; the name of
// the registry or of the checkout follows.
var rustRoots = []string{"/registry/src/", rustCheckouts, "/toolchains/"}

// rustCheckouts has below the name of the checkout the revision, of which git shows seven digits.
const rustCheckouts = "/git/checkouts/"

func rustRevision(s string) bool {
	for i := range len(s) {
		if !nativeDigit(s[i]) {
			return false
		}
	}
	return len(s) == 7
}
