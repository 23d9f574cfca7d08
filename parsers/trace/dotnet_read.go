package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// dotnetNode is one exception of the tree that a trace prints.
type dotnetNode struct {
	title  dotnetTitle
	text   []span // further lines of the message
	frames []dotnetCall
	parent int // whose inner exception this is; -1 for the root
	member int // its number in an AggregateException, -1 where none is printed
	below  []int
}

// dotnetReader takes the lines of one trace one by one.
type dotnetReader struct {
	nodes   []dotnetNode
	now     int          // to which frames belong
	loose   []dotnetCall // frames before any header
	text    bool         // the message of the last node may go on
	twice   bool         // Mono's second print of the same
	unity   bool
	indent  int  // of the whole trace: the console logger of ASP.NET shifts it by 6
	eaten   bool // the carrier ate the blanks in front of the lines
	data    map[string]any
	inData  bool
	fenced  bool // between the dashes around repeated frames
	elided  int
	repeat  int
	died    bool   // the runtime says that it dies
	stopped string // "Stack overflow", "Process terminated"
}

// dotnetRead is the Read of the language.
func dotnetRead(lines [][]byte) (Trace, bool) {
	for len(lines) > 0 && len(span(lines[0]).trim()) == 0 {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return Trace{}, false
	}
	r := &dotnetReader{now: -1}
	if folded := dotnetUnfold(lines); folded != nil {
		lines = folded
	}
	lines = r.preface(lines)
	for _, l := range lines {
		r.line(l)
	}
	return r.trace()
}

// preface takes off what a runtime says before it prints an exception.
func (r *dotnetReader) preface(lines [][]byte) [][]byte {
	t := span(lines[0]).trim()
	switch {
	case string(t) == "Unhandled Exception:":
		r.died = true
		return lines[1:]
	case string(t) == dotnetNoMemory:
		r.stopped = "OutOfMemoryException"
	case string(t) == "Stack overflow.":
		r.stopped = "StackOverflowException"
	case t.has("Process is terminating due to "):
		r.stopped = "StackOverflowException"
	case t.has("Process terminated."):
		r.stopped = "FailFast"
	default:
		return lines
	}
	r.died = true
	value := t
	if r.stopped == "FailFast" {
		value = t[len("Process terminated."):].left()
	}
	r.nodes = append(r.nodes, dotnetNode{title: dotnetTitle{typ: span(r.stopped), value: value, grade: dotnetSure}, parent: -1, member: -1})
	r.now, r.text = 0, r.stopped == "FailFast"
	return lines[1:]
}

func (r *dotnetReader) line(line []byte) {
	l := span(line)
	t := l.trim()
	if r.twice {
		return
	}
	k := dotnetKind(l)
	if len(r.nodes) == 0 && k != dotnetIsFrame {
		r.first(l)
		return
	}
	if r.inData && k == dotnetIsText {
		r.datum(t)
		return
	}
	r.inData = k == dotnetIsData
	switch k {
	case dotnetIsFrame:
		r.frame(l)
	case dotnetIsEnd:
		r.end()
	case dotnetIsLink:
		r.link(t[len("---> "):])
	case dotnetIsAsync:
		r.text = false
		if r.eaten && !bytes.Contains(t, []byte("stack trace")) { // without its indent, the end of an inner exception
			r.end()
		}
	case dotnetIsNote:
		r.note(t)
	case dotnetIsText, dotnetIsBlank:
		r.prose(l, t)
	}
	if t.ends("<---") && r.now >= 0 {
		r.shut()
	}
}

// end ends an inner exception: what follows are the frames of the one around it.
func (r *dotnetReader) end() {
	r.text = false
	if r.now >= 0 && r.nodes[r.now].parent >= 0 && r.nodes[r.now].member < 0 {
		r.now = r.nodes[r.now].parent
	}
}

// first reads the header of the outermost exception.
func (r *dotnetReader) first(l span) {
	t := l.trim()
	if h := dotnetHeader(t, true); h.grade > 0 {
		if len(h.fatal) > 0 {
			r.died = true
		}
		r.indent = l.indent()
		r.chain(h, -1, -1)
	}
}

// frame takes a frame; the flattened ones between the dashes of a stack
// overflow stand for many.
func (r *dotnetReader) frame(l span) {
	r.text = false
	c, _ := dotnetFrame(l)
	r.unity, r.eaten = r.unity || c.unity, l.indent() == 0
	if r.now < 0 {
		r.loose = append(r.loose, c)
		return
	}
	n := &r.nodes[r.now]
	n.frames = append(n.frames, c)
	r.elided += r.repeat
}

// prose takes a line that is no part of the grammar: of a message, or a row of Unity's.
func (r *dotnetReader) prose(l, t span) {
	switch {
	case t.has(dotnetMonoAgain):
		r.again(l)
	case t.has(dotnetRethrown):
		r.around(dotnetHeader(t[len(dotnetRethrown):], false))
	case r.stopped == "FailFast" && !r.text && l.indent() == 0:
		if h := dotnetHeader(t, false); h.grade == dotnetSure {
			r.chain(h, 0, -1)
		}
	case r.text && r.now >= 0:
		r.more(l)
	case r.unity && dotnetColonRow(t):
		if c, g := dotnetFrame(span("at " + string(t))); g > 0 && r.now >= 0 {
			r.nodes[r.now].frames = append(r.nodes[r.now].frames, c)
		}
	}
}

// around puts an exception around all that were read so far.
func (r *dotnetReader) around(h dotnetTitle) {
	if h.grade == 0 || len(r.nodes) == 0 {
		return
	}
	inner := len(r.nodes)
	r.nodes = append(r.nodes, r.nodes[0])
	for _, i := range r.nodes[inner].below {
		r.nodes[i].parent = inner
	}
	r.nodes[inner].parent = 0
	r.nodes[0] = dotnetNode{title: h, parent: -1, member: -1, below: []int{inner}}
	r.now, r.text = 0, false
}

// again meets Mono's second print. Of a stack overflow, only that one has frames.
func (r *dotnetReader) again(l span) {
	if len(r.nodes) == 1 && len(r.nodes[0].frames) == 0 {
		r.nodes = r.nodes[:0]
		r.first(l)
		return
	}
	r.twice = true
}

// more adds a line to the message of the last header; the Framework prints the
// inner exception behind it.
func (r *dotnetReader) more(l span) {
	n := &r.nodes[r.now]
	l = l[min(r.indent, l.indent()):]
	if at, h, member := dotnetArrow(l); at >= 0 {
		n.text = append(n.text, l[:at].right())
		r.chain(h, r.now, member)
		return
	}
	n.text = append(n.text, bytes.TrimSuffix(l.right(), []byte("<---")))
}

// link reads what follows "---> " at the start of a line.
func (r *dotnetReader) link(t span) {
	n, rest, numbered := dotnetMember(t)
	member := -1
	if numbered {
		member = n
		r.group()
	}
	h := dotnetHeader(rest, false)
	if h.grade == 0 {
		h = dotnetTitle{value: rest, grade: dotnetWeak}
	}
	r.chain(h, r.now, member)
}

// group goes up to the AggregateException whose member follows.
func (r *dotnetReader) group() {
	for i := r.now; i >= 0; i = r.nodes[i].parent {
		if r.nodes[i].title.typ.ends("AggregateException") {
			r.now = i
			return
		}
	}
}

// chain hangs an exception below parent, and those that follow in its message below it.
func (r *dotnetReader) chain(h dotnetTitle, parent, member int) {
	for {
		at, next, nextMember := dotnetArrow(h.value)
		if at >= 0 {
			h.value = h.value[:at].right()
		}
		h.value = bytes.TrimSuffix(h.value, []byte("<---"))
		r.nodes = append(r.nodes, dotnetNode{title: h, parent: parent, member: member})
		r.now = len(r.nodes) - 1
		if parent >= 0 {
			r.nodes[parent].below = append(r.nodes[parent].below, r.now)
		}
		if at < 0 {
			break
		}
		h, parent, member = next, r.now, nextMember
	}
	r.text = true
}

// shut ends a member of an AggregateException.
func (r *dotnetReader) shut() {
	for i := r.now; i >= 0; i = r.nodes[i].parent {
		if r.nodes[i].member >= 0 {
			r.now, r.text = r.nodes[i].parent, false
			return
		}
	}
}

// dotnetArrow finds " ---> " with a header behind it in a message.
func dotnetArrow(t span) (at int, h dotnetTitle, member int) {
	for from := 0; ; {
		i := bytes.Index(t[from:], []byte("---> "))
		if i < 0 {
			return -1, h, -1
		}
		at = from + i
		rest := t[at+len("---> "):]
		n, rest, numbered := dotnetMember(rest)
		member = -1
		if numbered {
			member = n
		}
		if h = dotnetHeader(rest, false); len(h.fatal) == 0 && (h.grade >= dotnetLikely || numbered && h.grade > 0) {
			return at, h, member
		}
		from = at + 5
	}
}

// note reads what stands among the frames without being one.
func (r *dotnetReader) note(t span) {
	if n, ok := dotnetRepeat(t); ok {
		r.repeat = max(0, n-1)
		return
	}
	if t[0] == '-' {
		if r.fenced = !r.fenced && r.repeat > 0; !r.fenced {
			r.repeat = 0
		}
		return
	}
	r.text = false
	if !dotnetRemote(t) {
		r.datum(t)
	}
}

// datum notes a property of the exception that is printed as "key: value".
func (r *dotnetReader) datum(t span) {
	colon := bytes.IndexByte(t, ':')
	if colon < 1 || len(r.data) >= 50 {
		return
	}
	if r.data == nil {
		r.data = map[string]any{}
	}
	r.data[string(t[:colon])] = strings.TrimSpace(string(t[colon+1:]))
}

// dotnetTraced takes the header of a TraceListener off a text: source, kind of event, its number.
//
//	pay.exe Error: 0 : order 77 was lost
func dotnetTraced(text string) string {
	head, rest, ok := strings.Cut(text, ": ")
	number, message, numbered := strings.Cut(rest, " : ")
	_, kind, _ := strings.Cut(head, " ")
	if _, digits := span(number).number(); !ok || !numbered || !digits {
		return text
	}
	switch kind {
	case "Critical", "Error", "Warning", "Information", "Verbose":
		return message
	}
	return text
}

// trace makes the event.
func (r *dotnetReader) trace() (Trace, bool) {
	t := Trace{Platform: "csharp"}
	if len(r.nodes) == 0 {
		return t, r.bare(&t)
	}
	if !r.credible() {
		return Trace{}, false
	}
	t.Lead = strings.TrimRight(dotnetTraced(string(r.nodes[0].title.lead)), " \t:-([\"'|>")
	t.Died = r.died
	r.emit(&t)
	t.drop("trace.frames_elided", r.elided)
	if len(r.data) > 0 {
		if t.Extra == nil {
			t.Extra = map[string]any{}
		}
		t.Extra["exception.data"] = r.data
	}
	pyInApp(&t)
	return t, true
}

// credible asks for a frame, a chain, or the words with which a runtime dies.
func (r *dotnetReader) credible() bool {
	if len(r.nodes) > 1 || r.died {
		return true
	}
	return len(r.nodes[0].frames) > 0
}

// bare makes the event of frames without a header: a program logged the message
// and the property StackTrace of an exception, or else its own stack.
func (r *dotnetReader) bare(t *Trace) bool {
	if len(r.loose) == 0 {
		return false
	}
	frames, dropped := pyTrim(dotnetFrames(r.loose))
	t.drop("trace.frames_dropped", dropped)
	st := &event.Stacktrace{Frames: frames}
	if top := r.loose[0].name; len(r.loose) == 1 && r.loose[0].line == 0 || top.has("System.Environment.") || top.has("System.Diagnostics.StackTrace") {
		t.Threads = []event.Thread{{ID: "0", Stacktrace: st}}
	} else {
		t.Exceptions = []event.Exception{{Stacktrace: st, Mechanism: &event.Mechanism{Type: "generic"}}}
	}
	pyInApp(t)
	return true
}
