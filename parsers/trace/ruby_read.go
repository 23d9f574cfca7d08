package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// rubyFault is one exception of a printed trace.
type rubyFault struct {
	typ, value string
	rows       []event.Frame // newest first
	source     string        // the line that error_highlight quotes
}

// rubyReader takes the lines of one trace from top to bottom.
type rubyReader struct {
	lines   []span // without indents and tags
	raw     []span
	i       int
	lead    string
	thread  span
	printed bool // Ruby's own printer wrote it
	aborted bool // Rake said that it ends
	elided  int
	list    []rubyFault
}

// rubyRead is Language.Read.
func rubyRead(lines [][]byte) (Trace, bool) {
	r := &rubyReader{lines: make([]span, len(lines)), raw: make([]span, len(lines))}
	for i, l := range lines {
		r.raw[i], r.lines[i] = l, rubyUntagged(l).right()
	}
	r.blanks()
	switch {
	case r.i == len(r.lines):
	case rubyTested(r.lines[r.i]):
		return Trace{}, false
	case string(r.lines[r.i]) == rubyAborted:
		r.aborted = true
		r.i++
	case r.lines[r.i].has(rubyThreadMark):
		r.thread = r.lines[r.i]
		r.i++
	}
	if r.bottom() {
		return r.trace()
	}
	for r.i < len(r.lines) {
		at := r.i
		r.fault()
		if r.i == at {
			r.i++
		}
	}
	return r.trace()
}

func (r *rubyReader) blanks() {
	for r.i < len(r.lines) && len(r.lines[r.i]) == 0 {
		r.i++
	}
}

// bottom reads the order in which the newest call comes last and the header at the end.
func (r *rubyReader) bottom() bool {
	i := r.i
	for i < len(r.lines) && string(r.lines[i]) == rubyLatest {
		i++
	}
	var x rubyFault
	for ; i < len(r.lines); i++ {
		if n := rubyLevels(r.lines[i]); n > 0 {
			r.elided += n
			continue
		}
		l, ok := rubyLine(r.lines[i])
		switch {
		case ok && l.kind == rubyIsNumbered:
			x.rows = append(x.rows, rubyFrame(l))
			continue
		case ok && l.kind == rubyIsHeader && (len(x.rows) > 0 || len(r.list) > 0 || r.numberedAt(i+1)):
			x.rows = append(x.rows, rubyFrame(l))
			rubySplit(&x, string(l.rest))
			r.list = append(r.list, x.turned())
			x = rubyFault{}
			continue
		}
		break
	}
	if len(x.rows) > 0 {
		r.list = append(r.list, x.turned())
	}
	for a, b := 0, len(r.list)-1; a < b; a, b = a+1, b-1 { // the cause stands first here
		r.list[a], r.list[b] = r.list[b], r.list[a]
	}
	r.printed = len(r.list) > 0
	return r.printed
}

func (r *rubyReader) numberedAt(i int) bool {
	if i >= len(r.lines) {
		return false
	}
	l, ok := rubyLine(r.lines[i])
	return ok && l.kind == rubyIsNumbered
}

// turned is x with its rows the other way round.
func (x rubyFault) turned() rubyFault {
	for a, b := 0, len(x.rows)-1; a < b; a, b = a+1, b-1 {
		x.rows[a], x.rows[b] = x.rows[b], x.rows[a]
	}
	return x
}

// fault reads one exception: what names it, and its rows.
func (r *rubyReader) fault() {
	r.blanks()
	from := r.i
	var x rubyFault
	if from == len(r.lines) {
		return
	}
	if l, lead, ok := rubyPrinted(r.lines[from]); ok && l.kind == rubyIsHeader {
		if len(r.list) == 0 {
			r.printed = len(lead) == 0
			r.lead = strings.TrimRight(string(lead), " :")
		}
		r.i++
		x.rows = append(x.rows, rubyFrame(l))
		rubySplit(&x, string(l.rest))
		r.message(&x)
		r.rows(&x)
		r.list = append(r.list, x)
		return
	}
	to := from
	for to < len(r.lines) && !r.rowAt(to) && !(to > from && r.bareAt(to)) && !(to > from && r.javaAt(to)) {
		to++
	}
	r.i = to
	r.title(&x, from, to)
	r.rows(&x)
	switch {
	case len(x.rows) > 0, len(r.list) > 0 && x.typ != "", to > from && (rubyServed(r.lines[from]) || rubyNamed(r.lines[from]) && rubyWhole(r.lines[from])):
		r.list = append(r.list, x)
	}
}

// rowAt tells whether line i is a row that nothing else can be.
func (r *rubyReader) rowAt(i int) bool {
	l, ok := rubyLine(r.lines[i])
	return ok && (l.kind == rubyIsRow && !l.bare || l.kind == rubyIsFrom)
}

// javaAt tells whether line i is a row that only JRuby prints.
func (r *rubyReader) javaAt(i int) bool { return rubyJava(r.lines[i]) > 0 }

// bareAt tells whether line i is a row of a template below the blank line that Rails prints in front of rows.
func (r *rubyReader) bareAt(i int) bool {
	l, ok := rubyLine(r.lines[i])
	return ok && l.bare && len(r.lines[i-1]) == 0
}

// message reads the further lines of a header's message. What follows a header without rows
// may be anything, and is left out unless the message plainly goes on.
func (r *rubyReader) message(x *rubyFault) {
	to := r.i
	for to < len(r.lines) && !r.rowAt(to) {
		if l, ok := rubyLine(r.lines[to]); ok && l.kind == rubyIsHeader {
			break
		}
		to++
	}
	sure := to < len(r.lines) && r.rowAt(to) || r.i < to && x.rows[0].Function == "<main>" && (strings.HasSuffix(x.value, ":") || r.raw[r.i].right().indent() < len(r.raw[r.i].right()) && r.raw[r.i].indent() > 0)
	var more []string
	for i := r.i; i < to; i++ {
		t := r.raw[i].right()
		if r.quote(x, i, to) {
			i++
			continue
		}
		if len(t) > 0 && (sure || t.left().has("Did you mean?")) {
			more = append(more, string(t))
		} else if sure {
			more = append(more, "")
		}
	}
	text := strings.TrimRight(strings.Join(more, "\n"), "\n")
	if x.source != "" { // the blank line belongs to the quotation
		text = strings.TrimLeft(text, "\n")
	}
	if text != "" {
		x.value += "\n" + text
	}
	r.i = to
}

// quote takes the source line and the carets that error_highlight prints.
func (r *rubyReader) quote(x *rubyFault, i, to int) bool {
	if i+1 >= to || len(r.lines[i]) == 0 || x.source != "" || x.typ == "SyntaxError" && len(x.rows[0].Function) > 0 {
		return false
	}
	marks := bytes.Trim(r.lines[i+1], " \t^")
	if len(marks) > 0 || bytes.IndexByte(r.lines[i+1], '^') < 0 {
		return false
	}
	x.source = string(r.raw[i].right())
	return true
}

// rows reads the rows of an exception, newest first.
func (r *rubyReader) rows(x *rubyFault) {
	for ; r.i < len(r.lines); r.i++ {
		t := r.lines[r.i]
		if n := rubyLevels(t); n > 0 {
			r.elided += n
			continue
		}
		if l, ok := rubyLine(t); ok && (l.kind == rubyIsRow || l.kind == rubyIsFrom) {
			x.rows = append(x.rows, rubyFrame(l))
			continue
		}
		if at := rubyJava(t); at > 0 {
			x.rows = append(x.rows, rubyJavaFrame(t, at))
			continue
		}
		return
	}
}

// title reads the lines in which a logger names an exception.
func (r *rubyReader) title(x *rubyFault, from, to int) {
	for from < to && (len(r.lines[from]) == 0 || string(r.lines[from]) == "Causes:" || string(r.lines[from]) == rubyCausedBy) {
		from++
	}
	for i := to - 1; i > from; i-- { // Rails lists all causes before it tells of each
		if r.lines[i].has("Information for") {
			from = i
			break
		}
	}
	var parts []string
	for i := from; i < to; i++ {
		if !rubyExcerpt(r.lines[i]) && !rubyQuoted(r.lines[i]) {
			parts = append(parts, string(r.lines[i]))
		}
	}
	for i, part := range parts { // what follows is no message any more: "inline template:2"
		if n := rubyClass(rubyUnlinked(span(parts[0]))); n > 0 && strings.HasSuffix(part, "):") && rubyUnlinked(span(parts[0]))[n:].has(" (") {
			parts = parts[:i+1]
			break
		}
	}
	text := strings.TrimSpace(strings.Join(parts, "\n"))
	if text == "" {
		return
	}
	lead := rubyName(x, string(rubyUnlinked(span(text))))
	if r.aborted && x.typ == "" {
		x.typ, x.value, lead = "RuntimeError", text, "" // the only class that Rake does not name
	}
	if len(r.list) == 0 {
		r.lead = lead
	}
}

// rubyQuoted knows the lines that Rails adds about a template.
func rubyQuoted(t span) bool {
	return t.has("Trace of template inclusion: ") || t.has("Rendered ") && t.ends(")")
}

// trace makes the exceptions.
func (r *rubyReader) trace() (Trace, bool) {
	t := Trace{Platform: "ruby", Lead: r.lead}
	if r.aborted && r.lead == "" {
		t.Lead = rubyAborted
	}
	if len(r.list) == 0 {
		return Trace{}, false
	}
	t.drop("trace.frames_elided", r.elided)
	if typ := r.list[0].typ; r.printed && (typ == "Interrupt" || typ == "SignalException") {
		return t, true // somebody stopped the program: no fault of it
	}
	if len(r.list) == 1 && r.list[0].typ == "" && r.list[0].value == "" {
		frames := rubyOldestFirst(&t, &r.list[0])
		t.Threads = []event.Thread{{ID: "0", Stacktrace: &event.Stacktrace{Frames: frames}}}
		return t, true
	}
	r.emit(&t)
	return t, true
}
