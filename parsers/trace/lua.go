package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

const (
	// luaHead: "stack traceback:"; next luaRows.
	luaHead State = iota + 1

	// luaRows: "\tpay.lua:3: in upvalue 'charge'", "\t[C]: in ?", "coroutine 0:"; next luaRows.
	luaRows
)

// Lua is the grammar of Lua's and LuaJIT's traceback, with what OpenResty
// makes of it in nginx's error log.
func Lua() Language {
	return Language{Name: "lua", Title: "Lua and OpenResty", Hints: []string{"stack traceback:"}, Step: luaStep, Back: luaBack, Read: luaRead}
}

func luaStep(s State, line []byte) (State, Verdict) {
	t := span(line).trim()
	switch {
	case s == Outside:
		if string(t) == "stack traceback:" {
			return luaHead, Hold
		}
	case luaCoroutine(t):
		return s, Hold
	case s == luaRows && string(t) == "stack traceback:": // of who resumed the coroutine that failed
		return luaHead, Hold
	default:
		if _, ok := luaRow(line); ok {
			return luaRows, Take
		}
	}
	return Outside, No
}

// luaCoroutine tells whether t heads one coroutine's rows in OpenResty's traceback.
func luaCoroutine(t span) bool {
	return t.has("coroutine ") && t.ends(":") && len(t) < 30
}

// luaCall is one row taken apart; the slices are parts of the line.
type luaCall struct {
	file    span
	line    int
	where   span // "function 'error'", "main chunk", "?"
	skipped int  // levels left out in place of this row
}

// luaRow reads "place: in what" and the two rows that stand for others.
func luaRow(line span) (c luaCall, ok bool) {
	t := luaUnclient(line).trim()
	if t.has("...") {
		if at := bytes.Index(t, []byte("(skipping ")); at > 0 {
			num, rest, _ := bytes.Cut(t[at+len("(skipping "):], []byte(" "))
			c.skipped, _ = span(num).number()
			return c, span(rest).has("levels)")
		}
		if len(t) == 3 {
			return c, true
		}
	}
	if string(t) == "(...tail calls...)" || string(t) == "(tail call): ?" {
		return c, true
	}
	at := bytes.Index(t, []byte(": in "))
	if string(t) == "[C]: ?" { // Lua 5.1
		at, c.where = len("[C]"), t[len("[C]: "):]
	} else if at > 0 {
		c.where = t[at+len(": in "):]
	} else if at = bytes.Index(t, []byte(": at 0x")); at > 0 { // LuaJIT's C functions
		c.where = t[at+len(": at "):]
	} else {
		return c, false
	}
	c.file = t[:at]
	if string(c.file) == "[C]" || c.file.has("[builtin#") || c.file.has("@builtin") {
		return c, true
	}
	if c.file.ends(".lua") && (c.where.has("function <") || c.where.has("function '")) { // LuaJIT, for what it compiled
		return c, true
	}
	c.file, c.line, ok = nodeNumberBehind(c.file)
	return c, ok && luaWhat(c.where) && !bytes.Contains(c.file, []byte(": "))
}

// luaWhat tells whether t is what a traceback says of a function. A message may
// read like a row: "pay.lua:6: in coroutine".
func luaWhat(t span) bool {
	for _, w := range [...]string{"function ", "upvalue ", "local ", "field ", "method ", "metamethod ", "global ", "constant ", "for iterator ", "hook ", "main chunk", "?"} {
		if t.has(w) {
			return true
		}
	}
	return false
}

// luaUnclient cuts off what nginx appends to the last row of its entry.
func luaUnclient(line span) span {
	if at := bytes.Index(line, []byte(", client: ")); at > 0 {
		return line[:at]
	}
	if at := bytes.Index(line, []byte(", context: ngx.")); at > 0 {
		return line[:at]
	}
	return line
}

// luaBack finds the error's message above "stack traceback:". Programs print
// debug.traceback() without an error, too: a record right above counts only if it names one.
func luaBack(before Window, _ []byte) int {
	n := backTo(before, luaIsHead)
	if last := before.Len() - 1; n == 1 && before.Record(last) && !luaIsHead(before.Line(last)) {
		return 0
	}
	return n
}

func luaIsHead(line span) bool {
	if bytes.Contains(line, []byte(luaAborted)) {
		return true
	}
	if line.has("lua") || line.has("tarantool: ") || line.has("(error object is ") {
		if colon := bytes.Index(line, []byte(": ")); colon > 0 && bytes.IndexByte(line[:colon], ' ') < 0 {
			return true
		}
	}
	_, rest := luaPlace(line)
	return rest != nil
}

// luaPlace splits "pay.lua:2: text" behind its place, wherever in the line the
// place begins; rest is nil if there is none.
func luaPlace(line span) (lead, rest span) {
	at := bytes.Index(line, []byte(".lua:"))
	if by := bytes.Index(line, []byte("_by_lua(")); by >= 0 && (at < 0 || by < at) { // content_by_lua(nginx.conf:45):5: text
		end := bytes.Index(line[by:], []byte("):"))
		if end < 0 {
			return line, nil
		}
		num, text, ok := bytes.Cut(line[by+end+len("):"):], []byte(":"))
		if _, digits := span(num).number(); !ok || !digits {
			return line, nil
		}
		return line[:bytes.LastIndexByte(line[:by], ' ')+1], span(text).left()
	}
	if at < 0 {
		if at = bytes.Index(line, []byte("\"]:")); at < 0 || !bytes.Contains(line[:at], []byte("[string \"")) {
			return line, nil
		}
		at -= len(".lua") - len("\"]")
	}
	num, text, ok := bytes.Cut(line[at+len(".lua:"):], []byte(":"))
	if _, digits := span(num).number(); !ok || !digits {
		return line, nil
	}
	start := bytes.LastIndexAny(line[:at], " \t") + 1
	if chunk := bytes.Index(line[:at], []byte("[string \"")); chunk >= 0 {
		start = chunk
	}
	return line[:start], span(text).left()
}

func luaRead(lines [][]byte) (Trace, bool) {
	mark := -1
	for i, l := range lines {
		if string(span(l).trim()) == "stack traceback:" {
			mark = i
			break
		}
	}
	if mark < 0 {
		return Trace{}, false
	}
	var frames []event.Frame
	elided := 0
	for _, l := range lines[mark+1:] {
		c, ok := luaRow(l)
		if !ok {
			continue
		}
		elided += c.skipped
		if len(c.file) > 0 {
			frames = append(frames, c.frame())
		}
	}
	if len(frames) == 0 {
		return Trace{}, false
	}
	if mark == 0 { // debug.traceback(): a stack, but no error
		st, _ := newestFirst(frames)
		return Trace{Platform: "other", Threads: []event.Thread{{ID: "0", Stacktrace: st}}}, true
	}
	lead, value := luaMessage(lines[:mark])
	t := single("other", event.Exception{Type: "Error", Value: value}, frames)
	t.Lead = lead
	t.drop("trace.frames_dropped", elided)
	if luaInterpreter(lines[0]) {
		t.Lead = ""
		t.died()
	}
	t.luaRequest(lines[len(lines)-1])
	t.markApp(luaIsApp)
	return t, true
}

// luaInterpreter tells whether line was printed by the stand-alone interpreter as it gave up.
func luaInterpreter(line span) bool {
	prog, _, ok := bytes.Cut(line, []byte(": "))
	p := span(prog)
	return ok && p.has("lua") && bytes.IndexByte(p, ' ') < 0 && !bytes.Contains(p, []byte(".lua:"))
}

// luaAborted is what OpenResty says in front of an error that nobody caught.
const luaAborted = " thread aborted: runtime error: "

// luaLogged is the text that a program gave to ngx.log, without the place of that call.
//
//	*740 [lua] wallet.lua:9: charge(): xpcall failed: /srv/pay/wallet.lua:12: declined
func luaLogged(head span) span {
	at := bytes.Index(head[:min(len(head), 24)], []byte("[lua] "))
	if at < 0 {
		return head
	}
	_, rest := luaPlace(head[at:])
	if call := bytes.Index(rest, []byte("(): ")); call > 0 && bytes.IndexByte(rest[:call], ' ') < 0 {
		rest = rest[call+len("(): "):]
	}
	if rest == nil {
		return head
	}
	return rest
}

// luaRequest reads what nginx says of the request behind the last row of its entry.
func (t *Trace) luaRequest(line span) {
	tail := string(line[len(luaUnclient(line)):])
	for part := range strings.SplitSeq(strings.TrimPrefix(tail, ", "), ", ") {
		key, value, ok := strings.Cut(part, ": ")
		switch key {
		case "client", "server", "request", "upstream", "host", "context", "subrequest":
			if ok {
				t.put(key, strings.Trim(value, `"`))
			}
		}
	}
}

// luaMessage separates what a program, an interpreter or nginx printed in front of
// the place of the error from the error's own text.
func luaMessage(lines [][]byte) (lead, value string) {
	head := luaLogged(lines[0])
	front, rest := luaPlace(head)
	if at := bytes.Index(head, []byte(luaAborted)); rest == nil && at > 0 {
		front, rest = head[:at+len(luaAborted)], head[at+len(luaAborted):]
	}
	if rest == nil {
		front, rest = nil, head
		if luaInterpreter(head) {
			rest = head[bytes.Index(head, []byte(": "))+2:]
		}
	}
	text := append([][]byte{rest}, lines[1:]...)
	lead = string(front)
	if strings.HasPrefix(lead, "*") { // nginx's number of the connection
		_, lead, _ = strings.Cut(lead, " ")
	}
	return strings.TrimRight(lead, ": \t"), joinText(text)
}

func (c *luaCall) frame() event.Frame {
	f := event.Frame{Filename: string(c.file), Lineno: c.line}
	if strings.HasPrefix(f.Filename, "/") {
		f.AbsPath = f.Filename
	}
	what := string(c.where)
	f.Function = what
	if strings.HasPrefix(what, "0x") {
		f.Function, f.InstructionAddr = "?", what
	} else if open := strings.IndexByte(what, '\''); open > 0 && strings.HasSuffix(what, "'") && open+1 < len(what) {
		f.Function = what[open+1 : len(what)-1]
	} else if strings.HasPrefix(what, "function <") {
		f.Function, f.RawFunction = "<anonymous>", what
	}
	if f.Function == "" {
		f.Function = "?"
	}
	return f
}

func luaIsApp(f *event.Frame) bool {
	for _, dir := range [...]string{"/share/lua/", "/lib/lua/", "/lualib/", "/luarocks/"} {
		if strings.Contains(f.Filename, dir) {
			return false
		}
	}
	return f.Lineno > 0 || strings.HasSuffix(f.Filename, ".lua")
}
