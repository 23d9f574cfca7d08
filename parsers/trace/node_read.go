package trace

import (
	"bytes"
	"strconv"
	"strings"
)

// nodeRow is a frame line, or an elision of n frames that the cause has too.
type nodeRow struct {
	line   span
	elided int
}

// nodeError is one error of the block.
type nodeError struct {
	title  nodeTitle
	text   []span
	rows   []nodeRow // newest first
	indent int
	parent int // index of the error that holds this one; -1 for the first
	source string
	list   int    // indent of the array among the properties, "[errors]: [", 0 if none
	name   string // and its key
	listed int    // errors seen in it
	props  map[string]any
}

// nodeReader takes the lines of a block one by one.
type nodeReader struct {
	errs    []nodeError
	cur     int  // the error that frames belong to
	text    bool // its message may go on
	emitter bool // frames of the emitter, not of the error
	members int  // of pino-pretty's "aggregateErrors", and one
	died    bool
	place   nodePlaceOf
	runtime string
}

// nodePlaceOf is what Node prints above an error that kills it.
type nodePlaceOf struct {
	file, source span
	line, col    int
}

// sliceWindow shows plain lines as a Window.
type sliceWindow [][]byte

func (w sliceWindow) Len() int          { return len(w) }
func (w sliceWindow) Line(i int) []byte { return w[i] }
func (w sliceWindow) Record(i int) bool { return false }

// nodeRead is the Read of the language.
func nodeRead(lines [][]byte) (Trace, bool) {
	if t, ok := nodeReadNative(lines); ok {
		return t, true
	}
	r := &nodeReader{}
	lines = r.preface(lines)
	first := nodeFirstFrame(lines)
	if t, ok := nodeReadQuoted(lines, first); ok {
		return t, true
	}
	if first < 0 {
		return r.frameless(lines)
	}
	top := r.top(lines, first)
	switch {
	case top >= 0:
		h := nodeHeader(lines[top])
		if out := nodeOuter(lines[top]); out.grade > 0 {
			h = out
		}
		ind := nodeMargin(lines[top])
		if ind > 0 {
			h.lead = nodeOpener(lines[0], top)
			h.died = h.died || nodeSaysUncaught(h.lead)
		}
		r.root(h, ind)
		lines = lines[top+1:]
	case first > 0:
		r.untitled(lines[:first])
		lines = lines[first:]
	default:
		return nodeHeadless(lines)
	}
	for i, l := range lines {
		r.line(l, i+1 < len(lines) && nodeIsFrame(lines[i+1]))
	}
	if r.errs[0].title.warning {
		return Trace{Platform: "node"}, true
	}
	return r.trace()
}

func nodeIsFrame(line span) bool {
	_, g := nodeFrame(line)
	return g > 0
}

func nodeFirstFrame(lines [][]byte) int {
	for i, l := range lines {
		if _, g := nodeFrame(l); g == nodeSure {
			for i > 0 && nodeIsFrame(lines[i-1]) {
				i--
			}
			return i
		}
	}
	return -1
}

// preface reads location, source line and caret, and returns what follows.
func (r *nodeReader) preface(lines [][]byte) [][]byte {
	for i, l := range lines {
		if _, g := nodeFrame(l); g == nodeSure {
			break
		}
		if i < 2 || !nodeIsCaret(span(l).trim()) || !nodeLocation(lines[i-2]) {
			continue
		}
		loc := span(lines[i-2]).trim()
		file, n, _ := nodeNumberBehind(loc)
		r.place = nodePlaceOf{file: file, line: n, source: span(lines[i-1]).right(), col: span(l).indent() + 1}
		r.died = true
		return lines[i+1:]
	}
	return lines
}

// outer is the header of an error without frames that holds the others:
// "[AggregateError: All promises were rejected] {".
func (r *nodeReader) outer(before [][]byte) int {
	for i, l := range before {
		t := span(l).right()
		if t.ends("] {") && nodeOuter(t).grade == nodeSure {
			return i
		}
	}
	return -1
}

// nodeOuter reads a bracketed header, with or without text in front of it.
func nodeOuter(line span) (h nodeTitle) {
	t := line.trim()
	if len(t) == 0 {
		return h
	}
	if end := t[len(t)-1]; end != '{' && end != '}' && end != ']' && end != ',' {
		return h
	}
	if h.bracketed(t) {
		return h
	}
	for at, tries := 0, 0; tries < 8; tries++ { // a few places only: an attacker's line may hold thousands
		next := bytes.Index(t[at:], []byte(" ["))
		if next < 0 {
			break
		}
		at += next + 1
		if h.bracketed(t[at:]) {
			h.lead = t[:at]
			return h
		}
	}
	return nodeTitle{}
}

// nodeOpener is what a program printed before the object that the error stands
// in: "Unhandled Rejection at" of "Unhandled Rejection at: Promise {".
func nodeOpener(first span, top int) span {
	t := first.right()
	if top == 0 || first.indent() > 0 || !t.ends("{") && !t.ends("[") {
		return nil
	}
	t = t[:len(t)-1].right()
	t = bytes.TrimSuffix(t, []byte("Promise"))
	return bytes.TrimSuffix(t, []byte("<ref *1>"))
}

func (r *nodeReader) root(h nodeTitle, indent int) {
	r.errs = append(r.errs, nodeError{title: h, indent: indent, parent: -1})
	r.text = !h.bracket
	r.inline()
}

// inline reads the properties of a bracketed error that stand on its own line: "[Error: x] { code: 'X' }".
func (r *nodeReader) inline() {
	e := &r.errs[len(r.errs)-1]
	props, ok := strings.CutSuffix(string(e.title.props), "}")
	if !ok || len(props) > nodeMaxValue {
		return
	}
	for part := range strings.SplitSeq(props, ", ") {
		r.prop(e, span(part).trim(), e.indent+2)
	}
}

// untitled is an error whose name was not printed: the lines above the frames are its message.
func (r *nodeReader) untitled(lines [][]byte) {
	var text []string
	for _, l := range lines {
		if !nodeSecondStack(span(l).left()) {
			text = append(text, string(span(l).right()))
		}
	}
	whole := strings.TrimSpace(strings.Join(text, "\n"))
	for _, badge := range []string{"ERROR  ", "FATAL  ", "✖  "} { // consola's
		whole = strings.TrimPrefix(whole, badge)
	}
	h := nodeUntitled(span(whole))
	if !r.died && len(h.lead) == 0 {
		h.lead = h.value
	}
	r.root(h, 0)
}

// line reads a line behind the first header. framesNext tells that the one after it is a frame.
func (r *nodeReader) line(l span, framesNext bool) {
	t, ind := l.trim(), l.indent()
	c, g := nodeFrame(l)
	n, elision := nodeElision(t)
	e := &r.errs[r.cur]
	switch {
	case g > 0:
		r.frame(l, c)
	case elision:
		if !r.emitter && n > 0 {
			e.rows = append(e.rows, nodeRow{elided: n})
		}
	case !r.text && nodeRuler(t):
	case nodeTrailer(t):
		r.died, r.runtime = true, string(t[len("Node.js "):])
	case len(t) == 0:
		if r.text {
			e.text = append(e.text, nil)
		}
	case nodeSecondStack(t):
		r.emitter, r.text = !t.has("From previous"), false
		r.died = r.died || t.has("Emitted 'error' event")
	case t.has("[cause]: ") && !nodeLiteral(t[len("[cause]: "):]):
		h := nodeHeader(t)
		if h.grade == 0 { // consola prints only the message
			h = nodeTitle{name: span("Error"), value: t[len("[cause]: "):], grade: nodeWeak}
		}
		r.child(h, ind, r.owner(ind), "cause")
	case !r.text && nodeCausedBy(t) > 0:
		r.child(nodeHeader(t), ind, r.cur, "cause")
	case r.text:
		e.text = append(e.text, nodeOutdent(l.right(), e.indent))
	default:
		r.inspected(l, t, ind, framesNext)
	}
}

// frame adds a frame to the current error.
func (r *nodeReader) frame(l span, c nodeCall) {
	r.text = false
	e := &r.errs[r.cur]
	if !r.emitter {
		e.rows = append(e.rows, nodeRow{line: l})
	}
	if c.brace {
		r.emitter = false
	}
	if len(c.rest) > 0 {
		if h := nodeHeader(c.rest); h.grade == nodeSure {
			r.child(h, e.indent, 0, "arguments")
		}
	}
}

// inspected reads a line that util.inspect wrote: a property, or the header of an error within.
func (r *nodeReader) inspected(l, t span, ind int, framesNext bool) {
	owner := r.owner(ind)
	e := &r.errs[owner]
	if t[0] == '"' && r.pretty(t, ind) {
		return
	}
	if t.ends(": [") {
		e.list, e.name, e.listed = ind, strings.Trim(string(t[:len(t)-3]), "[]'\""), 0
		return
	}
	h := nodeHeader(t)
	member := e.list > 0 && ind == e.list+2
	switch {
	case member && (framesNext && h.grade > 0 || h.bracket || h.grade == nodeSure && !h.inline):
		r.child(h, ind, owner, e.name+"["+strconv.Itoa(e.listed)+"]")
		r.errs[owner].listed++
	case framesNext && h.grade > 0 && r.members > 0:
		r.child(h, ind, 0, listed("errors", r.members-1))
		r.members++
	case framesNext && h.grade > 0, h.grade == nodeSure && !h.bracket && nodeIsKey(h.lead) && ind == e.indent+2:
		r.child(h, ind, owner, nodeKey(h.lead)) // a text would stand in quotes: this is an error, maybe with a message of lines
	default:
		if h = nodeOuter(t); h.bracket && nodeIsKey(h.lead) && ind == e.indent+2 {
			r.child(h, ind, owner, nodeKey(h.lead)) // "parent: [Error: no such table: nope] {"
			return
		}
		r.prop(e, t, ind)
	}
}

// owner is the nearest error that a line of this indent can stand in.
func (r *nodeReader) owner(ind int) int {
	i := r.cur
	for i > 0 && r.errs[i].indent >= ind {
		i = max(0, r.errs[i].parent)
	}
	return i
}

// nodeIsKey tells "parent: ", the key in front of a value.
func nodeIsKey(lead span) bool {
	return len(lead) > 2 && lead.ends(": ") && nodeNameLen(lead) == len(lead)-2
}

// nodeKey is the property under which an error stands: "parent" of "parent: error: ...".
func nodeKey(lead span) string {
	return strings.Trim(string(lead), " :'\"}[]{")
}

// child begins an error within another.
func (r *nodeReader) child(h nodeTitle, ind, owner int, source string) {
	if h.grade == 0 {
		return // [cause]: 'text' is no error
	}
	r.errs = append(r.errs, nodeError{title: h, indent: ind, parent: owner, source: source})
	r.cur, r.text, r.emitter = len(r.errs)-1, !h.bracket, false
	r.inline()
}

// nodeOutdent takes the indent of a nested error off a line of its message.
func nodeOutdent(l span, indent int) span {
	return l[min(indent, l.indent()):]
}

// nodeLiteral tells whether an inspected value is no error: a string, a number, an object.
func nodeLiteral(t span) bool {
	switch b := t[0]; b {
	case '\'', '"', '`', '{', '-':
		return true
	case '[':
		return !nodeHeader(t).bracket
	default:
		return isDigit(b) || t.has("null") || t.has("undefined") || t.has("true") || t.has("false") || t.has("Symbol(")
	}
}

const (
	nodeMaxProps = 64
	nodeMaxValue = 4 << 10
)

// prop keeps one property of e, "code: 'ENOENT',", as text without quotes, or
// as a number. Only the error's own level is kept.
func (r *nodeReader) prop(e *nodeError, t span, ind int) {
	if ind != e.indent+2 && ind != 0 || len(e.props) >= nodeMaxProps {
		return
	}
	key, value, ok := strings.Cut(string(t[:min(len(t), nodeMaxValue)]), ": ")
	if !ok || key == "" || strings.ContainsAny(key, " {}[]") {
		return
	}
	if e.props == nil {
		e.props = map[string]any{}
	}
	switch value = strings.TrimSuffix(value, ","); value {
	case "{", "[", "null", "undefined":
	default:
		e.props[strings.Trim(key, `'"`)] = nodeValue(value)
	}
}

// nodeValue reads a value as util.inspect writes it.
func nodeValue(s string) any {
	if n := len(s); n >= 2 && (s[0] == '\'' || s[0] == '"' || s[0] == '`') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	neg := strings.TrimPrefix(s, "-")
	if n, ok := span(neg).number(); ok {
		if neg != s {
			return -n
		}
		return n
	}
	if s == "true" || s == "false" {
		return s == "true"
	}
	return s
}
