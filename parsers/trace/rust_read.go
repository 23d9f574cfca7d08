package trace

import (
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// rustReader takes the lines of one trace one by one.
type rustReader struct {
	state  State
	head   rustTitle
	text   []span // lines of the message
	sure   int    // how many of them are the message for certain
	causes []string
	// causeIndent is that of the last cause; 0 after a carrier ate the blanks.
	causeIndent int
	rows        []rustCall // newest first
	place       rustSpot
	code        string   // of a report of miette
	later       []string // what an abort added
	shut        bool     // further rows belong to the report of the abort
	died        bool
}

// rustCall is a row of a backtrace with its place.
type rustCall struct {
	rustLine
	place rustSpot
}

// rustRead is the Read of the language.
func rustRead(lines [][]byte) (Trace, bool) {
	for len(lines) > 0 && len(span(lines[0]).trim()) == 0 {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return Trace{}, false
	}
	r := &rustReader{}
	t := span(lines[0]).trim()
	h, ok := rustHeadLine(t)
	switch {
	case ok && h.overflow:
		return rustSimple("stack overflow", string(t), h), true
	case ok:
		return r.panicked(h, lines[1:])
	case t.has("====") || t.has(rustSubstrate):
		return rustSubstrateRead(lines)
	case string(t) == rustSorry:
		return rustSorryRead(lines)
	case t.has(rustCrashed):
		return r.panicked(rustTitle{}, lines[1:])
	case t.has(rustFatal):
		return rustSimple("fatal runtime error", strings.TrimSuffix(string(t[len(rustFatal):]), ", aborting"), h), true
	case string(t) == rustBacktrace && rustBare(lines[1:]):
		return rustBareRead(lines[1:])
	case rustLogged(lines):
		return r.logged(lines), true
	case rustAllocation(t):
		return rustSimple("memory allocation failure", string(t), h), true
	}
	return r.failed(lines)
}

// rustSorryRead reads what human-panic prints instead of the panic.
func rustSorryRead(lines [][]byte) (Trace, bool) {
	for _, l := range lines {
		if program, _, ok := strings.Cut(string(span(l).trim()), rustCrashedFor); ok {
			return rustSimple("panic", program+" had a problem and crashed", rustTitle{}), true
		}
	}
	return Trace{}, false
}

// rustSimple is a death in one sentence.
func rustSimple(typ, value string, h rustTitle) Trace {
	t := Trace{Platform: "native", Died: true}
	t.Exceptions = []event.Exception{{Type: typ, Value: value, Mechanism: &event.Mechanism{Type: "generic", Handled: new(false)}}}
	rustThread(&t, h)
	return t
}

// panicked reads what follows the head of a panic.
func (r *rustReader) panicked(h rustTitle, lines [][]byte) (Trace, bool) {
	r.head, r.place, r.state = h, h.place, rustHead
	if h.old {
		r.text, r.sure, r.state = append(r.text, h.text), 1, rustText
	}
	if h.open {
		r.state = rustQuoted
	}
	for _, l := range lines {
		r.line(l)
	}
	return r.panic(), true
}

func (r *rustReader) line(line []byte) {
	l := span(line)
	t := l.trim()
	if len(t) == 0 && r.state != rustHead && r.state != rustText {
		return
	}
	if h, ok := rustHeadLine(t); ok && rustOwn(h.place.file) {
		r.shut, r.state = true, rustEnd
		return
	}
	if next, ok := rustTail(t); ok {
		if !r.shut {
			r.sure = len(r.text)
		}
		r.state = next
		return
	}
	if rustAborts(t) && r.state != rustHead {
		r.died = true
		return
	}
	switch r.state {
	case rustQuoted:
		text, place, ok := rustUnquote(l.right())
		r.text = append(r.text, text)
		if ok {
			r.place, r.head.place, r.state, r.sure = place, place, rustText, len(r.text)
		}
	case rustHead, rustText:
		r.message(l, t)
	case rustRows:
		r.row(l, t)
	case rustEnd:
		if len(r.later) < 10 {
			r.later = append(r.later, string(t))
		}
	}
}

// message takes a line of the message. Lines at column 0 are it for certain only
// if something that ends the message follows.
func (r *rustReader) message(l, t span) {
	switch {
	case t.has("Message: ") && r.head.thread == nil && len(r.text) == 0: // color-eyre
		l = t[len("Message: "):].left()
	case t.has("Location:"):
		if p, ok := rustPlace(t[len("Location:"):]); ok {
			r.place, r.head.place = p, p
		}
		r.sure, r.state = len(r.text), rustRows
		return
	case rustRule(t):
		r.sure, r.state = len(r.text), rustRows
		return
	}
	if row, ok := rustRow(l); ok && r.state == rustText && rustFirstRow(row) {
		r.sure, r.state = len(r.text), rustRows
		r.row(l, t)
		return
	}
	r.text = append(r.text, l.right())
	if r.state == rustHead || r.sure == len(r.text)-1 && (l.indent() > 0 || len(t) > 0 && rustCloses(t)) {
		r.sure, r.state = len(r.text), rustText
	}
}

// row takes a line among the rows.
func (r *rustReader) row(l, t span) {
	if r.shut || rustRule(t) || rustHidden(t) {
		return
	}
	if row, ok := rustRow(l); ok {
		row.symbol = rustUnfielded(row.symbol)
		r.rows = append(r.rows, rustCall{rustLine: row})
		return
	}
	if p, ok := rustAt(t); ok {
		if l.indent() == 4 && len(r.rows) > 0 { // where the record was logged, as tracing's pretty format has it
			return
		}
		if n := len(r.rows); n > 0 && r.rows[n-1].place.file == nil {
			r.rows[n-1].place = p
		}
		return
	}
	if p, ok := rustPlace(t); ok && len(r.rows) == 0 {
		r.place = p
		return
	}
	if n := len(r.rows); n > 0 && !t.has("at ") { // an inlined call shares the number of the row above
		r.rows = append(r.rows, rustCall{rustLine: rustLine{number: r.rows[n-1].number, symbol: t}})
	}
}

// panic makes the event of a panic.
func (r *rustReader) panic() Trace {
	t := Trace{Platform: "native", Died: r.died || string(r.head.thread) == "main" || r.head.thread == nil}
	x := event.Exception{Type: "panic", Value: rustJoin(r.text[:r.sure]), Mechanism: &event.Mechanism{Type: "generic", Handled: new(false)}}
	if len(r.later) > 0 {
		x.Mechanism.Description = strings.Join(r.later, "\n")
	}
	x.Stacktrace = rustStacktrace(&t, r.rows, r.place, true)
	t.Exceptions = []event.Exception{x}
	rustThread(&t, r.head)
	pyInApp(&t)
	return t
}

// rustThread names the thread that panicked.
func rustThread(t *Trace, h rustTitle) {
	if h.thread == nil {
		return
	}
	name := string(h.thread)
	id := string(h.id)
	if id == "" {
		id = name
	}
	if id == "" {
		return
	}
	for i := range t.Exceptions {
		t.Exceptions[i].ThreadID = id
	}
	t.Threads = []event.Thread{{ID: id, Name: name, Crashed: true, Current: true, Main: name == "main"}}
}

func rustJoin(lines []span) string {
	var sb strings.Builder
	for i, l := range lines {
		if i > 0 {
			sb.WriteByte('\n')
		}
		sb.Write(l)
	}
	return strings.TrimRight(sb.String(), "\n \t")
}
