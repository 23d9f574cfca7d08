package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// pyError is one exception of a printed traceback. The tree is as Python has
// it: an exception points to the one before it, a group to its members.
type pyError struct {
	typ, module, value string
	frames             []event.Frame // oldest first, as printed
	cause              *pyError      // the exception printed before it
	source             string        // how it hangs on cause: "__cause__" or "__context__"
	members            []*pyError
	group              bool
}

// pyReader reads the lines of one trace from top to bottom.
type pyReader struct {
	lines  []pyLine
	i      int
	loose  bool // indents are not to be trusted
	ahead  []pyAhead
	ruled  bool // a rule of dashes closes the trace
	cut    bool // the final line is missing
	repeat int  // recursive calls that were not printed
	hidden int  // members of groups that were not printed
	stack  []event.Frame
	notes  map[string]any
}

func (r *pyReader) extra(key, value string) {
	if r.notes == nil {
		r.notes = make(map[string]any)
	}
	r.notes[key] = value
}

// pyRead is Language.Read.
func pyRead(lines [][]byte) (Trace, bool) {
	if t, ok := pyReadFault(lines); ok {
		return t, true
	}
	if len(lines) > 1 && pyInJava(lines) {
		return javaRead(lines)
	}
	p := pyReadPreface(pySoften(lines))
	r := &pyReader{lines: pySplit(p.rest), ruled: p.ruled}
	r.measure()
	root := r.chain(0)
	t := Trace{Platform: "python", Lead: p.lead, CutShort: r.cut, Extra: pyMerge(p.extra, r.notes)}
	if len(r.stack) > 0 {
		t.Threads = append(t.Threads, event.Thread{ID: "stack_info", Current: true, Stacktrace: &event.Stacktrace{Frames: r.stack}})
	}
	if root == nil && len(p.named) > 0 {
		root = &pyError{} // AWS Lambda has no frames of an error before the handler ran
	}
	if root == nil {
		return t, len(r.stack) > 0
	}
	if p.interruptible && (root.typ == "KeyboardInterrupt" || root.typ == "SystemExit") {
		return t, true // somebody stopped the program: no fault of it
	}
	if end, ok := pyFinalLine(p.named); ok && root.typ == "" {
		root.module, root.typ = pyType(string(p.named[:end]))
		root.value = strings.TrimPrefix(string(p.named[end:]), ": ")
		t.Lead, t.CutShort = "", false
	}
	pyEmit(&t, root, p, r)
	return t, true
}

// measure finds out whether indents can be trusted, and if not, what follows
// each line: one pass in advance, so that reading damaged lines stays linear.
func (r *pyReader) measure() {
	for _, l := range r.lines {
		n := l.text.indent()
		f, ok := pyFrameLine(l.text[n:])
		if r.loose = r.loose || ok && (n < 2 && !f.marked || f.cut); r.loose {
			break
		}
	}
	if !r.loose {
		return
	}
	r.ahead = make([]pyAhead, len(r.lines))
	var a pyAhead
	for i := len(r.lines) - 1; i >= 0; i-- {
		r.ahead[i] = a
		t := r.lines[i].text
		t = t.left()
		switch pyClass(t) {
		case pyIsHeader, pyIsLink, pyIsStack, pyIsCallStack:
			a = pyAhead{}
			continue
		}
		_, isFrame := pyFrameLine(t)
		end, isFinal := pyFinalLine(t)
		a.frame = a.frame || isFrame
		a.final = !isFrame && (a.final || isFinal && pyTellsError(t[:end]))
	}
}

// pyAhead is what comes further down in the same traceback.
type pyAhead struct {
	frame bool
	final bool // a line that plainly names an exception, before the next frame
}

// chain reads exceptions that hang together at one depth of group margins. It
// returns the one printed last, which is the one that was raised last.
func (r *pyReader) chain(depth int) *pyError {
	var last *pyError
	source := "__context__"
	for r.i < len(r.lines) {
		l := r.lines[r.i]
		switch {
		case l.depth == depth+1 && l.mark == pyMember && last != nil:
			r.members(last, depth+1)
			continue
		case l.depth < depth || l.depth == depth && l.mark != pyText:
			return last
		case l.depth > depth:
			r.i++
			continue
		}
		t := l.text.left()
		if len(t) == 0 {
			r.i++
			continue
		}
		if last != nil && t.has("╭─") && bytes.Contains(t, []byte(" Sub-exception #")) {
			r.subgroup(last)
			continue
		}
		if pyClass(t) == pyIsLink {
			source = pySource(t)
			r.i++
			continue
		}
		e := r.traceback(depth, t)
		if e == nil {
			continue
		}
		if last != nil {
			e.cause, e.source = last, source
		}
		last, source = e, "__context__"
	}
	return last
}

// pySource is the attribute that a linking phrase stands for.
func pySource(t span) string {
	if t.has(pyCause) {
		return "__cause__"
	}
	return "__context__"
}

// traceback reads one exception that begins at line t, or skips the line if it
// begins none.
func (r *pyReader) traceback(depth int, t span) *pyError {
	start := r.i
	var frames []event.Frame
	_, isFrame := pyFrameLine(t)
	switch class := pyClass(t); {
	case class == pyIsHeader, class == pyIsGroup, t.has("Exception Group " + pyHeader):
		r.i++
		frames = r.frames(depth)
	case isFrame:
		frames = r.frames(depth)
	case class == pyIsStack, class == pyIsCallStack:
		r.i++
		r.stack = r.frames(depth)
		r.record(depth)
		return nil
	case class == pyIsBox:
		r.i++
		frames = r.box()
	case pyCellsHeader(t):
		r.i++
		frames = r.cells()
	}
	e := r.final(depth)
	switch {
	case e != nil:
		if len(frames) > 0 {
			e.frames = frames
		}
	case len(frames) > 0:
		e, r.cut = &pyError{frames: frames}, true
	case r.i == start:
		r.skip(t)
	}
	return e
}

// skip passes a line that names no exception: "and 5 more exceptions",
// "... (max_group_depth is 10)", or what damage left.
func (r *pyReader) skip(t span) {
	r.i++
	if t.has("and ") && (t.ends(" more exceptions") || t.ends(" more exception")) {
		n, _ := pyNumber(t[len("and "):])
		r.hidden += n
	}
}

// record reads "Message: '%d %d'" and "Arguments: (1,)", the record that logging could not write.
func (r *pyReader) record(depth int) {
	for ; r.at(depth); r.i++ {
		t := r.lines[r.i].text
		switch {
		case t.has("Message: "):
			r.extra("logging.message", string(t[len("Message: "):]))
		case t.has("Arguments: "):
			r.extra("logging.arguments", string(t[len("Arguments: "):]))
		case !t.has("Unable to print the message") && !t.has("Use the traceback above"):
			return
		}
	}
}

// members reads the exceptions of a group.
func (r *pyReader) members(group *pyError, depth int) {
	group.group = true
	for r.i < len(r.lines) && r.lines[r.i].depth >= depth {
		l := r.lines[r.i]
		r.i++
		if l.mark != pyMember || l.depth != depth {
			continue
		}
		if e := r.chain(depth); e != nil {
			group.members = append(group.members, e)
		}
	}
}

// final reads the line that names the exception and its message; nil if there is none.
func (r *pyReader) final(depth int) *pyError {
	r.blanks(depth)
	if !r.at(depth) {
		return nil
	}
	first := r.lines[r.i].text
	end, ok := pyFinalLine(first)
	if !ok {
		return nil
	}
	r.i++
	e := &pyError{}
	e.module, e.typ = pyType(string(first[:end]))
	e.group = strings.HasSuffix(e.typ, "ExceptionGroup")
	if pyRemoteType(first[:end]) && r.quotes(depth) {
		r.remote(e, depth)
		return e
	}
	var sb strings.Builder
	if len(first) > end {
		sb.Write(span(bytes.TrimPrefix(first[end+1:], []byte(" "))).right())
	}
	for ; r.at(depth) && !r.endsMessage(r.lines[r.i].text); r.i++ {
		sb.WriteByte('\n')
		sb.Write(r.lines[r.i].text.right())
	}
	e.value = strings.TrimRight(sb.String(), " \t\n")
	return e
}

// endsMessage tells whether a line below the final line is no message.
func (r *pyReader) endsMessage(t span) bool {
	switch pyClass(t) {
	case pyIsLink, pyIsStack, pyIsHeader, pyIsTrailer, pyIsCallStack:
		return true
	case pyIsRule:
		return r.ruled
	}
	return t.has("╭─")
}

// remote reads a traceback that another process wrote and gives its frames and
// its text to e, the exception in which it travelled.
func (r *pyReader) remote(e *pyError, depth int) {
	r.i++
	from := r.i
	for r.at(depth) && !r.quotes(depth) {
		r.i++
	}
	sub := &pyReader{lines: r.lines[from:r.i]}
	sub.measure()
	if r.at(depth) {
		r.i++
	}
	inner := sub.chain(depth)
	r.repeat += sub.repeat
	if inner == nil {
		return
	}
	e.frames, e.cause, e.source = inner.frames, inner.cause, inner.source
	if e.typ == "ExceptionWithTraceback" { // billiard's wrapper stands for what it carries
		e.module, e.typ, e.value = inner.module, inner.typ, inner.value
		return
	}
	e.value = strings.TrimSuffix(strings.TrimPrefix(inner.module+"."+inner.typ+": "+inner.value, "."), ": ")
}

// quotes tells whether the next line is one of the two around a traceback of another process.
func (r *pyReader) quotes(depth int) bool {
	return r.at(depth) && (r.lines[r.i].text.has(`"""`) || r.lines[r.i].text.has(`'''`))
}

// at tells whether the next line is text at this depth.
func (r *pyReader) at(depth int) bool {
	return r.i < len(r.lines) && r.lines[r.i].depth == depth && r.lines[r.i].mark == pyText
}

func (r *pyReader) blanks(depth int) {
	for r.at(depth) && pyBlank(r.lines[r.i].text) {
		r.i++
	}
}
