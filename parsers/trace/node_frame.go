package trace

import "bytes"

// How sure a reading of a line is. Only what is nodeSure opens a trace.
const (
	nodeWeak = 1 + iota
	nodeSure
)

// nodeCall is one frame as printed; the slices are parts of the line.
type nodeCall struct {
	fn    span // "Object.charge", "new Script"; without "async " and "[as x]"
	raw   span // as printed, where fn is not
	file  span // path or URL; empty where V8 gives none
	site  span // the place of the eval call that the code came from
	line  int
	col   int
	addr  span // of a wasm frame, within its function's module
	brace bool // " {" follows: the error's properties
	rest  span // what console.error was given behind the error
}

// nodeFrame reads "at [async ][callee (]place[)]"; the grade is 0 if the line is
// none, nodeWeak if it is one only inside a trace. It parses from the right,
// for callees hold blanks and paths hold blanks and parentheses.
func nodeFrame(line span) (c nodeCall, grade int) {
	t := line.trim()
	if !t.has("at ") {
		return c, 0
	}
	t = t[3:]
	switch {
	case t.ends(" {"):
		c.brace, t = true, t[:len(t)-2]
	case t.ends(","):
		t = t[:len(t)-1]
	}
	open := bytes.Index(t, []byte(" ("))
	if open < 0 {
		return c.bare(t)
	}
	callee, place := t[:open], t[open+2:]
	if t.ends(")") {
		if grade = c.place(place[:len(place)-1]); grade > 0 {
			c.callee(callee)
			return c, grade
		}
	}
	if g := c.trailing(callee, place); g > 0 {
		return c, g
	}
	return c.bare(t) // a path with " (" in it and no callee
}

// bare reads a frame that is only a place.
func (c nodeCall) bare(t span) (nodeCall, int) {
	if t.has("async ") {
		c.raw, t = t, t[len("async "):]
	}
	grade := c.place(t)
	if grade > 0 && len(c.file) == 0 && len(c.site) == 0 {
		grade = nodeWeak // "at native", "at <anonymous>"
	}
	if grade == 0 && !c.brace {
		if end := bytes.IndexByte(t, ' '); end > 0 && c.place(t[:end]) == nodeSure && len(c.file) > 0 {
			c.after(t[end+1:])
			return c, nodeWeak
		}
	}
	return c, grade
}

// trailing reads a last frame behind which console.error printed its further
// arguments: "at f (/x.js:1:2) { userId: 8912 }".
func (c *nodeCall) trailing(callee, place span) int {
	end := bytes.Index(place, []byte(") "))
	if end < 0 || c.place(place[:end]) != nodeSure || len(c.file) == 0 {
		return 0
	}
	c.callee(callee)
	c.after(place[end+2:])
	return nodeWeak
}

func (c *nodeCall) after(rest span) {
	c.rest = rest
	if rest.ends(" {") || string(rest) == "{" {
		c.brace = true
	}
}

// callee cleans the name of the called function.
func (c *nodeCall) callee(t span) {
	c.fn = t
	if c.fn.has("async ") {
		c.fn = c.fn[len("async "):]
	}
	if as := bytes.Index(c.fn, []byte(" [as ")); as > 0 && c.fn.ends("]") {
		c.fn = c.fn[:as]
	}
	if len(c.fn) != len(t) {
		c.raw = t
	}
}

// place reads file:line:column and the forms that V8 has for lack of one.
func (c *nodeCall) place(t span) int {
	switch string(t) {
	case "<anonymous>", "native", "native code", "unknown location":
		return nodeSure
	}
	if t.has("index ") {
		if _, ok := t[len("index "):].number(); ok {
			return nodeSure
		}
		return 0
	}
	if t.has("eval at ") {
		return c.evalPlace(t)
	}
	if t.has("wasm://") || t.has("<anonymous>:wasm-function[") {
		if at := bytes.LastIndex(t, []byte(":0x")); at > 0 {
			c.addr, t = t[at+1:], t[:at]
			if fn := bytes.LastIndex(t, []byte(":wasm-function[")); fn > 0 {
				t = t[:fn]
			}
			c.file = t
			return nodeSure
		}
	}
	rest, col, ok := nodeNumberBehind(t)
	if !ok {
		return 0
	}
	file, line, ok := nodeNumberBehind(rest)
	if !ok {
		return c.lineOnly(rest, col)
	}
	grade := nodePath(file)
	if grade > 0 {
		c.file, c.line, c.col = file, line, col
	}
	return grade
}

// lineOnly is a place with one number ("native.js:12"), or Bun's "1:11" without a file.
func (c *nodeCall) lineOnly(file span, line int) int {
	if n, ok := file.number(); ok {
		c.line, c.col = n, line
		return nodeWeak
	}
	if nodePath(file) == 0 || file[0] == ':' || bytes.IndexByte(file, ' ') >= 0 {
		return 0
	}
	c.file, c.line = file, line
	return nodeWeak
}

// evalPlace reads "eval at f (/x.js:3:5), <anonymous>:1:7": the position counts
// within the evaluated text.
func (c *nodeCall) evalPlace(t span) int {
	at := bytes.LastIndex(t, []byte("), "))
	if at < 0 {
		return 0
	}
	c.site = t[:at+1]
	rest, col, ok := nodeNumberBehind(t[at+3:])
	if !ok {
		return 0
	}
	file, line, ok := nodeNumberBehind(rest)
	if !ok {
		return 0
	}
	c.file, c.line, c.col = file, line, col
	return nodeSure
}

// nodeNumberBehind splits "x:12" into x and 12.
func nodeNumberBehind(t span) (rest span, n int, ok bool) {
	colon := bytes.LastIndexByte(t, ':')
	if colon <= 0 {
		return t, 0, false
	}
	n, ok = t[colon+1:].number()
	return t[:colon], n, ok
}

// nodePath tells whether t can be the name of a script. "at 12:30:45" and
// rustc's "at src/main.rs:3:5" are not: a trace is not opened by prose or by
// another language's frames.
func nodePath(t span) int {
	if len(t) == 0 {
		return 0
	}
	rooted := t[0] == '/' || t[0] == '\\' || len(t) > 2 && t[1] == ':' && (t[2] == '\\' || t[2] == '/') || bytes.Contains(t, []byte("://"))
	if nodeForeign(t) {
		return 0
	}
	if t.has("[worker eval]") { // code that a worker was given as text
		return nodeSure
	}
	if bytes.IndexByte(t, ' ') >= 0 && (!rooted || bytes.Contains(t, []byte(" at "))) {
		if t.ends(".js") || t.ends(".mjs") || t.ends(".cjs") || t.ends(".ts") {
			return nodeWeak
		}
		return 0
	}
	switch {
	case rooted:
		return nodeSure
	case isDigit(t[0]):
		return 0
	case bytes.ContainsAny(t, "./\\<[:") || t.has("REPL"):
		return nodeSure
	}
	return nodeWeak
}

// nodeForeign tells whether a file name ends like another language's source.
func nodeForeign(t span) bool {
	dot := bytes.LastIndexByte(t, '.')
	if dot < 0 || len(t)-dot > 7 {
		return false
	}
	switch string(t[dot+1:]) {
	case "rs", "swift", "zig", "hs", "go", "py", "rb", "php", "java", "kt", "scala", "groovy", "clj", "cs", "fs", "vb",
		"c", "cc", "cpp", "cxx", "h", "hpp", "m", "mm", "erl", "ex", "exs", "cr", "nim", "ml", "jl", "dart", "lua", "pl", "pm", "r", "R", "sql":
		return true
	}
	return false
}
