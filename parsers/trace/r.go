package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

const (
	// rCalls: "Calls: charge -> find_wallet"; next rRows, rWarned.
	rCalls State = iota + 1

	// rRows: traceback(), "3: stop(\"no wallet \", id)"; next rRows.
	rRows

	// rWarned: "In addition: Warning message:" and its text, to "Execution halted".
	rWarned

	// rTidy: rlang's "Error in `f()`:", then "! message"; next rTree.
	rTidy

	// rTree: "Backtrace:", then " 1. ├─f()"; next rTree.
	rTree
)

const rHalted = "Execution halted"

// R is the grammar of what Rscript prints when it gives up, of traceback(), and of
// rlang's errors. An "Error in f(x) : text" alone is no trace: any program says that.
func R() Language {
	return Language{
		Name:  "r",
		Title: "R",
		Hints: []string{"Calls: ", rHalted, "In addition: Warning message", "Error in `", "Error:"},
		Step:  rStep, Back: rBack, Read: rRead,
	}
}

func rStep(s State, line []byte) (State, Verdict) {
	l := span(line)
	t := l.trim()
	if string(t) == rHalted {
		return Outside, Last
	}
	switch s {
	case Outside:
		switch {
		case rIsCalls(t):
			return rCalls, Take
		case t.has("In addition: Warning message"):
			return rWarned, Hold
		case rTidyHead(t):
			return rTidy, Hold
		}
	case rCalls, rRows:
		switch {
		case t.has("In addition: Warning message"):
			return rWarned, Text
		case rNumbered(t):
			return rRows, Take
		case s == rRows && l.indent() >= 3:
			return s, Text
		}
	case rWarned:
		switch {
		case rIsCalls(t):
			return s, Take
		case rTitle(l):
			return Outside, No // try() printed the one before and went on
		}
		return s, Text
	case rTidy, rTree:
		return rTidyStep(s, l, t)
	}
	return Outside, No
}

// rTidyStep follows an error of rlang.
func rTidyStep(s State, l, t span) (State, Verdict) {
	switch {
	case t.has("! "), t.has("Caused by error"):
		return rTidy, Take
	case string(t) == "Backtrace:":
		return rTree, Take
	case s == rTidy && t.has("---"): // print() of a condition draws a line here
		return s, Hold
	case s == rTree && (rBranch(t) != nil || t.has("▆") || t.has("Run `rlang::last_trace")):
		return s, Take
	case s == rTidy && len(t) > 0 && !rTidyHead(t):
		return s, Text
	}
	return Outside, No
}

// rIsCalls tells whether t is the summary of the calls: "Calls: f ... <Anonymous> -> g".
func rIsCalls(t span) bool {
	return t.has("Calls: ") && !isDigit(t[len("Calls: ")]) && (bytes.Contains(t, []byte(" -> ")) || string(t) == "Calls: <Anonymous>")
}

// rTidyHead reads "Error in `f()`:" of rlang, and "Error:" where there is no call.
func rTidyHead(t span) bool { return t.has("Error in `") && t.ends("`:") || string(t) == "Error:" }

// rNumbered tells whether t is a row of traceback(): "3: stop(x)".
func rNumbered(t span) bool {
	colon := bytes.Index(t, []byte(": "))
	if colon <= 0 || colon > 5 {
		return false
	}
	_, ok := t[:colon].number()
	return ok
}

// rBranch is the call of a row of rlang's tree, " 2. │ └─pay::charge(x)", or of its short
// form without the tree's lines, " 2. pay::charge(x)"; nil if t is none.
func rBranch(t span) span {
	dot := bytes.Index(t, []byte(". "))
	if dot <= 0 || dot > 4 {
		return nil
	}
	if _, ok := t[:dot].number(); !ok {
		return nil
	}
	call := bytes.TrimLeft(t[dot+2:], "│├└─ ")
	if len(call) == len(t)-dot-2 && bytes.IndexByte(call, '(') < 0 {
		return nil
	}
	return call
}

// rBack finds "Error in f(x) : text" or "Error: text".
func rBack(before Window, opening []byte) int {
	if rTidyHead(span(opening).trim()) {
		return 0
	}
	n := before.Len()
	for i := n - 1; i >= max(0, n-backLines); i-- {
		if rTitle(before.Line(i)) {
			if top := messageTop(before, i); rTitle(before.Line(top)) && !(top == i-2 && span(before.Line(top)).trim().ends(" :")) { // a call too long for the line has its text on the next
				i = top
			}
			return n - i
		}
		if before.Record(i) {
			break
		}
	}
	return 0
}

func rTitle(l span) bool {
	return l.has("Error in ") || l.has("Error: ") || string(l.trim()) == "Error:"
}

func rRead(lines [][]byte) (Trace, bool) {
	if !rTitle(lines[0]) {
		return Trace{}, false
	}
	if t := span(lines[0]).trim(); rTidyHead(t) && (t[len(t)-2] == '`' || len(lines) > 1 && span(lines[1]).trim().has("! ")) {
		return rReadTidy(lines)
	}
	var r rReader
	for i, l := range lines {
		r.line(i, l, span(l).trim())
	}
	x := event.Exception{Type: "Error"}
	var call string
	call, x.Value = rMessage(joinText(r.text))
	frames := r.frames
	switch {
	case len(frames) > 0:
	case len(r.calls) > 0:
		frames = r.calls
	case call != "":
		frames = []event.Frame{{Function: call}}
	}
	t := single("other", x, frames)
	t.markApp(rIsApp)
	if r.warned != "" {
		t.put("warnings", r.warned)
	}
	if r.halted {
		t.died()
	}
	return t, r.halted || len(r.calls) > 0 || len(r.frames) > 0
}

// rReader takes the lines of base R's report one by one.
type rReader struct {
	text          [][]byte
	frames, calls []event.Frame // newest first
	warned        string
	state         State
	halted        bool
}

func (r *rReader) line(i int, l, t span) {
	switch {
	case string(t) == rHalted:
		r.halted = true
	case rIsCalls(t):
		r.calls = rCallNames(string(t[len("Calls: "):]))
		r.state = rCalls
	case t.has("In addition: Warning message"):
		r.state = rWarned
	case r.state == rWarned:
		r.warned = strings.TrimSpace(r.warned + "\n" + string(t))
	case (r.state == rCalls || r.state == rRows) && rNumbered(t):
		r.state = rRows
		if fn := rFunction(string(t[bytes.Index(t, []byte(": "))+2:])); fn != "" && (fn != "traceback" || len(r.frames) > 0) { // the handler itself
			r.frames = append(r.frames, event.Frame{Function: fn})
		}
	case r.state == Outside:
		r.text = append(r.text, l)
	}
}

// rIsApp tells whether a call is not one of R's own or of rlang.
func rIsApp(f *event.Frame) bool {
	switch f.Module {
	case "":
	case "base", "rlang", "methods", "stats", "utils", "purrr", "withr", "cli", "vctrs", "magrittr", "parallel":
		return false
	default:
		return true
	}
	switch strings.TrimPrefix(f.Function, "(local) ") {
	case "stop", "abort", "lapply", "sapply", "vapply", "mapply", "Map", "Reduce", "Filter", "FUN", "do.call", "eval", "evalq", "source", "withVisible", "standardGeneric",
		"try", "tryCatch", "tryCatchList", "tryCatchOne", "doTryCatch", "withCallingHandlers", "suppressWarnings", "suppressMessages", "value[[3L]]", "stopifnot", "match.arg":
		return false
	}
	return true
}

// rCallNames turns "f ... <Anonymous> -> g" into frames, newest first.
func rCallNames(s string) []event.Frame {
	var out []event.Frame
	for part := range strings.SplitSeq(s, " -> ") {
		for name := range strings.SplitSeq(part, " ... ") {
			if name = strings.TrimSpace(name); name != "" {
				out = append(out, event.Frame{Function: name})
			}
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// rFunction is the name in front of a call's parenthesis, "cases[[pick(1)]]" of "cases[[pick(1)]](x)"; code in its place has none.
func rFunction(call string) string {
	open, depth := -1, 0
	for i := 0; i < len(call) && open < 0; i++ {
		switch b := call[i]; {
		case b == '[':
			depth++
		case b == ']':
			depth--
		case b == '(' && depth <= 0:
			open = i
		}
	}
	switch {
	case open == 0:
		return "<Anonymous>"
	case open < 0 || strings.ContainsAny(call[:open], " \t"):
		return ""
	}
	return call[:open]
}

// rMessage takes "Error in f(x) : text" apart. A call too long for the line is
// cut behind a comma, and the text then stands on the next.
func rMessage(whole string) (call, value string) {
	if rest, ok := strings.CutPrefix(whole, "Error: "); ok {
		return "", rest
	}
	rest, ok := strings.CutPrefix(whole, "Error in ")
	if !ok {
		return "", strings.TrimSpace(strings.TrimPrefix(whole, "Error:"))
	}
	at := strings.Index(rest, " : ")
	if n := strings.Index(rest, " :\n"); n >= 0 && (at < 0 || n < at) {
		at = n
	}
	if at < 0 {
		return "", rest
	}
	return rFunction(rest[:at]), strings.TrimSpace(rest[at+2:])
}

// rTreeFrame splits "pay::charge" into package and function.
func rTreeFrame(fn string) event.Frame {
	if colons := strings.Index(fn, "::"); colons > 0 {
		return event.Frame{Module: fn[:colons], Function: strings.TrimLeft(fn[colons:], ":")}
	}
	return event.Frame{Function: fn}
}

// rReadTidy reads an error of rlang: the outer first, what caused it below, one tree for both.
func rReadTidy(lines [][]byte) (Trace, bool) {
	var chain []event.Exception
	var frames []event.Frame // oldest first
	halted, tree := false, false
	for _, l := range lines {
		t := span(l).trim()
		switch {
		case string(t) == rHalted:
			halted = true
		case rTidyHead(t), t.has("Caused by error"):
			if len(chain) < maxExceptions {
				chain = append(chain, event.Exception{Type: "Error", Mechanism: &event.Mechanism{Type: "generic"}})
			}
			tree = false
		case t.has("---"):
		case string(t) == "Backtrace:":
			tree = true
		case tree:
			call := strings.TrimPrefix(string(rBranch(t)), "global ") // a function of the global environment
			if fn := rFunction(call); fn != "" {
				frames = append(frames, rTreeFrame(fn))
			}
		case len(chain) > 0:
			x := &chain[len(chain)-1]
			x.Value = strings.TrimSpace(x.Value + "\n" + strings.TrimPrefix(string(t), "! "))
		}
	}
	for i, j := 0, len(frames)-1; i < j; i, j = i+1, j-1 {
		frames[i], frames[j] = frames[j], frames[i]
	}
	t := Trace{Platform: "other"}
	chained(&t, chain)
	top := &t.Exceptions[len(t.Exceptions)-1]
	var dropped int
	top.Stacktrace, dropped = newestFirst(frames)
	t.drop("trace.frames_dropped", dropped)
	t.markApp(rIsApp)
	if halted {
		t.died()
	}
	return t, halted || len(frames) > 0 || len(chain) > 1
}
