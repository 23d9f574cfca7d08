package trace

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// javaNode is one Throwable of the tree that a trace prints.
type javaNode struct {
	title  javaTitle
	text   []span // further lines of the message
	frames []span // newest first
	elided int    // frames that are those of the parent's tail
	closed bool   // and nothing may follow the line that says so
	hidden bool   // a line says that frames were left out
	indent int
	parent int      // whose cause or suppressed exception this is; -1 for the root
	role   javaLink // cause or suppressed; where the outer one comes first, this is the link of its line
	rank   int      // how many suppressed exceptions stand before it at its parent
	held   int      // how many it has itself
	below  []int
}

// javaReader takes the lines of one trace one by one.
type javaReader struct {
	nodes []javaNode
	open  []int  // nodes by rising indent, to which a link may attach
	loose []span // frames before any header
	prose []span // lines before them
	text  bool   // the message of the last node may go on
	torn  bool

	caught bool // by Groovy's main, which then exits
	quoted bool // what came so far is quoted in the message of the first exception
	quotes int
	gap    bool   // the line before was blank
	suffix string // of all lines, by log4j's pattern
}

// javaRead is the Read of the language.
func javaRead(lines [][]byte) (Trace, bool) {
	for len(lines) > 0 && len(span(lines[0]).trim()) == 0 {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return Trace{}, false
	}
	if t, ok := javaReadReport(lines); ok {
		return t, true
	}
	if len(lines) == 1 {
		if text, ok := javaUnjoin(string(lines[0])); ok {
			lines = bytes.Split([]byte(text), []byte("\n"))
		}
	}
	r := &javaReader{}
	for i := 1; i < len(lines); i++ {
		if javaCaught(lines[0], span(lines[i]).right()) {
			lines, r.caught = lines[i:], true
			break
		}
	}
	for i, l := range lines {
		if r.line(l); r.quoted && r.quotes > maxQuotes {
			r.quoted = false
		}
		if r.quoted {
			r.quote(lines[:i+1])
		}
		r.gap = javaKind(l) == javaIsBlank
	}
	return r.trace()
}

func (r *javaReader) line(l span) {
	kind := javaKind(l)
	if len(r.nodes) == 0 && kind != javaIsFrame {
		r.first(l, kind)
		return
	}
	if kind == javaIsProse && !r.text {
		kind = javaIsLink
	}
	switch kind {
	case javaIsFrame:
		r.frame(l)
	case javaIsElision:
		if n, common, _ := javaElision(l); common {
			r.last().elided, r.last().closed = n, true
		}
		r.last().hidden = true
		r.text = false
	case javaIsLink:
		r.add(javaHeader(l, false), l)
	case javaIsNote:
		r.torn = r.torn || javaTorn(l)
		r.text, r.last().closed = false, false
		r.quoted = len(r.nodes) == 1 && string(l.trim()) == javaDriver
	default:
		if r.text {
			r.last().text = append(r.last().text, l.right())
		}
	}
}

// first reads a line before any exception or frame.
func (r *javaReader) first(l span, kind javaLine) {
	switch h := javaHeader(l, true); {
	case kind == javaIsNote:
	case h.grade > 0:
		r.add(h, l)
	case len(r.loose) == 0:
		r.prose = append(r.prose, l.right())
	}
}

func (r *javaReader) last() *javaNode { return &r.nodes[len(r.nodes)-1] }

func (r *javaReader) frame(l span) {
	r.text = false
	if len(r.nodes) == 0 && len(r.prose) > 0 && len(r.loose) == 0 {
		r.nodes, r.open = append(r.nodes, javaNode{title: javaTitle{value: r.prose[0]}, text: r.prose[1:], parent: -1}), append(r.open, 0)
	}
	if len(r.nodes) == 0 {
		r.loose = append(r.loose, l)
		return
	}
	n := r.last()
	if len(n.frames) == 0 && len(r.nodes) == 1 {
		c, _ := javaFrame(l)
		r.suffix = string(c.suffix)
	}
	r.quoted = n.elided > 0 && n.closed && len(r.nodes[0].text) > 0 || r.gap && n.title.remote && len(r.nodes) == 1
	n.frames = append(n.frames, l)
}

// maxQuotes keeps the reading linear: every quote takes the lines up once more.
const maxQuotes = 8

// quote starts again: all that came before the last of lines was the message of
// the first exception, which quotes the trace of another machine. Nothing of one
// trace stands behind "... 12 more", and Spark says it in words.
func (r *javaReader) quote(lines [][]byte) {
	last := span(lines[len(lines)-1])
	root := javaNode{title: r.nodes[0].title, parent: -1}
	for _, l := range lines[1 : len(lines)-1] {
		root.text = append(root.text, span(l).right())
	}
	if javaKind(last) == javaIsFrame {
		root.frames = []span{last}
	} else {
		root.text = append(root.text, last.right())
	}
	*r = javaReader{nodes: []javaNode{root}, open: []int{0}, caught: r.caught, suffix: r.suffix, quotes: r.quotes + 1}
}

// add hangs a new exception into the tree. Suppressed exceptions are indented
// below their parent, causes stand at the indent of their effect.
func (r *javaReader) add(h javaTitle, l span) {
	n := javaNode{title: h, indent: l.indent(), parent: -1}
	id := len(r.nodes)
	r.text = true
	if id == 0 {
		n.indent = 0
		r.nodes, r.open = append(r.nodes, n), append(r.open, 0)
		return
	}
	for len(r.open) > 1 && (r.top().indent > n.indent || h.link == javaSuppressed && r.top().indent == n.indent) {
		r.open = r.open[:len(r.open)-1]
	}
	over := r.open[len(r.open)-1]
	n.parent, n.role = over, h.link
	switch h.link {
	case javaSuppressed:
		r.open = append(r.open, id)
	case javaWrapped: // the new one takes the place of the old, which is its cause
		old := &r.nodes[over]
		n.parent, n.role = old.parent, old.role
		old.parent, old.role = id, javaCause
		fallthrough
	default:
		r.open[len(r.open)-1] = id
	}
	r.nodes = append(r.nodes, n)
}

func (r *javaReader) top() *javaNode { return &r.nodes[r.open[len(r.open)-1]] }

// order lists the nodes by exception id: the root is 0, then depth first,
// suppressed exceptions before the cause, as the SDK for the JVM numbers them.
func (r *javaReader) order() []int {
	root := 0
	for i := range r.nodes {
		n := &r.nodes[i]
		if n.parent < 0 {
			root = i
			continue
		}
		p := &r.nodes[n.parent]
		p.below = append(p.below, i)
		if n.role == javaSuppressed {
			n.rank = p.held
			p.held++
		}
	}
	ids := make([]int, 0, len(r.nodes))
	todo := []int{root}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		ids = append(ids, i)
		below := r.nodes[i].below
		for k := len(below) - 1; k >= 0; k-- { // the cause at the bottom of the pile
			if r.nodes[below[k]].role != javaSuppressed {
				todo = append(todo, below[k])
			}
		}
		for k := len(below) - 1; k >= 0; k-- {
			if r.nodes[below[k]].role == javaSuppressed {
				todo = append(todo, below[k])
			}
		}
	}
	return ids
}

// trace makes the exceptions. Without a header there is none: a stack that a
// program printed for its own purposes.
func (r *javaReader) trace() (Trace, bool) {
	t := Trace{Platform: "java", CutShort: r.torn}
	if len(r.nodes) == 0 {
		if len(r.loose) == 0 {
			return Trace{}, false
		}
		st, _ := javaStacktrace([][]span{r.loose})
		t.Threads = []event.Thread{{ID: "0", Stacktrace: st}}
		javaInApp(&t)
		return t, true
	}
	if !r.credible() {
		return Trace{}, false
	}
	h := &r.nodes[0].title
	t.Lead = strings.TrimRight(string(h.lead), " \t:-([\"'|>")
	t.Exceptions = r.exceptions(&t)
	if h.thread != nil {
		name, id := string(h.thread), string(h.thread)
		if id == "" { // as virtual threads have it
			id = "0"
		}
		top := &t.Exceptions[len(t.Exceptions)-1]
		top.ThreadID = id
		top.Mechanism.Type, top.Mechanism.Handled = "UncaughtExceptionHandler", new(false)
		t.Threads = []event.Thread{{ID: id, Name: name, Crashed: true, Current: true, Main: name == "main"}}
		t.Died = t.Died || name == "main"
	}
	if r.caught {
		t.Exceptions[len(t.Exceptions)-1].Mechanism.Handled = new(false)
	}
	javaInApp(&t)
	return t, true
}

// credible asks for frames or, where there are none, for a name that only an exception has.
func (r *javaReader) credible() bool {
	for i := range r.nodes {
		if len(r.nodes[i].frames) > 0 || r.nodes[i].hidden {
			return true
		}
	}
	h := &r.nodes[0].title
	return h.thread != nil || len(h.lead) == 0 && bytes.IndexByte(h.typ, '.') > 0 && javaNamedAsError(h.typ)
}

// exceptions lists the tree in Sentry's order, the middle cut out of very long chains.
func (r *javaReader) exceptions(t *Trace) []event.Exception {
	ids := r.order()
	kept := ids
	if len(ids) > maxExceptions {
		kept = append(append([]int{}, ids[:maxExceptions/2]...), ids[len(ids)-maxExceptions/2:]...)
		t.drop("trace.exceptions_dropped", len(ids)-len(kept))
	}
	number := make(map[int]int, len(kept))
	out := make([]event.Exception, len(kept))
	for id, i := range kept {
		x, dropped := r.exception(i)
		t.drop("trace.frames_dropped", dropped)
		if len(kept) > 1 {
			x.Mechanism.ExceptionID = new(id)
		}
		if id > 0 {
			parent, known := number[r.nodes[i].parent]
			if !known {
				parent = id - 1
			}
			x.Mechanism.Type, x.Mechanism.ParentID = "chained", new(parent)
			x.Mechanism.Source = r.source(i)
		}
		number[i] = id
		out[len(kept)-1-id] = x
	}
	return out
}

func (r *javaReader) source(i int) string {
	if r.nodes[i].role != javaSuppressed {
		return "cause"
	}
	return "suppressed[" + strconv.Itoa(r.nodes[i].rank) + "]"
}

func (r *javaReader) exception(i int) (x event.Exception, dropped int) {
	n := &r.nodes[i]
	x.Mechanism = &event.Mechanism{Type: "generic"}
	x.Type = string(n.title.typ)
	if dot := strings.LastIndexByte(x.Type, '.'); dot > 0 {
		x.Module, x.Type = x.Type[:dot], x.Type[dot+1:]
	}
	var sb strings.Builder
	sb.Write(bytes.TrimSuffix(n.title.value, []byte(r.suffix)))
	for _, l := range n.text {
		sb.WriteByte('\n')
		sb.Write(bytes.TrimSuffix(l, []byte(r.suffix)))
	}
	x.Value = strings.TrimRight(sb.String(), " \t\r\n")
	x.Stacktrace, dropped = javaStacktrace(r.pieces(i))
	return x, dropped
}

// pieces are the frames of exception i, newest first: its own, and for "... 12
// more" the tail of its parent, which may in turn have been shortened.
func (r *javaReader) pieces(i int) [][]span {
	out := [][]span{r.nodes[i].frames}
	need := r.nodes[i].elided
	for p := r.nodes[i].parent; need > 0 && p >= 0; p = r.nodes[p].parent {
		own, deeper := r.nodes[p].frames, r.nodes[p].elided
		if take := min(need-deeper, len(own)); take > 0 {
			out = append(out, own[len(own)-take:])
			need -= take
		}
	}
	return out
}
